// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/link/device_link.h"

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/link/device_hub_p.h"
#include "core/link/device_loop_p.h"
#include "core/wire/encoding.h"

#include <numeric>

namespace splitscope::link {

using base::Error;
using base::ErrorCode;

namespace {

constexpr std::size_t kMaxQueuedControls = 4096;
constexpr std::size_t kMaxQueuedRequests = 256;
constexpr std::uint64_t kMaxQueuedBytes = 2 * wire::kMaxPayloadBytes;

base::Status checkOptions(const DeviceLinkOptions& options)
{
    if (!isKey(options.keys.publicKey) || !isKey(options.keys.secretKey))
        return Error{ErrorCode::InvalidInput, "the device has no valid key pair", "keys"};
    for (const auto& key : options.allowedKeys)
        if (!isKey(key))
            return Error{ErrorCode::InvalidInput, "'" + key + "' is no public key", "allow-list"};
    if (options.port < 0 || options.port > 65534)
        return Error{ErrorCode::InvalidInput, std::to_string(options.port) + " is outside 0 to 65534", "port"};
    return {};
}

base::Status checkRequest(const wire::Request& request, std::size_t payloadBytes)
{
    if (payloadBytes > wire::kMaxPayloadBytes)
        return Error{ErrorCode::TooLarge,
                     std::to_string(payloadBytes) + " bytes; the limit is " + std::to_string(wire::kMaxPayloadBytes), "payload"};
    if (std::accumulate(request.sizes.begin(), request.sizes.end(), std::uint64_t{0}) != payloadBytes)
        return Error{ErrorCode::InvalidInput, "the sizes of the rows do not add up to the payload", "request.sizes"};
    return {};
}

}  // namespace

struct DeviceLink::Private {
    DeviceLinkOptions options;
    std::shared_ptr<DeviceHub> hub;  ///< outlives what follows
    DeviceHub::Private& hubs;
    DeviceShared shared;
    Ports ports;
    std::unique_ptr<DeviceLoop> loop;  ///< the hub's thread only

    Private(const DeviceLinkOptions& linkOptions, std::shared_ptr<DeviceHub> onHub, DeviceHub::Private& its)
        : options(linkOptions), hub(std::move(onHub)), hubs(its), shared(its.thread, its.zap)
    {
    }
    base::Status listen(DeviceLinkHandler& handler);
    base::Status post(const std::string& peer, const wire::Message& message);
    base::Status openKernel();

