// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/link/bandwidth_estimator.h"
#include "core/link/token_bucket.h"

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

namespace splitscope::link::testing {

inline constexpr double kNs = 1e9;
inline constexpr double kLineRate = 600e6;  ///< what encryption and copying let through
inline constexpr double kMessageSeconds = 15e-6;

/// A token bucket's link with one transfer in flight at a time, as the edge's clock sees it.
struct SimulatedLink {
    double rate = 1e6;
    double burst = 1500;
    double rttSeconds = 0.001;
    double jitterSeconds = 60e-6;  ///< of a time stamp; late only, exponential
    double delaySpreadSeconds = 0;  ///< the link's own delay varies evenly by so much either way, per chunk, in order
    double stallsPerSecond = 0;  ///< the edge does not read for 1 to 20 ms
    std::size_t chunk = 4096;
    double stepAfterBytes = -1, stepFactor = 1;  ///< the rate changes inside the next transfer
    std::mt19937_64 engine{1};
    double now = 1000;

    double uniform(double low, double high) { return std::uniform_real_distribution<double>(low, high)(engine); }
    double exponential(double mean) { return mean > 0 ? std::exponential_distribution<double>(1 / mean)(engine) : 0; }

    std::vector<Arrival> send(std::size_t payload, double idleSeconds = 0.033)
    {
        now += idleSeconds;
        const double piece = static_cast<double>(std::min(chunk, std::max(chunkBytesAt(rate), std::size_t{512})));
        double tokens = burst, left = now, sent = 0;
        double nextStall = now + exponential(stallsPerSecond > 0 ? 1 / stallsPerSecond : 0);
        double stalledUntil = 0, due = 0;
        std::vector<Arrival> curve;
        std::uint64_t wire = 0;
        for (double todo = static_cast<double>(payload); todo > 0; todo -= piece) {
            const auto cost = wireBytesOf(60, static_cast<std::size_t>(std::min(todo, piece)));
            const double bytes = static_cast<double>(cost);
            if (stepAfterBytes >= 0 && sent >= stepAfterBytes) {
                rate *= stepFactor;
                stepAfterBytes = -1;
            }
            const double missing = std::max(bytes - tokens, 0.0);
            tokens = std::max(tokens - bytes, 0.0);
            left += std::max(missing / rate, bytes / kLineRate + kMessageSeconds);
            sent += bytes;
            due = std::max(due, left + delaySpreadSeconds * uniform(-1, 1));
            double at = due + rttSeconds / 2 + exponential(jitterSeconds);
            while (stallsPerSecond > 0 && at >= nextStall) {
                stalledUntil = nextStall + uniform(0.001, 0.020);
                nextStall = stalledUntil + exponential(1 / stallsPerSecond);
            }
            at = std::max(at, stalledUntil);
            wire += cost;
            const auto atNs = static_cast<std::int64_t>(at * kNs);
            curve.push_back({curve.empty() ? atNs : std::max(atNs, curve.back().atNs + 2000), wire});
        }
        now = left;
        return curve;
    }
    [[nodiscard]] std::int64_t nowNs() const { return static_cast<std::int64_t>(now * kNs); }
};

}  // namespace splitscope::link::testing
