// SPDX-License-Identifier: GPL-3.0-or-later
// How much a trained actor may say beside the rewards that are known: what serves best in episodes that it did not learn from.
#include "core/rl/training_plan_p.h"

#include <algorithm>

namespace splitscope::rl {

namespace {

constexpr int kEpisodes = 2;  ///< on each training trace
constexpr int kSteps = 250;
constexpr std::uint64_t kSeed = 800'000'000;  ///< far from any episode of training and of evaluation

/// Mean reward of a request; with sliders as inputs, under other settings in each episode.
base::Result<double> meanReward(const Policy& policy, const TrainingTask& task, const std::stop_token& stop)
{
    auto decider = Decider::make(std::make_shared<const Policy>(policy), *task.evaluator);
    if (!decider)
        return decider.error();
    base::Random random(kSeed);
    double sum = 0;
    for (std::size_t i = 0; i < task.training.size() * kEpisodes; ++i) {
        if (stop.stop_requested())
            return base::Error{base::ErrorCode::Cancelled, "stopped while it was judged", "training"};
        const auto under = task.evaluator->withObjective(randomObjective(policy.features, task.evaluator->objective(), random));
        if (!under)
            return under.error();
        const auto evaluator = std::make_shared<const sim::Evaluator>(*under);
        auto options = task.environment;
        const auto interval = usualInterval(task, task.training[i / kEpisodes]);
        if (!interval)
            return interval.error();
        options.intervalMs = *interval;
        options.steps = std::min(options.steps, kSteps);
        auto environment = sim::Environment::make(evaluator, task.training[i / kEpisodes], options);
        if (!environment)
            return environment.error();
        environment->reset(kSeed + i);
        for (bool ended = false; !ended;) {
            const auto step = environment->step(decider->decide(*evaluator, environment->state(), options.conditions));
            sum += step.reward / options.steps;
            ended = step.ended;
        }
    }
    return sum;
}

}  // namespace

base::Result<double> bestKnownScale(const Policy& policy, const TrainingTask& task, const std::stop_token& stop)
{
    double best = policy.knownScale, most = -1e300;
    for (const double factor : {1., 2., 4., 8., 16., 1e3}) {  // with the last one the table decides alone
        auto candidate = policy;
        candidate.knownScale = factor * policy.knownScale;
        const auto reward = meanReward(candidate, task, stop);
        if (!reward)
            return reward.error();
        if (*reward > most) {
            most = *reward;
            best = candidate.knownScale;
        }
    }
    return best;
}

}  // namespace splitscope::rl
