// SPDX-License-Identifier: GPL-3.0-or-later
// Rewards under what is believed, where conditions are not known for certain.
#pragma once

#include "core/sim/evaluator.h"

#include <array>
#include <span>

namespace splitscope::sim {

/// Conditions that may hold, with how likely each is; and what energy is worth. Nothing is allocated.
class Hypotheses {
public:
    struct One {
        profile::Conditions conditions;
        double probability = 1;
    };
    /// Of a state's belief; where that knows no rates, of the interval of what was reported. `base` are the conditions that a
    /// state does not tell.
    Hypotheses(const decision::State& state, const profile::Conditions& base);

    [[nodiscard]] std::span<const One> all() const { return {m_all.data(), m_count}; }
    /// The mean over them; less what its energy is worth, and a point less than nothing where the budget cannot pay for it.
    [[nodiscard]] double reward(const Evaluator& evaluator, std::size_t action) const;

private:
    static constexpr std::size_t kMost = 4 * (decision::Belief::kMostRates + 1);
    void addRate(const decision::Belief& belief, profile::Conditions conditions, double rate, double probability);
    void addLoads(const decision::Belief& belief, const profile::Conditions& conditions, double probability);

    std::array<One, kMost> m_all;
    std::size_t m_count = 0;
    double m_joulePrice = 0, m_budgetJoules = 0;
};

}  // namespace splitscope::sim
