// SPDX-License-Identifier: GPL-3.0-or-later
// The device link's thread: sockets, incoming messages, time.
#pragma once

#include "core/link/device_sender_p.h"
#include "core/link/waker.h"
#include "core/link/zap.h"

#include <atomic>
#include <future>
#include <mutex>
#include <thread>
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

/// Shared between the link's thread and the callers.
struct DeviceShared {
    std::atomic<bool> stopping{false};
    std::atomic<std::thread::id> thread{};
    Waker waker;
    QueueLoad load;
    const ZapHandler* zap = nullptr;  ///< who may be heard
    AtomicCounters counters;

    void post(Order order);
    std::vector<Order> take();

private:
    std::mutex m_mutex;
    std::vector<Order> m_orders;
};

class DeviceLoop {
public:
    DeviceLoop(zmq::context_t& context, const DeviceLinkOptions& options, DeviceLinkHandler& handler, DeviceShared& shared);

    /// Binds both sockets; an Error says which address is taken.
    base::Result<Ports> bind();
    /// Until shared.stopping.
    void run();

private:
    base::Result<int> bindOne(zmq::socket_t& socket, int port);
    void obeyOrders();
    void wait(std::int64_t untilNs);
    void drain(zmq::socket_t& socket, PeerTable::Socket which);
    void takeIn(Incoming& message, PeerTable::Socket which);
    void takeControl(const Incoming& message);
    void takeData(const Incoming& message);
    void refuse(const Incoming& message, PeerTable::Socket which, const base::Error& error);
    void tick(std::int64_t nowNs);

    const DeviceLinkOptions& m_options;
    DeviceLinkHandler& m_handler;
    DeviceShared& m_shared;
    zmq::socket_t m_control;
    zmq::socket_t m_data;
    Alarm m_alarm;
    PeerTable m_peers;
    DeviceSender m_sender;
    Incoming m_incoming;
    std::int64_t m_nextTickNs = 0;
    std::int64_t m_lastTurnNs = 0;
};

}  // namespace splitscope::link
