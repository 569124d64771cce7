// SPDX-License-Identifier: GPL-3.0-or-later
// Every decision of a cost table, held against an objective: the exact optimum, and how far from it a decision is.
#pragma once

#include "core/decision/reward.h"
#include "core/decision/state.h"
#include "core/profile/cost_table.h"

#include <span>
#include <vector>

namespace splitscope::sim {

/// A decision under conditions: what the table predicts, and what it is worth.
struct Scored {
    profile::Prediction prediction;
    double reward = 0;
    bool valid = false;  ///< the link carries it, and pinned layers and accuracy floor let it be taken
    bool feasible = false;  ///< valid, and within the energy limit
};

/// Actions are the cost table's rows, by index. Immutable but for the objective, which is replaced as a whole (make another one);
/// thread-safe; calls allocate nothing.
class Evaluator {
public:
    /// An Error: the table has no accuracies, `batch` is out of range, the objective is, or it allows no decision even at B = 0.
    static base::Result<Evaluator> make(profile::CostTable table, int batch, const decision::Objective& objective,
                                        const decision::RewardScale& scale);
    [[nodiscard]] base::Result<Evaluator> withObjective(const decision::Objective& objective) const;

    [[nodiscard]] const profile::CostTable& table() const { return m_table; }
    [[nodiscard]] int batch() const { return m_batch; }
    [[nodiscard]] const decision::Objective& objective() const { return m_objective; }
    [[nodiscard]] const decision::RewardScale& scale() const { return m_scale; }
    [[nodiscard]] std::size_t actionCount() const { return m_table.rows().size(); }
    [[nodiscard]] const decision::Decision& decisionOf(std::size_t action) const { return m_table.rows()[action].decision; }

    /// The reward uses the conditions' own rate as B.
    [[nodiscard]] Scored score(std::size_t action, const profile::Conditions& conditions) const;
    /// The same with T replaced by a measured or simulated one (queueing, switching): online rewards.
    [[nodiscard]] double rewardOf(std::size_t action, const profile::Conditions& conditions, double latencyMs) const;
    /// The exact optimum, by enumeration: the greatest reward among feasible decisions; ties go to the lower T. Where nothing is
    /// feasible, the valid one of least energy. Where nothing is valid, all layers of the last exit on the device.
    [[nodiscard]] std::size_t best(const profile::Conditions& conditions) const;
    /// Reward of the optimum minus reward of this one, by the table alone; ≥ 0.
    [[nodiscard]] double regret(std::size_t action, const profile::Conditions& conditions) const;
    /// Scores of all actions; `out` has actionCount() places.
    void scoreAll(const profile::Conditions& conditions, std::span<Scored> out) const;

private:
    Evaluator(profile::CostTable table, int batch, const decision::Objective& objective, const decision::RewardScale& scale);
    profile::CostTable m_table;
    int m_batch = 1;
    decision::Objective m_objective;
    decision::RewardScale m_scale;
    std::vector<char> m_allowed;
};

/// What a scenario freezes: accuracies of the table's rows; T_min and T_max over all of its rows and the rates from
/// `lowBytesPerSecond` to `highBytesPerSecond` (log-spaced), B_max = `highBytesPerSecond`.
decision::RewardScale standardScale(const profile::CostTable& table, int batch, const profile::Conditions& conditions,
                                    double lowBytesPerSecond, double highBytesPerSecond);

/// The range of rates over which decisions change for this table and batch: where to sweep. From 1/10 of where the first
/// interior or edge decision becomes fastest to 10 times where raw frames cost less than the edge's own time; within 1 KB/s..1
/// GB/s.
struct RateRange {
    double low = 0, high = 0;
};
RateRange interestingRates(const profile::CostTable& table, int batch, const profile::Conditions& conditions);

/// The conditions that a state tells of.
profile::Conditions conditionsOf(const decision::State& state, const profile::Conditions& base);

}  // namespace splitscope::sim
