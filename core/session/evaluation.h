// SPDX-License-Identifier: GPL-3.0-or-later
// Strategies held against each other without devices: same cost table, same traces, same seeds, and beside them the exact
// optimum of every step and what nothing can exceed.
#pragma once

#include "core/session/bootstrap.h"
#include "core/session/evaluation_sources.h"
#include "core/sim/environment.h"
#include "core/strategy/strategy.h"

#include <functional>
#include <map>
#include <stop_token>

namespace splitscope::session {

struct EvaluationRequest {
    std::shared_ptr<const sim::Evaluator> evaluator;  ///< cost table, batch, objective, scale
    std::vector<std::string> strategies;  ///< empty: comparableStrategies(), less those that cannot be made here
    std::map<std::string, std::string> policyFiles;  ///< in place of the shipped ones, by strategy's name, or by "queue:sacd" in
                                                     ///< one scenario
    decision::Decision fixed;  ///< what `fixed` does; bestSingleDecision() is a good one
    double accuracyLoss = 0.01;  ///< `jalad`, `ko-lossy`: the most that coding may cost
    std::vector<sim::EnvironmentKind> scenarios = sim::environmentKinds();
    std::vector<EvaluationSource> sources;
    sim::EnvironmentOptions environment;  ///< of all; `kind` is filled in
    int episodes = 10;  ///< per scenario and source
    std::uint64_t seed = 1;
};

/// One strategy in one scenario on one source. Means are over episodes, quantiles over all requests.
struct EvaluationRow {
    std::string strategy, scenario, source;
    int episodes = 0;
    std::size_t requests = 0;  ///< served
    Estimate reward;  ///< of a request, those turned away counted as 0
    Estimate regret;  ///< of a step by the table alone
    Estimate belowOptimum;  ///< reward of the optimum's episode minus reward of the same episode here
    Estimate overOptimum;  ///< reward over the optimum's
    Estimate overBound;  ///< reward over the bound
    Estimate accuracy;
    Estimate latencyMeanMs, latencyP50Ms, latencyP95Ms, latencyP99Ms;
    Estimate deadlineMet;  ///< share of all requests
    Estimate infeasible;  ///< share of requests over the energy limit
    Estimate energyJoules;  ///< per frame
    Estimate bytesPerFrame;  ///< on the wire
    Estimate switches;  ///< share of requests with another exit or cut than the one before
    Estimate fallbacks;  ///< share of requests that the device finished because the link was down
    Estimate turnedAway;  ///< share of all requests that found the queue full
    Estimate decideP50Us, decideP99Us;  ///< decide() alone
};

/// What rows of one scenario and source are held against.
struct EvaluationReference {
    std::string scenario, source;
    Estimate optimum;  ///< mean reward of taking the table's best decision at the true rate, step by step
    Estimate bound;  ///< mean reward that no strategy can exceed
    std::string boundKind;
};

struct Evaluation {
    std::string network, data;
    int batch = 1;
    std::uint64_t seed = 1;
    std::vector<EvaluationReference> references;
    std::vector<EvaluationRow> rows;
    std::vector<base::Error> leftOut;  ///< strategies that nobody named and that cannot be made here, with the reason

    [[nodiscard]] const EvaluationRow* find(const std::string& strategy, const std::string& scenario,
                                            const std::string& source) const;
    [[nodiscard]] const EvaluationReference* reference(const std::string& scenario, const std::string& source) const;
};

struct EvaluationProgress {
    std::string what;  ///< "queue on walk: sacd"
    double share = 0;  ///< 0 to 1
    double secondsLeft = 0;
};
using EvaluationObserver = std::function<void(const EvaluationProgress&)>;

/// The seed of an episode: the same for every strategy, another for every scenario, source and episode.
std::uint64_t episodeSeed(std::uint64_t seed, sim::EnvironmentKind kind, const std::string& source, int episode);

/// All strategies but those that only go through decisions in turn.
std::vector<std::string> comparableStrategies();

/// The single decision of greatest mean reward over log-spaced rates of a range: what `fixed` is where nobody says.
decision::Decision bestSingleDecision(const sim::Evaluator& evaluator, const profile::Conditions& conditions,
                                      const sim::RateRange& rates);

/// On the calling thread; every strategy starts anew with each episode. An Error: something named cannot be made, or decides
/// what the table does not hold; Cancelled as soon as the token says so.
base::Result<Evaluation> evaluate(const EvaluationRequest& request, std::stop_token stop,
                                  const EvaluationObserver& observer = {});

/// Format "splitscope-evaluation", version 1; "results" has one object per row: means, and the same keys again in "low" and
/// "high".
std::string toJson(const Evaluation& evaluation);
/// RFC 4180, a row per row.
std::string toCsv(const Evaluation& evaluation);
/// A table per scenario and source, at most 130 columns wide.
std::string toText(const Evaluation& evaluation);

}  // namespace splitscope::session
