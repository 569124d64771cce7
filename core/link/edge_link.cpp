// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/link/edge_link.h"

#include "core/base/clock.h"
#include "core/link/edge_hub_p.h"
#include "core/link/edge_loop_p.h"
#include "core/wire/encoding.h"

namespace splitscope::link {

using base::Error;
using base::ErrorCode;

namespace {

constexpr std::size_t kMaxQueuedMessages = 4096;
constexpr std::uint64_t kMaxQueuedBytes = 64ULL << 20;

base::Status checkOptions(const EdgeLinkOptions& options)
{
    if (!isKey(options.keys.publicKey) || !isKey(options.keys.secretKey))
        return Error{ErrorCode::InvalidInput, "this edge has no valid key pair", "keys"};
    if (!isKey(options.deviceKey))
        return Error{ErrorCode::InvalidInput, "is no public key: 40 Z85 characters", "the device's key"};
    for (const int port : {options.controlPort, options.dataPort})
        if (port < 1 || port > 65535)
            return Error{ErrorCode::InvalidInput, std::to_string(port) + " is outside 1 to 65535", "port"};
    if (options.host.empty())
        return Error{ErrorCode::InvalidInput, "is empty", "host"};
    return {};
}

}  // namespace

void EdgeShared::post(EdgeOutgoing outgoing)
{
    bool wasEmpty = false;
    {
        const std::lock_guard lock(m_mutex);
        wasEmpty = m_orders.empty();
        m_orders.push_back(std::move(outgoing));
    }
    if (wasEmpty)
        summons.call();
}

std::vector<EdgeOutgoing> EdgeShared::take()
{
    std::vector<EdgeOutgoing> orders;
    const std::lock_guard lock(m_mutex);
    orders.swap(m_orders);
    return orders;
}

struct EdgeLink::Private {
    EdgeLinkOptions options;
    std::shared_ptr<EdgeHub> hub;  ///< outlives what follows
    LoopThread& thread;
    EdgeShared shared;
    std::unique_ptr<EdgeLoop> loop;  ///< the hub's thread only

    Private(const EdgeLinkOptions& linkOptions, std::shared_ptr<EdgeHub> onHub, LoopThread& its)
        : options(linkOptions), hub(std::move(onHub)), thread(its), shared(its)
    {
    }
    base::Status connect(EdgeLinkHandler& handler);
    base::Status post(const wire::Message& message, base::Bytes payload, bool isData);
};

/// On the hub's thread.
base::Status EdgeLink::Private::connect(EdgeLinkHandler& handler)
{
    loop = std::make_unique<EdgeLoop>(thread.context, thread.sockets, options, handler, shared);
    auto status = loop->connect();
    if (status)
        thread.loops.push_back(loop.get());
    else
        loop.reset();
    return status;
}

base::Result<std::unique_ptr<EdgeLink>> EdgeLink::start(const EdgeLinkOptions& options, EdgeLinkHandler& handler,
                                                        std::shared_ptr<EdgeHub> hub)
{
    if (auto status = checkOptions(options); !status)
        return status.error();
    try {
        if (!hub)
            hub = std::make_shared<EdgeHub>();
        auto& thread = hub->d->thread;
        auto d = std::make_unique<Private>(options, std::move(hub), thread);
        base::Status status;
        thread.call([&] { status = d->connect(handler); });
        if (!status)
            return status.error();
        return std::unique_ptr<EdgeLink>(new EdgeLink(std::move(d)));
    } catch (const zmq::error_t& error) {
        return Error{ErrorCode::Internal, error.what(), "edge link"};
    }
}

EdgeLink::EdgeLink(std::unique_ptr<Private> p) : d(std::move(p)) {}

EdgeLink::~EdgeLink()
{
    d->shared.stopping = true;  // a turn that is under way ends soon
    d->thread.call([p = d.get()] {
        std::erase(p->thread.loops, p->loop.get());
        p->loop.reset();
    });
}

base::Status EdgeLink::Private::post(const wire::Message& message, base::Bytes payload, bool isData)
{
    const auto type = [&] { return std::string(wire::typeName(message.body)); };
    auto header = wire::encode(message);
    if (header.size() > wire::kMaxHeaderBytes)
        return Error{ErrorCode::TooLarge,
                     std::to_string(header.size()) + " bytes; the limit is " + std::to_string(wire::kMaxHeaderBytes), type()};
    if (payload.size() > wire::kMaxPieceBytes)
        return Error{ErrorCode::TooLarge,
                     std::to_string(payload.size()) + " bytes; the limit is " + std::to_string(wire::kMaxPieceBytes),
                     type() + " payload"};
    const auto bytes = header.size() + payload.size();
    const bool fits = shared.queuedMessages.fetch_add(1) < kMaxQueuedMessages;
    if (shared.queuedBytes.fetch_add(bytes) + bytes > kMaxQueuedBytes || !fits) {
        shared.queuedMessages.fetch_sub(1);
        shared.queuedBytes.fetch_sub(bytes);
        shared.counters.refusedSends.fetch_add(1);
        return Error{ErrorCode::Refused, "too many messages wait to be sent", "link to " + options.host};
    }
    shared.post({isData, std::move(header), std::move(payload), base::nowNs()});
    return {};
}

base::Status EdgeLink::sendControl(const wire::Message& message, base::Bytes payload)
{
    return d->post(message, std::move(payload), false);
}

base::Status EdgeLink::sendData(const wire::Message& message) { return d->post(message, {}, true); }

void EdgeLink::suffer(LinkFault fault, double ms)
{
    d->shared.suffer(fault, ms);
    d->shared.summons.call();
}

LinkState EdgeLink::state() const { return d->shared.state; }

LinkCounters EdgeLink::counters() const { return d->shared.counters.values(); }

}  // namespace splitscope::link
