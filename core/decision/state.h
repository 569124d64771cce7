// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/decision/belief.h"
#include "core/decision/decision.h"
#include "core/decision/health.h"

#include <optional>

namespace splitscope::decision {

/// What is known when the next request's decision is made: the paper's {T, e, acc, B} (eq. 5), of the last request, and what else
/// can be observed. The same in the simulator and on real devices.
struct State {
    double bytesPerSecond = 0;  ///< B: what is believed of the uplink now, in wire bytes; 0: it is down; infinity: no limit
    double bandwidthLow = 0;  ///< 95 % interval of B; both B where it is known
    double bandwidthHigh = 0;
    double bandwidthTrend = 0;  ///< ln of B over what it was some seconds ago; 0: steady, or not known
    double rttMs = -1;  ///< of an empty message; negative: the cost table's own
    double latencyMs = 0;  ///< T of the last request; 0: there was none
    double energyJoules = 0;  ///< e of the last request, per frame
    double accuracy = 0;  ///< acc of the last request's decision, by the cost table where there is one
    double queuedRequests = 0;  ///< waiting for the device (live: for its link), not counting the one to be decided
    double waitedMs = 0;  ///< so long the one to be decided has waited (live: as the device told of the last one)
    double deviceSlowdown = 1;  ///< beyond the cost table's device
    double deviceCorrection = 1;  ///< times slower still, as requests of late have told; 1: nothing is to be corrected
    double edgeCorrection = 1;  ///< the same of the edge
    std::optional<Decision> last{};  ///< of the last request
    std::optional<Health> health{};  ///< the device's last report of itself; nothing where it makes none, or is not heard
    Belief belief{};  ///< what filters make of observations, where they are late, noisy or indirect
};

}  // namespace splitscope::decision
