// SPDX-License-Identifier: GPL-3.0-or-later
// What strategies that read the cost table share: the table under an objective that sliders replace, and what to believe.
#pragma once

#include "core/sim/exact_cuts.h"
#include "core/strategy/strategy.h"

#include <span>

namespace splitscope::strategy {

using sim::exactCuts;

/// The options' evaluator is there: makeStrategy() has looked.
class TableStrategy : public Strategy {
public:
    TableStrategy(std::string name, const StrategyOptions& options);
    [[nodiscard]] std::string name() const final { return m_name; }
    [[nodiscard]] decision::Decision decide(const decision::State& state) final;
    void setObjective(const decision::Objective& objective) override;
    [[nodiscard]] std::string reason() const final { return m_reason; }

protected:
    /// The action for a state, and the conditions that it tells of. `reason` is empty when it is called.
    virtual std::size_t choose(const decision::State& state, const profile::Conditions& believed, std::string& reason) = 0;

    [[nodiscard]] const sim::Evaluator& evaluator() const { return m_evaluator; }
    /// The feasible action of the greatest value(action, score); ties go to the lower T. Where none is feasible: what the
    /// evaluator takes then.
    template <typename Value>
    std::size_t bestFeasible(const profile::Conditions& conditions, Value value)
    {
        m_evaluator.scoreAll(conditions, m_scores);
        auto best = m_scores.size();
        double bestValue = 0;
        for (std::size_t action = 0; action < m_scores.size(); ++action) {
            const auto& score = m_scores[action];
            if (!score.feasible)
                continue;
            const double worth = value(action, score);
            if (best == m_scores.size() || worth > bestValue
                || (worth == bestValue && score.prediction.totalMs < m_scores[best].prediction.totalMs)) {
                best = action;
                bestValue = worth;
            }
        }
        return best < m_scores.size() ? best : m_evaluator.best(conditions);
    }
    /// The action among `actions` that may be taken and costs least by cost(prediction); ties go to the lower T. Nothing where
    /// none may be.
    template <typename Cost>
    std::optional<std::size_t> cheapest(std::span<const std::size_t> actions, const profile::Conditions& conditions, Cost cost)
    {
        std::optional<std::size_t> best;
        profile::Prediction least;
        for (const auto action : actions) {
            const auto score = m_evaluator.score(action, conditions);
            if (!score.valid)
                continue;
            const auto& p = score.prediction;
            if (!best || cost(p) < cost(least) || (cost(p) == cost(least) && p.totalMs < least.totalMs)) {
                best = action;
                least = p;
            }
        }
        return best;
    }

private:
    std::string m_name;
    sim::Evaluator m_evaluator;
    profile::Conditions m_conditions;
    std::string m_reason;
    std::vector<sim::Scored> m_scores;
};

/// Takes the fastest of some actions that may be taken now; where none may, what the evaluator takes, saying why.
class FastestOf final : public TableStrategy {
public:
    /// `otherwise`: why none may be taken, for people.
    FastestOf(std::string name, const StrategyOptions& options, std::vector<std::size_t> actions, std::string otherwise)
        : TableStrategy(std::move(name), options), m_actions(std::move(actions)), m_otherwise(std::move(otherwise))
    {
    }

protected:
    std::size_t choose(const decision::State& state, const profile::Conditions& believed, std::string& reason) override;

private:
    const std::vector<std::size_t> m_actions;
    const std::string m_otherwise;
};

/// "nothing within 1 points of accuracy is allowed"
std::string nothingWithin(double loss);

/// The last exit's own accuracy, nothing coded; 0 where the table does not hold it.
double lastExitAccuracy(const sim::Evaluator& evaluator);

/// Actions of the last exit (tensors, frames without loss, the label; no gates) whose accuracy is at most `loss` below that
/// exit's own.
std::vector<std::size_t> lastExitWithin(const sim::Evaluator& evaluator, double loss);

/// Why a strategy cannot be made of a table without the gates that it needs.
base::Error lacksGates(const std::string& strategy, NeededGates gates);

}  // namespace splitscope::strategy
