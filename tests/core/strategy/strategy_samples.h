// SPDX-License-Identifier: GPL-3.0-or-later
// Strategies on a small cost table, and policies whose answer is known.
#pragma once

#include "core/rl/policy.h"
#include "core/strategy/strategy.h"
#include "tests/core/profile/gate_samples.h"
#include "tests/core/sim/small_table.h"

namespace splitscope::strategy {

inline StrategyOptions tableOptions(const decision::Objective& objective = {}, int batch = 1)
{
    static const auto kTable = sim::smallTable();
    StrategyOptions options;
    options.fixed = {2, 6, {codec::CodingKind::Quantized, 8}};
    options.evaluator = std::make_shared<const sim::Evaluator>(sim::smallEvaluator(objective, batch, kTable));
    return options;
}

/// A small table with gates at all exits, the device's and the edge's, whose thresholds matter.
inline StrategyOptions gatedOptions(double accuracyLoss = 0.01)
{
    static const auto kTable = [] {
        const auto spec = *model::loadNetworkSpec("alexnet3");
        auto accuracy = sim::smallAccuracy(spec, {});
        profile::makeEntropiesDiffer(accuracy);
        return *profile::CostTable::make(spec, profile::gatedOnBoth(), sim::smallProfile(spec, {}, sim::kSlowDevice),
                                         sim::smallProfile(spec, {}, sim::kFastEdge), sim::kSmallLink, accuracy);
    }();
    StrategyOptions options;
    options.evaluator = std::make_shared<const sim::Evaluator>(sim::smallEvaluator({}, 1, kTable));
    options.accuracyLoss = accuracyLoss;
    return options;
}

/// A state of a link that was measured.
inline decision::State stateAt(double bytesPerSecond)
{
    decision::State state;
    state.bytesPerSecond = state.bandwidthLow = state.bandwidthHigh = bytesPerSecond;
    return state;
}

/// The table's own conditions at a rate.
inline profile::Conditions at(double bytesPerSecond)
{
    profile::Conditions conditions;
    conditions.bytesPerSecond = bytesPerSecond;
    return conditions;
}

/// Null where it cannot be made.
inline std::unique_ptr<Strategy> makeOrNull(const std::string& name, const model::NetworkSpec& spec,
                                            const StrategyOptions& options)
{
    auto made = makeStrategy(name, spec, options);
    return made.ok() ? *std::move(made) : nullptr;
}

/// Likes the first of `liked` best, then the second, and so on, then all others, whatever the state.
inline rl::Policy stubbornPolicy(const sim::Evaluator& evaluator, const std::string& algorithm,
                                 const std::vector<std::size_t>& liked)
{
    rl::Policy policy;
    policy.algorithm = algorithm;
    policy.network = evaluator.table().spec().name;
    policy.modelHash = evaluator.table().modelHash();
    policy.tableHash = std::string(64, 'b');
    policy.batch = evaluator.batch();
    policy.scale = evaluator.scale();
    policy.date = "2026-01-02T03:04:05Z";
    policy.command = "test";
    rl::Layer layer;
    layer.inputs = static_cast<int>(rl::featureCount(policy.features));
    layer.outputs = static_cast<int>(evaluator.actionCount());
    layer.weights.assign(rl::featureCount(policy.features) * evaluator.actionCount(), 0.0F);
    layer.bias.assign(evaluator.actionCount(), 0.0F);
    for (std::size_t action = 0; action < evaluator.actionCount(); ++action)
        policy.actions.push_back(evaluator.decisionOf(action));
    for (std::size_t i = 0; i < liked.size(); ++i)
        layer.bias[liked[i]] = static_cast<float>(liked.size() - i);
    policy.layers.push_back(std::move(layer));
    return policy;
}

/// Of the small table; 16 bits are the most exact there is.
inline std::size_t actionOf(const sim::Evaluator& evaluator, const decision::Decision& decision)
{
    return *evaluator.table().rowOf(decision);
}

}  // namespace splitscope::strategy
