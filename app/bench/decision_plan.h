// SPDX-License-Identifier: GPL-3.0-or-later
// Which decisions `bench decision` measures at which rates.
#pragma once

#include "core/profile/cost_table.h"

#include <vector>

namespace splitscope::app {

/// Frames begin this far apart at least, where tables are made and where they are held against what happens: what a processor
/// does meanwhile leaves its caches cold, and small networks take up to twice as long.
inline constexpr double kLeastIntervalMs = 30;

/// One run: its decisions take about the same time, so that one interval between frames suits all of them.
struct DecisionRun {
    std::vector<double> rates;
    std::vector<std::size_t> rows;  ///< of the table
    double intervalMs = 0;  ///< start of a frame to the start of the next: the link is idle before it for long enough
    std::size_t samples = 0;  ///< of each decision at each rate, as time allows
};

/// All decisions of the table at 0.1 to 10 MB/s, or a few of each size.
std::vector<DecisionRun> planDecisions(const profile::CostTable& table, double slowdown, bool full);

}  // namespace splitscope::app
