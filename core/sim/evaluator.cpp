// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/evaluator.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

namespace splitscope::sim {

namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();

bool isLocal(const decision::Decision& decision) { return decision.coding.kind == codec::CodingKind::LabelOnly; }

bool isWholeExit(const decision::Decision& decision) { return isLocal(decision) && !decision.gate; }

decision::Outcome outcomeOf(const profile::Prediction& prediction, double latencyMs, int batch)
{
    return {.accuracy = prediction.accuracy, .latencyMs = latencyMs, .energyJoules = prediction.energyJoules, .frames = batch};
}

}  // namespace

Evaluator::Evaluator(profile::CostTable table, int batch, const decision::Objective& objective,
                     const decision::RewardScale& scale)
    : m_table(std::move(table)), m_batch(batch), m_objective(objective), m_scale(scale)
{
    m_allowed.reserve(actionCount());
    for (std::size_t action = 0; action < actionCount(); ++action) {
        const auto& row = m_table.rows()[action];
        m_allowed.push_back(decision::allowed(objective, row.decision, isLocal(row.decision), row.accuracy.accuracy) ? 1 : 0);
        if (isWholeExit(row.decision))
            m_lastLocal = action;  // rows go by exit
    }
}

base::Result<Evaluator> Evaluator::make(profile::CostTable table, int batch, const decision::Objective& objective,
                                        const decision::RewardScale& scale)
{
    if (table.data().empty())
        return base::Error{base::ErrorCode::InvalidInput, "the cost table holds no accuracies: build it with an accuracy table",
                           "evaluator"};
    if (batch < 1 || batch > profile::CostTable::kMaxBatch)
        return base::Error{base::ErrorCode::InvalidInput,
                           "a batch of " + std::to_string(batch) + " is outside 1.."
                               + std::to_string(profile::CostTable::kMaxBatch),
                           "evaluator"};
    if (const auto status = decision::check(objective); !status)
        return status.error();
    if (const auto status = decision::check(scale); !status)
        return status.error();
    Evaluator made(std::move(table), batch, objective, scale);
    double most = 0;
    for (std::size_t action = 0; action < made.actionCount(); ++action) {
        if (!isLocal(made.decisionOf(action)))
            continue;
        if (made.allows(action))
            return made;
        most = std::max(most, made.m_table.rows()[action].accuracy.accuracy);
    }
    return base::Error{base::ErrorCode::InvalidInput,
                       "no exit on the device reaches an accuracy of " + std::to_string(objective.accuracyFloor) + " (the best "
                           + std::to_string(most) + "): nothing could be done while the link is down",
                       "objective: accuracy floor"};
}

base::Result<Evaluator> Evaluator::withObjective(const decision::Objective& objective) const
{
    return make(m_table, m_batch, objective, m_scale);
}

double Evaluator::weightAt(const profile::Conditions& conditions) const
{
    return decision::accuracyWeight(m_objective, m_scale, conditions.bytesPerSecond);
}

bool Evaluator::valid(std::size_t action, const profile::Conditions& conditions) const
{
    return allows(action) && (conditions.bytesPerSecond > 0 || isLocal(decisionOf(action)));
}

Scored Evaluator::scoreAt(std::size_t action, const profile::Conditions& conditions, double weight) const
{
    Scored scored;
    scored.prediction = m_table.predict(action, m_batch, conditions);
    scored.valid = allows(action) && scored.prediction.feasible;
    scored.feasible = scored.valid && scored.prediction.energyJoules <= m_objective.energyLimitJoules;
    if (scored.feasible)
        scored.reward = rewardAround(action, conditions, weight, scored.prediction, scored.prediction.totalMs);
    return scored;
}

/// With a gate T is a matter of chance: neither 1/T nor a deadline averages as T does.
double Evaluator::rewardAround(std::size_t action, const profile::Conditions& conditions, double weight,
                               const profile::Prediction& mean, double latencyMs) const
{
    if (!decisionOf(action).gate)
        return decision::rewardAtWeight(m_objective, m_scale, weight, outcomeOf(mean, latencyMs, m_batch));
    const double laterMs = latencyMs - mean.totalMs;
    double reward = 0;
    for (int goingOn = 0; goingOn <= m_batch; ++goingOn) {
        const double probability = m_table.goingOnProbability(action, m_batch, goingOn);
        if (!(probability > 0))
            continue;
        const double ms = m_table.predictGoingOn(action, m_batch, goingOn, conditions).totalMs + laterMs;
        reward += probability * decision::rewardAtWeight(m_objective, m_scale, weight, outcomeOf(mean, ms, m_batch));
    }
    return reward;
}

Scored Evaluator::score(std::size_t action, const profile::Conditions& conditions) const
{
    return scoreAt(action, conditions, weightAt(conditions));
}

double Evaluator::rewardOf(std::size_t action, const profile::Conditions& conditions, double latencyMs) const
{
    const auto prediction = m_table.predict(action, m_batch, conditions);
    if (!allows(action) || !prediction.feasible)
        return 0;
    return rewardAround(action, conditions, weightAt(conditions), prediction, latencyMs);
}

double Evaluator::rewardOfMeasured(std::size_t action, const profile::Conditions& conditions, double latencyMs) const
{
    const auto prediction = m_table.predict(action, m_batch, conditions);
    if (!allows(action) || !prediction.feasible)
        return 0;
    return decision::rewardAtWeight(m_objective, m_scale, weightAt(conditions), outcomeOf(prediction, latencyMs, m_batch));
}

Evaluator::Best Evaluator::bestAt(const profile::Conditions& conditions, double weight) const
{
    Best best{m_lastLocal, 0};
    double bestMs = kNever, leastJoules = kNever;
    bool anyFeasible = false;
    for (std::size_t action = 0; action < actionCount(); ++action) {
        const auto scored = scoreAt(action, conditions, weight);
        const auto& prediction = scored.prediction;
        if (scored.feasible) {
            const bool better = scored.reward > best.reward || (scored.reward == best.reward && prediction.totalMs < bestMs);
            if (anyFeasible && !better)
                continue;
            anyFeasible = true;
            best = {action, scored.reward};
            bestMs = prediction.totalMs;
        } else if (scored.valid && !anyFeasible && prediction.energyJoules < leastJoules) {
            best.action = action;
            leastJoules = prediction.energyJoules;
        }
    }
    return best;
}

std::size_t Evaluator::best(const profile::Conditions& conditions) const
{
    return bestAt(conditions, weightAt(conditions)).action;
}

double Evaluator::regret(std::size_t action, const profile::Conditions& conditions) const
{
    const double weight = weightAt(conditions);
    return bestAt(conditions, weight).reward - scoreAt(action, conditions, weight).reward;
}

void Evaluator::scoreAll(const profile::Conditions& conditions, std::span<Scored> out) const
{
    assert(out.size() == actionCount());
    const double weight = weightAt(conditions);
    for (std::size_t action = 0; action < actionCount(); ++action)
        out[action] = scoreAt(action, conditions, weight);
}

profile::Conditions conditionsOf(const decision::State& state, const profile::Conditions& base)
{
    auto conditions = base;
    conditions.bytesPerSecond = state.bytesPerSecond;
    if (state.rttMs >= 0)
        conditions.rttMs = state.rttMs;
    // A device that is throttled says so before requests have told.
    const double heldBack = state.health ? state.health->heldBack() : 1;
    conditions.deviceSlowdown = state.deviceSlowdown * std::max(state.deviceCorrection, heldBack);
    conditions.edgeSlowdown *= state.edgeCorrection;
    return conditions;
}

}  // namespace splitscope::sim
