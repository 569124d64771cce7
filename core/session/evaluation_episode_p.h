// SPDX-License-Identifier: GPL-3.0-or-later
// One episode of one strategy, and the row that its episodes make.
#pragma once

#include "core/session/evaluation.h"

namespace splitscope::session {

/// One episode's sums and the requests behind them.
struct Episode {
    double reward = 0, regret = 0, accuracy = 0, latencyMs = 0, energy = 0, bytes = 0;
    int requests = 0;  ///< served
    int deadlineMet = 0, infeasible = 0, fallbacks = 0, switches = 0, turnedAway = 0;
    std::vector<float> latencies;
    std::vector<float> decideUs;

    /// Served or turned away.
    [[nodiscard]] int asked() const { return requests + turnedAway; }
    void add(const sim::StepResult& step)
    {
        reward += step.reward;
        regret += step.regret;
        accuracy += step.accuracy;
        latencyMs += step.latencyMs;
        energy += step.energyJoules;
        bytes += step.wireBytes;
        deadlineMet += step.deadlineMet ? 1 : 0;
        infeasible += step.feasible ? 0 : 1;
        fallbacks += step.fallback ? 1 : 0;
        turnedAway += step.turnedAway;
        latencies.push_back(static_cast<float>(step.latencyMs));
        ++requests;
    }
};

/// The table's best decision at the true rate, step by step.
base::Result<Episode> runOptimum(sim::Environment& environment, std::uint64_t seed);
/// An Error: it decides what the table does not hold.
base::Result<Episode> runStrategy(sim::Environment& environment, std::uint64_t seed, strategy::Strategy& strategy);

/// Mean rewards of the same episodes.
struct Baselines {
    std::span<const double> optimum, bound;
};
void fillRow(EvaluationRow& row, std::vector<Episode> episodes, const Baselines& baselines, const Bootstrap& bootstrap,
             int batch);

}  // namespace splitscope::session
