// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exec/edge_runtime.h"

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/threads.h"
#include "core/exec/row_coding.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>

namespace splitscope::exec {

namespace {

base::Error nonsense(const std::string& text) { return {base::ErrorCode::InvalidInput, text, "request"}; }

/// The device needs no label: it ran the whole path, or its gate answered all frames.
bool answeredThere(const wire::Request& request)
{
    return request.decision.coding.kind == codec::CodingKind::LabelOnly || (request.decision.gate && !request.labels.empty());
}

base::Status checkRequest(const model::NetworkSpec& spec, const link::ArrivedRequest& arrived)
{
    const auto& request = arrived.request;
    if (request.count < 1 || request.count > wire::kMaxBatch)
        return nonsense(std::to_string(request.count) + " frames are outside 1.." + std::to_string(wire::kMaxBatch));
    if (auto status = decision::check(spec, request.decision); !status)
        return status;
    if (answeredThere(request)) {
        if (request.labels.size() != static_cast<std::size_t>(request.count) || !request.sizes.empty() || !request.rows.empty()
            || !arrived.payload.empty())
            return nonsense("a label-only request carries one label for each frame, and nothing else");
        return {};
    }
    if (request.rowCount() > static_cast<std::size_t>(request.count) || (!request.rows.empty() && !request.decision.gate))
        return nonsense(std::to_string(request.rowCount()) + " of " + std::to_string(request.count)
                        + " frames cannot go on: without a gate all do");
    if (request.sizes.size() != request.rowCount())
        return nonsense(std::to_string(request.sizes.size()) + " row sizes for " + std::to_string(request.rowCount())
                        + " frames");
    return {};
}

}  // namespace

struct EdgeRuntime::Private {
    void compute();
    void serve(const link::ArrivedRequest& arrived);
    base::Result<wire::Reply> answer(const link::ArrivedRequest& arrived);
    base::Status runEdgePart(const link::ArrivedRequest& arrived, wire::Reply& reply, base::Tensor& logits);
    void refuse(const wire::Request& request, const base::Error& why);

    std::shared_ptr<const model::Executor> executor;
    EdgeRuntimeOptions options;
    Decide decide;
    Send send;
    Observe observe;

    mutable std::mutex mutex;
    std::condition_variable arrived;
    // Guarded by mutex:
    std::deque<link::ArrivedRequest> queue;
    std::deque<wire::Request> crowdedOut;  ///< to be refused on the compute thread
    Counters counters;
    bool stopping = false;

    std::jthread thread;  ///< last: it uses all of the above
};

EdgeRuntime::EdgeRuntime(std::shared_ptr<const model::Executor> executor, const EdgeRuntimeOptions& options, Decide decide,
                         Send send, Observe observe)
    : d(std::make_unique<Private>())
{
    d->executor = std::move(executor);
    d->options = options;
    d->decide = std::move(decide);
    d->send = std::move(send);
    d->observe = std::move(observe);
    d->thread = std::jthread([p = d.get()] { p->compute(); });
}

EdgeRuntime::~EdgeRuntime()
{
    {
        const std::lock_guard lock(d->mutex);
        d->stopping = true;
    }
    d->arrived.notify_all();
    d->thread.join();
}

void EdgeRuntime::submit(link::ArrivedRequest request)
{
    {
        const std::lock_guard lock(d->mutex);
        d->queue.push_back(std::move(request));
        while (d->queue.size() > std::max<std::size_t>(d->options.maxQueued, 1)) {
            d->crowdedOut.push_back(std::move(d->queue.front().request));
            d->queue.pop_front();
        }
    }
    d->arrived.notify_all();
}

EdgeRuntime::Counters EdgeRuntime::counters() const
{
    const std::lock_guard lock(d->mutex);
    return d->counters;
}

void EdgeRuntime::Private::compute()
{
    base::nameThisThread("edge-half");
    model::Executor::setThreadCount(options.threads);
    std::unique_lock lock(mutex);
    for (;;) {
        arrived.wait(lock, [this] { return stopping || !queue.empty() || !crowdedOut.empty(); });
        if (stopping)
            return;
        if (!crowdedOut.empty()) {
            const auto request = std::move(crowdedOut.front());
            crowdedOut.pop_front();
            lock.unlock();
            refuse(
                request,
                {base::ErrorCode::Busy, "the edge is behind by " + std::to_string(options.maxQueued) + " requests", "request"});
        } else {
            const auto request = std::move(queue.front());
            queue.pop_front();
            lock.unlock();
            serve(request);
        }
        lock.lock();
    }
}

void EdgeRuntime::Private::serve(const link::ArrivedRequest& request)
{
    base::Result<wire::Reply> reply = base::Error{};
    try {
        reply = answer(request);
    } catch (const std::exception& thrown) {
        reply = base::Error{base::ErrorCode::Internal, thrown.what(), "edge half"};
    }
    if (!reply) {
        refuse(request.request, reply.error());
        return;
    }
    {
        const std::lock_guard lock(mutex);
        ++counters.served;
    }
    send(wire::Message{0, std::move(*reply)});
}

base::Result<wire::Reply> EdgeRuntime::Private::answer(const link::ArrivedRequest& arrivedRequest)
{
    const auto& request = arrivedRequest.request;
    wire::Reply reply;
    reply.run = request.run;
    reply.firstFrame = request.firstFrame;
    reply.edgeQueueMs = std::max(0.0, base::toMs(base::nowNs() - arrivedRequest.completeNs));
    if (auto status = checkRequest(executor->spec(), arrivedRequest); !status)
        return status.error();

    base::Tensor logits;
    if (answeredThere(request))
        reply.labels = request.labels;
    else if (auto status = runEdgePart(arrivedRequest, reply, logits); !status)
        return status.error();

    const auto beganNs = base::nowNs();
    if (logits.batch > 0) {
        reply.labels = labelsOf(logits);
        if (observe)
            observe(request, logits);
        if (options.replyLogits)
            reply.logits = std::move(logits.values);
    }
    if (decide)
        reply.next = decide();
    reply.replyMs = base::toMs(base::nowNs() - beganNs);
    return reply;
}

base::Status EdgeRuntime::Private::runEdgePart(const link::ArrivedRequest& arrivedRequest, wire::Reply& reply,
                                               base::Tensor& logits)
{
    const auto& request = arrivedRequest.request;
    const auto beganNs = base::nowNs();
    const auto activation = decodeRows(executor->spec(), request.decision, {request.coder, options.codebook}, request.sizes,
                                       arrivedRequest.payload);
    if (!activation)
        return activation.error();
    const auto decodedNs = base::nowNs();
    reply.decodeMs = base::toMs(decodedNs - beganNs);

    const int length = decision::onDevice(executor->spec(), request.decision.exit).partition;
    auto result = executor->run(request.decision.exit, request.decision.partition, length, *activation);
    if (!result)
        return result.error();
    logits = std::move(*result);
    reply.edgeSegmentMs = base::toMs(base::nowNs() - decodedNs);
    return {};
}

void EdgeRuntime::Private::refuse(const wire::Request& request, const base::Error& why)
{
    {
        const std::lock_guard lock(mutex);
        ++counters.failed;
    }
    base::logError("edge", why);
    send(wire::Message{
        0, wire::RequestFailed{request.run, request.firstFrame, {std::string(base::name(why.code)), why.text, why.where}}});
}

}  // namespace splitscope::exec
