// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rl/boomerang.h"

#include "core/sim/exact_cuts.h"

#include <cmath>

namespace splitscope::rl {

base::Result<TrainingTask> boomerangTask(const TrainingTask& task)
{
    auto objective = task.evaluator->objective();
    objective.kind = decision::RewardKind::Edgent;
    const auto evaluator = task.evaluator->withObjective(objective);
    if (!evaluator)
        return evaluator.error();
    auto own = task;
    own.evaluator = std::make_shared<const sim::Evaluator>(*evaluator);
    return own;
}

ActionRows boomerangRows(const sim::Evaluator& evaluator)
{
    ActionRows rows;
    for (int exit = 1; exit <= evaluator.table().spec().exitCount(); ++exit)
        for (const auto row : sim::exactCuts(evaluator, exit))
            rows.push_back(row);
    return rows;
}

double boomerangRewardUnit(const sim::Evaluator& evaluator, const profile::Conditions& conditions, const Range& rates)
{
    constexpr int kRates = 16;
    double most = 0;
    for (int step = 0; step < kRates; ++step) {
        auto here = conditions;
        here.bytesPerSecond = rates.low * std::pow(rates.high / rates.low, static_cast<double>(step) / (kRates - 1));
        for (const auto row : boomerangRows(evaluator))
            most = std::max(most, evaluator.score(row, here).reward);
    }
    return most > 0 ? 1 / most : 1;
}

}  // namespace splitscope::rl
