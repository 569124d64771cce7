// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/figure_compare.h"
#include "ui/models/run_table_model.h"

#include <QString>

#include <stop_token>

namespace splitscope::ui {

enum class CompareTab { Overlay, Strategies, Latency, Accuracy, Pareto, Prediction };
inline constexpr int kCompareTabs = 6;

/// What is shown of the checked runs.
struct CompareView {
    CompareTab tab = CompareTab::Overlay;
    session::RunQuantity quantity = session::RunQuantity::Latency;
    session::OverlayAxis axis = session::OverlayAxis::Time;
    session::ParetoAxes pareto = session::ParetoAxes::AccuracyLatency;
    std::string baseline;  ///< empty: the usual one
};

/// What came of it.
struct Comparison {
    CompareView view;
    session::Figure figure;  ///< without plots: nothing can be shown
    std::vector<std::string> strategies;  ///< of the runs, in order
    std::string baseline;  ///< that was used
    std::vector<base::Error> troubles;  ///< runs that could not be read
    std::size_t runs = 0;
};

/// Holds the checked runs' columns and makes figures of them. Used by one thread at a time, beside the GUI's.
class RunWorkbench {
public:
    Comparison compare(const std::vector<RunTableModel::Checked>& checked, const CompareView& view, const std::stop_token& stop);

private:
    struct Held {
        session::RunKey key;
        std::uint64_t requests;  ///< when it was read: a running one grows
    };

    void read(const std::vector<RunTableModel::Checked>& checked, const std::stop_token& stop, Comparison& comparison);

    std::vector<session::ComparedRun> m_runs;
    std::vector<Held> m_held;  ///< one for each run
};

}  // namespace splitscope::ui
