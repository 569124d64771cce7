// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/plot_view.h"
#include "ui/models/training_history.h"

#include <QWidget>

namespace splitscope::ui {

/// A policy's training as small charts over one axis of updates, with one crosshair.
class TrainingGrid : public QWidget {
    Q_OBJECT

public:
    explicit TrainingGrid(QWidget* parent = nullptr);

    /// `updates`: how many there will be.
    void showHistory(const TrainingHistory& history, std::uint64_t updates);
    [[nodiscard]] const std::vector<PlotView*>& plots() const { return m_plots; }

Q_SIGNALS:
    void trainRequested();
    void exportRequested(splitscope::ui::PlotView* plot, const QPoint& globalPosition);

private:
    std::vector<PlotView*> m_plots;
};

}  // namespace splitscope::ui
