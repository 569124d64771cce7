// SPDX-License-Identifier: GPL-3.0-or-later
// A recorded run in memory: one array a quantity.
#pragma once

#include "core/session/summary.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace splitscope::session {

inline constexpr std::size_t kHealthFields = 8;  ///< that a request holds of the device's report

/// A run's requests in order of first frame. Single-threaded, as a vector is.
struct RunColumns {
    std::vector<std::uint64_t> firstFrame;
    std::vector<std::uint16_t> count;  ///< frames
    std::vector<wire::Outcome> outcome;
    std::vector<std::uint8_t> exit, partition;
    std::vector<std::uint8_t> coding;  ///< index into codings
    std::vector<std::uint16_t> decisionAge;
    std::vector<double> capturedAtMs;  ///< since the run started
    std::vector<float> capture, deviceSegment, encode, sendQueue, transfer, edgeQueue, decode, edgeSegment, reply, fallback,
        total;  ///< ms
    std::vector<std::uint32_t> payloadBytes, wireBytes;
    std::vector<float> setBytesPerSecond, achievedBytesPerSecond;  ///< 0: unshaped; nothing crossed
    std::vector<float> estimatedBytesPerSecond, estimateLow, estimateHigh;  ///< 0: not known yet
    std::vector<float> energyJoules, rttMs;
    std::vector<float> reward, regret, expectedAccuracy;  ///< NaN: no cost table priced it
    /// Of the device: temperature in °C, load, busy, memory used in bytes, clock in Hz, throttled, under-voltage, power in W; NaN
    /// where it was not told.
    std::array<std::vector<float>, kHealthFields> health;
    std::vector<std::uint8_t> optimumExit, optimumPartition, optimumCoding;  ///< exit 0: not known
    std::vector<std::uint8_t> gate, optimumGate;  ///< index into gates
    std::vector<std::uint64_t> answeredEarly;  ///< a bit for each frame that the gate's exit answered
    std::vector<std::uint8_t> uplinkChanged;  ///< 0 or 1
    std::vector<std::uint32_t> reason, strategyReason;  ///< index into texts
    std::vector<std::uint32_t> firstLabel;  ///< where a request's labels begin; `count` of them
    std::vector<std::int16_t> labels, truths;  ///< a frame each; −1: lost
    std::vector<float> runningAccuracy;  ///< of all frames so far

    std::vector<codec::Coding> codings;
    std::vector<std::optional<decision::Gate>> gates;  ///< the first is none
    std::vector<std::string> texts;  ///< the first is empty

    [[nodiscard]] float temperatureC(std::size_t i) const { return health[0][i]; }
    [[nodiscard]] float busy(std::size_t i) const { return health[2][i]; }
    [[nodiscard]] float clockHz(std::size_t i) const { return health[4][i]; }
    [[nodiscard]] float powerWatts(std::size_t i) const { return health[7][i]; }
    [[nodiscard]] std::size_t size() const { return firstFrame.size(); }
    [[nodiscard]] bool empty() const { return firstFrame.empty(); }
    /// When the request was finished: capture and T, in ms since the run started.
    [[nodiscard]] double finishedAtMs(std::size_t i) const { return capturedAtMs[i] + static_cast<double>(total[i]); }
    /// As it was when it was live, with labels and reasons.
    [[nodiscard]] Sample sample(std::size_t i) const;
};

}  // namespace splitscope::session
