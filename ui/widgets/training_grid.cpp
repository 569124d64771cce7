// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/training_grid.h"

#include "ui/charts/plot_view.h"

#include <QGridLayout>

namespace splitscope::ui {

namespace {

constexpr int kColumns = 4;
constexpr int kLeastHeight = 104;

}  // namespace

TrainingGrid::TrainingGrid(QWidget* parent) : QWidget(parent)
{
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(4);
    for (std::size_t i = 0; i < kTrainingPlots; ++i) {
        auto* plot = new PlotView;
        plot->setMinimumSize(120, kLeastHeight);
        grid->addWidget(plot, static_cast<int>(i) / kColumns, static_cast<int>(i) % kColumns);
        m_plots.push_back(plot);
        connect(plot, &PlotView::hoverChanged, this, [this](std::optional<double> x) {
            for (PlotView* each : m_plots)
                each->setHover(x);
        });
        connect(plot, &PlotView::exportRequested, this, [this, plot](const QPoint& at) { Q_EMIT exportRequested(plot, at); });
    }
    for (int column = 0; column < kColumns; ++column)
        grid->setColumnStretch(column, 1);
    m_plots.front()->setAction(tr("Train"));
    connect(m_plots.front(), &PlotView::actionRequested, this, &TrainingGrid::trainRequested);
    showHistory({}, 1);
}

void TrainingGrid::showHistory(const TrainingHistory& history, std::uint64_t updates)
{
    auto plots = trainingPlots(history, updates);
    for (std::size_t i = 0; i < plots.size(); ++i)
        m_plots[i]->setPlot(std::move(plots[i]));
}

}  // namespace splitscope::ui
