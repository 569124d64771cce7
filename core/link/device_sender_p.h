// SPDX-License-Identifier: GPL-3.0-or-later
// What leaves the device: control messages as they come, requests in order and in chunks, paced by the token bucket; all of it
// held back by the added delay. On the link's thread only.
#pragma once

#include "core/base/random.h"
#include "core/link/kernel_rate.h"
#include "core/link/peers_p.h"
#include "core/link/rate_player.h"
#include "core/link/socket_p.h"
#include "core/link/token_bucket.h"

#include <deque>
#include <limits>
#include <memory>
#include <set>

namespace splitscope::link {

/// How much waits for the link's thread and the sockets; shared with the threads that send.
struct QueueLoad {
    std::atomic<std::size_t> controls{0};
    std::atomic<std::size_t> requests{0};
    std::atomic<std::uint64_t> requestBytes{0};
    std::atomic<double> setBytesPerSecond{0};  ///< of the shaper, now; 0: unshaped
};

/// A request that waits for its turn, or a probe, which has no run and its own number for a first frame.
struct WaitingRequest {
    std::string peer;
    wire::Request request;
    bool isProbe = false;
    std::shared_ptr<const base::Bytes> payload;  ///< null for labels
    std::int64_t readyNs = 0;  ///< queued then
    std::uint64_t offset = 0;  ///< bytes that have left
    bool opened = false;
    std::int64_t firstHandedNs = 0;
    std::uint64_t wireBytes = 0;
    base::Bytes header;  ///< of the next chunk; empty: not made yet
};

/// What setShaping() orders.
struct ShapingOrder {
    wire::Shaping shaping;
    std::shared_ptr<const sim::Trace> trace;  ///< null: the shaping's own rate
    double startMs = 0;
    std::shared_ptr<KernelRate> kernel;  ///< null: the token bucket here shapes
};

class DeviceSender {
public:
    static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

    DeviceSender(zmq::socket_t& control, zmq::socket_t& data, const PeerTable& peers, DeviceLinkHandler& handler,
                 AtomicCounters& counters, QueueLoad& load);

    void addControl(const std::string& peer, base::Bytes header, std::int64_t nowNs);
    /// A request ends a probe that is being sent: frames do not wait for filler.
    void addRequest(WaitingRequest request);
    void cancel(std::uint64_t run, std::uint64_t firstFrame);
    void setShaping(const ShapingOrder& order, std::int64_t nowNs);

    /// Hands over what is due. Returns when to be called again (kNever: when there is something new).
    std::int64_t pump(std::int64_t nowNs);

private:
    /// A message on its way through the added delay.
    struct Leaving {
        std::string peer;
        std::int64_t dueNs = 0;
        base::Bytes header;
        std::shared_ptr<const base::Bytes> payload;
        std::size_t offset = 0, length = 0;
        std::uint64_t run = 0, firstFrame = 0;  ///< data only
        bool isLast = false;
        std::int64_t firstHandedNs = 0;
        std::int64_t leftNs = 0;  ///< the shaper let its last byte go; what follows is the added delay
        std::uint64_t wireBytes = 0;  ///< of the whole request, on its last chunk
        std::int64_t heldSinceNs = 0;  ///< there is no connection since then; 0: there is
    };
    enum class Fate { Sent, Kept, Hopeless };

    void followRate(std::int64_t nowNs);
    [[nodiscard]] std::int64_t delayNs();
    void later(std::int64_t atNs) { m_nextNs = std::min(m_nextNs, atNs); }
    void pumpControl(std::int64_t nowNs);
    void pumpData(std::int64_t nowNs);
    void flushData(std::int64_t nowNs);
    Fate hand(Leaving& leaving, std::int64_t nowNs);
    bool startNextChunk(std::int64_t nowNs);
    void prepareHeader(WaitingRequest& waiting) const;
    [[nodiscard]] std::size_t nextChunkBytes(const WaitingRequest& waiting) const;
    [[nodiscard]] double nextCost(const WaitingRequest& waiting) const;
    std::deque<WaitingRequest>::iterator nextWaiting();
    void finish(const WaitingRequest& waiting);
    [[nodiscard]] Handover handoverOf(const Leaving& leaving, std::int64_t handedNs) const;
    void giveUp(const Leaving& leaving);

    zmq::socket_t& m_controlSocket;
    zmq::socket_t& m_dataSocket;
    const PeerTable& m_peers;
    DeviceLinkHandler& m_handler;
    AtomicCounters& m_counters;
    QueueLoad& m_load;

    std::deque<Leaving> m_control;
    std::deque<Leaving> m_data;
    std::deque<WaitingRequest> m_waiting;
    std::set<std::string> m_blocked;  ///< peers whose data pipe is full or not there, found in this pump
    TokenBucket m_bucket;
    std::shared_ptr<KernelRate> m_kernel;
    RatePlayer m_rate;
    wire::Shaping m_shaping;
    base::Random m_random{1};  ///< of the jitter
    std::int64_t m_rateChangesNs = kNever;
    std::int64_t m_nextNs = kNever;
};

}  // namespace splitscope::link
