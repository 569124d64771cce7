// SPDX-License-Identifier: GPL-3.0-or-later
// How a policy's training went: what trainers tell, kept for charts.
#pragma once

#include "ui/charts/plot.h"

#include <array>
#include <cstdint>

namespace splitscope::ui {

/// What a trainer tells now and then. NaN: this algorithm has no such thing, or it was not measured this time.
struct TrainingPoint {
    std::uint64_t updates = 0;
    double seconds = 0;
    double reward = kUnknown;  ///< mean, of the decisions taken while exploring
    double regret = kUnknown;  ///< theirs, by the table
    double optimum = kUnknown;  ///< what the exact optimum brings on the same steps
    double gap = kUnknown;  ///< 1 − reward / optimum, of the policy without exploring on traces that it does not learn from
    double criticLoss = kUnknown, actorLoss = kUnknown, alphaLoss = kUnknown;
    double entropy = kUnknown;
    double alpha = kUnknown;
    double updatesPerSecond = kUnknown;

    static constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
};

using TrainingHistory = std::vector<TrainingPoint>;

inline constexpr std::size_t kTrainingPlots = 8;

/// Reward beside the optimum, gap and regret, the losses, entropy, α and speed: all over updates. `updates`: the axis' end.
std::array<Plot, kTrainingPlots> trainingPlots(const TrainingHistory& history, std::uint64_t updates);

}  // namespace splitscope::ui
