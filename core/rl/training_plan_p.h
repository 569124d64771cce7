// SPDX-License-Identifier: GPL-3.0-or-later
// What options and task come to: inputs, actions, ranges. Decided once, before the first step.
#pragma once

#include "core/rl/learner.h"
#include "core/rl/trainer.h"

namespace splitscope::rl {

struct TrainingPlan {
    TrainerOptions options;
    double gamma = 0;
    int branches = 0;
    bool frontOnly = false;
    bool knownRewards = false;
    bool overOptimum = false;  ///< rewards count against the greatest that is known of the moment
    double lastEntropyRatio = 0;
    FeatureOptions features;
    std::vector<decision::Decision> actions;
    ActionRows rows;  ///< of the actions
    double rewardUnit = 1;  ///< rewards are learned as so many times themselves
    std::vector<Layer> start;  ///< fine-tuning: the policy's, its inputs and outputs in this plan's terms
    bool limits = true;  ///< actions beyond energy limit or deadline are masked
    std::string identity;  ///< of all that a checkpoint must agree in
};

base::Result<TrainingPlan> makePlan(const TrainingTask& task, const TrainerOptions& options);

/// The layers of options.from for the plan's inputs and actions.
base::Result<std::vector<Layer>> startingLayers(const TrainingTask& task, const TrainingPlan& plan);

/// Of a policy's known scale and multiples of it, the one of the greatest mean reward in further episodes on the training traces:
/// where what was learned gains nothing over the table's own rewards, it then loses nothing either.
base::Result<double> bestKnownScale(const Policy& policy, const TrainingTask& task, const std::stop_token& stop);

/// What the intervals between the requests of a shorter episode must be, for it to go on as the task's own do: where what is told
/// or hidden moves by requests. 0: the environment's usual.
base::Result<double> usualInterval(const TrainingTask& task, const sim::Trace& trace);

LearnerOptions learnerOptions(const TrainingPlan& plan);
std::unique_ptr<Learner> makeLearner(const TrainingPlan& plan);

/// Schedules, for an update from 1 to options.updates.
UpdateStep stepAt(const TrainingPlan& plan, int update);
double explorationAt(const TrainingPlan& plan, int update);

}  // namespace splitscope::rl
