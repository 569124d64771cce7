// SPDX-License-Identifier: GPL-3.0-or-later
// Edgent's own figures (IEEE TWC 2020), from a cost table: what Algorithm 1 selects over bandwidth and over the latency that is
// required, its runtimes as predicted and as measured, what each of its two knobs brings alone, and throughput over 4G traces.
#pragma once

#include "core/session/figures.h"
#include "core/sim/evaluator.h"
#include "core/sim/trace.h"

namespace splitscope::session {

struct EdgentInputs {
    profile::CostTable table;
    profile::Conditions conditions{};  ///< all but the rate
    int batch = 1;
    double deadlineMs
        = 0;  ///< of the selection over bandwidth; 0: between the whole network's at the lowest and the highest rate
    std::vector<sim::Trace> traces{};  ///< 4G; empty: no throughput is drawn, and the figure says so
};

/// Cancelled as soon as the token says so.
base::Result<Figure> edgentFigure(const EdgentInputs& inputs, const std::stop_token& stop);

/// Recorded 4G traces that nothing is trained on, at most `count`; empty where none are at hand.
std::vector<sim::Trace> recorded4gTraces(std::size_t count);

}  // namespace splitscope::session
