// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/figure_edgent.h"
#include "core/strategy/strategy.h"

namespace splitscope::session {

/// A row of the table, and what it comes to.
struct Plan {
    std::size_t action = 0;
    profile::Prediction prediction;
    int exit = 1, cut = 0;
};

/// The cost table under Edgent's eyes: strategies' plans at a rate and a deadline.
class EdgentBench {
public:
    static base::Result<EdgentBench> make(const EdgentInputs& inputs);

    /// What a strategy takes (by name, core/strategy) when it is told the rate exactly; `exit` is for on-device and on-edge.
    [[nodiscard]] base::Result<Plan> plan(const std::string& strategy, double bytesPerSecond, double deadlineMs) const;
    /// The last exit that meets the deadline all on the device: right-sizing without a cut. Nothing where none does.
    [[nodiscard]] std::optional<Plan> rightSized(double bytesPerSecond, double deadlineMs) const;
    [[nodiscard]] base::Result<std::unique_ptr<strategy::Strategy>> strategyOf(const std::string& name, double deadlineMs) const;
    [[nodiscard]] base::Result<std::shared_ptr<const sim::Evaluator>> evaluatorOf(double deadlineMs) const;

    [[nodiscard]] const sim::Evaluator& evaluator() const { return *m_evaluator; }
    [[nodiscard]] const profile::Conditions& conditions() const { return m_conditions; }
    [[nodiscard]] const sim::RateRange& rates() const { return m_rates; }
    [[nodiscard]] double middleRate() const;

private:
    EdgentBench(std::shared_ptr<const sim::Evaluator> evaluator, const profile::Conditions& conditions,
                const sim::RateRange& rates)
        : m_evaluator(std::move(evaluator)), m_conditions(conditions), m_rates(rates)
    {
    }
    [[nodiscard]] Plan planOf(std::size_t action, double bytesPerSecond) const;

    std::shared_ptr<const sim::Evaluator> m_evaluator;
    profile::Conditions m_conditions;
    sim::RateRange m_rates;
};

/// How long a plan takes by regression (its Table 1) over the layers' types, fitted on what one more layer added to the table's
/// own segments; coding and transfer as the table has them.
class EdgentRegression {
public:
    explicit EdgentRegression(const profile::CostTable& table);
    /// Nothing where a layer's type has no coefficients.
    [[nodiscard]] std::optional<double> totalMs(const EdgentBench& bench, const Plan& plan) const;

private:
    struct Side {
        std::vector<std::vector<double>> upTo;  ///< by exit: of the layers up to a cut; empty: not known
    };
    static Side sideOf(const model::NetworkSpec& spec, const profile::ComputeProfile& profile, bool begins);
    Side m_device, m_edge;
};

}  // namespace splitscope::session
