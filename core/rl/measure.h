// SPDX-License-Identifier: GPL-3.0-or-later
// How fast updates are: what `bench policy` compares with tests/bench/sacd_update.py, which does the same update in Python.
#pragma once

#include "core/rl/learner.h"

namespace splitscope::rl {

struct UpdateRate {
    double updatesPerSecond = 0;  ///< of the best of five turns, so that other work on the machine counts little
    int updates = 0;  ///< in all
};

/// Updates of discrete SAC on random transitions, for about so many seconds. The defaults are the benchmark's: 8 inputs, 5 layers
/// of width 128, 162 actions, batch 64, γ 0.9 (with γ = 0 there is less to do).
LearnerOptions benchmarkOptions();
UpdateRate measureUpdates(Learner& learner, const LearnerOptions& options, double seconds);

/// Microseconds of forward() of a policy of that shape: quantiles over `decisions`.
struct ForwardTime {
    double p50 = 0, p99 = 0;
};
ForwardTime measureForward(const Policy& policy, int decisions);

}  // namespace splitscope::rl
