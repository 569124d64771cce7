// SPDX-License-Identifier: GPL-3.0-or-later
// One link on its hub's thread: two DEALER sockets, heartbeats, reconnection, assembly of requests.
#pragma once

#include "core/link/assembler.h"
#include "core/link/loop_thread_p.h"
#include "core/link/socket_p.h"

#include <deque>
#include <map>
#include <optional>

namespace splitscope::link {

/// Ways that messages take, as bits.
enum Way : unsigned { ControlOut = 1, DataOut = 2, ControlIn = 4, DataIn = 8 };
inline constexpr unsigned kEveryWay = ControlOut | DataOut | ControlIn | DataIn;

/// A message that waits for its socket.
struct EdgeOutgoing {
    bool isData = false;
    base::Bytes header;
    base::Bytes payload;
    std::int64_t queuedNs = 0;
};

/// Shared between the hub's thread and the callers.
struct EdgeShared {
    explicit EdgeShared(LoopThread& thread) : summons(thread) {}

    std::atomic<bool> stopping{false};
    std::atomic<LinkState> state{LinkState::Connecting};
    Summons summons;
    AtomicCounters counters;
    std::atomic<std::size_t> queuedMessages{0};
    std::atomic<std::uint64_t> queuedBytes{0};
    std::atomic<std::int64_t> stalledUntilNs{0}, cutUntilNs{0};
    std::atomic<unsigned> damages{0};  ///< whose next message arrives damaged: bits of Way

    void suffer(LinkFault fault, double ms);
    void post(EdgeOutgoing outgoing);
    std::vector<EdgeOutgoing> take();

private:
    std::mutex m_mutex;
    std::vector<EdgeOutgoing> m_orders;
};

/// Every method is for the hub's thread.
class EdgeLoop final : public LinkLoop {
public:
    EdgeLoop(zmq::context_t& context, WakeSet& sockets, const EdgeLinkOptions& options, EdgeLinkHandler& handler,
             EdgeShared& shared);
    ~EdgeLoop() override { closeSockets(); }

    /// Opens and connects both sockets; a malformed address is an Error. Nobody has to answer yet.
    base::Status connect();

    void giveUp() override { m_shared.stopping = true; }

private:
    void turn() override;
    void prepare() override;
    [[nodiscard]] std::int64_t dueNs() const override;
    zmq::socket_t makeSocket(zmq::socket_type type, int highWaterMark) const;
    void collect();
    void pump();
    void flush(zmq::socket_t& socket, SocketWatch& watch, std::deque<EdgeOutgoing>& queue, Way way);
    bool drainControl();
    bool drainData();
    void takeControl(const Incoming& message);
    void takeData(const Incoming& message);
    void takePong(const wire::Pong& pong);
    void endFiller();
    void takeFiller(const wire::Filler& filler, std::uint64_t wireBytes, std::size_t bytes, std::int64_t nowNs);
    void failRequest(const Incoming& message, const base::Error& error);
    void heard(std::int64_t nowNs);
    void watchSilence(std::int64_t nowNs);
    [[nodiscard]] bool stopping() const { return m_shared.stopping.load(std::memory_order_relaxed); }
    void ping(std::int64_t nowNs);
    void closeSockets();
    void openSockets(std::int64_t nowNs);
    // Faults: edge_loop_faults.cpp
    bool heldBack(std::int64_t nowNs);
    void sitOut();
    void damage(Way way, std::span<std::uint8_t> header);
    void become(LinkState state, const std::string& why);
    void sendProgress(std::int64_t nowNs);

    const EdgeLinkOptions& m_options;
    EdgeLinkHandler& m_handler;
    EdgeShared& m_shared;
    zmq::context_t& m_context;
    WakeSet& m_sockets;
    std::string m_identity;
    std::optional<zmq::socket_t> m_control;
    std::optional<zmq::socket_t> m_data;
    SocketWatch m_controlWatch{*this};
    SocketWatch m_dataWatch{*this};
    std::deque<EdgeOutgoing> m_controlQueue;
    std::deque<EdgeOutgoing> m_dataQueue;
    Assembler m_assembler;
    Incoming m_incoming;
    std::uint64_t m_fillerBytes = 0;  ///< of the probe whose filler is coming in
    std::vector<Arrival> m_fillerCurve;
    std::pair<std::uint64_t, std::uint64_t> m_failed{0, 0};  ///< the last request that was refused: said once, not per chunk

    std::map<std::uint64_t, std::int64_t> m_pings;  ///< sequence → when sent
    std::uint64_t m_sequence = 0;
    std::int64_t m_nextPingNs = 0;
    std::int64_t m_lastHeardNs = 0;
    std::int64_t m_lastTurnNs = 0;  ///< 0: it had none yet
    bool m_heldBack = false;  ///< in this round
    std::int64_t m_nextRenewalNs = 0;
    int m_renewals = 0;
};

}  // namespace splitscope::link
