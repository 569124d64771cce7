// SPDX-License-Identifier: GPL-3.0-or-later
// Which decisions `bench link` measures at which rates.
#pragma once

#include "core/decision/decision.h"

#include <string>
#include <vector>

namespace splitscope::app {

/// A token bucket hides payloads of about its burst's size: those below ten bursts are listed apart.
inline constexpr double kSmallPayloadBytes = 10 * 1514.0;

struct PlannedDecision {
    decision::Decision decision;
    double payloadBytes = 0;  ///< at most, for coders whose output depends on the picture
};

/// One run: its decisions take about the same time, so that one interval between frames suits all of them.
struct LatencyCell {
    std::string model;
    std::vector<double> rates;
    std::vector<PlannedDecision> decisions;
    double intervalMs = 0;  ///< start of a frame to the start of the next: the link is idle before it for long enough
    std::size_t samples = 0;  ///< of each decision at each rate, as time allows
};

/// The cells of one network: all of its decisions that send a tensor or a picture, or a few of each size.
base::Result<std::vector<LatencyCell>> planLatency(const std::string& model, bool full);

}  // namespace splitscope::app
