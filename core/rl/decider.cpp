// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rl/decider.h"

#include <algorithm>
#include <cassert>

namespace splitscope::rl {

namespace {

bool isLocal(const decision::Decision& decision) { return decision.coding.kind == codec::CodingKind::LabelOnly; }

bool hasLimits(const decision::Objective& objective)
{
    return objective.energyLimitJoules < decision::kNoLimit || objective.deadlineMs < decision::kNoLimit;
}

}  // namespace

base::Result<ActionRows> rowsOf(const std::vector<decision::Decision>& actions, const profile::CostTable& table)
{
    ActionRows rows;
    for (const auto& action : actions) {
        const auto row = table.rowOf(action);
        if (!row)
            return base::Error{base::ErrorCode::Mismatch,
                               "the policy can take '" + decision::toString(action)
                                   + "', which the cost table does not hold; train a policy on this table",
                               "policy"};
        rows.push_back(*row);
    }
    return rows;
}

bool acceptable(const sim::Evaluator& evaluator, std::size_t row, const profile::Conditions& conditions, double waitedMs,
                bool limits)
{
    if (!evaluator.valid(row, conditions))
        return false;
    const auto& objective = evaluator.objective();
    if (!limits || !hasLimits(objective))
        return true;
    const auto prediction = evaluator.table().predict(row, evaluator.batch(), conditions);
    return prediction.energyJoules <= objective.energyLimitJoules && prediction.totalMs + waitedMs <= objective.deadlineMs;
}

void writeMask(const sim::Evaluator& evaluator, const ActionRows& rows, const profile::Conditions& conditions, double waitedMs,
               bool limits, std::span<char> mask)
{
    assert(mask.size() == rows.size());
    const auto fill = [&](auto accepts) {
        bool any = false;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            mask[i] = accepts(rows[i]) ? 1 : 0;
            any = any || mask[i];
        }
        return any;
    };
    if (limits && hasLimits(evaluator.objective())
        && fill([&](std::size_t row) { return acceptable(evaluator, row, conditions, waitedMs, true); }))
        return;
    if (fill([&](std::size_t row) { return evaluator.valid(row, conditions); }))
        return;
    fill([&](std::size_t row) { return isLocal(evaluator.decisionOf(row)); });
}

KnownRewards::KnownRewards(const sim::Evaluator& evaluator, const FeatureOptions& features, const decision::State& state,
                           const profile::Conditions& base)
    : m_evaluator(evaluator), m_conditions(sim::conditionsOf(state, base))
{
    if (believes(features))
        m_hypotheses.emplace(state, base);
}

double KnownRewards::of(std::size_t row) const
{
    return m_hypotheses ? m_hypotheses->reward(m_evaluator, row) : m_evaluator.score(row, m_conditions).reward;
}

void keepFront(const sim::Evaluator& evaluator, const ActionRows& rows, const profile::Conditions& conditions,
               const std::optional<decision::Decision>& last, std::span<char> mask, FrontScratch& scratch)
{
    auto& points = scratch.points;
    points.clear();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (!mask[i])
            continue;
        const auto prediction = evaluator.table().predict(rows[i], evaluator.batch(), conditions);
        const auto& decision = evaluator.decisionOf(rows[i]);
        const bool stays = last && decision.exit == last->exit && decision.partition == last->partition;
        points.push_back({prediction.totalMs, prediction.accuracy, i, stays});
        mask[i] = 0;
    }
    std::sort(points.begin(), points.end(), [](const auto& a, const auto& b) {
        if (a.latencyMs != b.latencyMs)
            return a.latencyMs < b.latencyMs;
        return a.accuracy != b.accuracy ? a.accuracy > b.accuracy : a.action < b.action;
    });
    double best = -1, bestStaying = -1;
    for (const auto& point : points) {
        if (point.accuracy > best || (point.stays && point.accuracy > bestStaying))
            mask[point.action] = 1;
        best = std::max(best, point.accuracy);
        bestStaying = point.stays ? std::max(bestStaying, point.accuracy) : bestStaying;
    }
}

base::Result<Decider> Decider::make(std::shared_ptr<const Policy> policy, const sim::Evaluator& evaluator)
{
    const auto& network = evaluator.table().spec().name;
    if (policy->network != network)
        return base::Error{base::ErrorCode::Mismatch,
                           "it was trained for " + policy->network + ", but the cost table is of " + network, "policy"};
    if (policy->batch != evaluator.batch())
        return base::Error{base::ErrorCode::Mismatch,
                           "it was trained for batches of " + std::to_string(policy->batch) + ", not of "
                               + std::to_string(evaluator.batch()),
                           "policy"};
    auto rows = rowsOf(policy->actions, evaluator.table());
    if (!rows)
        return rows.error();
    Decider decider(std::move(policy), *std::move(rows));
    return decider;
}

std::size_t Decider::decide(const sim::Evaluator& evaluator, const decision::State& state, const profile::Conditions& base)
{
    const auto conditions = sim::conditionsOf(state, base);
    forward(*m_policy, state, evaluator.objective(), evaluator.scale(), m_scratch);
    if (m_policy->frontOnly || m_policy->knownScale > 0) {
        m_mask.resize(m_rows.size());
        writeMask(evaluator, m_rows, conditions, state.waitedMs, true, m_mask);
        if (m_policy->frontOnly)
            keepFront(evaluator, m_rows, conditions, state.last, m_mask, m_front);
        if (m_policy->knownScale > 0) {
            const KnownRewards known(evaluator, m_policy->features, state, base);
            for (std::size_t i = 0; i < m_rows.size(); ++i)
                if (m_mask[i])
                    m_scratch.hidden[i] += static_cast<float>(m_policy->knownScale * known.of(m_rows[i]));
        }
        const auto action = chooseAccepted(m_scratch, [&](std::size_t i) { return m_mask[i] != 0; });
        return action == m_rows.size() ? evaluator.best(conditions) : m_rows[action];
    }
    const auto chosen = [&](auto accepts) {
        m_outputs = m_scratch.hidden;  // asking uses them up
        const auto action = chooseAccepted(m_scratch, [&](std::size_t i) { return accepts(m_rows[i]); });
        std::swap(m_outputs, m_scratch.hidden);
        return action;
    };
    auto action = chosen([&](std::size_t row) { return acceptable(evaluator, row, conditions, state.waitedMs, true); });
    if (action == m_rows.size() && hasLimits(evaluator.objective())) {
        // Nothing keeps to the limits: as the exact optimum does, least energy where that is what fails, else what is valid.
        const auto best = evaluator.best(conditions);
        if (!evaluator.score(best, conditions).feasible)
            return best;
        action = chosen([&](std::size_t row) { return evaluator.score(row, conditions).feasible; });
    }
    if (action == m_rows.size())
        action = chosen([&](std::size_t row) { return evaluator.valid(row, conditions); });
    if (action == m_rows.size())
        return evaluator.best(conditions);
    return m_rows[action];
}

}  // namespace splitscope::rl
