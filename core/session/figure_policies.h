// SPDX-License-Identifier: GPL-3.0-or-later
// Figures 6(a), 6(b) and 6(c): strategies over bandwidth, with what the paper says about them checked.
#pragma once

#include "core/session/figures.h"
#include "core/sim/evaluator.h"

namespace splitscope::session {

/// One network and batch under its conditions.
struct PolicyScene {
    std::string name;  ///< "alexnet3, batch 8"
    std::shared_ptr<const sim::Evaluator> evaluator;
    profile::Conditions conditions;  ///< all but the rate
    sim::RateRange rates;  ///< of the x axis
    int updates = 3000;  ///< of the policies' training
};

/// A decision at each rate, and what it comes to by the table.
struct DecisionCurve {
    std::string key, name;  ///< of the strategy
    std::vector<std::size_t> actions;
    std::vector<double> latencyMs, accuracy, reward;
};

/// The curves of one scene: the optimum, SAC-d, DQN, and what nobody has to learn.
struct SceneCurves {
    PolicyScene scene;
    std::vector<double> bytesPerSecond;
    std::vector<DecisionCurve> curves;

    [[nodiscard]] const DecisionCurve* find(const std::string& key) const;
};

/// `rates` log-spaced rates; the policies are trained here, for the scene's objective alone (seconds each). `tell` hears what
/// is done. Cancelled as soon as the token says so.
base::Result<SceneCurves> curvesOf(const PolicyScene& scene, int rates, std::uint64_t seed, std::stop_token stop,
                                   const std::function<void(const std::string&)>& tell = {});
/// What a strategy's decisions come to over rates. An action that needs a link that is down has no latency.
DecisionCurve curveOf(const SceneCurves& curves, std::string key, std::string name, std::vector<std::size_t> actions);

/// Fig. 6(a): latency of a request over bandwidth, and below it the reward.
Figure policyLatencyFigure(const std::vector<SceneCurves>& scenes);
/// Fig. 6(b): expected accuracy.
Figure policyAccuracyFigure(const std::vector<SceneCurves>& scenes);
/// Fig. 6(c): SAC-d's exit, cut and coding, beside the optimum's.
Figure policyChoicesFigure(const std::vector<SceneCurves>& scenes);

}  // namespace splitscope::session
