// SPDX-License-Identifier: GPL-3.0-or-later
// Recorded runs held against each other: the numbers that come of several.
#pragma once

#include "core/session/bootstrap.h"
#include "core/session/compared_run.h"

#include <array>
#include <span>

namespace splitscope::session {

inline constexpr int kRunQuantities = 10;

struct RunQuantityInfo {
    RunQuantity quantity;
    const char* key;  ///< files and settings: "latency"
    const char* name;  ///< "latency"
    const char* column;  ///< CSV: "latency_ms"
    const char* unit;  ///< "" where there is none
    const char* summary;  ///< what one number of a run is: "median latency"
    int decimals;  ///< of that number, in words
};
const RunQuantityInfo& infoOf(RunQuantity quantity);
const std::array<RunQuantityInfo, kRunQuantities>& runQuantities();

/// The middle one of values, those that are NaN left out; NaN of none.
double medianOfFinite(std::vector<float> values);
double meanOfFinite(std::span<const float> values);

/// One strategy over its runs.
struct StrategyEstimate {
    std::string strategy;
    std::vector<const ComparedRun*> runs;
    std::vector<double> values;  ///< each run's summary; NaN where it has none
    Estimate median;  ///< over runs, by bootstrap; no interval of a single one
};
/// In order of first appearance. Runs must outlive what is returned.
std::vector<StrategyEstimate> estimateStrategies(const std::vector<ComparedRun>& runs, RunQuantity quantity);

/// A strategy minus another one, pair by pair of runs with the same seed in the same setting: what both share cancels out.
struct PairedDifference {
    std::string strategy;
    int pairs = 0;
    std::vector<double> differences;
    Estimate median;
};
std::vector<PairedDifference> pairedDifferences(const std::vector<StrategyEstimate>& strategies, const std::string& baseline);

/// What others are held against where nobody says: the first of on-device, on-edge, fixed that is there, else the first one.
std::string usualBaseline(const std::vector<StrategyEstimate>& strategies);

/// A 95 % interval of a share, by Wilson's score: right also near 0 and 1.
Estimate shareInterval(double part, double whole);

/// How far measured latencies are from predicted ones.
struct PredictionError {
    std::size_t requests = 0;
    double median = 0;  ///< of |measured − predicted| over measured
    double bias = 0;  ///< median of (measured − predicted) over predicted: above 0, requests took longer
    double within10 = 0;  ///< share of requests less than 10 % off
};
PredictionError predictionError(const ComparedRun& run);

}  // namespace splitscope::session
