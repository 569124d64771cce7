// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/trace_statistics.h"

#include <algorithm>

namespace splitscope::sim {

namespace {

struct Weighted {
    double rate = 0;
    double ms = 0;
};

/// The rate that is not exceeded for a share q of the time (the upper one where the share falls between two). `rates` ascend.
double quantile(const std::vector<Weighted>& rates, double totalMs, double q)
{
    double passed = 0;
    for (const auto& one : rates) {
        passed += one.ms;
        if (passed > q * totalMs)
            return one.rate;
    }
    return rates.back().rate;
}

}  // namespace

TraceStatistics statisticsOf(const Trace& trace)
{
    const auto& points = trace.points();
    TraceStatistics statistics;
    statistics.durationMs = trace.durationMs();
    statistics.points = points.size();
    statistics.mean = trace.meanRate(0, trace.durationMs());
    std::vector<Weighted> rates;
    rates.reserve(points.size());
    double outageMs = 0;
    for (std::size_t i = 0; i < points.size(); ++i) {
        const double end = i + 1 < points.size() ? points[i + 1].atMs : trace.durationMs();
        rates.push_back({points[i].bytesPerSecond, end - points[i].atMs});
        outageMs += points[i].bytesPerSecond == 0 ? rates.back().ms : 0;
        statistics.changes += i > 0 && points[i].bytesPerSecond != points[i - 1].bytesPerSecond;
    }
    std::sort(rates.begin(), rates.end(), [](const Weighted& a, const Weighted& b) { return a.rate < b.rate; });
    statistics.min = rates.front().rate;
    statistics.p5 = quantile(rates, statistics.durationMs, 0.05);
    statistics.median = quantile(rates, statistics.durationMs, 0.5);
    statistics.p95 = quantile(rates, statistics.durationMs, 0.95);
    statistics.max = rates.back().rate;
    statistics.outageShare = outageMs / statistics.durationMs;
    return statistics;
}

std::vector<double> profileOf(const Trace& trace, int width)
{
    std::vector<double> rates;
    rates.reserve(static_cast<std::size_t>(std::max(width, 0)));
    for (int i = 0; i < width; ++i)
        rates.push_back(trace.meanRate(trace.durationMs() * i / width, trace.durationMs() * (i + 1) / width));
    return rates;
}

}  // namespace splitscope::sim