    std::mutex kernelMutex;
    std::shared_ptr<KernelRate> kernel;  ///< while the kernel shapes
};

/// On the hub's thread.
base::Status DeviceLink::Private::listen(DeviceLinkHandler& handler)
{
    try {
        loop = std::make_unique<DeviceLoop>(hubs.thread.context, hubs.thread.sockets, options, handler, shared);
    } catch (const zmq::error_t& error) {
        return Error{ErrorCode::Internal, error.what(), "sockets"};
    }
    const auto bound = loop->bind();
    if (!bound) {
        loop.reset();
        return bound.error();
    }
    ports = *bound;
    hubs.thread.loops.push_back(loop.get());
    return {};
}

base::Result<std::unique_ptr<DeviceLink>> DeviceLink::start(const DeviceLinkOptions& options, DeviceLinkHandler& handler,
                                                            std::shared_ptr<DeviceHub> hub)
{
    if (auto status = checkOptions(options); !status)
        return status.error();
    try {
        if (!hub)
            hub = std::make_shared<DeviceHub>(options.allowedKeys);
        auto& hubs = *hub->d;
        if (!hubs.authenticates)
            return hubs.authenticates.error();
        auto d = std::make_unique<Private>(options, std::move(hub), hubs);
        base::Status status;
        hubs.thread.call([&] { status = d->listen(handler); });
        if (!status)
            return status.error();
        return std::unique_ptr<DeviceLink>(new DeviceLink(std::move(d)));
    } catch (const zmq::error_t& error) {
        return Error{ErrorCode::Internal, error.what(), "device link"};
    }
}

DeviceLink::DeviceLink(std::unique_ptr<Private> p) : d(std::move(p)) {}

DeviceLink::~DeviceLink()
{
    d->shared.stopping = true;  // a turn that is under way ends soon
    d->hubs.thread.call([p = d.get()] {
        std::erase(p->hubs.thread.loops, p->loop.get());
        p->loop.reset();
    });
}

void DeviceLink::setAllowedKeys(const std::vector<std::string>& keys) { d->hubs.zap.setAllowed(keys); }

int DeviceLink::controlPort() const { return d->ports.control; }
int DeviceLink::dataPort() const { return d->ports.data; }

base::Status DeviceLink::Private::post(const std::string& peer, const wire::Message& message)
{
    auto header = wire::encode(message);
    if (header.size() > wire::kMaxHeaderBytes)
        return Error{ErrorCode::TooLarge,
                     std::to_string(header.size()) + " bytes; the limit is " + std::to_string(wire::kMaxHeaderBytes),
                     std::string(wire::typeName(message.body))};
    if (shared.load.controls.fetch_add(1) >= kMaxQueuedControls) {
        shared.load.controls.fetch_sub(1);
        shared.counters.refusedSends.fetch_add(1);
        return Error{ErrorCode::Refused, "too many messages wait to be sent", "link to " + peer};
    }
    shared.post(ControlOrder{peer, std::move(header)});
    return {};
}

base::Status DeviceLink::sendControl(const std::string& peer, const wire::Message& message)
{
    const auto* journal = std::get_if<wire::Journal>(&message.body);
    auto status = d->post(peer, message);
    if (status || status.error().code != ErrorCode::TooLarge || !journal || journal->records.size() < 2)
        return status;
    // Batches with their logits can fill a header with few records.
    const auto middle = journal->records.begin() + static_cast<std::ptrdiff_t>(journal->records.size() / 2);
    if (auto first = sendControl(peer, {message.id, wire::Journal{journal->run, {journal->records.begin(), middle}}}); !first)
        return first;
    return sendControl(peer, {message.id, wire::Journal{journal->run, {middle, journal->records.end()}}});
}

base::Status DeviceLink::sendRequest(const std::string& peer, wire::Request request, std::shared_ptr<const base::Bytes> payload)
{
    const std::size_t bytes = payload ? payload->size() : 0;
    if (auto status = checkRequest(request, bytes); !status)
        return status;
    auto& load = d->shared.load;
    const bool fits = load.requests.fetch_add(1) < kMaxQueuedRequests;
    if (load.requestBytes.fetch_add(bytes) + bytes > kMaxQueuedBytes || !fits) {
        load.requests.fetch_sub(1);
        load.requestBytes.fetch_sub(bytes);
        d->shared.counters.refusedSends.fetch_add(1);
        return Error{ErrorCode::Refused, "too many requests wait to be sent", "link to " + peer};
    }
    WaitingRequest waiting;
    waiting.peer = peer;
    waiting.request = std::move(request);
    waiting.request.payloadBytes = bytes;
    waiting.payload = std::move(payload);
    waiting.readyNs = base::nowNs();
    d->shared.post(std::move(waiting));
    return {};
}

void DeviceLink::cancelRequest(std::uint64_t run, std::uint64_t firstFrame) { d->shared.post(CancelOrder{run, firstFrame}); }

base::Status DeviceLink::sendProbe(const std::string& peer, std::uint64_t probe, std::uint64_t bytes)
{
    static const auto kFiller = std::make_shared<const base::Bytes>(wire::kMaxProbeBytes);
    if (bytes == 0 || bytes > wire::kMaxProbeBytes)
        return Error{ErrorCode::InvalidInput, "is not 1 to " + std::to_string(wire::kMaxProbeBytes) + " bytes", "probe"};
    auto& load = d->shared.load;
    if (load.requests.load() > 0)
        return Error{ErrorCode::Busy, "requests are on their way: they tell the rate as well", "probe"};
    load.requests.fetch_add(1);
    load.requestBytes.fetch_add(bytes);
    WaitingRequest waiting;
    waiting.peer = peer;
    waiting.isProbe = true;
    waiting.request.firstFrame = probe;
    waiting.request.payloadBytes = bytes;
    waiting.payload = kFiller;
    waiting.readyNs = base::nowNs();
    d->shared.post(std::move(waiting));
    return {};
}

base::Status DeviceLink::Private::openKernel()
{
    if (kernel)
        return {};
    if (options.interface.empty())
        return Error{
            ErrorCode::Unsupported,
            "the kernel cannot shape where no interface is named; start splitscoped with --interface, or let it shape by "
            "itself ('user')",
            "shaping"};
    auto shaper = KernelShaper::open(options.interface);
    if (!shaper)
        return shaper.error();
    kernel = std::make_shared<KernelRate>(std::move(*shaper), [](const Error& error) { base::logError("link", error); });
    return {};
}

base::Status DeviceLink::setShaping(const wire::Shaping& shaping, std::shared_ptr<const sim::Trace> trace, double startMs)
{
    const std::lock_guard lock(d->kernelMutex);
    if (shaping.by == wire::ShapedBy::User)
        d->kernel.reset();
    else if (auto status = d->openKernel(); !status)
        return status;
    d->shared.post(ShapingOrder{shaping, std::move(trace), startMs, d->kernel});
    return {};
}

double DeviceLink::setBytesPerSecond() const { return d->shared.load.setBytesPerSecond.load(std::memory_order_relaxed); }

LinkCounters DeviceLink::counters() const
{
    auto counters = d->shared.counters.values();
    counters.denied = d->hubs.zap.denied();
    return counters;
}

}  // namespace splitscope::link
