// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rl/evaluation.h"

#include <algorithm>
#include <cmath>

namespace splitscope::rl {

namespace {

double logUniform(const Range& range, base::Random& random)
{
    const double share = random.unit();
    return range.low * std::pow(range.high / range.low, share);
}

}  // namespace

base::Result<Evaluation> evaluate(const Policy& policy, const std::shared_ptr<const sim::Evaluator>& evaluator,
                                  const sim::EnvironmentOptions& options, const std::vector<sim::Trace>& traces, int episodes,
                                  std::uint64_t firstSeed, const std::stop_token& stop)
{
    auto decider = Decider::make(std::make_shared<const Policy>(policy), *evaluator);
    if (!decider)
        return decider.error();
    Evaluation sum;
    for (const auto& trace : traces) {
        auto environment = sim::Environment::make(evaluator, trace, options);
        if (!environment)
            return environment.error();
        for (int i = 0; i < episodes; ++i) {
            if (stop.stop_requested())
                return base::Error{base::ErrorCode::Cancelled, "stopped while it was evaluated", "policy"};
            const auto seed = firstSeed + static_cast<std::uint64_t>(i);
            const auto bound = sim::upperBound(*environment, seed);
            if (!bound)
                return bound.error();
            environment->reset(seed);
            double reward = 0;
            for (bool ended = false; !ended;) {
                const auto row = decider->decide(*evaluator, environment->state(), options.conditions);
                const auto result = environment->step(row);
                reward += result.reward;
                ended = result.ended;
            }
            sum.reward += reward / options.steps;
            sum.optimum += bound->meanReward;
            ++sum.episodes;
        }
    }
    sum.reward /= std::max(1, sum.episodes);
    sum.optimum /= std::max(1, sum.episodes);
    return sum;
}

decision::Objective randomObjective(const FeatureOptions& features, const decision::Objective& fixed, base::Random& random)
{
    auto objective = fixed;
    if (features.objective) {
        objective.sensitivity = logUniform(features.sensitivity, random);
        const double scale = logUniform(features.scale, random);
        const float choice = random.unit();
        objective.scale = choice < 0.5F ? 0 : scale;
    }
    const auto limit = [&](const Range& range, double otherwise) {
        if (range.empty())
            return otherwise;
        const double value = logUniform(range, random);
        const float limited = random.unit();
        return limited < 0.5F ? value : decision::kNoLimit;
    };
    objective.energyLimitJoules = limit(features.energyLimitJoules, fixed.energyLimitJoules);
    objective.deadlineMs = limit(features.deadlineMs, fixed.deadlineMs);
    return objective;
}

decision::Objective randomObjective(const Policy& policy, base::Random& random)
{
    return randomObjective(policy.features, policy.objective, random);
}

base::Result<SliderEvaluation> evaluateSliders(const Policy& policy, const sim::Evaluator& evaluator,
                                               const profile::Conditions& conditions, int settings, int rates, std::uint64_t seed)
{
    auto decider = Decider::make(std::make_shared<const Policy>(policy), evaluator);
    if (!decider)
        return decider.error();
    SliderEvaluation result;
    base::Random random(seed);
    const auto& range = policy.features.bytesPerSecond;
    for (int setting = 0; setting < settings; ++setting) {
        const auto objective = randomObjective(policy, random);
        const auto scored = evaluator.withObjective(objective);
        if (!scored)
            return scored.error();
        double reward = 0, optimum = 0;
        for (int i = 0; i < rates; ++i) {
            decision::State state;
            state.bytesPerSecond = range.low * std::pow(range.high / range.low, (i + 0.5) / rates);
            state.deviceSlowdown = conditions.deviceSlowdown;
            const auto here = sim::conditionsOf(state, conditions);
            reward += scored->score(decider->decide(*scored, state, conditions), here).reward / rates;
            optimum += scored->score(scored->best(here), here).reward / rates;
        }
        if (!(optimum > 0))
            continue;  // no decision keeps to the limits at any rate
        const double gap = 1 - reward / optimum;
        ++result.settings;
        result.meanGap += gap;
        result.reward += reward;
        result.optimum += optimum;
        result.above += gap > 0.01 ? 1 : 0;
        if (gap >= result.worstGap) {
            result.worstGap = gap;
            result.worst = objective;
        }
    }
    const double count = std::max(1, result.settings);
    result.meanGap /= count;
    result.reward /= count;
    result.optimum /= count;
    return result;
}

}  // namespace splitscope::rl
