// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bench/decision_plan.h"

#include <algorithm>

namespace splitscope::app {

namespace {

/// Rates that share a run, and what a sample of decisions may cost there.
struct RateGroup {
    std::vector<double> rates;
    double longestMs;  ///< slowest decision of a sample
    std::size_t samples;
    std::size_t rows;  ///< of a sample
};
const RateGroup kGroups[] = {{{10e6, 5e6}, 35, 6, 6}, {{1e6, 0.5e6}, 60, 5, 4}, {{0.1e6}, 130, 3, 3}};

double predictedMs(const profile::CostTable& table, std::size_t row, double rate, double slowdown)
{
    profile::Conditions conditions{.bytesPerSecond = rate, .deviceSlowdown = slowdown};
    conditions.pacedByDevice = false;
    return table.predict(row, 1, conditions).totalMs;
}

/// The link is idle, and its bucket full, before the next frame begins.
double intervalMs(double totalMs, double rate)
{
    constexpr double kBurstAndRecordBytes = 1514 + 1200;
    constexpr double kThreadsMs = 6;
    return std::max(kLeastIntervalMs, 1.15 * totalMs + kBurstAndRecordBytes / rate * 1e3 + kThreadsMs);
}

std::vector<DecisionRun> runsOf(const profile::CostTable& table, std::vector<std::size_t> rows, const RateGroup& group,
                                double slowdown, double spread)
{
    const double slowest = *std::min_element(group.rates.begin(), group.rates.end());
    const auto needsMs = [&](std::size_t row) { return intervalMs(predictedMs(table, row, slowest, slowdown), slowest); };
    std::stable_sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) { return needsMs(a) < needsMs(b); });
    std::vector<DecisionRun> runs;
    double quickest = 0;
    for (const auto row : rows) {
        const double ms = needsMs(row);
        if (runs.empty() || ms > spread * quickest) {
            runs.push_back({group.rates, {}, 0, group.samples});
            quickest = ms;
        }
        runs.back().rows.push_back(row);
        runs.back().intervalMs = ms;
    }
    return runs;
}

/// Evenly over what they send, from nothing to the most that the link carries in time.
std::vector<std::size_t> sampleOf(const profile::CostTable& table, const RateGroup& group, double slowdown)
{
    const double slowest = *std::min_element(group.rates.begin(), group.rates.end());
    std::vector<std::size_t> rows;
    for (std::size_t row = 0; row < table.rows().size(); ++row)
        if (predictedMs(table, row, slowest, slowdown) <= group.longestMs)
            rows.push_back(row);
    std::stable_sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) {
        return table.rows()[a].accuracy.meanBytes < table.rows()[b].accuracy.meanBytes;
    });
    std::vector<std::size_t> sample;
    const auto count = std::min(group.rows, rows.size());
    for (std::size_t i = 0; i < count; ++i)
        sample.push_back(rows[(rows.size() - 1) * i / std::max<std::size_t>(count - 1, 1)]);
    return sample;
}

}  // namespace

std::vector<DecisionRun> planDecisions(const profile::CostTable& table, double slowdown, bool full)
{
    constexpr double kSpread = 1.5, kAny = 1e9;
    std::vector<DecisionRun> runs;
    for (const auto& group : kGroups) {
        std::vector<std::size_t> rows;
        for (std::size_t row = 0; full && row < table.rows().size(); ++row)
            rows.push_back(row);
        if (!full)
            rows = sampleOf(table, group, slowdown);
        const auto some = runsOf(table, std::move(rows), group, slowdown, full ? kSpread : kAny);
        runs.insert(runs.end(), some.begin(), some.end());
    }
    return runs;
}

}  // namespace splitscope::app
