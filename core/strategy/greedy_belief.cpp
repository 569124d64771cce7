// SPDX-License-Identifier: GPL-3.0-or-later
// Myopic, but it knows what it does not know: the decision of the greatest mean reward over what Bayes' rule leaves possible, the
// rate now as late and noisy reports tell it (or the interval of the estimate), and both halves' loads as their times tell them,
// less what its energy is worth where an energy must last. The filters are the simulator's (core/sim/rate_filter.h,
// load_filter.h, energy_pacer.h): they know how noisy reports are, and the chains of loads. What a decision teaches is worth
// nothing to it.
#include "core/sim/belief.h"
#include "core/strategy/strategies_p.h"
#include "core/strategy/table_strategy_p.h"

#include <cstdio>

namespace splitscope::strategy {

namespace {

class GreedyBelief : public TableStrategy {
public:
    explicit GreedyBelief(const StrategyOptions& options) : TableStrategy("greedy-belief", options), m_base(options.conditions) {}

protected:
    std::size_t choose(const decision::State& state, const profile::Conditions& believed, std::string& reason) override
    {
        const sim::Hypotheses hypotheses(state, m_base);
        tell(state.belief, reason);
        return bestFeasible(
            believed, [&](std::size_t action, const sim::Scored& /*score*/) { return hypotheses.reward(evaluator(), action); });
    }

private:
    static void tell(const decision::Belief& belief, std::string& reason)
    {
        char text[120];
        if (belief.deviceFactor > 1 || belief.edgeFactor > 1) {
            std::snprintf(text, sizeof text, "device slow with %.0f %%, edge with %.0f %%", 100 * belief.deviceSlow,
                          100 * belief.edgeSlow);
            reason = text;
        }
        if (belief.joulePrice > 0) {
            std::snprintf(text, sizeof text, "a joule is worth %.3g of reward, for the rest to last", belief.joulePrice);
            reason = text;
        }
    }

    profile::Conditions m_base;
};

}  // namespace

std::unique_ptr<Strategy> makeGreedyBelief(const StrategyOptions& options) { return std::make_unique<GreedyBelief>(options); }

}  // namespace splitscope::strategy
