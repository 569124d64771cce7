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
    double reward = 0;  ///< 0 where not feasible, or beyond the deadline; with a gate the mean over how many frames go on
    bool valid = false;  ///< the link carries it, and pinned layers and accuracy floor let it be taken
    bool feasible = false;  ///< valid, and within the energy limit
};

/// Actions are the cost table's rows, by index. Immutable (another objective makes another one; the table is shared);
/// thread-safe; calls but make() and withObjective() allocate nothing.
class Evaluator {
public:
    /// An Error: the table has no accuracies, `batch`, a field of the objective or of the scale is out of range, or the
    /// objective allows no decision even at B = 0, i.e. no exit on the device reaches the accuracy floor.
    static base::Result<Evaluator> make(profile::CostTable table, int batch, const decision::Objective& objective,
                                        const decision::RewardScale& scale);
    [[nodiscard]] base::Result<Evaluator> withObjective(const decision::Objective& objective) const;

    [[nodiscard]] const profile::CostTable& table() const { return m_table; }
    [[nodiscard]] int batch() const { return m_batch; }
    [[nodiscard]] const decision::Objective& objective() const { return m_objective; }
    [[nodiscard]] const decision::RewardScale& scale() const { return m_scale; }
    [[nodiscard]] std::size_t actionCount() const { return m_table.rows().size(); }
    [[nodiscard]] const decision::Decision& decisionOf(std::size_t action) const { return m_table.rows()[action].decision; }
    /// Whether pinned layers and accuracy floor let it be taken, whatever the conditions.
    [[nodiscard]] bool allows(std::size_t action) const { return m_allowed[action] != 0; }
    /// Valid under these conditions, without predicting: what masks hold.
    [[nodiscard]] bool valid(std::size_t action, const profile::Conditions& conditions) const;

    /// The reward uses the conditions' own rate as B.
    [[nodiscard]] Scored score(std::size_t action, const profile::Conditions& conditions) const;
    /// The same with T replaced by a simulated one (queueing, switching). With a gate, what it is more
    /// than the mean T is added however many frames go on.
    [[nodiscard]] double rewardOf(std::size_t action, const profile::Conditions& conditions, double latencyMs) const;
    /// With T as it was measured of one request, whose gate has done what it did.
    [[nodiscard]] double rewardOfMeasured(std::size_t action, const profile::Conditions& conditions, double latencyMs) const;
    /// The exact optimum, by enumeration: the greatest reward among feasible decisions; ties go to the lower T, then to the
    /// lower index. Where nothing is feasible, the valid one of least energy. Where nothing is valid, all layers of the last
    /// exit on the device.
    [[nodiscard]] std::size_t best(const profile::Conditions& conditions) const;
    /// Reward of the optimum minus reward of this one, by the table alone; ≥ 0.
    [[nodiscard]] double regret(std::size_t action, const profile::Conditions& conditions) const;
    /// Scores of all actions; `out` has actionCount() places.
    void scoreAll(const profile::Conditions& conditions, std::span<Scored> out) const;

private:
    Evaluator(profile::CostTable table, int batch, const decision::Objective& objective, const decision::RewardScale& scale);
    [[nodiscard]] double weightAt(const profile::Conditions& conditions) const;
    [[nodiscard]] double rewardAround(std::size_t action, const profile::Conditions& conditions, double weight,
                                      const profile::Prediction& mean, double latencyMs) const;
    [[nodiscard]] Scored scoreAt(std::size_t action, const profile::Conditions& conditions, double weight) const;

    /// The optimum and what it is worth.
    struct Best {
        std::size_t action = 0;
        double reward = 0;
    };
    [[nodiscard]] Best bestAt(const profile::Conditions& conditions, double weight) const;

    profile::CostTable m_table;
    int m_batch = 1;
    decision::Objective m_objective;
    decision::RewardScale m_scale;
    std::vector<char> m_allowed;  ///< by action
    std::size_t m_lastLocal = 0;  ///< all layers of the last exit on the device
};

/// What a scenario freezes: accuracies of the table's rows; T_min and T_max over all of its rows and the rates from
/// `lowBytesPerSecond` to `highBytesPerSecond` (log-spaced), B_max = `highBytesPerSecond`. 0 < low ≤ high.
decision::RewardScale standardScale(const profile::CostTable& table, int batch, const profile::Conditions& conditions,
                                    double lowBytesPerSecond, double highBytesPerSecond);

/// A range of rates, bytes/s.
struct RateRange {
    double low = 0, high = 0;
};
/// Where to sweep: the rates over which decisions change for this table and batch. Of each exit's decisions within 1 % of its
/// best accuracy the fastest is taken at each rate. The range begins at a third of the rate where for any exit another one
/// becomes the fastest, and ends at twice the rate from which on more bandwidth gains no exit another 25 %, rounded outwards to
/// 1, 2 or 5 times a power of ten, within 1 KB/s and 1 GB/s. Where nothing ever changes: from a tenth to ten times the rate at
/// which a raw frame takes as long as the last exit takes on the device.
RateRange interestingRates(const profile::CostTable& table, int batch, const profile::Conditions& conditions);

/// The conditions that a state tells of; what it does not (pacing, the edge's slowdown, an unknown round trip) is `base`'s.
profile::Conditions conditionsOf(const decision::State& state, const profile::Conditions& base);

}  // namespace splitscope::sim
