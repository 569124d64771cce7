// SPDX-License-Identifier: GPL-3.0-or-later
// What a device says of itself while no experiment needs it: whether it is there, what it is, how it is doing.
#pragma once

#include "core/link/edge_link.h"
#include "core/session/loopback_daemon.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace splitscope::session {

/// What is known of a device now.
struct DeviceView {
    link::LinkState link = link::LinkState::Connecting;
    std::optional<base::Error> problem;  ///< what is wrong, and what to do
    std::optional<wire::Welcome> welcome;  ///< its last greeting
    std::optional<wire::Health> health;  ///< its last report while it is connected; nothing where it makes none
    std::uint64_t healthReports = 0;  ///< so far: a new number, a new report
    double rttMs = 0;  ///< the last heartbeat's; 0: none yet
    std::int64_t seenMs = 0;  ///< when it was last heard, since 1970; 0: never
    bool gaveUp = false;  ///< the problem does not go away by itself: nothing more is tried
};

/// Keeps a link to one device, on a thread of its own, under an identity beside the experiments' one; comes back by itself when
/// the device does. "loopback" starts a daemon on this machine, which ends with the monitor.
class DeviceMonitor final : private link::EdgeLinkHandler {
public:
    /// Returns at once. An empty key is looked up among the known devices.
    DeviceMonitor(std::string device, std::string deviceKey, std::filesystem::path daemonProgram);
    ~DeviceMonitor() override;  ///< may take a moment: see stop()
    DeviceMonitor(const DeviceMonitor&) = delete;
    DeviceMonitor& operator=(const DeviceMonitor&) = delete;

    /// Any thread.
    [[nodiscard]] DeviceView view() const;
    /// Begins to end; once ended() the destructor returns at once.
    void stop() { m_thread.request_stop(); }
    [[nodiscard]] bool ended() const;

    [[nodiscard]] const std::string& device() const { return m_device; }

private:
    void watch(const std::stop_token& stop);
    base::Result<link::EdgeLinkOptions> findDevice(const std::stop_token& stop);
    void look(std::int64_t beganNs);
    void greet();
    void tellProblem(const base::Error& error, bool gaveUp);

    void onControl(const wire::Message& message) override;
    void onRequest(link::ArrivedRequest) override {}
    void onState(link::LinkState state, const std::string& why) override;
    void onRoundTrip(double rttMs) override;

    const std::string m_device, m_deviceKey;
    const std::filesystem::path m_program;

    mutable std::mutex m_mutex;
    std::condition_variable_any m_changed;
    // Guarded:
    DeviceView m_view;
    bool m_greetingDue = false;
    bool m_ended = false;

    // The thread's own:
    std::optional<LoopbackDaemon> m_daemon;
    std::unique_ptr<link::EdgeLink> m_link;
    std::jthread m_thread;  ///< last: it uses all of the above
};

}  // namespace splitscope::session
