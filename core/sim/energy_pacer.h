// SPDX-License-Identifier: GPL-3.0-or-later
// What a joule is worth in reward while an energy must last for so many requests: the Lagrange multiplier at which the decisions
// of greatest reward − price · energy take just what is left, were the rates to come those that have been seen.
#pragma once

#include "core/sim/evaluator.h"

#include <memory>

namespace splitscope::sim {

/// Copies share what does not change.
class EnergyPacer {
public:
    EnergyPacer() = default;
    /// `conditions`: all but the rate.
    EnergyPacer(const Evaluator& evaluator, const profile::Conditions& conditions);

    /// Another one; what has been seen stays.
    void setObjective(const Evaluator& evaluator, const profile::Conditions& conditions);
    void forget() { m_seen.assign(kRates, 0); }
    void see(double bytesPerSecond);
    /// 0 where what is left suffices for all that one could wish.
    [[nodiscard]] double price(double joulesLeft, int requestsLeft) const;

private:
    /// Ways to serve a request that no other one beats in both energy and reward, the cheapest first.
    struct Way {
        double joules = 0, reward = 0;
    };
    static constexpr int kRates = 49;  ///< one of them for a link that is down
    static std::size_t placeOf(double bytesPerSecond);
    [[nodiscard]] double joulesAt(double price) const;

    std::shared_ptr<const std::vector<std::vector<Way>>> m_ways;  ///< by place
    std::vector<double> m_seen;  ///< by place, how often
};

}  // namespace splitscope::sim
