// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/strategy/table_strategy_p.h"

#include <array>
#include <cstdio>

namespace splitscope::strategy {

namespace {

std::string heldBackText(double times)
{
    std::array<char, 80> text{};
    std::snprintf(text.data(), text.size(), "the device is throttled: %.2g× as slow as at full clock", times);
    return text.data();
}

}  // namespace

TableStrategy::TableStrategy(std::string name, const StrategyOptions& options)
    : m_name(std::move(name)), m_evaluator(*options.evaluator), m_conditions(options.conditions),
      m_scores(m_evaluator.actionCount())
{
}

decision::Decision TableStrategy::decide(const decision::State& state)
{
    m_reason.clear();
    const auto action = choose(state, sim::conditionsOf(state, m_conditions), m_reason);
    if (const double times = state.health ? state.health->heldBack() : 1; times > 1)
        m_reason += (m_reason.empty() ? "" : "; ") + heldBackText(times);
    return m_evaluator.decisionOf(action);
}

void TableStrategy::setObjective(const decision::Objective& objective)
{
    if (auto changed = m_evaluator.withObjective(objective); changed.ok())  // else it is none: the last one stays
        m_evaluator = *std::move(changed);
}

std::size_t FastestOf::choose(const decision::State& /*state*/, const profile::Conditions& believed, std::string& reason)
{
    if (const auto best = cheapest(m_actions, believed, [](const profile::Prediction& p) { return p.totalMs; }))
        return *best;
    reason = m_otherwise + "; the table's best decision is taken";
    return evaluator().best(believed);
}

std::string nothingWithin(double loss)
{
    std::array<char, 80> text{};
    std::snprintf(text.data(), text.size(), "nothing within %.3g points of accuracy is allowed", 100 * loss);
    return text.data();
}

double lastExitAccuracy(const sim::Evaluator& evaluator)
{
    for (const auto action : exactCuts(evaluator, evaluator.table().spec().exitCount()))
        if (evaluator.decisionOf(action).coding.kind == codec::CodingKind::LabelOnly)
            return evaluator.table().rows()[action].accuracy.accuracy;
    return 0;
}

base::Error lacksGates(const std::string& strategy, NeededGates gates)
{
    return {base::ErrorCode::InvalidInput,
            strategy + " chooses among gates, which this action set does not hold: choose one with them, e.g. "
                + exampleActionSet(gates),
            "strategy: action set"};
}

std::vector<std::size_t> lastExitWithin(const sim::Evaluator& evaluator, double loss)
{
    const int exit = evaluator.table().spec().exitCount();
    const double least = lastExitAccuracy(evaluator) - loss;
    std::vector<std::size_t> actions;
    for (std::size_t action = 0; action < evaluator.actionCount(); ++action) {
        const auto& decision = evaluator.decisionOf(action);
        if (decision.exit == exit && !decision.gate && decision.coding.kind != codec::CodingKind::Jpeg
            && evaluator.table().rows()[action].accuracy.accuracy >= least)
            actions.push_back(action);
    }
    return actions;
}

}  // namespace splitscope::strategy
