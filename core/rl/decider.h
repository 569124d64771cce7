// SPDX-License-Identifier: GPL-3.0-or-later
// A policy beside a cost table: which of its actions may be taken now, and the best of them.
#pragma once

#include "core/rl/policy.h"
#include "core/sim/belief.h"

namespace splitscope::rl {

/// Rows of the cost table that a policy's outputs stand for.
using ActionRows = std::vector<std::size_t>;

/// An Error names the action that the table does not hold.
base::Result<ActionRows> rowsOf(const std::vector<decision::Decision>& actions, const profile::CostTable& table);

/// What is exact need not be learned: an action counts only if it is valid (the link is up, pinned layers, accuracy floor) and
/// keeps to the energy limit and, with what the request has waited already, to the deadline, by the table. `limits` off: valid is
/// enough.
bool acceptable(const sim::Evaluator& evaluator, std::size_t row, const profile::Conditions& conditions, double waitedMs,
                bool limits);

/// acceptable() for all; where none keeps to the limits, the valid ones; where none is valid, the all-local ones. Never all 0
/// if there is an all-local action.
void writeMask(const sim::Evaluator& evaluator, const ActionRows& rows, const profile::Conditions& conditions, double waitedMs,
               bool limits, std::span<char> mask);

/// What the table tells of actions' rewards, were nobody waiting: 0 beyond the limits. Where a policy's inputs are beliefs, the
/// mean over what is believed, less what its energy is worth.
class KnownRewards {
public:
    KnownRewards(const sim::Evaluator& evaluator, const FeatureOptions& features, const decision::State& state,
                 const profile::Conditions& base);
    [[nodiscard]] double of(std::size_t row) const;

private:
    const sim::Evaluator& m_evaluator;
    profile::Conditions m_conditions;
    std::optional<sim::Hypotheses> m_hypotheses;
};

/// Reused from call to call.
struct FrontScratch {
    struct Point {
        double latencyMs = 0, accuracy = 0;
        std::size_t action = 0;
        bool stays = false;
    };
    std::vector<Point> points;
};

/// Of the actions whose mask is 1, leaves those that no other beats in time and accuracy at once; and among those that stay at
/// the exit and cut of `last`, where moving may cost, those that no other staying one beats. Nothing that is ever optimal is
/// lost.
void keepFront(const sim::Evaluator& evaluator, const ActionRows& rows, const profile::Conditions& conditions,
               const std::optional<decision::Decision>& last, std::span<char> mask, FrontScratch& scratch);

/// Decides with a policy; reuses its memory. One thread at a time.
class Decider {
public:
    /// An Error where the table does not hold the policy's actions, or is of another network or batch.
    static base::Result<Decider> make(std::shared_ptr<const Policy> policy, const sim::Evaluator& evaluator);

    /// A row of the evaluator's table. Masks by the table, and the sliders, are the evaluator's; `base` are the conditions that a
    /// state does not tell. Nothing is allocated after the first call.
    std::size_t decide(const sim::Evaluator& evaluator, const decision::State& state, const profile::Conditions& base);

    [[nodiscard]] const Policy& policy() const { return *m_policy; }
    [[nodiscard]] const ActionRows& rows() const { return m_rows; }

private:
    Decider(std::shared_ptr<const Policy> policy, ActionRows rows) : m_policy(std::move(policy)), m_rows(std::move(rows)) {}

    std::shared_ptr<const Policy> m_policy;
    ActionRows m_rows;
    PolicyScratch m_scratch;
    std::vector<float> m_outputs;
    std::vector<char> m_mask;
    FrontScratch m_front;
};

}  // namespace splitscope::rl
