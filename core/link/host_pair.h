// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/link/kernel_shaper.h"
#include "core/link/network_namespace.h"

#include <cmath>
#include <memory>
#include <string>
#include <vector>

namespace splitscope::link {

/// A test bench of two hosts on one machine: a device and an edge in network namespaces of their own, joined by a cable (a veth
/// pair) whose device end is shaped by the kernel. Takes root, `ip` and `tc`. Nothing of it can collide with another pair, and
/// what processes left behind that were killed is cleaned up by the next pair. Thread-safe.
class HostPair {
public:
    /// Why there can be no such bench here, for people; empty: there can. Finds out by making one.
    static std::string unavailableReason();
    static base::Result<std::unique_ptr<HostPair>> create();
    ~HostPair();
    HostPair(const HostPair&) = delete;
    HostPair& operator=(const HostPair&) = delete;

    /// Puts the calling thread, and what it starts, on the edge (the device) until the entry is destroyed.
    [[nodiscard]] base::Result<std::unique_ptr<NamespaceEntry>> enterEdge() const { return NamespaceEntry::enter(m_edge.name); }
    [[nodiscard]] base::Result<std::unique_ptr<NamespaceEntry>> enterDevice() const
    {
        return NamespaceEntry::enter(m_device.name);
    }
    /// Before a command line: runs it on the device.
    [[nodiscard]] std::vector<std::string> deviceCommandPrefix() const { return {"ip", "netns", "exec", m_device.name}; }
    [[nodiscard]] static std::string deviceInterface();
    [[nodiscard]] const std::string& deviceAddress() const { return m_device.address; }
    [[nodiscard]] const std::string& edgeAddress() const { return m_edge.address; }

    /// The device's uplink from now on; infinity: as fast as this machine can.
    base::Status shape(double bytesPerSecond, double burstBytes = KernelShaper::kLeastBurstBytes);
    /// Leaves the uplink to a daemon that shapes deviceInterface() by itself, until shape() is called again.
    base::Status leaveUplink() const;
    /// Returns once nothing waits in the uplink and its bucket is full: a whole burst may leave at once then. An Error where
    /// traffic goes on for seconds.
    base::Status drainBucket();
    /// What left the device since it was last shaped, headers of Ethernet, IP and TCP included, as the kernel counts.
    base::Result<std::uint64_t> wireBytes() { return m_shaper->sentBytes(); }
    base::Result<QdiscValues> uplink() { return m_shaper->stats(); }

private:
    struct Host {
        std::string name;  ///< of the namespace
        std::string address;
        std::string hardwareAddress;
    };
    HostPair() = default;
    base::Status build();
    [[nodiscard]] base::Status connectHosts() const;
    [[nodiscard]] static base::Status bringUp(const Host& host, const Host& other);

    Host m_device;
    Host m_edge;
    std::unique_ptr<KernelShaper> m_shaper;
    double m_refillMs = 0;  ///< an empty bucket is full after it
};

}  // namespace splitscope::link
