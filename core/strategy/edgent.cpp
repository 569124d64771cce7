// SPDX-License-Identifier: GPL-3.0-or-later
// Edgent's Algorithm 1 (IEEE TWC 2020), in this project's direction: from the last exit to the first, the fastest cut; the first
// exit whose fastest cut meets the deadline is the plan. Right-sizing gives accuracy away only where time demands it, and bits
// are not its concern: tensors as exact as the table has them. The device runs the first layers, as the transport does; the
// layers' times are the table's segments.
#include "core/base/units.h"
#include "core/strategy/strategies_p.h"
#include "core/strategy/table_strategy_p.h"

namespace splitscope::strategy {

namespace {

class Edgent : public TableStrategy {
public:
    explicit Edgent(const StrategyOptions& options) : TableStrategy("edgent", options)
    {
        for (int exit = evaluator().table().spec().exitCount(); exit >= 1; --exit)
            m_cuts.push_back(exactCuts(evaluator(), exit));
    }

protected:
    std::size_t choose(const decision::State& /*state*/, const profile::Conditions& believed, std::string& reason) override
    {
        const double deadlineMs = evaluator().objective().deadlineMs;
        std::optional<std::size_t> fastest;
        double fastestMs = 0;
        for (const auto& cuts : m_cuts) {
            const auto best = cheapest(cuts, believed, [](const profile::Prediction& p) { return p.totalMs; });
            if (!best)
                continue;
            const double totalMs = evaluator().score(*best, believed).prediction.totalMs;
            if (totalMs <= deadlineMs)
                return *best;
            if (!fastest || totalMs < fastestMs) {
                fastest = best;
                fastestMs = totalMs;
            }
        }
        if (!fastest) {
            reason = "no cut is allowed; the table's best decision is taken";
            return evaluator().best(believed);
        }
        reason = "no plan meets " + base::formatMs(deadlineMs) + "; the fastest is taken (" + base::formatMs(fastestMs) + ")";
        return *fastest;
    }

private:
    std::vector<std::vector<std::size_t>> m_cuts;  ///< from the last exit to the first
};

}  // namespace

std::unique_ptr<Strategy> makeEdgent(const StrategyOptions& options) { return std::make_unique<Edgent>(options); }

}  // namespace splitscope::strategy
