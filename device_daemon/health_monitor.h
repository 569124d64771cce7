// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/exec/device_health.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <thread>

namespace splitscope::daemon {

/// Reads the device's health once a second, on a thread of its own (some sensors take long), and tells each peer each report
/// once. Thread-safe.
class HealthMonitor {
public:
    explicit HealthMonitor(std::filesystem::path root = "/");

    /// The newest report where this peer has not been told it.
    std::optional<wire::Health> newsFor(const std::string& peer);
    /// It is gone, or begins anew: the newest report is news to it.
    void forget(const std::string& peer);

private:
    void watch(const std::stop_token& stop);

    exec::DeviceHealth m_device;
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    wire::Health m_latest;
    std::uint64_t m_reports = 0;
    std::map<std::string, std::uint64_t> m_told;  ///< the last report that a peer was told
    std::jthread m_thread;  ///< last: it uses all of the above
};

}  // namespace splitscope::daemon
