// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/figure.h"

#include <QTextBrowser>

namespace splitscope::ui {

/// What the paper says about a figure, each with its verdict and the numbers behind it; then the figure's notes.
class StatementList : public QTextBrowser {
    Q_OBJECT

public:
    explicit StatementList(QWidget* parent = nullptr);

    void setFigure(const session::Figure* figure);

protected:
    void changeEvent(QEvent* event) override;

private:
    void compose();

    session::Figure m_figure;
};

}  // namespace splitscope::ui
