// SPDX-License-Identifier: GPL-3.0-or-later
// What a run's records hold beside its requests.
#pragma once

#include "core/wire/messages.h"

#include <cstdint>
#include <string>

namespace splitscope::session {

/// Something that happened while a run was recorded.
struct RunEvent {
    double atMs = 0;  ///< since the run started, on the clock of RunColumns::capturedAtMs; 0: before
    std::int64_t wallMs = 0;
    std::string kind;  ///< "phase", "link", "trouble", "uplink", "slowdown", "strategy", "objective", "pause", …
    std::string text;  ///< for people
    std::string detail;  ///< JSON, or empty
    bool operator==(const RunEvent&) const = default;
};

/// What the device and the link told of themselves: with a heartbeat, at most once a second.
struct RunHealth {
    double atMs = 0;
    std::int64_t wallMs = 0;
    std::string link;  ///< "connecting", "connected", "silent"
    double rttMs = 0;
    std::uint64_t nextFrame = 0, done = 0, fallback = 0, lost = 0, discarded = 0, unacknowledged = 0;  ///< the device's own books
    bool paused = false;
    double estimatedBytesPerSecond = 0, estimateLow = 0, estimateHigh = 0;  ///< of the uplink; 0: not known
    std::string device;  ///< JSON of what else the device reports of itself, or empty
    wire::Health machine;  ///< the device's, as far as its system tells
    bool operator==(const RunHealth&) const = default;
};

}  // namespace splitscope::session
