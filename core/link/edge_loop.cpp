// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/link/edge_loop_p.h"

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/link/token_bucket.h"
#include "core/wire/encoding.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <limits>
#include <utility>

namespace splitscope::link {

using base::Error;
using base::ErrorCode;

namespace {

constexpr int kControlHighWater = 1000;
constexpr int kDataHighWater = 1000;
constexpr int kMessagesPerTurn = 256;
constexpr int kReconnectFirstMs = 50;
constexpr int kReconnectMostMs = 500;
constexpr std::size_t kMaxPings = 64;
constexpr std::int64_t kGapNs = 300'000'000;  ///< a longer turn means that this process was stopped
constexpr double kHeldBackLookMs = 10;  ///< whether a fault is over
constexpr double kTooOldMs = 5000;  ///< a message that could not leave for so long would only surprise

/// How long fresh sockets get before the next ones. Short, so that a peer that returns is found soon; every other time longer,
/// because a handshake takes five round trips.
double renewalMs(int renewals) { return renewals % 2 == 0 ? 500 : 1500; }

std::string seconds(std::int64_t ns)
{
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f s", static_cast<double>(ns) * 1e-9);
    return text.data();
}

}  // namespace

EdgeLoop::EdgeLoop(zmq::context_t& context, WakeSet& sockets, const EdgeLinkOptions& options, EdgeLinkHandler& handler,
                   EdgeShared& shared)
    : LinkLoop(shared.summons), m_options(options), m_handler(handler), m_shared(shared), m_context(context), m_sockets(sockets)
{
    const auto& key = options.keys.publicKey;
    m_identity = isIdentityOf(key, options.identity) ? options.identity : identityOf(key, options.identity);
}

zmq::socket_t EdgeLoop::makeSocket(zmq::socket_type type, int highWaterMark) const
{
    zmq::socket_t socket(m_context, type);
    setCommonOptions(socket, highWaterMark);
    socket.set(zmq::sockopt::routing_id, m_identity);
    socket.set(zmq::sockopt::curve_serverkey, m_options.deviceKey);
    socket.set(zmq::sockopt::curve_publickey, m_options.keys.publicKey);
    socket.set(zmq::sockopt::curve_secretkey, m_options.keys.secretKey);
    socket.set(zmq::sockopt::reconnect_ivl, kReconnectFirstMs);
    socket.set(zmq::sockopt::reconnect_ivl_max, kReconnectMostMs);
    // Messages wait here, where they are bounded and grow old, not in a pipe to a connection that may never be.
    socket.set(zmq::sockopt::immediate, true);
    socket.set(zmq::sockopt::ipv6, true);
    return socket;
}

base::Status EdgeLoop::connect()
{
    try {
        m_control.emplace(makeSocket(zmq::socket_type::dealer, kControlHighWater));
        m_data.emplace(makeSocket(zmq::socket_type::dealer, kDataHighWater));
        // Payloads come in several frames, and a pipe that goes with its connection may go between two of them, which ZeroMQ
        // takes for its own mistake and aborts. A pipe that outlives its connection gives messages whole, or not at all.
        m_data->set(zmq::sockopt::immediate, false);
        m_control->connect(endpoint(m_options.host, std::to_string(m_options.controlPort)));
        m_data->connect(endpoint(m_options.host, std::to_string(m_options.dataPort)));
        m_sockets.add(m_control->get(zmq::sockopt::fd), &m_controlWatch);
        m_sockets.add(m_data->get(zmq::sockopt::fd), &m_dataWatch);
        m_controlWatch.touch();
        m_dataWatch.touch();
    } catch (const zmq::error_t& error) {
        return Error{ErrorCode::InvalidInput, std::string("cannot be connected to (") + error.what() + ")",
                     endpoint(m_options.host, std::to_string(m_options.controlPort))};
    }
    return {};
}

void EdgeLoop::prepare()
{
    if (stopping() || m_heldBack)
        return;
    pump();
    m_controlWatch.look(*m_control);
    m_dataWatch.look(*m_data);
}

std::int64_t EdgeLoop::dueNs() const
{
    if (stopping())
        return std::numeric_limits<std::int64_t>::max();
    if (m_heldBack)
        return m_lastTurnNs + base::fromMs(kHeldBackLookMs);
    return m_controlWatch.awake() || m_dataWatch.awake() ? 0 : m_nextPingNs;
}

void EdgeLoop::turn()
{
    if (stopping())
        return;
    const auto now = base::nowNs();
    if (m_lastTurnNs == 0) {
        m_lastHeardNs = m_lastTurnNs = now;
        m_nextRenewalNs = now + base::fromMs(m_options.silenceMs);
        become(LinkState::Connecting, "connecting to " + endpoint(m_options.host, std::to_string(m_options.controlPort)));
    }
    m_heldBack = heldBack(now);
    if (m_heldBack)
        return sitOut();
    if (now - m_lastTurnNs > kGapNs)
        m_lastHeardNs += now - m_lastTurnNs;  // this process was stopped: nobody else is to blame
    m_lastTurnNs = now;
    const bool gotControl = m_controlWatch.awake() && drainControl();
    const bool gotData = m_dataWatch.awake() && drainData();
    const auto after = base::nowNs();
    if (after >= m_nextPingNs)
        ping(after);
    sendProgress(after);
    if (!gotControl && !gotData)  // what waits is taken in before anybody is called silent
        watchSilence(after);
}

void EdgeLoop::collect()
{
    for (auto& outgoing : m_shared.take())
        (outgoing.isData ? m_dataQueue : m_controlQueue).push_back(std::move(outgoing));
}

void EdgeLoop::pump()
{
    collect();
    flush(*m_control, m_controlWatch, m_controlQueue, ControlOut);
    flush(*m_data, m_dataWatch, m_dataQueue, DataOut);
}

void EdgeLoop::flush(zmq::socket_t& socket, SocketWatch& watch, std::deque<EdgeOutgoing>& queue, Way way)
{
    while (!queue.empty()) {
        auto& outgoing = queue.front();
        damage(way, outgoing.header);
        const auto bytes = outgoing.header.size() + outgoing.payload.size();
        watch.touch();
        if (sendFrames(socket, nullptr, outgoing.header, outgoing.payload) == Sent::Yes)
            m_shared.counters.sent(bytes);
        else if (base::toMs(base::nowNs() - outgoing.queuedNs) > kTooOldMs)
            m_shared.counters.refusedSends.fetch_add(1, std::memory_order_relaxed);
        else
            return;
        m_shared.queuedMessages.fetch_sub(1, std::memory_order_relaxed);
        m_shared.queuedBytes.fetch_sub(bytes, std::memory_order_relaxed);
        queue.pop_front();
    }
}

bool EdgeLoop::drainControl()
{
    m_controlWatch.rest();
    m_controlWatch.touch();
    int n = 0;
    for (; n < kMessagesPerTurn && !stopping() && receive(*m_control, false, m_incoming); ++n) {
        damage(ControlIn, m_incoming.mutableHeader());
        takeControl(m_incoming);
        pump();  // answers leave at once
    }
    return n > 0;
}

bool EdgeLoop::drainData()
{
    m_dataWatch.rest();
    m_dataWatch.touch();
    int n = 0;
    for (; n < kMessagesPerTurn && !stopping() && receive(*m_data, false, m_incoming); ++n) {
        damage(DataIn, m_incoming.mutableHeader());
        takeData(m_incoming);
        pump();
    }
    return n > 0;
}

void EdgeLoop::takeControl(const Incoming& message)
{
    const auto now = base::nowNs();
    m_shared.counters.received(message.bytes());
    heard(now);
    auto decoded = message.wellFormed ? wire::decode(message.headerView())
                                      : base::Result<wire::Message>(Error{ErrorCode::InvalidInput, "too many frames", "message"});
    if (decoded) {
        const auto index = decoded->body.index();
        // From Welcome to the first that travels on data: what a device says (the variant keeps PROTOCOL.md's order).
        if (index > wire::Body(wire::Ping{}).index() && index < wire::Body(wire::Request{}).index()) {
            if (const auto* pong = std::get_if<wire::Pong>(&decoded->body))
                takePong(*pong);
            m_handler.onControl(*decoded);
            return;
        }
        decoded = Error{ErrorCode::InvalidInput, "is not for an edge", std::string(wire::typeName(decoded->body))};
    }
    m_shared.counters.malformed.fetch_add(1, std::memory_order_relaxed);
    base::log(base::LogLevel::Debug, "link", "dropped a message of the device: " + decoded.error().message());
}

void EdgeLoop::takePong(const wire::Pong& pong)
{
    const auto sent = m_pings.find(pong.sequence);
    if (sent == m_pings.end())
        return;
    m_handler.onRoundTrip(base::toMs(base::nowNs() - sent->second));
    m_pings.erase(m_pings.begin(), std::next(sent));
}

void EdgeLoop::takeData(const Incoming& message)
{
    const auto now = base::nowNs();
    m_shared.counters.received(message.bytes());
    heard(now);
    if (!message.wellFormed || message.payload.size() > wire::kChunkBytes) {
        failRequest(message,
                    {ErrorCode::TooLarge, "a chunk is at most " + std::to_string(wire::kChunkBytes) + " bytes", "chunk"});
        return;
    }
    auto decoded = wire::decode(message.headerView());
    if (!decoded) {
        failRequest(message, decoded.error());
        return;
    }
    const auto wireBytes = wireBytesOf(message.header.size(), message.payload.size());
    if (const auto* filler = std::get_if<wire::Filler>(&decoded->body)) {
        takeFiller(*filler, wireBytes, message.payload.size(), now);
        return;
    }
    Assembler::Outcome outcome(Error{ErrorCode::InvalidInput, "is not data", std::string(wire::typeName(decoded->body))});
    if (auto* request = std::get_if<wire::Request>(&decoded->body)) {
        m_failed = {0, 0};
        endFiller();
        outcome = m_assembler.open(std::move(*request), message.payloadView(), wireBytes, now);
    } else if (const auto* chunk = std::get_if<wire::Chunk>(&decoded->body)) {
        outcome = m_assembler.add(*chunk, message.payloadView(), wireBytes, now);
    }
    if (!outcome)
        failRequest(message, outcome.error());
    else if (*outcome)
        m_handler.onRequest(std::move(**outcome));
    else
        sendProgress(now);
}

void EdgeLoop::takeFiller(const wire::Filler& filler, std::uint64_t wireBytes, std::size_t bytes, std::int64_t nowNs)
{
    if (filler.offset == 0)
        endFiller();
    if (filler.offset != m_fillerBytes || bytes == 0 || bytes > filler.totalBytes - filler.offset) {
        m_fillerBytes = 0;
        m_shared.counters.malformed.fetch_add(1, std::memory_order_relaxed);
        return;
    }
    m_fillerBytes += bytes;
    m_fillerCurve.push_back({nowNs, wireBytes + (m_fillerCurve.empty() ? 0 : m_fillerCurve.back().wireBytes)});
    if (m_fillerBytes == filler.totalBytes)
        endFiller();
}

/// All of it is here, or a request ended it: what came tells as well.
void EdgeLoop::endFiller()
{
    if (!m_fillerCurve.empty())
        m_handler.onProbe(m_fillerCurve);
    m_fillerCurve.clear();
    m_fillerBytes = 0;
}

void EdgeLoop::failRequest(const Incoming& message, const Error& error)
{
    m_shared.counters.malformed.fetch_add(1, std::memory_order_relaxed);
    const auto origin = wire::originOf(message.headerView());
    if (!origin.namesRequest || m_failed == std::pair(origin.run, origin.firstFrame))
        return;
    m_failed = {origin.run, origin.firstFrame};
    base::log(base::LogLevel::Debug, "link", "refused a request: " + error.message());
    m_dataWatch.touch();
    const wire::Failure failure{std::string(base::name(error.code)), error.text, error.where};
    const auto header = wire::encode({0, wire::RequestFailed{origin.run, origin.firstFrame, failure}});
    if (sendFrames(*m_data, nullptr, header, {}) == Sent::Yes)
        m_shared.counters.sent(header.size());
}

void EdgeLoop::sendProgress(std::int64_t nowNs)
{
    for (const auto& progress : m_assembler.progress(nowNs)) {
        m_dataWatch.touch();
        const auto header = wire::encode({0, progress});
        if (sendFrames(*m_data, nullptr, header, {}) == Sent::Yes)  // only a sign of life: a full pipe loses nothing
            m_shared.counters.sent(header.size());
    }
}

void EdgeLoop::heard(std::int64_t nowNs)
{
    const auto silentFor = nowNs - m_lastHeardNs;
    m_lastHeardNs = nowNs;
    m_renewals = 0;
    m_nextRenewalNs = nowNs + base::fromMs(m_options.silenceMs);
    if (m_shared.state == LinkState::Silent)
        become(LinkState::Connected, "answers again after " + seconds(silentFor));
    else if (m_shared.state == LinkState::Connecting)
        become(LinkState::Connected, "the device answers");
}

void EdgeLoop::become(LinkState state, const std::string& why)
{
    m_shared.state = state;
    m_handler.onState(state, why);
}

void EdgeLoop::watchSilence(std::int64_t nowNs)
{
    const auto silentFor = nowNs - m_lastHeardNs;
    if (base::toMs(silentFor) <= m_options.silenceMs)
        return;
    if (m_shared.state == LinkState::Connected)
        become(LinkState::Silent, "no answer for " + seconds(silentFor));
    if (nowNs < m_nextRenewalNs)
        return;
    closeSockets();
    openSockets(nowNs);
}

void EdgeLoop::ping(std::int64_t nowNs)
{
    m_nextPingNs = nowNs + base::fromMs(m_options.pingMs);
    m_controlWatch.touch();
    m_dataWatch.touch();
    const auto header = wire::encode({0, wire::Ping{++m_sequence}});
    // The one on the data socket is not answered: it shows the device whose connection that is.
    if (sendFrames(*m_data, nullptr, header, {}) == Sent::Yes)
        m_shared.counters.sent(header.size());
    if (sendFrames(*m_control, nullptr, header, {}) == Sent::Yes) {
        m_shared.counters.sent(header.size());
        m_pings[m_sequence] = nowNs;
        if (m_pings.size() > kMaxPings)
            m_pings.erase(m_pings.begin());
    } else {
        constexpr double kSoonMs = 10;  // no connection yet: ping as soon as there is one
        m_nextPingNs = nowNs + base::fromMs(std::min(kSoonMs, m_options.pingMs));
    }
}

void EdgeLoop::closeSockets()
{
    for (auto* socket : {&m_control, &m_data}) {
        if (*socket)
            m_sockets.remove((*socket)->get(zmq::sockopt::fd));
        socket->reset();
    }
    m_pings.clear();
    m_assembler.clear();
}

void EdgeLoop::openSockets(std::int64_t nowNs)
{
    m_nextRenewalNs = nowNs + base::fromMs(renewalMs(m_renewals++));
    m_nextPingNs = nowNs;
    if (auto status = connect(); !status) {
        base::logError("link", status.error());
        m_shared.stopping = true;
    }
}

}  // namespace splitscope::link
