// SPDX-License-Identifier: GPL-3.0-or-later
// Trainings that take a second.
#pragma once

#include "core/rl/trainer.h"
#include "core/sim/trace_generate.h"
#include "tests/core/sim/small_table.h"

namespace splitscope::rl {

/// Few actions.
inline decision::SpaceOptions fewActions()
{
    decision::SpaceOptions actions;
    actions.bits = {4, 8};
    actions.jpegQualities = {60};
    return actions;
}

inline TrainingTask smallTask(sim::EnvironmentKind kind = sim::EnvironmentKind::Paper,
                              const decision::Objective& objective = {.sensitivity = 1},
                              const sim::SampleSpeed& device = sim::kSlowDevice)
{
    TrainingTask task;
    task.evaluator = std::make_shared<const sim::Evaluator>(
        sim::smallEvaluator(objective, 1, sim::smallTable("alexnet3", fewActions(), device)));
    task.environment.kind = kind;
    task.environment.steps = 200;
    task.training = *makeTraces(*task.evaluator, {}, 4, 1);
    task.evaluation = *makeTraces(*task.evaluator, {}, 3, 50);
    return task;
}

inline TrainerOptions smallOptions(Algorithm algorithm = Algorithm::Sacd)
{
    TrainerOptions options;
    options.algorithm = algorithm;
    options.conditioned = false;
    options.width = 32;
    options.layers = 3;
    options.updates = 300;
    options.randomSteps = 100;
    options.evaluationEpisodes = 1;
    return options;
}

inline std::string text(const base::Error& error) { return error.message(); }

}  // namespace splitscope::rl
