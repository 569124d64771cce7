// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/belief.h"

#include <cmath>

namespace splitscope::sim {

namespace {

/// Gauss and Hermite's: a normal distribution as five values.
struct Node {
    double at, weight;
};
constexpr std::array<Node, 5> kNormal{
    {{-2.856970, 0.011257}, {-1.355626, 0.222076}, {0, 0.533334}, {1.355626, 0.222076}, {2.856970, 0.011257}}};
constexpr double kWidth95 = 2 * 1.959964;  ///< of an interval of 95 %, in σ
constexpr double kUnpaid = -1;

}  // namespace

Hypotheses::Hypotheses(const decision::State& state, const profile::Conditions& base)
    : m_joulePrice(state.belief.joulePrice), m_budgetJoules(state.belief.budgetJoules)
{
    const auto& belief = state.belief;
    const auto conditions = conditionsOf(state, base);
    if (belief.rateCount > 0) {
        const double each = (1 - belief.down) / belief.rateCount;
        for (int i = 0; i < belief.rateCount; ++i)
            addRate(belief, conditions, belief.bytesPerSecond[static_cast<std::size_t>(i)], each);
        addRate(belief, conditions, 0, belief.down);
        return;
    }
    const bool interval
        = state.bandwidthLow > 0 && state.bandwidthHigh > state.bandwidthLow && state.bandwidthHigh < decision::kNoLimit;
    if (!interval) {
        addRate(belief, conditions, state.bytesPerSecond, 1);
        return;
    }
    const double middle = std::sqrt(state.bandwidthLow * state.bandwidthHigh);
    const double sigma = std::log(state.bandwidthHigh / state.bandwidthLow) / kWidth95;
    for (const auto& [at, weight] : kNormal)
        addRate(belief, conditions, middle * std::exp(at * sigma), weight);
}

void Hypotheses::addRate(const decision::Belief& belief, profile::Conditions conditions, double rate, double probability)
{
    conditions.bytesPerSecond = rate;
    if (probability > 0)
        addLoads(belief, conditions, probability);
}

void Hypotheses::addLoads(const decision::Belief& belief, const profile::Conditions& conditions, double probability)
{
    for (const auto& [device, ofDevice] : {std::pair(1., 1 - belief.deviceSlow), {belief.deviceFactor, belief.deviceSlow}})
        for (const auto& [edge, ofEdge] : {std::pair(1., 1 - belief.edgeSlow), {belief.edgeFactor, belief.edgeSlow}}) {
            if (!(ofDevice * ofEdge > 0))
                continue;
            auto& one = m_all[m_count++];
            one.conditions = conditions;
            one.conditions.deviceSlowdown *= device;
            one.conditions.edgeSlowdown *= edge;
            one.probability = probability * ofDevice * ofEdge;
        }
}

double Hypotheses::reward(const Evaluator& evaluator, std::size_t action) const
{
    double sum = 0;
    for (const auto& [conditions, probability] : all()) {
        const auto scored = evaluator.score(action, conditions);
        const double joules = scored.prediction.energyJoules * evaluator.batch();
        sum += probability * (joules > m_budgetJoules ? kUnpaid : scored.reward - m_joulePrice * joules);
    }
    return sum;
}

}  // namespace splitscope::sim
