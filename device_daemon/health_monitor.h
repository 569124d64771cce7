// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/exec/device_health.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <thread>

namespace splitscope::daemon {

/// Reads the device's health once a second, on a thread of its own (some sensors take long), and tells each report once to each
/// who asks: to peers, and to the records of a run. Thread-safe.
class HealthMonitor {
public:
    explicit HealthMonitor(std::filesystem::path root = "/");

    [[nodiscard]] std::string meterName() const { return m_device.meterName(); }
    /// The newest report where this reader has not been told it.
    std::optional<wire::Health> newsFor(const std::string& reader);
    /// It is gone, or begins anew: the newest report is news to it.
    void forget(const std::string& reader);

private:
    void watch(const std::stop_token& stop);

    exec::DeviceHealth m_device;
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    wire::Health m_latest;
    std::uint64_t m_reports = 0;
    std::map<std::string, std::uint64_t> m_told;  ///< the last report that a reader was told
    std::jthread m_thread;  ///< last: it uses all of the above
};

/// Is told each report once, from the newest on. Must not outlive the monitor.
class HealthReader {
public:
    HealthReader(HealthMonitor& monitor, std::string name) : m_monitor(monitor), m_name(std::move(name))
    {
        m_monitor.forget(m_name);
    }
    ~HealthReader() { m_monitor.forget(m_name); }
    HealthReader(const HealthReader&) = delete;
    HealthReader& operator=(const HealthReader&) = delete;

    std::optional<wire::Health> news() { return m_monitor.newsFor(m_name); }

private:
    HealthMonitor& m_monitor;
    const std::string m_name;
};

}  // namespace splitscope::daemon
