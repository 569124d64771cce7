// SPDX-License-Identifier: GPL-3.0-or-later
// Boomerang (Zeng, Li, Zhou, Chen: IEEE Network 33(5), 2019): deep Q-learning over exit and cut, so that nobody need profile
// layers. Known is its aim, the best exit and cut that still meet a latency requirement, that its plan is exit and cut alone, and
// that the learner is a DQN which maps circumstances to a plan. Here:
//   actions   every exit with every distinct cut, tensors as exact as the table has them: it has no choice of bits;
//   state     bandwidth and the requirement (the deadline, an input), for these are what its plans are asked for;
//   reward    exp(acc) + throughput where t ≤ t_req, else 0: the one that the same authors define for these two choices in Edgent
//             (IEEE TWC 2020). Its own formula could not be looked up; in training the reward is divided by its greatest value,
//             which no order of decisions depends on;
//   learner   this project's DQN (core/rl/dqn.cpp): layers, rates and exploration of its own are not known. γ is 0: a plan
//             changes nothing that comes. As everywhere here, plans that miss the requirement by the table are masks, not
//             lessons.
#pragma once

#include "core/rl/trainer.h"

namespace splitscope::rl {

inline constexpr const char* kBoomerang = "boomerang";

/// The task with Boomerang's reward in place of its own; the deadline stays.
base::Result<TrainingTask> boomerangTask(const TrainingTask& task);

/// Every exit's exact cuts.
ActionRows boomerangRows(const sim::Evaluator& evaluator);

/// One over the greatest reward at these rates.
double boomerangRewardUnit(const sim::Evaluator& evaluator, const profile::Conditions& conditions, const Range& rates);

}  // namespace splitscope::rl
