// SPDX-License-Identifier: GPL-3.0-or-later
// Edgent's Algorithm 1 as it is printed: the edge runs layers 1..p−1, the device runs p..N, and
//     A(i, p) = Σ ES_1..p−1 + Σ ED_p..N + Input/B + D_p−1/B,    p = 1..N
// so that the last layer is always the device's, and Input is paid for even where the device does all (p = 1, where D_0 is the
// input too). No round trip and no overhead is in it.
// The transport runs the device's half first, so that this plan cannot be executed as published: its exit and cut are taken with
// the halves exchanged, layers 1..p−1 on the device (p = 1: all of them, as published). Its own prediction is in the reason.
// Times of halves that the table does not hold are differences: ES_1..p−1 is the edge's whole time less its time behind the cut.
#include "core/base/units.h"
#include "core/strategy/strategies_p.h"
#include "core/strategy/table_strategy_p.h"

#include <algorithm>

namespace splitscope::strategy {

namespace {

class EdgentPublished : public TableStrategy {
public:
    explicit EdgentPublished(const StrategyOptions& options) : TableStrategy("edgent-published", options)
    {
        for (int exit = evaluator().table().spec().exitCount(); exit >= 1; --exit)
            m_cuts.push_back(exactCuts(evaluator(), exit));
    }

protected:
    std::size_t choose(const decision::State& /*state*/, const profile::Conditions& believed, std::string& reason) override
    {
        const double deadlineMs = evaluator().objective().deadlineMs;
        Plan fastest;
        for (const auto& cuts : m_cuts) {
            const auto plan = bestOf(cuts, believed);
            if (plan.action && plan.ms <= deadlineMs && plan.ms < decision::kNoLimit) {
                reason = "as published " + base::formatMs(plan.ms) + "; run with the halves exchanged";
                return *plan.action;
            }
            if (plan.action && (!fastest.action || plan.ms < fastest.ms))
                fastest = plan;
        }
        if (!fastest.action || fastest.ms == decision::kNoLimit) {
            reason = "every plan needs a link; the table's best decision is taken";
            return evaluator().best(believed);
        }
        reason = "no plan meets " + base::formatMs(deadlineMs) + "; the fastest is taken";
        return *fastest.action;
    }

private:
    struct Plan {
        std::optional<std::size_t> action;
        double ms = decision::kNoLimit;
    };

    /// `cuts` are in order: p = 0 of this project first (all on the edge), p = N last (all on the device).
    [[nodiscard]] Plan bestOf(const std::vector<std::size_t>& cuts, const profile::Conditions& believed) const
    {
        const auto& table = evaluator().table();
        const auto input = table.predict(cuts.front(), evaluator().batch(), believed);
        const auto local = table.predict(cuts.back(), evaluator().batch(), believed);
        const auto msOf = [&](double bytes) {
            return believed.bytesPerSecond > 0 ? bytes / believed.bytesPerSecond * 1e3 : decision::kNoLimit;
        };
        Plan best;
        for (std::size_t i = 1; i < cuts.size(); ++i) {
            const bool allOnDevice = i + 1 == cuts.size();
            if (!evaluator().score(cuts[i], believed).valid)
                continue;
            const auto cut = table.predict(cuts[i], evaluator().batch(), believed);
            const double edgeMs = allOnDevice ? 0 : std::max(0.0, input.edgeMs - cut.edgeMs);
            const double deviceMs = allOnDevice ? local.deviceMs : std::max(0.0, local.deviceMs - cut.deviceMs);
            const double bytes = input.payloadBytes + (allOnDevice ? input.payloadBytes : cut.payloadBytes);
            if (const double ms = edgeMs + deviceMs + msOf(bytes); !best.action || ms < best.ms)
                best = {cuts[i], ms};
        }
        return best;
    }

    std::vector<std::vector<std::size_t>> m_cuts;  ///< from the last exit to the first
};

}  // namespace

std::unique_ptr<Strategy> makeEdgentPublished(const StrategyOptions& options)
{
    return std::make_unique<EdgentPublished>(options);
}

}  // namespace splitscope::strategy
