// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/sample_store.h"

#include <QWidget>

#include <vector>

namespace splitscope::ui {

/// Every quantity of the request under the crosshair, as one small table that never takes the mouse.
class ValueTable : public QWidget {
    Q_OBJECT

public:
    explicit ValueTable(QWidget* parent);

    void showSample(const SampleStore& store, std::size_t index);
    [[nodiscard]] QSize sizeHint() const override;
    /// For tests and assistive tools: "name value" per line.
    [[nodiscard]] QString text() const;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    struct Row {
        QString name;
        QString value;
        QColor colour;
    };
    std::vector<Row> m_rows;
};

}  // namespace splitscope::ui
