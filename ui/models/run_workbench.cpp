// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/run_workbench.h"

#include <algorithm>

namespace splitscope::ui {

namespace {

session::Figure figureOf(const std::vector<session::ComparedRun>& runs, const CompareView& view)
{
    switch (view.tab) {
    case CompareTab::Overlay: return session::overlayFigure(runs, view.quantity, view.axis);
    case CompareTab::Strategies: return session::strategiesFigure(runs, view.quantity, view.baseline);
    case CompareTab::Latency: return session::recordedLatencyFigure(runs);
    case CompareTab::Accuracy: return session::recordedAccuracyFigure(runs);
    case CompareTab::Pareto: return session::paretoFigure(runs, view.pareto);
    case CompareTab::Prediction: break;
    }
    return session::predictionFigure(runs);
}

}  // namespace

/// What is held already moves over; what is missing is read.
void RunWorkbench::read(const std::vector<RunTableModel::Checked>& checked, const std::stop_token& stop, Comparison& comparison)
{
    std::vector<session::ComparedRun> runs;
    std::vector<Held> held;
    for (const auto& [row, slot] : checked) {
        const auto found = std::find_if(m_held.begin(), m_held.end(), [&wanted = row](const Held& one) {
            return one.key == wanted.key && one.requests == wanted.totals.requests;
        });
        if (found != m_held.end()) {
            runs.push_back(std::move(m_runs[static_cast<std::size_t>(found - m_held.begin())]));
        } else if (!stop.stop_requested()) {
            auto run = session::readComparedRun(row, stop);
            if (!run) {
                comparison.troubles.push_back(run.error());
                continue;
            }
            runs.push_back(*std::move(run));
        } else {
            continue;
        }
        runs.back().slot = slot;
        held.push_back({row.key, row.totals.requests});
    }
    m_runs = std::move(runs);
    m_held = std::move(held);
    session::nameRuns(m_runs);
}

Comparison RunWorkbench::compare(const std::vector<RunTableModel::Checked>& checked, const CompareView& view,
                                 const std::stop_token& stop)
{
    Comparison comparison;
    comparison.view = view;
    read(checked, stop, comparison);
    if (stop.stop_requested())
        return comparison;
    const auto strategies = session::estimateStrategies(m_runs, view.quantity);
    for (const auto& strategy : strategies)
        comparison.strategies.push_back(strategy.strategy);
    // A baseline that is not among the runs any more gives way to the usual one.
    const bool known
        = std::find(comparison.strategies.begin(), comparison.strategies.end(), view.baseline) != comparison.strategies.end();
    comparison.view.baseline = known ? view.baseline : std::string();
    comparison.baseline = known ? view.baseline : session::usualBaseline(strategies);
    comparison.runs = m_runs.size();
    comparison.figure = figureOf(m_runs, comparison.view);
    return comparison;
}

}  // namespace splitscope::ui
