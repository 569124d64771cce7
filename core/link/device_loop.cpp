// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/link/device_loop_p.h"

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/wire/encoding.h"

#include <limits>
#include <utility>

namespace splitscope::link {

using base::Error;
using base::ErrorCode;

namespace {

constexpr int kControlHighWater = 1000;
constexpr int kDataHighWater = 64;  ///< 1 MiB of chunks: what is in ZeroMQ's pipe cannot be cancelled any more
constexpr int kMessagesPerTurn = 256;
constexpr std::int64_t kTickNs = 20'000'000;
constexpr std::int64_t kGapNs = 300'000'000;  ///< a longer turn means that this process was stopped

}  // namespace

void DeviceShared::post(Order order)
{
    bool wasEmpty = false;
    {
        const std::lock_guard lock(m_mutex);
        wasEmpty = m_orders.empty();
        m_orders.push_back(std::move(order));
    }
    if (wasEmpty)
        summons.call();
}

std::vector<Order> DeviceShared::take()
{
    std::vector<Order> orders;
    const std::lock_guard lock(m_mutex);
    orders.swap(m_orders);
    return orders;
}

DeviceLoop::DeviceLoop(zmq::context_t& context, WakeSet& sockets, const DeviceLinkOptions& options, DeviceLinkHandler& handler,
                       DeviceShared& shared)
    : LinkLoop(shared.summons), m_options(options), m_handler(handler), m_shared(shared), m_sockets(sockets),
      m_control(context, zmq::socket_type::router), m_data(context, zmq::socket_type::router),
      m_peers(options.maxPeers, options.silenceMs, options.messagesPerSecond),
      m_sender(m_control, m_data, m_peers, handler, shared.counters, shared.load)
{
    setCommonOptions(m_control, kControlHighWater);
    setCommonOptions(m_data, kDataHighWater);
    for (auto* socket : {&m_control, &m_data}) {
        socket->set(zmq::sockopt::router_mandatory, true);
        socket->set(zmq::sockopt::router_handover, true);
        socket->set(zmq::sockopt::curve_server, true);
        socket->set(zmq::sockopt::curve_secretkey, options.keys.secretKey);
        socket->set(zmq::sockopt::zap_domain, "splitscope");
        socket->set(zmq::sockopt::ipv6, isIpv6(options.bindAddress));
        m_sockets.add(socket->get(zmq::sockopt::fd), socket == &m_control ? &m_controlWatch : &m_dataWatch);
    }
}

DeviceLoop::~DeviceLoop()
{
    for (auto* socket : {&m_control, &m_data})
        m_sockets.remove(socket->get(zmq::sockopt::fd));
}

base::Result<int> DeviceLoop::bindOne(zmq::socket_t& socket, int port)
{
    const auto address = endpoint(m_options.bindAddress, port == 0 ? "*" : std::to_string(port));
    try {
        socket.bind(address);
        const auto bound = socket.get(zmq::sockopt::last_endpoint);
        return std::stoi(bound.substr(bound.rfind(':') + 1));
    } catch (const zmq::error_t& error) {
        if (error.num() == EADDRINUSE)
            return Error{ErrorCode::Busy, "is taken by another program; stop it or choose another port", address};
        return Error{ErrorCode::Io, std::string("cannot be listened on (") + error.what() + ")", address};
    }
}

base::Result<Ports> DeviceLoop::bind()
{
    auto control = bindOne(m_control, m_options.port);
    if (!control)
        return control.error();
    auto data = bindOne(m_data, m_options.port == 0 ? 0 : m_options.port + 1);
    if (!data)
        return data.error();
    return Ports{*control, *data};
}

void DeviceLoop::prepare()
{
    if (stopping())
        return;
    const bool ordered = obeyOrders();
    const auto now = base::nowNs();
    if (std::exchange(m_hasRead, false) || ordered || now >= m_nextSendNs) {
        m_nextSendNs = m_sender.pump(now);
        m_controlWatch.touch();
        m_dataWatch.touch();
    }
    m_controlWatch.look(m_control);
    m_dataWatch.look(m_data);
}

std::int64_t DeviceLoop::dueNs() const
{
    if (stopping())
        return std::numeric_limits<std::int64_t>::max();
    return m_controlWatch.awake() || m_dataWatch.awake() ? 0 : std::min(m_nextSendNs, m_nextTickNs);
}

void DeviceLoop::turn()
{
    if (stopping())
        return;
    const auto now = base::nowNs();
    if (m_lastTurnNs != 0 && now - m_lastTurnNs > kGapNs)
        m_peers.forgive(now - m_lastTurnNs);
    m_lastTurnNs = now;
    drain(m_control, m_controlWatch, PeerTable::Socket::Control);
    drain(m_data, m_dataWatch, PeerTable::Socket::Data);
    if (now >= m_nextTickNs)
        tick(now);
}

bool DeviceLoop::obeyOrders()
{
    auto orders = m_shared.take();
    if (orders.empty())
        return false;
    const auto now = base::nowNs();
    for (auto& order : orders) {
        if (auto* control = std::get_if<ControlOrder>(&order))
            m_sender.addControl(control->peer, std::move(control->header), now);
        else if (auto* request = std::get_if<WaitingRequest>(&order))
            m_sender.addRequest(std::move(*request));
        else if (const auto* cancelled = std::get_if<CancelOrder>(&order))
            m_sender.cancel(cancelled->run, cancelled->firstFrame);
        else
            m_sender.setShaping(std::get<ShapingOrder>(order), now);
    }
    return true;
}

void DeviceLoop::drain(zmq::socket_t& socket, SocketWatch& watch, PeerTable::Socket which)
{
    if (!watch.awake())
        return;
    watch.rest();
    watch.touch();
    m_hasRead = true;
    for (int n = 0; n < kMessagesPerTurn && receive(socket, true, m_incoming); ++n) {
        takeIn(m_incoming, which);
        if (stopping())
            return;
    }
}

void DeviceLoop::takeIn(Incoming& message, PeerTable::Socket which)
{
    m_shared.counters.received(message.bytes());
    if (!m_shared.zap.allows(message.userId))
        return;  // it was let in once, and taken from the list since
    const auto heard = m_peers.heard(message.identity, message.userId, which, base::nowNs());
    if (heard.tooFast) {
        m_shared.counters.tooFast.fetch_add(1, std::memory_order_relaxed);
        return;
    }
    if (!heard.accepted) {
        m_shared.counters.malformed.fetch_add(1, std::memory_order_relaxed);
        return;
    }
    if (heard.cameAlive)
        m_handler.onPeerAlive(message.identity);
    if (!message.wellFormed)
        refuse(message, which, {ErrorCode::InvalidInput, "is not a header frame and at most one payload frame", "message"});
    else if (message.payload.size() > wire::kMaxPieceBytes)
        refuse(message, which,
               {ErrorCode::TooLarge,
                std::to_string(message.payload.size()) + " bytes; the limit is " + std::to_string(wire::kMaxPieceBytes),
                "payload frame"});
    else if (which == PeerTable::Socket::Control)
        takeControl(message);
    else
        takeData(message);
}

void DeviceLoop::takeControl(const Incoming& message)
{
    auto decoded = wire::decode(message.headerView());
    if (!decoded) {
        refuse(message, PeerTable::Socket::Control, decoded.error());
        return;
    }
    // Everything up to Ping goes from edge to device; the variant keeps PROTOCOL.md's order.
    if (decoded->body.index() > wire::Body(wire::Ping{}).index())
        refuse(message, PeerTable::Socket::Control,
               {ErrorCode::InvalidInput, "is not for a device", std::string(wire::typeName(decoded->body))});
    else if (!message.payload.empty() && !std::holds_alternative<wire::ModelPush>(decoded->body))
        refuse(message, PeerTable::Socket::Control,
               {ErrorCode::InvalidInput, "has no payload", std::string(wire::typeName(decoded->body))});
    else
        m_handler.onControl(message.identity, *decoded, message.payloadView());
}

void DeviceLoop::takeData(const Incoming& message)
{
    auto decoded = wire::decode(message.headerView());
    if (!decoded) {
        refuse(message, PeerTable::Socket::Data, decoded.error());
        return;
    }
    const auto& body = decoded->body;
    if (std::holds_alternative<wire::Ping>(body))
        return;  // a sign of life that proves whose connection this is
    if (std::holds_alternative<wire::Reply>(body) || std::holds_alternative<wire::RequestFailed>(body)
        || std::holds_alternative<wire::Progress>(body))
        m_handler.onData(message.identity, *decoded);
    else
        refuse(message, PeerTable::Socket::Data, {ErrorCode::InvalidInput, "is not data", std::string(wire::typeName(body))});
}

void DeviceLoop::refuse(const Incoming& message, PeerTable::Socket which, const Error& error)
{
    m_shared.counters.malformed.fetch_add(1, std::memory_order_relaxed);
    const auto now = base::nowNs();
    if (which == PeerTable::Socket::Data || !m_peers.mayComplain(message.identity, now))
        return;
    base::log(base::LogLevel::Debug, "link", "refused a message of " + message.identity + ": " + error.message());
    const wire::Failure failure{std::string(base::name(error.code)), error.text, error.where};
    const auto id = message.wellFormed ? wire::originOf(message.headerView()).id : 0;
    m_shared.load.controls.fetch_add(1, std::memory_order_relaxed);
    m_sender.addControl(message.identity, wire::encode({id, failure}), now);
}

void DeviceLoop::tick(std::int64_t nowNs)
{
    m_nextTickNs = (nowNs / kTickNs + 1) * kTickNs;  // all links of a hub at once: one waking for all
    m_peers.findSilent(nowNs, [&](const std::string& peer) { m_handler.onPeerSilent(peer); });
    m_handler.onTick();
}

}  // namespace splitscope::link
