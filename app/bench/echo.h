// SPDX-License-Identifier: GPL-3.0-or-later
// What the same bytes take without Splitscope: bare echoes to compare with.
#pragma once

#include "core/link/host_pair.h"

#include <cstddef>
#include <stop_token>
#include <vector>

namespace splitscope::app {

/// Sizes of a request's two frames and of its answer.
struct EchoBytes {
    std::size_t header = 0;
    std::size_t payload = 0;
    std::size_t reply = 0;
};

/// Round trips in milliseconds of a ZeroMQ DEALER that sends two frames over TCP on loopback with CURVE, and a ROUTER in another
/// thread and context that answers one.
base::Result<std::vector<double>> curveEchoMs(const EchoBytes& bytes, int rounds, const std::stop_token& stop);

/// Milliseconds from the device's first byte to the edge's answer, one byte, over a TCP connection between the two hosts: what no
/// program can go below. The device waits `gapMs` before each.
base::Result<std::vector<double>> tcpRoundTripsMs(const link::HostPair& hosts, std::size_t bytes, int rounds, double gapMs,
                                                  const std::stop_token& stop);

}  // namespace splitscope::app
