// SPDX-License-Identifier: GPL-3.0-or-later
#include "device_daemon/server.h"

#include "core/base/clock.h"
#include "core/base/log.h"

#include <algorithm>
#include <chrono>
#include <random>
#include <type_traits>

namespace splitscope::daemon {

namespace {

constexpr std::size_t kMaxTaskBytes = 2 * wire::kMaxModelBytes;
constexpr std::size_t kKeptRuns = 4;  ///< ended ones whose records are not all acknowledged
constexpr auto kLastWords = std::chrono::milliseconds(500);

std::uint64_t randomId()
{
    std::random_device random;
    return (static_cast<std::uint64_t>(random()) << 32 | random()) | 1;  // 0 means none
}

}  // namespace

Server::Server(const Config& config)
    : m_config(config), m_bootId(randomId()), m_models(config.modelCache), m_worker(kMaxTaskBytes)
{
}

base::Result<std::unique_ptr<Server>> Server::start(const Config& config, const link::KeyPair& keys,
                                                    const std::vector<std::string>& allowedKeys)
{
    std::unique_ptr<Server> server(new Server(config));
    link::DeviceLinkOptions options;
    options.bindAddress = config.bind;
    options.port = config.port;
    options.keys = keys;
    options.allowedKeys = allowedKeys;
    options.interface = config.interface;
    auto link = link::DeviceLink::start(options, *server);
    if (!link) {
        server->m_listening.count_down();
        return link.error();
    }
    server->m_link = std::move(*link);
    server->m_listening.count_down();
    return server;
}

Server::~Server()
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_profiling)
            m_profiling->stop.request_stop();
    }
    m_worker.stop();
    if (!m_link)
        return;
    for (const auto& slot : slots())
        slot->stop();
    waitForAcknowledgements();
    m_link.reset();  // no more calls from its thread
}

void Server::waitForAcknowledgements()
{
    std::unique_lock lock(m_mutex);
    m_acknowledged.wait_for(lock, kLastWords, [this] {
        return std::all_of(m_slots.begin(), m_slots.end(),
                           [](const Slot& slot) { return slot->ownerSilentMs() > 0 || slot->settled(); });
    });
}

void Server::onControl(const std::string& peer, const wire::Message& message, base::ByteView payload)
{
    m_listening.wait();
    const Asked asked{peer, message.id};
    std::visit(
        [&](const auto& body) {
            using Type = std::decay_t<decltype(body)>;
            if constexpr (std::is_same_v<Type, wire::ModelPush>)
                on(asked, body, payload);
            else if constexpr (requires { on(asked, body); })
                on(asked, body);
            else
                answer(asked, base::Error{base::ErrorCode::InvalidInput, "is not a message for a device", "control message"});
        },
        message.body);
}

void Server::onData(const std::string& peer, const wire::Message& message)
{
    m_listening.wait();
    const auto run = std::visit(
        [](const auto& body) -> std::uint64_t {
            using Type = std::decay_t<decltype(body)>;
            if constexpr (std::is_same_v<
                              Type,
                              wire::Reply> || std::is_same_v<Type, wire::RequestFailed> || std::is_same_v<Type, wire::Progress>)
                return body.run;
            else
                return 0;
        },
        message.body);
    if (const auto slot = findSlot(run); slot && slot->owner() == peer)
        slot->onData(message);
}

void Server::onHandedOver(const link::Handover& handover)
{
    if (const auto slot = findSlot(handover.run))
        slot->onHandedOver(handover);
}

void Server::onPeerAlive(const std::string& peer)
{
    m_listening.wait();
    base::log(base::LogLevel::Info, "daemon", "edge " + peer + " is there");
    {
        const std::lock_guard lock(m_mutex);
        m_silentPeers.erase(peer);
    }
    noteProfilingPeer(peer, false);
    for (const auto& slot : slotsOf(peer))
        slot->onOwnerAlive(true);
}

void Server::onPeerSilent(const std::string& peer)
{
    base::log(base::LogLevel::Warning, "daemon", "edge " + peer + " is silent; its run goes on here alone");
    {
        const std::lock_guard lock(m_mutex);
        m_silentPeers.insert(peer);
    }
    m_health.forget(peer);
    noteProfilingPeer(peer, true);
    for (const auto& slot : slotsOf(peer))
        slot->onOwnerAlive(false);
    m_acknowledged.notify_all();
}

void Server::onTick()
{
    m_listening.wait();
    for (const auto& slot : slots())
        slot->flush();
    watchProfiling();
}

void Server::answer(const Asked& asked, wire::Body body)
{
    auto status = m_link->sendControl(asked.peer, wire::Message{asked.id, std::move(body)});
    if (!status)
        base::logError("daemon", status.error());
}

void Server::answer(const Asked& asked, const base::Status& status)
{
    if (status) {
        if (asked.id != 0)
            answer(asked, wire::Ack{});
        return;
    }
    base::logError("daemon", status.error());
    const auto& error = status.error();
    answer(asked, wire::Failure{std::string(base::name(error.code)), error.text, error.where});
}

void Server::post(const Asked& asked, std::function<void()> task, std::size_t bytes)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_profiling)
            return answer(asked,
                          base::Error{base::ErrorCode::Busy,
                                      "the device is measuring a profile for edge " + m_profiling->asked.peer
                                          + "; wait for its end, or cancel it",
                                      "device"});
    }
    if (!m_worker.post(std::move(task), bytes))
        answer(asked, base::Error{base::ErrorCode::Busy, "the device has too much to do; ask again later", "device"});
}

std::vector<Server::Slot> Server::slots() const
{
    const std::lock_guard lock(m_mutex);
    return m_slots;
}

std::vector<Server::Slot> Server::slotsOf(const std::string& peer) const
{
    auto own = slots();
    std::erase_if(own, [&](const Slot& slot) { return slot->owner() != peer; });
    return own;
}

Server::Slot Server::findSlot(std::uint64_t run) const
{
    for (const auto& slot : slots())
        if (slot->run() == run)
            return slot;
    return nullptr;
}

base::Result<Server::Slot> Server::ownSlot(const std::string& peer, std::uint64_t run, const std::string& where) const
{
    const auto slot = findSlot(run);
    if (slot && slot->owner() == peer)
        return slot;
    return base::Error{base::ErrorCode::NotFound, "this device has no such run of yours", where};
}

wire::RunState Server::latestState(const std::string& peer) const
{
    const auto own = slotsOf(peer);
    return own.empty() ? wire::RunState{} : own.back()->state();
}

void Server::dropSettledSlots()
{
    std::vector<Slot> dropped;  // destroyed without the lock
    const std::lock_guard lock(m_mutex);
    const auto drop = [&](std::vector<Slot>::iterator slot) {
        dropped.push_back(*slot);
        return m_slots.erase(slot);
    };
    for (auto slot = m_slots.begin(); slot != m_slots.end();)
        slot = (*slot)->settled() ? drop(slot) : slot + 1;
    while (m_slots.size() > kKeptRuns) {
        base::log(base::LogLevel::Warning, "daemon",
                  "run " + std::to_string(m_slots.front()->run()) + " is forgotten: its edge never came back for "
                      + std::to_string(m_slots.front()->state().unacknowledged) + " records");
        drop(m_slots.begin());
    }
}

}  // namespace splitscope::daemon
