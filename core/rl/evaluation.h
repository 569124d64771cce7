// SPDX-License-Identifier: GPL-3.0-or-later
// How good a policy is, beside the exact optimum.
#pragma once

#include "core/rl/decider.h"
#include "core/sim/environment.h"

#include <stop_token>

namespace splitscope::rl {

/// Means over episodes.
struct Evaluation {
    double reward = 0;  ///< of a request
    double optimum = 0;  ///< the bound of the same episodes (sim::upperBound)
    int episodes = 0;

    /// 1 − reward / optimum
    [[nodiscard]] double gap() const { return optimum > 0 ? 1 - reward / optimum : 0; }
};

/// Runs `episodes` episodes on each trace; their seeds are firstSeed, firstSeed + 1, …
base::Result<Evaluation> evaluate(const Policy& policy, const std::shared_ptr<const sim::Evaluator>& evaluator,
                                  const sim::EnvironmentOptions& options, const std::vector<sim::Trace>& traces, int episodes,
                                  std::uint64_t firstSeed, const std::stop_token& stop);

/// Random settings of the sliders within what the policy was trained on, log-uniform; limits are off half of the time, and n is
/// 0 (a(B_max) = 1) half of the time.
decision::Objective randomObjective(const Policy& policy, base::Random& random);
decision::Objective randomObjective(const FeatureOptions& features, const decision::Objective& fixed, base::Random& random);

/// Of `settings` random settings of the sliders, each over the same log-spaced rates.
struct SliderEvaluation {
    double meanGap = 0;
    double worstGap = 0;
    decision::Objective worst;
    double reward = 0, optimum = 0;  ///< means over all
    int settings = 0;  ///< for which anything brings a reward
    int above = 0;  ///< settings whose gap is above 1 %
};
base::Result<SliderEvaluation> evaluateSliders(const Policy& policy, const sim::Evaluator& evaluator,
                                               const profile::Conditions& conditions, int settings, int rates,
                                               std::uint64_t seed);

}  // namespace splitscope::rl
