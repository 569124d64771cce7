// SPDX-License-Identifier: GPL-3.0-or-later
// One device link on its hub's thread: sockets, incoming messages, time.
#pragma once

#include "core/link/device_sender_p.h"
#include "core/link/loop_thread_p.h"
#include "core/link/zap.h"

#include <variant>

namespace splitscope::link {

struct ControlOrder {
    std::string peer;
    base::Bytes header;
};
struct CancelOrder {
    std::uint64_t run = 0;
    std::uint64_t firstFrame = 0;
};
using Order = std::variant<ControlOrder, WaitingRequest, CancelOrder, ShapingOrder>;

struct Ports {
    int control = 0;
    int data = 0;
};

/// Shared between the hub's thread and the callers.
struct DeviceShared {
    DeviceShared(LoopThread& thread, const ZapHandler& hubsZap) : summons(thread), zap(hubsZap) {}

    std::atomic<bool> stopping{false};
    Summons summons;
    const ZapHandler& zap;  ///< who may be heard
    QueueLoad load;
    AtomicCounters counters;

    void post(Order order);
    std::vector<Order> take();

private:
    std::mutex m_mutex;
    std::vector<Order> m_orders;
};

/// Every method is for the hub's thread.
class DeviceLoop final : public LinkLoop {
public:
    DeviceLoop(zmq::context_t& context, WakeSet& sockets, const DeviceLinkOptions& options, DeviceLinkHandler& handler,
               DeviceShared& shared);
    ~DeviceLoop() override;

    /// Binds both sockets; an Error says which address is taken.
    base::Result<Ports> bind();

    void giveUp() override { m_shared.stopping = true; }

private:
    void turn() override;
    void prepare() override;
    [[nodiscard]] std::int64_t dueNs() const override;
    [[nodiscard]] bool stopping() const { return m_shared.stopping.load(std::memory_order_relaxed); }
    base::Result<int> bindOne(zmq::socket_t& socket, int port);
    bool obeyOrders();
    void drain(zmq::socket_t& socket, SocketWatch& watch, PeerTable::Socket which);
    void takeIn(Incoming& message, PeerTable::Socket which);
    void takeControl(const Incoming& message);
    void takeData(const Incoming& message);
    void refuse(const Incoming& message, PeerTable::Socket which, const base::Error& error);
    void tick(std::int64_t nowNs);

    const DeviceLinkOptions& m_options;
    DeviceLinkHandler& m_handler;
    DeviceShared& m_shared;
    WakeSet& m_sockets;
    zmq::socket_t m_control;
    zmq::socket_t m_data;
    SocketWatch m_controlWatch{*this};
    SocketWatch m_dataWatch{*this};
    PeerTable m_peers;
    DeviceSender m_sender;
    Incoming m_incoming;
    bool m_hasRead = false;  ///< in this round
    std::int64_t m_nextSendNs = 0;
    std::int64_t m_nextTickNs = 0;
    std::int64_t m_lastTurnNs = 0;  ///< 0: it had none yet
};

}  // namespace splitscope::link
