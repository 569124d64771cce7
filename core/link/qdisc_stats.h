// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

namespace splitscope::link {

/// What the kernel tells of an interface's root queueing discipline: the numbers of `tc -s qdisc`.
struct QdiscValues {
    std::string kind;  ///< "tbf", "fq_codel", "noqueue"…
    bool chosen = false;  ///< somebody set it; otherwise it is the kernel's default
    std::uint64_t sentBytes = 0;  ///< left the queue, each packet with its Ethernet header
    std::uint64_t sentPackets = 0;
    std::uint64_t droppedPackets = 0;
    std::uint64_t backlogBytes = 0;  ///< still waiting
};

/// Asks the kernel directly over netlink, in about 10 µs. Thread-safe; stays with the network namespace of the thread that
/// opened it.
class QdiscStats {
public:
    static base::Result<std::unique_ptr<QdiscStats>> open(const std::string& interface);
    ~QdiscStats();
    QdiscStats(const QdiscStats&) = delete;
    QdiscStats& operator=(const QdiscStats&) = delete;

    base::Result<QdiscValues> read();

private:
    QdiscStats(std::string interface, int index, int socket) : m_interface(std::move(interface)), m_index(index), m_socket(socket)
    {
    }
    const std::string m_interface;
    const int m_index;
    const int m_socket;
    std::mutex m_mutex;
    std::uint32_t m_sequence = 0;
};

}  // namespace splitscope::link
