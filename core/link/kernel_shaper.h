// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/link/qdisc_stats.h"

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace splitscope::link {

/// Shapes everything that leaves through one network interface with the kernel's token bucket (`tc`, tbf). Thread-safe; setRate()
/// takes a few milliseconds, a read of the counters a few microseconds.
class KernelShaper {
public:
    /// One Ethernet frame: less, and the kernel drops full packets.
    static constexpr double kLeastBurstBytes = 1514;
    /// What may wait in the kernel before it drops: more than TCP ever queues there.
    static constexpr std::uint64_t kQueueBytes = 16'000'000;

    /// Refuses, saying what to do, where `tc` is missing, this process may not configure networks, the interface does not exist
    /// or somebody's own queueing discipline is on it. Changes nothing yet. A namespace is one of `ip netns`; empty: this
    /// thread's.
    static base::Result<std::unique_ptr<KernelShaper>> open(const std::string& interface, const std::string& inNamespace = {});
    ~KernelShaper();  ///< takes the shaping away
    KernelShaper(const KernelShaper&) = delete;
    KernelShaper& operator=(const KernelShaper&) = delete;

    /// Bytes on the wire per second, Ethernet headers counted. Infinity takes the shaping away; 0 is an outage (1 byte/s, the
    /// least that the kernel knows). The bucket is full afterwards.
    base::Status setRate(double bytesPerSecond, double burstBytes = kLeastBurstBytes);

    /// What the kernel has sent through the current discipline: begins anew whenever shaping is switched on or off.
    base::Result<std::uint64_t> sentBytes();
    base::Result<QdiscValues> stats() { return m_stats->read(); }

private:
    KernelShaper(std::string interface, std::string inNamespace, std::unique_ptr<QdiscStats> stats);
    [[nodiscard]] std::vector<std::string> tc(const std::string& verb) const;

    const std::string m_interface;
    const std::string m_namespace;
    const std::unique_ptr<QdiscStats> m_stats;
    std::mutex m_mutex;
    bool m_shaping = false;
};

}  // namespace splitscope::link
