// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/policy_task.h"

#include "core/sim/episodes.h"

#include <algorithm>

namespace splitscope::session {

base::Result<rl::TrainingTask> makeTrainingTask(std::shared_ptr<const sim::Evaluator> evaluator,
                                                const sim::EnvironmentOptions& environment, const sim::RateRange& rates,
                                                const PolicyTraces& traces)
{
    rl::TrainingTask task;
    task.evaluator = std::move(evaluator);
    task.environment = environment;
    sim::EpisodeOptions options;
    options.rates = rates;
    options.count = traces.count;
    options.seed = traces.seed;
    auto training = traces.source.empty()
        ? rl::makeTraces(*task.evaluator, environment.conditions, std::max(1, traces.count / 2), traces.seed)
        : sim::episodeTraces(traces.source, options);
    if (!training)
        return training.error();
    task.training = *std::move(training);
    options.use = sim::TraceUse::Evaluation;
    auto evaluation = sim::episodeTraces(traces.source.empty() ? "mixed" : traces.source, options);
    if (!evaluation)
        return evaluation.error();
    task.evaluation = *std::move(evaluation);
    return task;
}

}  // namespace splitscope::session
