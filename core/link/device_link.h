// SPDX-License-Identifier: GPL-3.0-or-later
// The device's end of the link: two ROUTER sockets (control and data) on a hub's thread, CURVE server, allow-list.
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/link/device_hub.h"
#include "core/link/keys.h"
#include "core/sim/trace.h"
#include "core/wire/messages.h"

#include <memory>

namespace splitscope::link {

struct DeviceLinkOptions {
    std::string bindAddress = "127.0.0.1";
    int port = 0;  ///< control; 0: any free one. Data listens on the next port (any free one for 0).
    KeyPair keys;
    std::vector<std::string> allowedKeys;  ///< nobody else gets anything, not even a version. A shared hub has its own
    int maxPeers = 16;
    double messagesPerSecond = 20'000;  ///< of one peer; what comes faster for over a second is dropped and counted
    std::string interface;  ///< that the kernel may shape; empty: none
    double silenceMs = 1500;  ///< a peer without a message for this long is silent
};

struct LinkCounters {
    std::uint64_t sentBytes = 0, receivedBytes = 0;
    std::uint64_t sentMessages = 0, receivedMessages = 0;
    std::uint64_t malformed = 0;  ///< undecodable headers, wrong versions, oversized frames: answered or dropped
    std::uint64_t refusedSends = 0;
    std::uint64_t denied = 0;  ///< connections of peers that are not in the allow-list (device only)
    std::uint64_t tooFast = 0;  ///< messages over a peer's rate (device only)
};

/// A request has left.
struct Handover {
    std::uint64_t run = 0;
    std::uint64_t firstFrame = 0;
    /// When its first byte began to leave: the same moment as lastNs for a small unshaped request, the turn in the shaper's
    /// queue for a shaped one (so that shaping and added delay count as transfer).
    std::int64_t firstNs = 0;
    std::int64_t lastNs = 0;  ///< its last chunk was handed to the socket
    std::uint64_t wireBytes = 0;  ///< with the estimated framing overhead (token_bucket.h)
    double setBytesPerSecond = 0;  ///< the shaper's mean rate meanwhile; 0: unshaped
};

/// What the link tells. All calls come on the hub's thread and must return quickly: links that share it wait meanwhile.
class DeviceLinkHandler {
public:
    virtual ~DeviceLinkHandler() = default;
    /// A decoded control message of an edge, with its payload frame (empty but for model-push).
    virtual void onControl(const std::string& peer, const wire::Message& message, base::ByteView payload) = 0;
    /// Reply, RequestFailed or Progress on the data socket. The link itself makes a RequestFailed ("unreachable") of a request
    /// that could not be handed over because its peer is gone.
    virtual void onData(const std::string& peer, const wire::Message& message) = 0;
    virtual void onHandedOver(const Handover& handover) = 0;
    virtual void onPeerAlive(const std::string& peer) = 0;  ///< first message, or first after silence
    virtual void onPeerSilent(const std::string& peer) = 0;  ///< nothing for silenceMs
    /// Several times a second, for time-outs.
    virtual void onTick() = 0;
};

/// Starts listening in start(); stops in the destructor, which returns when the sockets are closed and no call comes any more
/// (not on the hub's thread). Other methods may be called from any thread, also from the handler.
class DeviceLink {
public:
    /// On the thread of a hub that it shares with others; null: of one of its own.
    static base::Result<std::unique_ptr<DeviceLink>> start(const DeviceLinkOptions& options, DeviceLinkHandler& handler,
                                                           std::shared_ptr<DeviceHub> hub = {});
    ~DeviceLink();
    DeviceLink(const DeviceLink&) = delete;
    DeviceLink& operator=(const DeviceLink&) = delete;

    [[nodiscard]] int controlPort() const;
    [[nodiscard]] int dataPort() const;

    /// Who may connect from now on, to the hub's other links as well; who may no more is not heard any longer, at once.
    void setAllowedKeys(const std::vector<std::string>& keys);

    /// Queues a control message (a Journal too large for one header leaves as several); full queues are an Error (Refused), never
    /// silence.
    base::Status sendControl(const std::string& peer, const wire::Message& message);
    /// Queues a request; it leaves in chunks of at most kChunkBytes, paced by the shaper's token bucket, whole wire bytes
    /// counted, delayed by the shaping's delay. Requests leave in order. wire::Request.payloadBytes is set here.
    base::Status sendRequest(const std::string& peer, wire::Request request, std::shared_ptr<const base::Bytes> payload);
    /// Forgets the chunks of a request that have not left yet (it was finished on the device).
    void cancelRequest(std::uint64_t run, std::uint64_t firstFrame);
    /// With a trace, its rate from startMs on takes the place of shaping.bytesPerSecond. An Error where the kernel is to shape
    /// and cannot be made to: no interface was named, or the privilege is missing. Not on the link's thread.
    base::Status setShaping(const wire::Shaping& shaping, std::shared_ptr<const sim::Trace> trace = {}, double startMs = 0);
    /// Sends so many meaningless bytes as a request's would travel; refused while much else waits.
    base::Status sendProbe(const std::string& peer, std::uint64_t probe, std::uint64_t bytes);
    /// The shaper's rate now; 0: unshaped.
    [[nodiscard]] double setBytesPerSecond() const;
    [[nodiscard]] LinkCounters counters() const;

private:
    struct Private;
    explicit DeviceLink(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

}  // namespace splitscope::link
