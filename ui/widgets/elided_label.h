// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>

namespace splitscope::ui {

/// One line of text that makes no window wide: what does not fit ends in "…", and the tool tip has all of it.
class ElidedLabel : public QLabel {
    Q_OBJECT

public:
    explicit ElidedLabel(QWidget* parent = nullptr);
    /// Also the tool tip.
    void showText(const QString& text);

protected:
    void paintEvent(QPaintEvent* event) override;
};

}  // namespace splitscope::ui
