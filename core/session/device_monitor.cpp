// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/device_monitor.h"

#include "core/base/clock.h"
#include "core/base/files.h"
#include "core/base/threads.h"
#include "core/session/device_address.h"
#include "core/session/pending_requests.h"

#include <chrono>

namespace splitscope::session {

using base::Error;
using base::ErrorCode;

namespace {

constexpr auto kLook = std::chrono::milliseconds(200);
constexpr double kPatienceMs = 4'000;  ///< until a device that never answered is a problem
constexpr std::uint64_t kHelloId = 1;  ///< nothing else is asked

}  // namespace

DeviceMonitor::DeviceMonitor(std::string device, std::string deviceKey, std::filesystem::path daemonProgram)
    : m_device(std::move(device)), m_deviceKey(std::move(deviceKey)), m_program(std::move(daemonProgram)),
      m_thread([this](const std::stop_token& stop) {
          base::nameThisThread("device-watch");
          watch(stop);
          m_link.reset();  // no more calls from its thread
          m_daemon.reset();
          const std::lock_guard lock(m_mutex);
          m_ended = true;
      })
{
}

DeviceMonitor::~DeviceMonitor() = default;

DeviceView DeviceMonitor::view() const
{
    const std::lock_guard lock(m_mutex);
    return m_view;
}

bool DeviceMonitor::ended() const
{
    const std::lock_guard lock(m_mutex);
    return m_ended;
}

base::Result<link::EdgeLinkOptions> DeviceMonitor::findDevice(const std::stop_token& stop)
{
    if (m_device == "loopback") {
        const auto edgeKeys = link::newKeyPair();
        m_daemon.emplace(m_program, link::newKeyPair(), edgeKeys.publicKey);
        const auto ports = m_daemon->start(stop);
        if (!ports)
            return ports.error();
        return loopbackDeviceAddress(*m_daemon, *ports, edgeKeys);
    }
    auto address = tcpDeviceAddress(m_device, m_deviceKey);
    if (address)  // an experiment on the same device keeps its own connection
        address->identity = link::identityOf(address->keys.publicKey, "watch");
    return address;
}

void DeviceMonitor::watch(const std::stop_token& stop)
{
    const auto address = findDevice(stop);
    if (!address) {
        if (!stop.stop_requested())
            tellProblem(address.error(), true);
        return;
    }
    auto opened = link::EdgeLink::start(*address, *this);
    if (!opened)
        return tellProblem(opened.error(), true);
    m_link = std::move(*opened);
    const auto beganNs = base::nowNs();
    while (!stop.stop_requested()) {
        look(beganNs);
        std::unique_lock lock(m_mutex);
        if (m_view.gaveUp)
            return;
        m_changed.wait_for(lock, stop, kLook, [this] { return m_greetingDue; });
    }
}

void DeviceMonitor::look(std::int64_t beganNs)
{
    bool greetingDue = false, silentFromTheStart = false;
    {
        const std::lock_guard lock(m_mutex);
        greetingDue = std::exchange(m_greetingDue, false);
        silentFromTheStart = m_view.link == link::LinkState::Connecting && !m_view.problem;
    }
    if (greetingDue)
        greet();
    if (m_daemon && !m_daemon->alive())
        return tellProblem({ErrorCode::Unreachable,
                            "the daemon ended unexpectedly (" + m_daemon->lastWords() + "); connect again to start another one",
                            "this machine"},
                           true);
    if (silentFromTheStart && base::toMs(base::nowNs() - beganNs) > kPatienceMs)
        tellProblem({ErrorCode::Unreachable,
                     "does not answer: is splitscoped running there, is the device's key right, and is this edge's key allowed "
                     "there (`splitscope-cli keys show`)? It is tried further",
                     m_device},
                    false);
}

void DeviceMonitor::greet()
{
    wire::Hello hello;
    hello.program = "splitscope " + base::programVersion();
    if (const auto sent = m_link->sendControl({kHelloId, hello}); !sent)
        tellProblem(sent.error(), false);
}

void DeviceMonitor::tellProblem(const Error& error, bool gaveUp)
{
    const std::lock_guard lock(m_mutex);
    m_view.problem = error;
    m_view.gaveUp = gaveUp;
    if (gaveUp)
        m_view.health.reset();
}

// --- the link's thread ---

void DeviceMonitor::onControl(const wire::Message& message)
{
    const std::lock_guard lock(m_mutex);
    m_view.seenMs = base::wallClockMs();
    if (const auto* pong = std::get_if<wire::Pong>(&message.body); pong && pong->health) {
        m_view.health = pong->health;
        ++m_view.healthReports;
    } else if (const auto* welcome = std::get_if<wire::Welcome>(&message.body)) {
        m_view.welcome = *welcome;
        m_view.problem.reset();
    } else if (const auto* failure = std::get_if<wire::Failure>(&message.body); failure && message.id == kHelloId) {
        m_view.problem = toError(*failure);
        m_view.gaveUp = true;
        m_changed.notify_all();
    }
}

void DeviceMonitor::onState(link::LinkState state, const std::string& why)
{
    const std::lock_guard lock(m_mutex);
    m_view.link = state;
    if (state == link::LinkState::Connected) {
        m_view.problem.reset();
        m_greetingDue = true;
        m_changed.notify_all();
        return;
    }
    m_view.health.reset();
    if (state == link::LinkState::Silent)
        m_view.problem = Error{ErrorCode::Unreachable,
                               "is silent" + (why.empty() ? "" : " (" + why + ")")
                                   + ": is it switched on, and on the network? It is tried further",
                               m_device};
}

void DeviceMonitor::onRoundTrip(double rttMs)
{
    const std::lock_guard lock(m_mutex);
    m_view.rttMs = rttMs;
}

}  // namespace splitscope::session
