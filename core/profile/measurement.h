// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

namespace splitscope::profile {

/// What repeated timings of one thing came to, in milliseconds.
struct Measurement {
    double meanMs = 0;
    double p50Ms = 0;
    double p95Ms = 0;
    double sigmaMs = 0;  ///< standard deviation
    double lowMs = 0;  ///< 95 % interval of the median, from order statistics; of fewer than 6 samples their extremes
    double highMs = 0;
    int samples = 0;
    int excluded = 0;  ///< taken while the machine was throttled, and left out

    bool operator==(const Measurement&) const = default;
};

/// The summary of these timings; all zero of none.
Measurement summarise(std::span<const double> timesMs, int excluded = 0);

/// How well the median is known: half its interval's width over the median; 0 where there is none.
double relativeInterval(const Measurement& measurement);

}  // namespace splitscope::profile
