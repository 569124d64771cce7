// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/figure_policies.h"
#include "core/session/policy_task.h"
#include "core/strategy/strategy.h"

#include <cmath>

namespace splitscope::session {

namespace {

constexpr int kTraces = 8;

base::Result<rl::Policy> trained(const PolicyScene& scene, rl::Algorithm algorithm, std::uint64_t seed,
                                 const std::stop_token& stop)
{
    sim::EnvironmentOptions environment;
    environment.conditions = scene.conditions;
    const auto task = makeTrainingTask(scene.evaluator, environment, scene.rates, {{}, kTraces, seed});
    if (!task)
        return task.error();
    rl::TrainerOptions trainer;
    trainer.algorithm = algorithm;
    trainer.conditioned = false;
    trainer.seed = seed;
    trainer.updates = scene.updates;
    auto result = rl::train(*task, trainer, stop, {});
    if (!result)
        return result.error();
    return std::move(result->policy);
}

/// The actions over the scene's rates: of the table's rows, by `choose(conditions)`.
template <typename Choose>
std::vector<std::size_t> actionsOf(const SceneCurves& curves, Choose choose)
{
    std::vector<std::size_t> actions;
    for (const double rate : curves.bytesPerSecond) {
        auto conditions = curves.scene.conditions;
        conditions.bytesPerSecond = rate;
        actions.push_back(choose(conditions));
    }
    return actions;
}

base::Status addPolicy(SceneCurves& curves, rl::Algorithm algorithm, const std::string& name, std::uint64_t seed,
                       const std::stop_token& stop)
{
    auto policy = trained(curves.scene, algorithm, seed, stop);
    if (!policy)
        return policy.error();
    auto decider = rl::Decider::make(std::make_shared<const rl::Policy>(*std::move(policy)), *curves.scene.evaluator);
    if (!decider)
        return decider.error();
    auto actions = actionsOf(curves, [&](const profile::Conditions& conditions) {
        decision::State state;
        state.bytesPerSecond = state.bandwidthLow = state.bandwidthHigh = conditions.bytesPerSecond;
        state.deviceSlowdown = conditions.deviceSlowdown;
        return decider->decide(*curves.scene.evaluator, state, curves.scene.conditions);
    });
    curves.curves.push_back(curveOf(curves, rl::toString(algorithm), name, std::move(actions)));
    return {};
}

/// A strategy that needs no training; one that cannot be made for this table, or decides what it does not hold, is not drawn.
void addStrategy(SceneCurves& curves, const std::string& key, const std::string& name)
{
    const auto& evaluator = *curves.scene.evaluator;
    const auto& spec = evaluator.table().spec();
    strategy::StrategyOptions options;
    options.evaluator = curves.scene.evaluator;
    options.conditions = curves.scene.conditions;
    options.fixed = decision::onDevice(spec, spec.exitCount());
    const auto strategy = strategy::makeStrategy(key, spec, options);
    if (!strategy)
        return;
    std::vector<std::size_t> actions;
    for (const double rate : curves.bytesPerSecond) {
        decision::State state;
        state.bytesPerSecond = state.bandwidthLow = state.bandwidthHigh = rate;
        state.deviceSlowdown = curves.scene.conditions.deviceSlowdown;
        const auto action = evaluator.table().rowOf((*strategy)->decide(state));
        if (!action)
            return;
        actions.push_back(*action);
    }
    curves.curves.push_back(curveOf(curves, key, name, std::move(actions)));
}

}  // namespace

base::Result<SceneCurves> curvesOf(const PolicyScene& scene, int rates, std::uint64_t seed, std::stop_token stop,
                                   const std::function<void(const std::string&)>& tell)
{
    SceneCurves curves{scene, {}, {}};
    for (int i = 0; i < rates; ++i)
        curves.bytesPerSecond.push_back(scene.rates.low
                                        * std::pow(scene.rates.high / scene.rates.low, static_cast<double>(i) / (rates - 1)));
    const auto& evaluator = *scene.evaluator;
    curves.curves.push_back(curveOf(curves, "optimum", "optimum",
                                    actionsOf(curves, [&](const auto& conditions) { return evaluator.best(conditions); })));
    for (const auto& [algorithm, name] : {std::pair(rl::Algorithm::Sacd, "SAC-d"), {rl::Algorithm::Dqn, "DQN"}}) {
        if (tell)
            tell("training " + std::string(name) + " for " + scene.name);
        if (const auto added = addPolicy(curves, algorithm, name, seed, stop); !added)
            return added.error();
    }
    addStrategy(curves, "on-device", "On Device");
    addStrategy(curves, "on-edge", "on the edge, raw");
    addStrategy(curves, "neurosurgeon-latency", "Neurosurgeon");
    return curves;
}

}  // namespace splitscope::session
