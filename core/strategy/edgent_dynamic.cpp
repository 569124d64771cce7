// SPDX-License-Identifier: GPL-3.0-or-later
// Edgent in a dynamic environment (IEEE TWC 2020). Algorithm 2 makes a configuration map beforehand: for each bandwidth state s_i
// the exit and cut of the greatest
//     reward = exp(acc) + throughput where t ≤ t_req, else 0        (among equals the last one, as its "≤" says).
// Algorithm 3, at run time: a state detection D(B_1..t), here as there Bayesian online change-point detection; only where the
// state has changed the map is looked up again, and the plan stays in between. The states are those of the Oboe traces, as
// theirs; how many they took, and how they told states apart, is not known. Bits are not its concern: tensors are as exact as the
// table has them. Throughput is that of one request after the other (core/decision/reward.h).
#include "core/sim/bandwidth_states.h"
#include "core/sim/change_point.h"
#include "core/strategy/strategies_p.h"
#include "core/strategy/table_strategy_p.h"

#include <cmath>

namespace splitscope::strategy {

namespace {

class EdgentDynamic : public TableStrategy {
public:
    EdgentDynamic(const StrategyOptions& options, sim::BandwidthStates states)
        : TableStrategy("edgent-dynamic", options), m_states(std::move(states))
    {
        for (int exit = 1; exit <= evaluator().table().spec().exitCount(); ++exit)
            for (const auto action : exactCuts(evaluator(), exit))
                m_plans.push_back(action);
    }

    void setObjective(const decision::Objective& objective) override
    {
        TableStrategy::setObjective(objective);
        m_map.clear();
    }

protected:
    std::size_t choose(const decision::State& state, const profile::Conditions& believed, std::string& reason) override
    {
        if (m_map.empty() || m_mappedSlowdown != believed.deviceSlowdown)
            makeMap(believed);
        if (!(believed.bytesPerSecond > 0)) {
            reason = "no link: no state of the map";
            return evaluator().best(believed);
        }
        detect(state.bytesPerSecond);
        const auto plan = m_map[m_state];
        return evaluator().valid(plan, believed) ? plan : evaluator().best(believed);
    }

private:
    /// Algorithm 2.
    void makeMap(const profile::Conditions& conditions)
    {
        m_mappedSlowdown = conditions.deviceSlowdown;
        m_map.clear();
        for (const double rate : m_states.bytesPerSecond) {
            auto here = conditions;
            here.bytesPerSecond = rate;
            double most = 0;
            std::size_t optimal = m_plans.front();
            for (const auto plan : m_plans) {
                const double reward = rewardOf(plan, here);
                if (most <= reward) {
                    most = reward;
                    optimal = plan;
                }
            }
            m_map.push_back(optimal);
        }
    }

    [[nodiscard]] double rewardOf(std::size_t plan, const profile::Conditions& conditions) const
    {
        if (!evaluator().valid(plan, conditions))
            return 0;
        decision::Objective edgents;
        edgents.kind = decision::RewardKind::Edgent;
        edgents.deadlineMs = evaluator().objective().deadlineMs;
        const auto p = evaluator().table().predict(plan, evaluator().batch(), conditions);
        return decision::reward(
            edgents, evaluator().scale(), conditions.bytesPerSecond,
            {.accuracy = p.accuracy, .latencyMs = p.totalMs, .energyJoules = p.energyJoules, .frames = evaluator().batch()});
    }

    /// Algorithm 3, lines 3 to 5. What is not finite tells of no state.
    void detect(double bytesPerSecond)
    {
        const bool first = m_detector.empty();
        const bool changed = std::isfinite(bytesPerSecond) && m_detector.add(std::log(bytesPerSecond)).changed;
        if (first || changed)
            m_state = m_states.nearest(first ? bytesPerSecond : std::exp(m_detector.quantile(0.5)));
    }

    const sim::BandwidthStates m_states;
    std::vector<std::size_t> m_plans;  ///< exact cuts of all exits, the first exit's first
    std::vector<std::size_t> m_map;  ///< by state
    double m_mappedSlowdown = 0;
    sim::ChangePointDetector m_detector;
    std::size_t m_state = 0;
};

}  // namespace

base::Result<std::unique_ptr<Strategy>> makeEdgentDynamic(const StrategyOptions& options)
{
    auto states = sim::shippedBandwidthStates();
    if (!states)
        return states.error();
    return std::unique_ptr<Strategy>(std::make_unique<EdgentDynamic>(options, *std::move(states)));
}

}  // namespace splitscope::strategy
