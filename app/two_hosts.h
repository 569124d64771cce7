// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/link/host_pair.h"
#include "core/session/loopback_daemon.h"

namespace splitscope::app {

/// `--two-hosts`: daemon and edge on hosts of their own, two network namespaces of this machine, between which the kernel shapes.
/// While it lives the thread that made it, and what that starts, is on the edge's host.
class TwoHosts {
public:
    /// An Error: not root, or a program is missing.
    static base::Result<TwoHosts> create();

    /// Where a loopback daemon belongs, which shapes the uplink there by itself.
    [[nodiscard]] session::LoopbackPlace devicePlace() const;

private:
    TwoHosts(std::unique_ptr<link::HostPair> hosts, std::unique_ptr<link::NamespaceEntry> edge)
        : m_hosts(std::move(hosts)), m_edge(std::move(edge))
    {
    }

    std::unique_ptr<link::HostPair> m_hosts;
    std::unique_ptr<link::NamespaceEntry> m_edge;
};

}  // namespace splitscope::app
