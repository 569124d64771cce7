// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sim/trace.h"

namespace splitscope::sim {

/// One pass over a trace. Rates in bytes/s; those without limit are infinite. Shares and quantiles are of time.
struct TraceStatistics {
    double durationMs = 0;
    std::size_t points = 0;
    std::size_t changes = 0;  ///< within one pass: points whose rate differs from the one before
    double mean = 0, min = 0, p5 = 0, median = 0, p95 = 0, max = 0;
    double outageShare = 0;  ///< 0 … 1, of the time at rate 0
};

TraceStatistics statisticsOf(const Trace& trace);

/// The mean rates of equal parts of one pass, `width` of them: what a small plot shows.
std::vector<double> profileOf(const Trace& trace, int width);

}  // namespace splitscope::sim
