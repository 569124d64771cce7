// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/link/edge_link.h"
#include "core/session/loopback_daemon.h"

#include <string>

namespace splitscope::session {

/// How to reach a device that listens at tcp://HOST:PORT, with this edge's own keys. An empty key is looked up among the known
/// devices; an Error says what to do where it is not there.
base::Result<link::EdgeLinkOptions> tcpDeviceAddress(const std::string& device, const std::string& deviceKey);

/// How to reach a daemon on this machine that has just started.
link::EdgeLinkOptions loopbackDeviceAddress(const LoopbackDaemon& daemon, const LoopbackDaemon::Ports& ports,
                                            const link::KeyPair& edgeKeys);

}  // namespace splitscope::session
