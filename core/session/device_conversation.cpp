// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/device_conversation.h"

#include "core/base/clock.h"
#include "core/base/files.h"
#include "core/session/device_address.h"
#include "core/session/pending_requests.h"

#include <algorithm>
#include <chrono>

namespace splitscope::session {

using base::Error;
using base::ErrorCode;

namespace {

constexpr auto kLook = std::chrono::milliseconds(100);
constexpr double kConnectMs = 20'000;
constexpr double kAnswerMs = 30'000;  ///< reading a model or a data set on a slow card
constexpr double kSilenceMs = 15'000;
constexpr double kAskWhoMs = 10'000;  ///< of quiet: a daemon that came back within a second was never missed
constexpr double kQuietMs = 600'000;  ///< a slow device may take long for a single large batch

Error cancelled() { return {ErrorCode::Cancelled, "the measurement was stopped", "device"}; }

}  // namespace

base::Result<std::unique_ptr<DeviceConversation>> DeviceConversation::open(const std::string& device,
                                                                           const std::string& deviceKey,
                                                                           const std::filesystem::path& daemonProgram,
                                                                           std::stop_token stop)
{
    std::unique_ptr<DeviceConversation> talk(new DeviceConversation(device, std::move(stop)));
    const auto address = talk->findDevice(deviceKey, daemonProgram);
    if (!address)
        return address.error();
    auto link = link::EdgeLink::start(*address, *talk);
    if (!link)
        return link.error();
    talk->m_link = std::move(*link);
    if (auto status = talk->waitUntilConnected(); !status)
        return status.error();
    if (auto status = talk->greet(); !status)
        return status.error();
    return talk;
}

DeviceConversation::~DeviceConversation() { m_link.reset(); }  // no more calls from its thread

base::Result<link::EdgeLinkOptions> DeviceConversation::findDevice(const std::string& deviceKey,
                                                                   const std::filesystem::path& daemonProgram)
{
    if (m_device != "loopback")
        return tcpDeviceAddress(m_device, deviceKey);
    const auto edgeKeys = link::newKeyPair();
    m_daemon.emplace(daemonProgram, link::newKeyPair(), edgeKeys.publicKey);
    const auto ports = m_daemon->start(m_stop);
    if (!ports)
        return ports.error();
    return loopbackDeviceAddress(*m_daemon, *ports, edgeKeys);
}

template <typename Take>
auto DeviceConversation::waitFor(const Take& take)
{
    std::unique_lock lock(m_mutex);
    auto taken = take();
    m_changed.wait_for(lock, m_stop, kLook, [&] { return taken || (taken = take()); });
    return taken;
}

base::Status DeviceConversation::waitUntilConnected()
{
    const auto beganNs = base::nowNs();
    while (!waitFor([this] { return m_state == link::LinkState::Connected; })) {
        if (m_stop.stop_requested())
            return cancelled();
        if (auto status = watchDevice(); !status)
            return status;
        if (base::toMs(base::nowNs() - beganNs) > kConnectMs)
            return Error{ErrorCode::Unreachable,
                         "does not answer: is splitscoped running there, is the device's key right, and is this edge's key "
                         "allowed there (`splitscope-cli keys show`)?",
                         m_device};
    }
    return {};
}

base::Status DeviceConversation::greet()
{
    wire::Hello hello;
    hello.program = "splitscope " + base::programVersion();
    const auto answer = ask("hello", hello);
    if (!answer)
        return answer.error();
    const auto* welcome = std::get_if<wire::Welcome>(&answer->body);
    if (!welcome || welcome->version != wire::kProtocolVersion)
        return Error{ErrorCode::Mismatch, "speaks another protocol version; install the same release on both", m_device};
    const bool restarted = m_welcome.bootId != 0 && m_welcome.bootId != welcome->bootId;
    m_welcome = *welcome;
    if (restarted)
        return Error{ErrorCode::Unreachable, "the daemon was restarted meanwhile; ask again", m_device};
    return {};
}

/// What ends a wait: a daemon that died, a device that stays silent.
base::Status DeviceConversation::watchDevice()
{
    if (m_daemon && !m_daemon->alive())
        return Error{ErrorCode::Unreachable, "the device's daemon ended unexpectedly (" + m_daemon->lastWords() + ")",
                     "loopback daemon"};
    const std::lock_guard lock(m_mutex);
    if (m_state == link::LinkState::Silent && base::toMs(base::nowNs() - m_silentSinceNs) > kSilenceMs)
        return Error{ErrorCode::Unreachable, "has been silent for 15 s; is it still there?", m_device};
    return {};
}

base::Result<std::uint64_t> DeviceConversation::tell(wire::Body body, base::Bytes payload)
{
    const auto id = ++m_lastId;
    if (auto status = m_link->sendControl({id, std::move(body)}, std::move(payload)); !status)
        return status.error();
    return id;
}

base::Result<wire::Message> DeviceConversation::ask(const char* what, wire::Body body, base::Bytes payload)
{
    const auto id = tell(std::move(body), std::move(payload));
    if (!id)
        return id.error();
    return answerTo(*id, what);
}

base::Result<wire::Message> DeviceConversation::answerTo(std::uint64_t id, const char* what)
{
    const auto beganNs = base::nowNs();
    for (;;) {
        auto answer = waitFor([&]() -> std::optional<wire::Message> {
            const auto found
                = std::find_if(m_inbox.begin(), m_inbox.end(), [&](const wire::Message& message) { return message.id == id; });
            if (found == m_inbox.end())
                return std::nullopt;
            auto message = std::move(*found);
            m_inbox.erase(found);
            return message;
        });
        if (answer) {
            if (const auto* failure = std::get_if<wire::Failure>(&answer->body))
                return toError(*failure);
            return *std::move(answer);
        }
        if (m_stop.stop_requested())
            return cancelled();
        if (auto status = watchDevice(); !status)
            return status.error();
        if (base::toMs(base::nowNs() - beganNs) > kAnswerMs)
            return Error{ErrorCode::Unreachable, "the device did not answer in time", what};
    }
}

base::Result<wire::Message> DeviceConversation::next()
{
    const auto beganNs = base::nowNs();
    auto askedNs = beganNs;
    for (;;) {
        bool reconnected = false;
        auto message = waitFor([&]() -> std::optional<wire::Message> {
            reconnected = std::exchange(m_reconnected, false);
            if (reconnected || m_inbox.empty())
                return std::nullopt;
            auto first = std::move(m_inbox.front());
            m_inbox.pop_front();
            return first;
        });
        if (message)
            return *std::move(message);
        if (m_stop.stop_requested())
            return cancelled();
        if (auto status = watchDevice(); !status)
            return status.error();
        if (reconnected || base::toMs(base::nowNs() - askedNs) > kAskWhoMs) {
            askedNs = base::nowNs();
            if (auto status = greet(); !status)
                return status.error();
        }
        if (base::toMs(base::nowNs() - beganNs) > kQuietMs)
            return Error{ErrorCode::Unreachable, "has told nothing of its work for ten minutes", m_device};
    }
}

base::Status DeviceConversation::bringModel(const ModelPackage& package)
{
    for (const auto& parcel : package.parcels())
        if (auto status = bring(parcel); !status)
            return status;
    return {};
}

base::Status DeviceConversation::bring(const Parcel& parcel)
{
    auto answer = ask("model-query", wire::ModelQuery{parcel.hash});
    for (;;) {
        if (!answer)
            return answer.error();
        const auto* there = std::get_if<wire::ModelState>(&answer->body);
        if (!there || (!there->ready && there->receivedBytes >= parcel.bytes.size()))
            return Error{ErrorCode::Mismatch, std::string("has all of the ") + parcel.what + ", but cannot use it", m_device};
        if (there->ready)
            return {};
        auto piece = nextPiece(parcel, there->receivedBytes);
        answer = ask("model-push", piece.push, std::move(piece.bytes));
    }
}

std::vector<double> DeviceConversation::roundTripsMs() const
{
    const std::lock_guard lock(m_mutex);
    return m_roundTripsMs;
}

// --- the link's thread ---

void DeviceConversation::onControl(const wire::Message& message)
{
    {
        const std::lock_guard lock(m_mutex);
        if (!std::holds_alternative<wire::Pong>(message.body))
            m_inbox.push_back(message);
    }
    m_changed.notify_all();
}

void DeviceConversation::onState(link::LinkState state, const std::string&)
{
    {
        const std::lock_guard lock(m_mutex);
        m_reconnected = m_reconnected || (state == link::LinkState::Connected && m_state == link::LinkState::Silent);
        if (state == link::LinkState::Silent && m_state != link::LinkState::Silent)
            m_silentSinceNs = base::nowNs();
        m_state = state;
    }
    m_changed.notify_all();
}

void DeviceConversation::onRoundTrip(double rttMs)
{
    const std::lock_guard lock(m_mutex);
    m_roundTripsMs.push_back(rttMs);
}

}  // namespace splitscope::session
