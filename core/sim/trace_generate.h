// SPDX-License-Identifier: GPL-3.0-or-later
// Made bandwidth: the same seed gives the same trace on every machine. Rates are whole bytes/s, times whole milliseconds.
#pragma once

#include "core/sim/trace.h"

#include <optional>
#include <vector>

namespace splitscope::sim {

/// What random traces have in common.
struct RandomTraceOptions {
    std::uint64_t seed = 1;
    double meanBytesPerSecond = 1e6;  ///< of the trace that is made, not of its process: all rates are scaled to it
    double durationMs = 300'000;
};

/// Every step the link is in one of some states.
struct MarkovOptions {
    RandomTraceOptions random{};
    double stepMs = 1000;
    std::vector<double> states{};  ///< bytes/s, kept as they are; empty: 0.1, 0.5, 1 and 2 times a rate that makes the mean
    double stay = 0.9;  ///< probability to stay in a state; otherwise it goes to a neighbour, either one alike
    std::vector<std::vector<double>> transitions{};  ///< instead of `stay`: from each state (row) to each; rows sum to 1
};

/// ln(rate) takes normal steps between two walls that reflect it.
struct WalkOptions {
    RandomTraceOptions random{};
    double stepMs = 1000;
    double sigma = 0.2;  ///< standard deviation of a step of ln(rate)
    double range = 40;  ///< highest over lowest rate
};

/// The link works and fails in turn, for exponentially distributed times.
struct OutageOptions {
    RandomTraceOptions random{};
    std::optional<double> bytesPerSecond{};  ///< while it works; empty: what makes the mean
    double onMs = 20'000, offMs = 2'000;  ///< means
};

// The result repeats and has no name. Errors name the option and its range.
base::Result<Trace> generateMarkov(const MarkovOptions& options);
base::Result<Trace> generateWalk(const WalkOptions& options);
base::Result<Trace> generateOutage(const OutageOptions& options);
/// From one rate to the next.
base::Result<Trace> generateSteps(const std::vector<double>& bytesPerSecond, double everyMs);
/// `steps` rates from one to the other, each the same factor from the one before.
base::Result<Trace> generateSweep(double fromBytesPerSecond, double toBytesPerSecond, int steps, double dwellMs);

}  // namespace splitscope::sim
