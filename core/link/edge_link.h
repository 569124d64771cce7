// SPDX-License-Identifier: GPL-3.0-or-later
// The edge's end of the link to one device: two DEALER sockets with a fixed identity on a hub's thread.
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/link/bandwidth_estimator.h"
#include "core/link/device_link.h"
#include "core/link/edge_hub.h"

namespace splitscope::link {

struct EdgeLinkOptions {
    std::string host = "127.0.0.1";
    int controlPort = 0;
    int dataPort = 0;
    std::string deviceKey;  ///< the device's public key
    KeyPair keys;  ///< this edge's
    std::string identity;  ///< fixed; empty: from the public key
    double pingMs = 250;
    double silenceMs = 1000;  ///< no message for this long: the device is silent
};

enum class LinkState {
    Connecting,  ///< nothing heard yet
    Connected,
    Silent  ///< was connected; keeps trying
};

/// What a link can be made to suffer, so that everything above it can be tried.
enum class LinkFault {
    Stall,  ///< for a while nothing passes in either direction; the connections stay, and what waits comes afterwards
    Cut,  ///< the connections are closed, and for a while there are no others
    Damage  ///< the next message each way, on control and on data, arrives damaged, so that it cannot be decoded
};

/// A request as it arrived whole.
struct ArrivedRequest {
    wire::Request request;
    base::Bytes payload;
    std::int64_t completeNs = 0;  ///< base::nowNs() when its last chunk was taken from the socket
    std::uint64_t wireBytes = 0;
    std::vector<Arrival> curve{};  ///< when its chunks came
};

/// All calls come on the hub's thread and must return quickly: other links wait meanwhile.
class EdgeLinkHandler {
public:
    virtual ~EdgeLinkHandler() = default;
    virtual void onControl(const wire::Message& message) = 0;
    virtual void onRequest(ArrivedRequest request) = 0;
    virtual void onState(LinkState state, const std::string& why) = 0;
    virtual void onRoundTrip(double rttMs) = 0;  ///< of each ping
    virtual void onProbe(const std::vector<Arrival>& curve) { static_cast<void>(curve); }  ///< a probe's filler is here
};

/// Connects in start() and keeps reconnecting (ZeroMQ's own, intervals 50 to 500 ms, plus fresh sockets after silence, so
/// that a peer that comes back is talked to within 2 s); chunks are assembled, malformed messages counted and dropped,
/// Progress sent for requests of many chunks. Methods may be called from any thread.
class EdgeLink {
public:
    /// On the thread of a hub that it shares with others; null: of one of its own.
    static base::Result<std::unique_ptr<EdgeLink>> start(const EdgeLinkOptions& options, EdgeLinkHandler& handler,
                                                         std::shared_ptr<EdgeHub> hub = {});
    ~EdgeLink();  ///< returns when the sockets are closed and no call comes any more. Not on the hub's thread
    EdgeLink(const EdgeLink&) = delete;
    EdgeLink& operator=(const EdgeLink&) = delete;

    base::Status sendControl(const wire::Message& message, base::Bytes payload = {});
    base::Status sendData(const wire::Message& message);
    /// From now on, for so long where it lasts. A second one of the same kind begins anew.
    void suffer(LinkFault fault, double ms);
    [[nodiscard]] LinkState state() const;
    [[nodiscard]] LinkCounters counters() const;

private:
    struct Private;
    explicit EdgeLink(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

}  // namespace splitscope::link
