// SPDX-License-Identifier: GPL-3.0-or-later
// Training that goes on from a policy's file: on a table that was measured anew, on another device, for other sliders.
#include "core/rl/training_plan_p.h"

#include <algorithm>
#include <cmath>

namespace splitscope::rl {

namespace {

base::Error unfit(const std::string& text)
{
    return {base::ErrorCode::Mismatch, text + "; train a policy from the beginning", "the policy to go on from"};
}

std::string shapeOf(const std::vector<Layer>& layers)
{
    std::string text = std::to_string(layers.front().inputs);
    for (const auto& layer : layers)
        text += " → " + std::to_string(layer.outputs);
    return text;
}

std::string listed(const std::vector<std::string>& names)
{
    std::string text;
    for (const auto& name : names)
        text += (text.empty() ? "" : ", ") + name;
    return text;
}

/// Inputs are x = 2·ln(v/low)/ln(high/low) − 1 of their ranges: over other ranges the first layer's weights say the same of v.
void moveInputs(const FeatureOptions& from, const FeatureOptions& to, Layer& first)
{
    const auto was = featureRanges(from), is = featureRanges(to);
    const auto inputs = static_cast<std::size_t>(first.inputs);
    for (std::size_t input = 0; input < inputs; ++input) {
        if (was[input].empty() || was[input] == is[input])
            continue;
        const double width = std::log(was[input].high / was[input].low);
        const double slope = std::log(is[input].high / is[input].low) / width;
        const double atLow = 2 * std::log(is[input].low / was[input].low) / width - 1;
        for (std::size_t o = 0; o < static_cast<std::size_t>(first.outputs); ++o) {
            auto& weight = first.weights[o * inputs + input];
            first.bias[o] += static_cast<float>(static_cast<double>(weight) * (atLow + slope));
            weight *= static_cast<float>(slope);
        }
    }
}

/// The last layer's outputs in the order of other actions; false where they are not the same ones.
bool orderOutputs(const std::vector<decision::Decision>& from, const std::vector<decision::Decision>& to, Layer& last)
{
    if (from.size() != to.size())
        return false;
    const auto inputs = static_cast<std::size_t>(last.inputs);
    const Layer was = last;
    for (std::size_t o = 0; o < to.size(); ++o) {
        const auto found = std::find(from.begin(), from.end(), to[o]);
        if (found == from.end())
            return false;
        const auto at = static_cast<std::size_t>(found - from.begin());
        std::copy_n(was.weights.begin() + static_cast<std::ptrdiff_t>(at * inputs), inputs,
                    last.weights.begin() + static_cast<std::ptrdiff_t>(o * inputs));
        last.bias[o] = was.bias[at];
    }
    return true;
}

}  // namespace

TrainerOptions fineTuning(std::shared_ptr<const Policy> from, TrainerOptions options)
{
    const auto& policy = *from;
    if (const auto algorithm = parseAlgorithm(policy.algorithm))
        options.algorithm = *algorithm;
    options.layers = static_cast<int>(policy.layers.size());
    options.width = policy.layers.front().outputs;
    options.conditioned = policy.features.objective;
    options.frontOnly = policy.frontOnly;
    options.knownRewards = policy.knownScale > 0;
    if (options.conditioned) {
        options.sensitivity = policy.features.sensitivity;
        options.scale = policy.features.scale;
        if (policy.features.energyLimitJoules.empty())
            options.energyLimitJoules = Range{};
        if (policy.features.deadlineMs.empty())
            options.deadlineMs = Range{};
    }
    if (!policy.features.deviceSlowdown.empty())
        options.deviceSlowdown = policy.features.deviceSlowdown;
    if (!policy.features.rttMs.empty())
        options.rttMs = policy.features.rttMs;
    constexpr double kRate = 5e-4, kLastRate = 5e-5, kAlpha = 0.05, kEntropyRatio = 0.2, kExploration = 0.2;
    if (options.algorithm != Algorithm::Supervised)  // what it learns from is exact
        options.learningRate = kRate;
    options.lastLearningRate = kLastRate;
    options.initialAlpha = kAlpha;
    options.entropyRatio = kEntropyRatio;
    options.exploration = kExploration;
    if (policy.knownScale > 0)
        options.initialAlpha = 1 / policy.knownScale;
    options.from = std::move(from);
    return options;
}

base::Result<std::vector<Layer>> startingLayers(const TrainingTask& task, const TrainingPlan& plan)
{
    const auto& from = *plan.options.from;
    const auto& network = task.evaluator->table().spec().name;
    if (auto status = check(from, "the policy to go on from"); !status)
        return status.error();
    if (from.network != network)
        return unfit("it is for " + from.network + ", but the cost table is of " + network);
    if (from.batch != task.evaluator->batch())
        return unfit("it is for batches of " + std::to_string(from.batch) + ", not of "
                     + std::to_string(task.evaluator->batch()));
    if (from.algorithm != toString(plan.options.algorithm))
        return unfit("it was trained by " + from.algorithm + ", and " + toString(plan.options.algorithm)
                     + " reads other things out of its outputs");
    if (const auto was = featureNames(from.features), is = featureNames(plan.features); was != is)
        return unfit("its inputs are " + listed(was) + "; here they would be " + listed(is));
    if ((from.knownScale > 0) != plan.knownRewards)
        return unfit(plan.knownRewards ? "its outputs hold rewards that are known from the table here"
                                       : "its outputs are of use beside rewards that are not taken from the table here");
    auto layers = from.layers;
    if (!orderOutputs(from.actions, plan.actions, layers.back()))
        return unfit("its " + std::to_string(from.actions.size()) + " actions are not the " + std::to_string(plan.actions.size())
                     + " of the cost table");
    const NetShape shape{static_cast<int>(featureCount(plan.features)), plan.options.width, plan.options.layers,
                         static_cast<int>(plan.actions.size())};
    const auto wanted = initialLayers(shape, 0);
    const auto sameSize = [](const Layer& a, const Layer& b) { return a.inputs == b.inputs && a.outputs == b.outputs; };
    if (!std::equal(layers.begin(), layers.end(), wanted.begin(), wanted.end(), sameSize))
        return unfit("its layers are " + shapeOf(layers) + ", not " + shapeOf(wanted));
    moveInputs(from.features, plan.features, layers.front());
    // An actor that is sure of itself hardly learns: its gradients are as small as the probabilities of what else there is.
    constexpr double kLessSure = 0.3;
    const bool actor = plan.options.algorithm == Algorithm::Sacd || plan.options.algorithm == Algorithm::SacdPaper;
    return actor && !plan.knownRewards ? scaledOutputs(std::move(layers), kLessSure) : layers;
}

}  // namespace splitscope::rl
