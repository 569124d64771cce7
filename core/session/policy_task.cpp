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
    // A queue is another one at each rate and load: what is learned on few traces does not hold on others.
    constexpr int kMore = 3;
    const bool alone = environment.kind == sim::EnvironmentKind::Paper;
    auto varied = options;
    varied.count = std::min(kMore * traces.count, sim::kMaxEpisodeTraces);
    auto training = !traces.source.empty() ? sim::episodeTraces(traces.source, options)
        : alone ? rl::makeTraces(*task.evaluator, environment.conditions, std::max(1, traces.count / 2), traces.seed)
                : sim::episodeTraces("mixed", varied);
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
