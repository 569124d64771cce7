// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decision/reward.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace splitscope::decision {

namespace {

constexpr double kBytesPerMegabyte = 1e6;

base::Error wrong(const char* field, double value, const char* range)
{
    std::array<char, 160> text{};
    std::snprintf(text.data(), text.size(), "%.6g is outside %s", value, range);
    return {base::ErrorCode::InvalidInput, text.data(), field};
}

/// Where `value` lies between `worst` (0) and `best` (1). Where they are one, there is only reached or not.
double standardised(double value, double worst, double best)
{
    if (!(best > worst))
        return value >= best ? 1 : 0;
    return std::clamp((value - worst) / (best - worst), 0.0, 1.0);
}

double inverse(double ms) { return 1 / ms; }

/// ln(1 + B/s)
double logarithm(const Objective& objective, double bytesPerSecond)
{
    return std::log1p(bytesPerSecond / kBytesPerMegabyte / objective.sensitivity);
}

}  // namespace

base::Status check(const Objective& objective)
{
    // Each condition is false for NaN.
    if (!(objective.sensitivity > 0 && objective.sensitivity < kNoLimit))
        return wrong("objective: sensitivity s (MB/s)", objective.sensitivity, "(0, infinity)");
    if (!(objective.scale >= 0 && objective.scale < kNoLimit))
        return wrong("objective: scale n", objective.scale, "[0, infinity); 0 is 1/ln(1 + B_max/s)");
    if (!(objective.energyLimitJoules >= 0))
        return wrong("objective: energy limit (J per frame)", objective.energyLimitJoules, "[0, infinity]");
    if (!(objective.deadlineMs > 0))
        return wrong("objective: deadline (ms)", objective.deadlineMs, "(0, infinity]");
    if (!(objective.accuracyFloor >= 0 && objective.accuracyFloor <= 1))
        return wrong("objective: accuracy floor", objective.accuracyFloor, "[0, 1]");
    if (objective.firstCut < 0)
        return wrong("objective: first cut", objective.firstCut, "[0, …]");
    if (objective.lastCut < 0)
        return wrong("objective: last cut", objective.lastCut, "[0, …]");
    return {};
}

base::Status check(const RewardScale& scale)
{
    if (!(scale.accuracyMin >= 0 && scale.accuracyMin <= scale.accuracyMax))
        return wrong("reward scale: least accuracy", scale.accuracyMin, "[0, greatest accuracy]");
    if (!(scale.accuracyMax <= 1))
        return wrong("reward scale: greatest accuracy", scale.accuracyMax, "[least accuracy, 1]");
    if (!(scale.latencyMinMs > 0 && scale.latencyMinMs <= scale.latencyMaxMs))
        return wrong("reward scale: T_min (ms)", scale.latencyMinMs, "(0, T_max]");
    if (!(scale.latencyMaxMs < kNoLimit))
        return wrong("reward scale: T_max (ms)", scale.latencyMaxMs, "[T_min, infinity)");
    if (!(scale.maxBytesPerSecond > 0 && scale.maxBytesPerSecond < kNoLimit))
        return wrong("reward scale: B_max (bytes/s)", scale.maxBytesPerSecond, "(0, infinity)");
    return {};
}

double scaleOf(const Objective& objective, const RewardScale& scale)
{
    return objective.scale > 0 ? objective.scale : 1 / logarithm(objective, scale.maxBytesPerSecond);
}

double accuracyWeight(const Objective& objective, const RewardScale& scale, double bytesPerSecond)
{
    const double known = bytesPerSecond < kNoLimit ? bytesPerSecond : scale.maxBytesPerSecond;
    const double value = logarithm(objective, known);
    // Divided, it is exactly 1 at B_max: decisions that differ in speed alone then tie there.
    const double weight = objective.scale > 0 ? objective.scale * value : value / logarithm(objective, scale.maxBytesPerSecond);
    return std::clamp(weight, 0.0, 1.0);
}

double standardAccuracy(const RewardScale& scale, double accuracy)
{
    return standardised(accuracy, scale.accuracyMin, scale.accuracyMax);
}

double standardSpeed(const RewardScale& scale, double latencyMs)
{
    return standardised(inverse(latencyMs), inverse(scale.latencyMaxMs), inverse(scale.latencyMinMs));
}

bool withinLimits(const Objective& objective, const Outcome& outcome)
{
    return outcome.energyJoules <= objective.energyLimitJoules && outcome.latencyMs <= objective.deadlineMs;
}

double rewardAtWeight(const Objective& objective, const RewardScale& scale, double weight, const Outcome& outcome)
{
    if (!withinLimits(objective, outcome))
        return 0;
    if (objective.kind == RewardKind::Edgent)
        return std::exp(outcome.accuracy) + 1e3 * outcome.frames / outcome.latencyMs;
    return weight * standardAccuracy(scale, outcome.accuracy) + (1 - weight) * standardSpeed(scale, outcome.latencyMs);
}

double reward(const Objective& objective, const RewardScale& scale, double bytesPerSecond, const Outcome& outcome)
{
    return rewardAtWeight(objective, scale, accuracyWeight(objective, scale, bytesPerSecond), outcome);
}

bool allowed(const Objective& objective, const Decision& decision, bool onDevice, double expectedAccuracy)
{
    const bool cutFits = decision.partition >= objective.firstCut && decision.partition <= objective.lastCut;
    return (onDevice || cutFits) && expectedAccuracy >= objective.accuracyFloor;
}

}  // namespace splitscope::decision
