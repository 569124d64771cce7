// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exec/edge_runtime.h"

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/exec/row_coding.h"

#include <atomic>

namespace splitscope::exec {

namespace {

base::Error nonsense(const std::string& text) { return {base::ErrorCode::InvalidInput, text, "request"}; }

/// The device needs no label: it ran the whole path, or its gate answered all frames. The decision has been checked.
bool answeredThere(const model::NetworkSpec& spec, const wire::Request& request)
{
    return request.decision.coding.kind == codec::CodingKind::LabelOnly
        || (!request.labels.empty() && decision::gatedOnDevice(spec, request.decision));
}

base::Status checkRequest(const model::NetworkSpec& spec, const link::ArrivedRequest& arrived)
{
    const auto& request = arrived.request;
    if (request.count < 1 || request.count > wire::kMaxBatch)
        return nonsense(std::to_string(request.count) + " frames are outside 1.." + std::to_string(wire::kMaxBatch));
    if (auto status = decision::check(spec, request.decision); !status)
        return status;
    if (answeredThere(spec, request)) {
        if (request.labels.size() != static_cast<std::size_t>(request.count) || !request.sizes.empty() || !request.rows.empty()
            || !arrived.payload.empty())
            return nonsense("a label-only request carries one label for each frame, and nothing else");
        return {};
    }
    if (request.rowCount() > static_cast<std::size_t>(request.count)
        || (!request.rows.empty() && !decision::gatedOnDevice(spec, request.decision)))
        return nonsense(std::to_string(request.rowCount()) + " of " + std::to_string(request.count)
                        + " frames cannot be sent: without a gate of the device's all are");
    if (request.sizes.size() != request.rowCount())
        return nonsense(std::to_string(request.sizes.size()) + " row sizes for " + std::to_string(request.rowCount())
                        + " frames");
    return {};
}

}  // namespace

struct EdgeRuntime::Private final : EdgeService::Client {
    base::Result<base::Tensor> open(const link::ArrivedRequest& arrived) override;
    void answer(const wire::Request& request, const EdgeTimes& times, EdgeAnswers answers) override;
    void refuse(const wire::Request& request, const base::Error& why) override;

    std::shared_ptr<const model::Executor> executor;
    EdgeRuntimeOptions options;
    Decide decide;
    Send send;
    Observe observe;
    std::atomic<std::uint64_t> served{0}, failed{0};

    std::shared_ptr<EdgeService> service;
    EdgeService::Device device = 0;
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
    d->service = options.service ? options.service : std::make_shared<EdgeService>(EdgeServiceOptions{options.threads});
    d->device = d->service->join(*d, options.maxQueued);
}

EdgeRuntime::~EdgeRuntime() { d->service->leave(d->device); }

void EdgeRuntime::submit(link::ArrivedRequest request)
{
    const auto& decision = request.request.decision;
    const auto& spec = d->executor->spec();
    // What is wrong with a decision is open()'s to say.
    const bool gated = decision.gate && decision::check(spec, decision) && decision::gatedOnEdge(spec, decision);
    const Suffix suffix{d->executor.get(), decision.exit, decision.partition, gated ? decision.gate->exit : 0};
    d->service->submit(d->device, suffix, std::move(request));
}

EdgeRuntime::Counters EdgeRuntime::counters() const { return {d->served, d->failed}; }

EdgeDeviceStatistics EdgeRuntime::statistics() const { return d->service->statistics(d->device); }

base::Result<base::Tensor> EdgeRuntime::Private::open(const link::ArrivedRequest& arrived)
{
    const auto& request = arrived.request;
    if (auto status = checkRequest(executor->spec(), arrived); !status)
        return status.error();
    if (answeredThere(executor->spec(), request))
        return base::Tensor();
    return decodeRows(executor->spec(), request.decision, {request.coder, options.codebook}, request.sizes, arrived.payload);
}

void EdgeRuntime::Private::answer(const wire::Request& request, const EdgeTimes& times, EdgeAnswers answers)
{
    wire::Reply reply;
    reply.run = request.run;
    reply.firstFrame = request.firstFrame;
    reply.edgeQueueMs = times.queueMs;
    reply.decodeMs = times.decodeMs;
    reply.edgeSegmentMs = times.segmentMs;
    if (auto& logits = answers.logits; logits.batch > 0) {
        reply.labels = labelsOf(logits);
        if (observe)
            observe(request, logits);
        if (options.replyLogits)
            reply.logits = std::move(logits.values);
        reply.answeredEarly = answers.early;
    } else {
        reply.labels = request.labels;
    }
    if (decide)
        reply.next = decide();
    reply.replyMs = base::toMs(base::nowNs() - times.answerNs);
    ++served;
    send(wire::Message{0, std::move(reply)});
}

void EdgeRuntime::Private::refuse(const wire::Request& request, const base::Error& why)
{
    ++failed;
    base::logError("edge", why);
    send(wire::Message{
        0, wire::RequestFailed{request.run, request.firstFrame, {std::string(base::name(why.code)), why.text, why.where}}});
}

}  // namespace splitscope::exec
