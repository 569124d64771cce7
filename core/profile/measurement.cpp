// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/measurement.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace splitscope::profile {

namespace {

/// The value that a share of all sorted values lies below, between neighbours linearly.
double quantile(const std::vector<double>& sorted, double share)
{
    const double at = share * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(at);
    const auto above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

/// How many of n sorted values may be cut off at either end so that the rest still holds the median with at least 95 %:
/// the largest k with P(Binomial(n, 1/2) < k) ≤ 2.5 %. Fewer than six values cannot say that much: 0 then.
std::size_t cutOff(std::size_t n)
{
    // Successive binomial probabilities, in logarithms since 2^-n underflows beyond a thousand values.
    double logProbability = -static_cast<double>(n) * std::log(2.0);
    double below = 0;
    for (std::size_t k = 0; k <= n / 2; ++k) {
        below += std::exp(logProbability);
        if (below > 0.025)
            return k;
        logProbability += std::log(static_cast<double>(n - k)) - std::log(static_cast<double>(k + 1));
    }
    return n / 2;
}

}  // namespace

Measurement summarise(std::span<const double> timesMs, int excluded)
{
    Measurement result;
    result.excluded = excluded;
    result.samples = static_cast<int>(timesMs.size());
    if (timesMs.empty())
        return result;
    std::vector<double> sorted(timesMs.begin(), timesMs.end());
    std::sort(sorted.begin(), sorted.end());
    const auto n = sorted.size();
    result.meanMs = std::accumulate(sorted.begin(), sorted.end(), 0.0) / static_cast<double>(n);
    result.p50Ms = quantile(sorted, 0.5);
    result.p95Ms = quantile(sorted, 0.95);
    double squares = 0;
    for (double value : sorted)
        squares += (value - result.meanMs) * (value - result.meanMs);
    result.sigmaMs = n > 1 ? std::sqrt(squares / static_cast<double>(n - 1)) : 0;
    const auto cut = std::max<std::size_t>(cutOff(n), 1);
    result.lowMs = sorted[cut - 1];
    result.highMs = sorted[n - cut];
    return result;
}

double relativeInterval(const Measurement& measurement)
{
    const double halfWidth = (measurement.highMs - measurement.lowMs) / 2;
    return measurement.p50Ms > 0 ? halfWidth / measurement.p50Ms : 0;
}

}  // namespace splitscope::profile
