// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/pricing.h"

#include "core/session/model_package.h"

#include <algorithm>

namespace splitscope::session {

namespace {

constexpr const char* kNone = "none";

bool needsTable(const Scenario& scenario)
{
    const auto& all = strategy::strategies();
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& info) { return info.name == scenario.strategy; });
    return (found != all.end() && found->needsTable) || !scenario.shadow.empty();
}

/// The table with the action set's gates: where it was not built with them they are priced from the accuracy table that ships.
base::Result<profile::CostTable> withGates(profile::CostTable table, const decision::SpaceOptions& actions,
                                           const std::string& data)
{
    if (!table.lacksGates(actions))
        return table;
    for (const auto& name : weightsNames(data))
        if (const auto accuracy = profile::loadShippedAccuracyTable(table.spec().name, name);
            accuracy && accuracy->modelHash == table.modelHash())
            return table.withGates(actions, *accuracy);
    return base::Error{base::ErrorCode::NotFound,
                       "does not price gates, and no accuracy table of its weights ships: build one with this action set",
                       "cost table"};
}

base::Error notFound(const std::string& text) { return {base::ErrorCode::NotFound, text, "scenario: cost_table"}; }

}  // namespace

decision::Objective objectiveOf(const Scenario& scenario)
{
    auto objective = scenario.objective;
    if (scenario.deadlineMs > 0 && objective.deadlineMs == decision::kNoLimit)
        objective.deadlineMs = scenario.deadlineMs;
    return objective;
}

profile::Conditions conditionsOf(const Scenario& scenario, const profile::LinkProfile& link)
{
    profile::Conditions conditions;
    conditions.deviceSlowdown = scenario.slowdown;
    conditions.rttMs = link.rttMs + scenario.shaping.delayMs;
    conditions.intervalMs = scenario.minIntervalMs;
    conditions.pacedByDevice = scenario.shaping.by == wire::ShapedBy::User;
    return conditions;
}

base::Result<profile::CostTable> loadCostTable(const Scenario& scenario)
{
    if (scenario.costTable == kNone)
        return notFound("the scenario does without one");
    if (!scenario.costTable.empty())
        return profile::CostTable::load(scenario.costTable);
    const auto spec = model::loadNetworkSpec(scenario.model);
    if (!spec)
        return spec.error();
    return loadFirst(
        weightsNames(scenario.data), [&](const auto& name) { return profile::loadShippedCostTable(spec->name, name); },
        notFound("no cost table of " + spec->name + " ships for '" + scenario.data
                 + "': name a file (--cost-table), or make one with `splitscope-cli table build`"));
}

base::Result<std::shared_ptr<const sim::Evaluator>> makeEvaluator(const Scenario& scenario)
{
    auto table = loadCostTable(scenario);
    if (!table)
        return table.error();
    const auto spec = model::loadNetworkSpec(scenario.model);
    if (!spec)
        return spec.error();
    if (table->spec().name != spec->name)
        return base::Error{base::ErrorCode::Mismatch, "is of " + table->spec().name + ", not of " + spec->name,
                           "scenario: cost_table"};
    const auto actions = decision::parseSpaceOptions(scenario.actionSet);
    if (!actions)
        return base::Error{actions.error().code, actions.error().text, "scenario: action_set"};
    table = withGates(*std::move(table), *actions, scenario.data);
    if (table)
        table = table->withActions(*actions);
    if (!table)
        return base::Error{table.error().code, table.error().text, "scenario: cost_table"};
    auto scale = scenario.scale;
    if (!scale) {
        const auto conditions = conditionsOf(scenario, table->link());
        const int batch = std::clamp(scenario.batch, 1, profile::CostTable::kMaxBatch);
        const auto rates = sim::interestingRates(*table, batch, conditions);
        scale = sim::standardScale(*table, batch, conditions, rates.low, rates.high);
    }
    auto made = sim::Evaluator::make(*std::move(table), scenario.batch, objectiveOf(scenario), *scale);
    if (!made)
        return base::Error{made.error().code, made.error().text, "scenario: " + made.error().where};
    return std::make_shared<const sim::Evaluator>(*std::move(made));
}

void freeze(Scenario& scenario)
{
    if (scenario.scale && scenario.coder)
        return;
    const auto evaluator = makeEvaluator(scenario);
    if (!scenario.coder)
        scenario.coder = evaluator ? (*evaluator)->table().coder() : usualCoder(scenario);
    if (evaluator && !scenario.scale)
        scenario.scale = (*evaluator)->scale();
}

base::Result<strategy::StrategyOptions> strategyOptions(const Scenario& scenario)
{
    return strategyOptions(scenario, makeEvaluator(scenario));
}

base::Result<strategy::StrategyOptions> strategyOptions(const Scenario& scenario,
                                                        base::Result<std::shared_ptr<const sim::Evaluator>> evaluator)
{
    const auto actions = decision::parseSpaceOptions(scenario.actionSet);
    if (!actions)
        return base::Error{actions.error().code, actions.error().text, "scenario: action_set"};
    strategy::StrategyOptions options;
    options.fixed = scenario.decision;
    options.jpegQuality = scenario.jpegQuality;
    options.dwell = scenario.dwell;
    options.accuracyLoss = scenario.accuracyLoss;
    options.actions = *actions;
    options.policyFile = scenario.policy;
    const bool isNamed = !scenario.costTable.empty() && scenario.costTable != kNone;
    if (!evaluator.ok() && needsTable(scenario) && evaluator.error().code == base::ErrorCode::NotFound)
        return base::Error{base::ErrorCode::NotFound, scenario.strategy + " needs a cost table: " + evaluator.error().text,
                           evaluator.error().where};
    if (!evaluator.ok() && (isNamed || needsTable(scenario)))
        return evaluator.error();
    if (evaluator.ok()) {
        options.evaluator = *std::move(evaluator);
        options.conditions = conditionsOf(scenario, options.evaluator->table().link());
    }
    return options;
}

}  // namespace splitscope::session
