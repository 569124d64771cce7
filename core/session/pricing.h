// SPDX-License-Identifier: GPL-3.0-or-later
// The cost table of a scenario: found, and put under the scenario's objective.
#pragma once

#include "core/session/scenario.h"
#include "core/sim/evaluator.h"
#include "core/strategy/strategy.h"

#include <memory>

namespace splitscope::session {

/// What the sliders say: the scenario's, its deadline being the reward's where that has none of its own.
decision::Objective objectiveOf(const Scenario& scenario);

/// What a cost table is asked under in this scenario, but for the rate: slowdown, the shaper's delay on top of the table's round
/// trip, and who paces.
profile::Conditions conditionsOf(const Scenario& scenario, const profile::LinkProfile& link);

/// The table that the scenario names, or the one shipped for its model and data. NotFound where none ships, or the scenario says
/// "none".
base::Result<profile::CostTable> loadCostTable(const Scenario& scenario);

/// A scenario's table, its action set alone, under its objective and scale. Where no scale is frozen in the scenario it is
/// computed.
base::Result<std::shared_ptr<const sim::Evaluator>> makeEvaluator(const Scenario& scenario);

/// Writes down what a scenario leaves to its cost table: the coder, and the scale that makeEvaluator() would compute. Without a
/// table the coder is usualCoder(), and the scale stays as it is.
void freeze(Scenario& scenario);

/// What strategies of this scenario are made of. A named table or one that the strategy needs must be there and fit; a shipped
/// one that nobody asked for may be missing.
base::Result<strategy::StrategyOptions> strategyOptions(const Scenario& scenario);
/// The same with an evaluator that makeEvaluator() made of this scenario before, or what it said.
base::Result<strategy::StrategyOptions> strategyOptions(const Scenario& scenario,
                                                        base::Result<std::shared_ptr<const sim::Evaluator>> evaluator);

}  // namespace splitscope::session
