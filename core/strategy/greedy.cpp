// SPDX-License-Identifier: GPL-3.0-or-later
// Myopic: the decision of the greatest reward for the next request alone. It sees neither what waits nor what switching costs,
// and where neither is there it is the optimum.
#include "core/strategy/strategies_p.h"
#include "core/strategy/table_strategy_p.h"

namespace splitscope::strategy {

namespace {

class Greedy : public TableStrategy {
public:
    using TableStrategy::TableStrategy;

protected:
    std::size_t choose(const decision::State& /*state*/, const profile::Conditions& believed, std::string& /*reason*/) override
    {
        return bestFeasible(believed, [](std::size_t /*action*/, const sim::Scored& score) { return score.reward; });
    }
};

}  // namespace

std::unique_ptr<Strategy> makeGreedy(const StrategyOptions& options) { return std::make_unique<Greedy>("greedy", options); }

}  // namespace splitscope::strategy
