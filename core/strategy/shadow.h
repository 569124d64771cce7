// SPDX-License-Identifier: GPL-3.0-or-later
// Learning without risk: a candidate decides silently beside the strategy in charge and takes over only when it has earned it.
#pragma once

#include "core/strategy/strategy.h"

#include <deque>

namespace splitscope::strategy {

enum class ShadowPhase {
    Watching,  ///< the incumbent decides
    Promoted,  ///< the candidate decides, the incumbent silently
    RolledBack  ///< the candidate has failed in charge; the incumbent decides again, for good
};

struct ShadowOptions {
    int window = 100;  ///< held-out requests that a promotion is decided by
    double margin = 0.05;  ///< the candidate's mean regret must be lower by this share of the incumbent's
    int rollbackWindow = 30;  ///< requests, the latest ones, that a rollback is decided by
};

struct ShadowStatus {
    ShadowPhase phase = ShadowPhase::Watching;
    int heldOut = 0;  ///< requests compared, at most the window
    double candidateRegret = 0, incumbentRegret = 0;  ///< means over them
    std::string text;  ///< for people
};

/// Both strategies see every state and decide; one's decision is taken. When the request is finished both decisions are held
/// against the table, at the rate that it really had. Every second request is held out: the candidate does not observe it, and
/// only those decide about its promotion. A promotion needs a full window in which the candidate's mean regret lies below the
/// incumbent's by the margin, and by twice the standard error of the difference. A promoted candidate is rolled back when its
/// regret over the latest requests rises above the incumbent's record of that time, or above what the incumbent would have had
/// on the same requests. Another objective starts the comparison anew.
class Shadow : public Strategy {
public:
    /// Both are there; the evaluator is that of the options they were made with.
    Shadow(std::unique_ptr<Strategy> incumbent, std::unique_ptr<Strategy> candidate,
           std::shared_ptr<const sim::Evaluator> evaluator, const profile::Conditions& conditions, const ShadowOptions& options);

    [[nodiscard]] std::string name() const override { return inCharge().name(); }
    [[nodiscard]] decision::Decision decide(const decision::State& state) override;
    void observe(const Observation& observation) override;
    void setObjective(const decision::Objective& objective) override;
    [[nodiscard]] std::string reason() const override { return inCharge().reason(); }
    [[nodiscard]] std::string status() const override { return shadowStatus().text; }

    [[nodiscard]] ShadowStatus shadowStatus() const;

private:
    /// What both decided, and under what, until the request is finished.
    struct Pair {
        decision::Decision incumbent, candidate;
        profile::Conditions conditions;
    };
    struct Regrets {
        double incumbent = 0, candidate = 0;
    };
    [[nodiscard]] const Strategy& inCharge() const;
    [[nodiscard]] std::optional<Pair> takePair(const decision::Decision& taken);
    [[nodiscard]] double regretOf(const decision::Decision& decision, const profile::Conditions& conditions) const;
    void judge();

    std::unique_ptr<Strategy> m_incumbent, m_candidate;
    sim::Evaluator m_evaluator;
    profile::Conditions m_conditions;
    ShadowOptions m_options;
    ShadowPhase m_phase = ShadowPhase::Watching;
    std::deque<Pair> m_open;
    std::deque<Regrets> m_regrets;  ///< of the latest held-out requests; promoted: of the latest requests
    std::optional<double> m_record;  ///< the incumbent's mean regret when the candidate was promoted
    std::uint64_t m_observed = 0;
};

/// The strategy `name`, with the policy of a file as its candidate. The options have an evaluator.
base::Result<std::unique_ptr<Strategy>> makeShadowed(const std::string& name, const std::string& candidateFile,
                                                     const model::NetworkSpec& spec, const StrategyOptions& options,
                                                     const ShadowOptions& shadow);

}  // namespace splitscope::strategy
