// SPDX-License-Identifier: GPL-3.0-or-later
// What a training from the dashboard comes to: traces to learn from, others to hold it against, and what is told meanwhile.
#include "ui/bridge/policy_worker.h"

#include "core/base/clock.h"
#include "core/base/threads.h"
#include "core/session/policy_task.h"
#include "core/sim/bandwidth.h"

#include <algorithm>

namespace splitscope::ui {

namespace {

constexpr int kTraces = 8;  // as many as `policy train` evaluates on
constexpr int kMostPoints = 400, kLeastBetweenPoints = 25;
constexpr int kHeldOutEvaluations = 12, kLeastBetweenEvaluations = 250;  // over a training

/// The traces that `policy train` takes; trained on the named bandwidth alone where there is one.
base::Result<rl::TrainingTask> makeTask(const PolicyTraining& training)
{
    sim::EnvironmentOptions environment;
    environment.kind = training.environment;
    environment.conditions = training.conditions;
    auto task = session::makeTrainingTask(training.evaluator, environment, training.rates, {{}, kTraces, training.seed});
    if (!task || training.bandwidth.empty())
        return task;
    auto trace = sim::parseBandwidth(training.bandwidth);
    if (!trace)
        return trace.error();
    task->training = {*std::move(trace)};
    return task;
}

TrainingPoint pointOf(const rl::TrainingMetrics& metrics, const PolicyTraining& training, rl::Algorithm algorithm, double seconds)
{
    const bool actorCritic = algorithm == rl::Algorithm::Sacd || algorithm == rl::Algorithm::SacdPaper;
    TrainingPoint point;
    point.updates = static_cast<std::uint64_t>(metrics.update);
    point.seconds = seconds;
    point.reward = metrics.reward;
    point.regret = metrics.regret;
    // Where decisions change what comes, a step's regret does not tell what the best sequence would have brought.
    if (training.environment == sim::EnvironmentKind::Paper)
        point.optimum = metrics.reward + metrics.regret;
    if (metrics.gap >= 0)
        point.gap = metrics.gap;
    point.criticLoss = metrics.losses.critic;
    if (actorCritic) {
        point.actorLoss = metrics.losses.actor;
        point.alphaLoss = metrics.losses.alpha;
        point.entropy = metrics.losses.entropy;
        point.alpha = metrics.losses.temperature;
    }
    point.updatesPerSecond = metrics.updatesPerSecond;
    return point;
}

}  // namespace

base::Result<rl::Policy> trainPolicy(const PolicyTraining& training, const std::stop_token& stop,
                                     const std::function<void(const TrainingPoint&)>& told)
{
    base::lowerThisThreadsPriority();
    const auto algorithm = rl::parseAlgorithm(training.algorithm);
    if (!algorithm)
        return algorithm.error();
    const auto task = makeTask(training);
    if (!task)
        return task.error();
    rl::TrainerOptions options;
    options.algorithm = *algorithm;
    if (training.from)
        options = rl::fineTuning(training.from, options);
    options.seed = training.seed;
    options.updates = training.updates;
    options.observeEvery = std::max(kLeastBetweenPoints, training.updates / kMostPoints);
    options.evaluateEvery = std::max({options.observeEvery, training.updates / kHeldOutEvaluations, kLeastBetweenEvaluations});
    options.evaluationEpisodes = 1;
    options.command = "splitscope, Optimizer page";
    const auto began = base::nowNs();
    auto trained = rl::train(*task, options, stop, [&](const rl::TrainingMetrics& metrics) {
        told(pointOf(metrics, training, *algorithm, base::toMs(base::nowNs() - began) / 1000));
    });
    if (!trained)
        return trained.error();
    return std::move(trained->policy);
}

}  // namespace splitscope::ui
