// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rl/policy.h"

#include "core/rl/boomerang.h"
#include "core/rl/kernels_p.h"

#include <cassert>
#include <cmath>

namespace splitscope::rl {

namespace {

/// Rounding at the ends of a range that was written and read back.
constexpr double kTolerance = 1e-6;

bool within(const Range& range, double value)
{
    return value >= range.low * (1 - kTolerance) && value <= range.high * (1 + kTolerance);
}

/// Limits: without one is as far as any; below the range none was trained.
bool limitWithin(const Range& range, double limit) { return range.empty() ? limit == decision::kNoLimit : limit >= range.low; }

bool objectiveWithin(const Policy& policy, const decision::Objective& objective)
{
    if (policy.algorithm == kBoomerang)  // its reward is its own, whatever the sliders say
        return limitWithin(policy.features.deadlineMs, objective.deadlineMs);
    if (!policy.features.objective)
        return objective == policy.objective;
    const auto& features = policy.features;
    return objective.kind == policy.objective.kind && within(features.sensitivity, objective.sensitivity)
        && (objective.scale == 0 || within(features.scale, objective.scale))
        && limitWithin(features.energyLimitJoules, objective.energyLimitJoules)
        && limitWithin(features.deadlineMs, objective.deadlineMs);
}

}  // namespace

void forward(const Policy& policy, PolicyScratch& scratch)
{
    assert(!policy.layers.empty() && scratch.input.size() == static_cast<std::size_t>(policy.layers.front().inputs));
    const auto& kernel = kernels();
    const float* in = scratch.input.data();
    for (std::size_t i = 0; i < policy.layers.size(); ++i) {
        const auto& layer = policy.layers[i];
        auto& out = i % 2 == policy.layers.size() % 2 ? scratch.next : scratch.hidden;  // the last one's are hidden
        out.resize(static_cast<std::size_t>(layer.outputs));
        kernel.layer(layer.weights.data(), layer.bias.data(), in, out.data(), layer.inputs, layer.outputs,
                     i + 1 < policy.layers.size());
        in = out.data();
    }
}

void forward(const Policy& policy, const decision::State& state, const decision::Objective& objective,
             const decision::RewardScale& actual, PolicyScratch& scratch)
{
    scratch.input.resize(featureCount(policy.features));
    writeFeatures(policy.features, state, objective, policy.scale, actual, scratch.input);
    forward(policy, scratch);
}

std::size_t choose(const Policy& policy, const decision::State& state, const decision::Objective& objective,
                   std::span<const char> mask, PolicyScratch& scratch)
{
    assert(mask.size() == policy.actions.size());
    forward(policy, state, objective, policy.scale, scratch);
    std::size_t best = mask.size();
    for (std::size_t i = 0; i < mask.size(); ++i)
        if (mask[i] && (best == mask.size() || scratch.hidden[i] > scratch.hidden[best]))
            best = i;
    return best == mask.size() ? 0 : best;
}

bool withinTraining(const Policy& policy, const decision::State& state, const decision::Objective& objective)
{
    const auto& features = policy.features;
    const bool linkDown = state.bytesPerSecond == 0;  // the choice is then among all-local decisions, as at the lowest rate
    const bool filtered = features.rateBelief && state.belief.rateCount > 0;  // a noisy report may lie anywhere
    if (!linkDown && !filtered && !within(features.bytesPerSecond, state.bytesPerSecond))
        return false;
    if (!features.rttMs.empty() && !within(features.rttMs, state.rttMs < 0 ? features.usualRttMs : state.rttMs))
        return false;
    if (features.deviceSlowdown.high > 0 && !within(features.deviceSlowdown, state.deviceSlowdown))
        return false;
    return objectiveWithin(policy, objective);
}

}  // namespace splitscope::rl
