// SPDX-License-Identifier: GPL-3.0-or-later
// Myopic, but it sees the queue: the decision of the greatest reward on average over the request to be decided and those that
// wait behind it, were all of them served by it. T counts from arrival, so that each one's waiting is in it.
#include "core/strategy/strategies_p.h"
#include "core/strategy/table_strategy_p.h"

#include <cmath>

namespace splitscope::strategy {

namespace {

class GreedyQueue : public TableStrategy {
public:
    using TableStrategy::TableStrategy;

protected:
    std::size_t choose(const decision::State& state, const profile::Conditions& believed, std::string& reason) override
    {
        const int waiting = static_cast<int>(std::lround(std::max(state.queuedRequests, 0.0)));
        if (waiting > 0 || state.waitedMs > 0)
            reason = std::to_string(waiting) + " other requests wait";
        return bestFeasible(believed, [&](std::size_t action, const sim::Scored& score) {
            double sum = 0;
            for (int k = 0; k <= waiting; ++k) {
                // Only the first one's wait is known. The others came after it: evenly, for all that can be told.
                const double waitedMs = state.waitedMs * (waiting + 1 - k) / (waiting + 1);
                sum += evaluator().rewardOf(action, believed, waitedMs + (k + 1) * score.prediction.totalMs);
            }
            return sum / (waiting + 1);
        });
    }
};

}  // namespace

std::unique_ptr<Strategy> makeGreedyQueue(const StrategyOptions& options)
{
    return std::make_unique<GreedyQueue>("greedy-queue", options);
}

}  // namespace splitscope::strategy
