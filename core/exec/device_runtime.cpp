// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exec/device_runtime.h"

#include "core/base/clock.h"
#include "core/exec/device_runtime_p.h"

namespace splitscope::exec {

DeviceRuntime::Private::Private(const wire::StartRun& startRun, std::shared_ptr<const model::Executor> network,
                                std::shared_ptr<const data::DataSet> images, Uplink& link, std::shared_ptr<Journal> books,
                                std::shared_ptr<const codec::Codebook> codebook)
    : run(startRun), executor(std::move(network)), journal(std::move(books)), coder(startRun.coder, std::move(codebook)),
      uplink(link), source(std::move(images), startRun.seed), startedNs(base::nowNs()), nextFrame(startRun.firstFrame),
      decision(startRun.decision), slowdown(startRun.slowdown), shaping(startRun.shaping), predictor(startRun.minFailoverMs)
{
}

base::Result<std::unique_ptr<DeviceRuntime>> DeviceRuntime::start(const wire::StartRun& run,
                                                                  std::shared_ptr<const model::Executor> executor,
                                                                  std::shared_ptr<const data::DataSet> images, Uplink& uplink,
                                                                  std::shared_ptr<Journal> journal,
                                                                  std::shared_ptr<const codec::Codebook> codebook)
{
    if (auto status = checkRun(run, executor->spec(), *images); !status)
        return status.error();
    if (auto status = checkBook({run.coder, codebook}, executor->spec(), run.decision); !status)
        return status.error();
    auto d
        = std::make_unique<Private>(run, std::move(executor), std::move(images), uplink, std::move(journal), std::move(codebook));
    d->thread = std::jthread([p = d.get()] { p->compute(); });
    return std::unique_ptr<DeviceRuntime>(new DeviceRuntime(std::move(d)));
}

DeviceRuntime::DeviceRuntime(std::unique_ptr<Private> priv) : d(std::move(priv)) {}

DeviceRuntime::~DeviceRuntime() { stop(); }

void DeviceRuntime::stop() { d->stop(); }

void DeviceRuntime::Private::stop()
{
    {
        const std::lock_guard lock(mutex);
        stopping = true;
    }
    happened.notify_all();
    std::call_once(joined, [this] { thread.join(); });
}

base::Status DeviceRuntime::update(const wire::UpdateRun& change)
{
    if (change.run != d->run.run)
        return base::Error{base::ErrorCode::Mismatch, "is not the run on this device; it may have ended", "update-run: run"};
    if (change.shaping)
        if (auto status = checkShaping(*change.shaping); !status)
            return status;
    if (change.slowdown)
        if (auto status = checkSlowdown(*change.slowdown); !status)
            return status;
    if (change.decision)
        for (const auto& status :
             {decision::check(d->executor->spec(), *change.decision), checkBook(d->coder, d->executor->spec(), *change.decision)})
            if (!status)
                return status;
    {
        const std::lock_guard lock(d->mutex);
        if (change.paused) {
            if (d->paused && !*change.paused && d->nextBeginNs > 0)
                d->nextBeginNs = std::max(d->nextBeginNs, base::nowNs());  // nothing waited while nothing was wanted
            d->paused = *change.paused;
        }
        if (change.shaping) {
            d->shaping = *change.shaping;
            d->predictor.forgetRate();
        }
        if (change.slowdown)
            d->slowdown = *change.slowdown;
        if (change.decision)
            d->adopt(*change.decision);
    }
    d->happened.notify_all();
    return {};
}

void DeviceRuntime::onReply(const wire::Reply& reply, std::int64_t receivedNs) { d->onReply(reply, receivedNs); }

void DeviceRuntime::onRequestFailed(const wire::RequestFailed& failed)
{
    if (failed.run != d->run.run)
        return;
    {
        const std::lock_guard lock(d->mutex);
        const auto& why = failed.failure;
        d->inFlight.fail(failed.firstFrame, "edge: " + (why.where.empty() ? why.text : why.where + ": " + why.text));
        d->inFlight.signOfLife(failed.firstFrame, base::nowNs());
        d->labelsSentNs.erase(failed.firstFrame);
    }
    d->happened.notify_all();
}

void DeviceRuntime::onProgress(const wire::Progress& progress)
{
    if (progress.run != d->run.run)
        return;
    const std::lock_guard lock(d->mutex);
    d->inFlight.signOfLife(progress.firstFrame, base::nowNs());
}

void DeviceRuntime::onHandedOver(const link::Handover& handover)
{
    const std::lock_guard lock(d->mutex);
    d->inFlight.handedOver(handover);
}

void DeviceRuntime::onEdgeAlive(bool alive)
{
    {
        const std::lock_guard lock(d->mutex);
        d->edgeAlive = alive;
    }
    d->happened.notify_all();
}

wire::RunState DeviceRuntime::state() const
{
    wire::RunState state;
    {
        const std::lock_guard lock(d->mutex);
        state.run = d->run.run;
        state.active = d->active;
        state.paused = d->paused;
        state.nextFrame = d->nextFrame;
    }
    d->journal->count(state);
    return state;
}

}  // namespace splitscope::exec
