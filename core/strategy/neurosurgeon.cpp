// SPDX-License-Identifier: GPL-3.0-or-later
// Neurosurgeon (ASPLOS 2017): every cut of the whole network, at the bandwidth and server load of now, for the least latency or
// the least energy of the device. It knows neither early exits nor a choice of bits: the last exit, tensors as exact as the table
// has them. It predicts by a regression for each type of layer; here the table's measured segments stand for it, which are never
// worse. Its server load is the edge's slowdown. How its authors' device drew power over the radio is not known here: e is the
// scenario's modelled energy.
#include "core/strategy/strategies_p.h"
#include "core/strategy/table_strategy_p.h"

namespace splitscope::strategy {

namespace {

class Neurosurgeon : public TableStrategy {
public:
    Neurosurgeon(const std::string& name, NeurosurgeonGoal goal, const StrategyOptions& options)
        : TableStrategy(name, options), m_goal(goal), m_cuts(exactCuts(evaluator(), evaluator().table().spec().exitCount()))
    {
    }

protected:
    std::size_t choose(const decision::State& /*state*/, const profile::Conditions& believed, std::string& reason) override
    {
        const auto best = cheapest(m_cuts, believed, [this](const profile::Prediction& p) {
            return m_goal == NeurosurgeonGoal::Latency ? p.totalMs : p.energyJoules;
        });
        if (best)
            return *best;
        reason = "no cut of the last exit is allowed; the table's best decision is taken";
        return evaluator().best(believed);
    }

private:
    NeurosurgeonGoal m_goal;
    std::vector<std::size_t> m_cuts;
};

}  // namespace

std::unique_ptr<Strategy> makeNeurosurgeon(const std::string& name, NeurosurgeonGoal goal, const StrategyOptions& options)
{
    return std::make_unique<Neurosurgeon>(name, goal, options);
}

}  // namespace splitscope::strategy
