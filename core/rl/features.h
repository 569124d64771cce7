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

    [[nodiscard]] bool empty() const { return !(low < high); }
    [[nodiscard]] bool contains(double value) const { return value >= low && value <= high; }
    bool operator==(const Range&) const = default;
};

/// Which inputs a policy has. Everything is mapped to about [−1, 1]; rates, times and limits by their logarithms. What lies
/// beyond a range is clamped, and what is not a number counts as its lower end.
struct FeatureOptions {
    Range bytesPerSecond{1e3, 1e8};  ///< of the uplink
    bool lastRequest = false;  ///< T, e, acc of the last request (eq. 5)
    bool queue = false;  ///< requests waiting, and how long
    bool trend = false;  ///< bandwidth's, and the width of its interval
    bool lastDecision = false;  ///< one-hot exit and cut: where switching costs
    bool rateBelief = false;  ///< what a filter makes of late reports: the rate's middle, how wide, and whether it is down
    bool loadBelief = false;  ///< whether device and edge are slow now, and their measured times over predicted ones
    bool budget = false;  ///< energy and requests that are left, and what a joule is worth
    /// Sliders: one policy for all settings. s and n enter as what they do, the weight a at this bandwidth (eq. 13); ê and the
    /// deadline as they are.
    bool objective = true;
    Range sensitivity{0.1, 100};  ///< MB/s; that it was trained on
    Range scale{0.05, 2};  ///< n; that it was trained on; a setting of 0 (a(B_max) = 1) is within
    Range energyLimitJoules{0, 0};  ///< 0, 0: no input
    Range deadlineMs{0, 0};  ///< 0, 0: no input
    Range latencyMs{0.1, 10'000};
    Range rttMs{0, 0};  ///< 0, 0: no input
    double usualRttMs = 0;  ///< where the state does not tell: the cost table's own
    Range deviceSlowdown{0, 0};  ///< equal ends: no input; of 0: any
    int exits = 3;
    int layers = 24;  ///< of the longest path

    bool operator==(const FeatureOptions&) const = default;
};

/// Whether known rewards are means over what is believed, not the table's at the reported rate.
[[nodiscard]] inline bool believes(const FeatureOptions& options)
{
    return options.rateBelief || options.loadBelief || options.budget;
}

/// Whether any slider is an input: all, or limits alone.
[[nodiscard]] inline bool slidersMove(const FeatureOptions& options)
{
    return options.objective || !options.energyLimitJoules.empty() || !options.deadlineMs.empty();
}

[[nodiscard]] std::size_t featureCount(const FeatureOptions& options);
/// What each input is, in their order: for the policy inspector.
[[nodiscard]] std::vector<std::string> featureNames(const FeatureOptions& options);

/// For each input that is the logarithm of something observed within a range: that range. Empty ones for the others, and for
/// limits, whose upper end stands for "none" whatever the range.
[[nodiscard]] std::vector<Range> featureRanges(const FeatureOptions& options);

/// Writes featureCount() values; nothing is allocated. `trained` is the reward's scale that the policy was trained with, `actual`
/// the one of now: a is shifted so that it weighs accuracy against time as it does there.
void writeFeatures(const FeatureOptions& options, const decision::State& state, const decision::Objective& objective,
                   const decision::RewardScale& trained, const decision::RewardScale& actual, std::span<float> out);
/// With the scale that it was trained with.
void writeFeatures(const FeatureOptions& options, const decision::State& state, const decision::Objective& objective,
                   const decision::RewardScale& scale, std::span<float> out);

}  // namespace splitscope::rl
