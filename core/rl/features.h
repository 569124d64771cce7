// SPDX-License-Identifier: GPL-3.0-or-later
// States and objectives as the numbers that a network reads: the same in training, evaluation and on real devices.
#pragma once

#include "core/decision/reward.h"
#include "core/decision/state.h"

#include <span>
#include <vector>

namespace splitscope::rl {

/// A closed range of something that is a feature.
struct Range {
    double low = 0, high = 0;

    bool operator==(const Range&) const = default;
};

/// Which inputs a policy has. Everything is mapped to about [−1, 1]; rates, times and sliders by their logarithms.
struct FeatureOptions {
    Range bytesPerSecond{1e3, 1e8};  ///< of the uplink; beyond it the input is clamped
    bool lastRequest = false;  ///< T, e, acc of the last request (eq. 5)
    bool queue = false;  ///< requests waiting, and how long
    bool trend = false;  ///< bandwidth's, and the width of its interval
    bool lastDecision = false;  ///< one-hot exit and cut's position: where switching costs
    bool objective = true;  ///< s, n, ê, deadline: one policy for all settings of the sliders
    Range sensitivity{0.1, 100};  ///< MB/s
    Range scale{0.05, 2};  ///< n
    Range energyLimitJoules{0, 0};  ///< 0, 0: there is none
    Range deadlineMs{0, 0};
    Range latencyMs{0.1, 10'000};
    int exits = 3;
    int layers = 24;  ///< of the longest path

    bool operator==(const FeatureOptions&) const = default;
};

[[nodiscard]] std::size_t featureCount(const FeatureOptions& options);
/// Writes featureCount() values; nothing is allocated.
void writeFeatures(const FeatureOptions& options, const decision::State& state, const decision::Objective& objective,
                   const decision::RewardScale& scale, std::span<float> out);

}  // namespace splitscope::rl
