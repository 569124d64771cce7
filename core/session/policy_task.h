// SPDX-License-Identifier: GPL-3.0-or-later
// What policies are trained and judged on where nobody says more: shared by `policy train`, `bench policy` and the figures.
#pragma once

#include "core/rl/trainer.h"

namespace splitscope::session {

struct PolicyTraces {
    std::string source;  ///< of both (core/sim/episodes.h); empty: a mixture to evaluate on; to train on, sweeps and walks, or
                         ///< where decisions change what comes, a mixture of other traces
    int count = 8;  ///< of evaluation; to train on, half as many of sweeps and walks, three times as many of a mixture
    std::uint64_t seed = 1;
};

/// Training needs traces that go through all rates: a thousand steps at one constant rate teach one rate. Evaluation takes all
/// kinds, with seeds and files that training never has. An Error lists the sources.
base::Result<rl::TrainingTask> makeTrainingTask(std::shared_ptr<const sim::Evaluator> evaluator,
                                                const sim::EnvironmentOptions& environment, const sim::RateRange& rates,
                                                const PolicyTraces& traces);

}  // namespace splitscope::session
