// SPDX-License-Identifier: GPL-3.0-or-later
// Myopic, but it knows what switching costs: another exit or cut than the last one must be worth the time and the reward that
// the change takes from this request. It does not see that the cost is paid once and the gain comes again.
#include "core/strategy/strategies_p.h"
#include "core/strategy/table_strategy_p.h"

namespace splitscope::strategy {

namespace {

class GreedySwitch : public TableStrategy {
public:
    explicit GreedySwitch(const StrategyOptions& options)
        : TableStrategy("greedy-switch", options), m_switchMs(options.switchMs), m_switchCost(options.switchCost)
    {
    }

protected:
    std::size_t choose(const decision::State& state, const profile::Conditions& believed, std::string& reason) override
    {
        // By what the last decision does: equal cuts are one.
        std::optional<decision::Decision> last;
        if (state.last)
            if (const auto row = evaluator().table().rowOf(*state.last))
                last = evaluator().decisionOf(*row);
        const auto switches = [&](std::size_t action) {
            const auto& decision = evaluator().decisionOf(action);
            return last && (decision.exit != last->exit || decision.partition != last->partition);
        };
        const auto chosen = bestFeasible(believed, [&](std::size_t action, const sim::Scored& score) {
            if (!switches(action))
                return score.reward;
            return evaluator().rewardOf(action, believed, score.prediction.totalMs + m_switchMs) - m_switchCost;
        });
        if (last && !switches(chosen) && chosen != evaluator().best(believed))
            reason = "another exit or cut is better, but not worth the switch";
        return chosen;
    }

private:
    double m_switchMs, m_switchCost;
};

}  // namespace

std::unique_ptr<Strategy> makeGreedySwitch(const StrategyOptions& options) { return std::make_unique<GreedySwitch>(options); }

}  // namespace splitscope::strategy
