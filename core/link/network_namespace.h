// SPDX-License-Identifier: GPL-3.0-or-later
// Linux network namespaces: a second host's interfaces and routes on this machine.
#pragma once

#include "core/base/result.h"

#include <memory>
#include <string>

namespace splitscope::link {

/// Whether this process may configure networks (CAP_NET_ADMIN), and may enter other namespaces, too (CAP_SYS_ADMIN).
bool mayConfigureNetworks();
bool mayEnterNamespaces();

/// Keeps the calling thread in a namespace made by `ip netns add`. Threads and processes that it starts meanwhile stay there for
/// good; sockets belong to the namespace of the thread that opened them. Destroy on the thread that entered.
class NamespaceEntry {
public:
    static base::Result<std::unique_ptr<NamespaceEntry>> enter(const std::string& name);
    ~NamespaceEntry();
    NamespaceEntry(const NamespaceEntry&) = delete;
    NamespaceEntry& operator=(const NamespaceEntry&) = delete;

private:
    explicit NamespaceEntry(int previous) : m_previous(previous) {}
    int m_previous;
};

}  // namespace splitscope::link
