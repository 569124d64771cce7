// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/decision/decision.h"
#include "core/decision/health.h"

#include <bit>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace splitscope::wire {

using decision::Health;

/// What became of a frame. The device decides; the edge only learns.
enum class Outcome {
    Done,  ///< finished as decided
    Fallback,  ///< the edge was silent: the device finished from the activation it still held
    Lost  ///< cannot be finished any more (the daemon was killed)
};

/// Milliseconds of each stage of one request. Each is measured by the machine that ran it, with its own clock.
struct StageTimes {
    double capture = 0;  ///< read the frames, make the network's input
    double deviceSegment = 0;  ///< layers 1..p, and the head of a gate of the device's; emulated slowdown included
    double encode = 0;  ///< quantize and code
    double sendQueue = 0;  ///< coded until its first byte was handed to the link (behind earlier requests)
    double transfer = 0;  ///< (received − handed) − the edge's busy and queue times: both directions
    double edgeQueue = 0;  ///< complete at the edge: until its turn, and for the others of its batch
    double decode = 0;
    double edgeSegment = 0;  ///< layers p+1..N_e, and the head of a gate of the edge's
    double reply = 0;  ///< deciding, and making the result message
    double fallback = 0;  ///< the rest of the path on the device, after the edge was silent
    double total = 0;  ///< T: capture to label
};

/// The one journal record of a request (a batch is one request): frames firstFrame .. firstFrame + count − 1.
struct FrameRecord {
    std::uint64_t firstFrame = 0;
    int count = 1;
    Outcome outcome = Outcome::Done;
    std::string reason;  ///< why not Done; empty when Done
    decision::Decision decision;
    int decisionAge = 0;  ///< requests started since this decision arrived at the device
    StageTimes stages;
    double capturedAtMs = 0;  ///< device clock, since the run started
    std::uint64_t payloadBytes = 0;  ///< coded tensor or frames, all rows
    std::uint64_t wireBytes = 0;  ///< both frames of every chunk and the estimated overhead of framing, as the shaper counts them
    double setBytesPerSecond = 0;  ///< the shaper's rate; 0: unshaped
    double achievedBytesPerSecond = 0;  ///< wireBytes over the transfer time; 0: nothing crossed
    std::vector<int> labels;  ///< predicted, `count` of them (−1: lost)
    std::vector<int> truths;  ///< of the data set
    std::vector<float> logits;  ///< count × classes, only where the run asked for them
    std::optional<std::uint64_t> answeredEarly;  ///< bit i: the gate's exit answered frame i; none without a gate
    /// The device's newest report of itself when capture began, where no record before this one carried it.
    std::optional<Health> health;

    [[nodiscard]] bool goesOn(int frame) const { return (answeredEarly.value_or(0) >> static_cast<unsigned>(frame) & 1U) == 0; }
    /// Frames that no gate answered: all, where there is none.
    [[nodiscard]] int goingOn() const { return count - std::popcount(answeredEarly.value_or(0)); }
};

}  // namespace splitscope::wire
