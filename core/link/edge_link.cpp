// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/link/edge_link.h"

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/threads.h"
#include "core/link/edge_loop_p.h"
#include "core/wire/encoding.h"

#include <future>

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

struct EdgeLink::Private {
    EdgeLinkOptions options;
    EdgeLinkHandler& handler;
    EdgeShared shared;
    zmq::context_t context;
    std::jthread thread;

    Private(const EdgeLinkOptions& linkOptions, EdgeLinkHandler& linkHandler) : options(linkOptions), handler(linkHandler) {}
    void serve(std::promise<base::Status>& connected);
    void stop();
    base::Status post(const wire::Message& message, base::Bytes payload, bool isData);
};

void EdgeLink::Private::serve(std::promise<base::Status>& connected)
{
    base::nameThisThread("edge-link");
    shared.thread = std::this_thread::get_id();
    EdgeLoop loop(context, options, handler, shared);
    auto status = loop.connect();
    const bool ok = status.ok();
    connected.set_value(std::move(status));
    if (!ok)
        return;
    try {
        loop.run();
    } catch (const zmq::error_t& error) {
        base::logError("link", {ErrorCode::Internal, error.what(), "edge link"});
    }
}

void EdgeLink::Private::stop()
{
    shared.stopping = true;
    shared.waker.wake();
    if (thread.joinable())
        thread.join();
    context.shutdown();
    context.close();
}

base::Result<std::unique_ptr<EdgeLink>> EdgeLink::start(const EdgeLinkOptions& options, EdgeLinkHandler& handler)
{
    if (auto status = checkOptions(options); !status)
        return status.error();
    try {
        auto d = std::make_unique<Private>(options, handler);
        std::promise<base::Status> connected;
        d->thread = std::jthread([&connected, p = d.get()] { p->serve(connected); });
        auto status = connected.get_future().get();
        if (!status) {
            d->stop();
            return status.error();
        }
        return std::unique_ptr<EdgeLink>(new EdgeLink(std::move(d)));
    } catch (const zmq::error_t& error) {
        return Error{ErrorCode::Internal, error.what(), "edge link"};
    }
}

EdgeLink::EdgeLink(std::unique_ptr<Private> p) : d(std::move(p)) {}

EdgeLink::~EdgeLink() { d->stop(); }

base::Status EdgeLink::Private::post(const wire::Message& message, base::Bytes payload, bool isData)
{
    const std::string type(wire::typeName(message.body));
    auto header = wire::encode(message);
    if (header.size() > wire::kMaxHeaderBytes)
        return Error{ErrorCode::TooLarge,
                     std::to_string(header.size()) + " bytes; the limit is " + std::to_string(wire::kMaxHeaderBytes), type};
    if (payload.size() > wire::kMaxPieceBytes)
        return Error{ErrorCode::TooLarge,
                     std::to_string(payload.size()) + " bytes; the limit is " + std::to_string(wire::kMaxPieceBytes),
                     type + " payload"};
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
    d->shared.waker.wake();
}

LinkState EdgeLink::state() const { return d->shared.state; }

LinkCounters EdgeLink::counters() const { return d->shared.counters.values(); }

}  // namespace splitscope::link
