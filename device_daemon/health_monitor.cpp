// SPDX-License-Identifier: GPL-3.0-or-later
#include "device_daemon/health_monitor.h"

#include "core/base/threads.h"

#include <chrono>

namespace splitscope::daemon {

namespace {

constexpr auto kEvery = std::chrono::seconds(1);

}  // namespace

HealthMonitor::HealthMonitor(std::filesystem::path root)
    : m_device(std::move(root)), m_thread([this](const std::stop_token& stop) { watch(stop); })
{
}

void HealthMonitor::watch(const std::stop_token& stop)
{
    base::nameThisThread("health");
    while (!stop.stop_requested()) {
        auto health = m_device.read();
        std::unique_lock lock(m_mutex);
        m_latest = std::move(health);
        ++m_reports;
        m_wake.wait_for(lock, stop, kEvery, [] { return false; });
    }
}

std::optional<wire::Health> HealthMonitor::newsFor(const std::string& reader)
{
    const std::lock_guard lock(m_mutex);
    auto& told = m_told[reader];
    if (told == m_reports)
        return std::nullopt;
    told = m_reports;
    return m_latest;
}

void HealthMonitor::forget(const std::string& reader)
{
    const std::lock_guard lock(m_mutex);
    m_told.erase(reader);
}

}  // namespace splitscope::daemon
