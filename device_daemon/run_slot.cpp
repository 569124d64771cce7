// SPDX-License-Identifier: GPL-3.0-or-later
#include "device_daemon/run_slot.h"

#include "core/base/clock.h"
#include "core/base/log.h"

namespace splitscope::daemon {

namespace {

constexpr std::size_t kRecordsPerMessage = 32;
constexpr int kMessagesPerFlush = 8;  ///< acknowledgements and ticks bring the next ones
constexpr double kResendAfterMs = 500;
constexpr double kTellEndMs = 2000;

}  // namespace

RunSlot::RunSlot(const wire::StartRun& run, std::string owner, link::DeviceLink& link, HealthMonitor& health,
                 std::shared_ptr<exec::Journal> journal)
    : m_run(run), m_owner(std::move(owner)), m_link(link), m_health(health, "records of run " + std::to_string(run.run)),
      m_journal(std::move(journal)), m_shaping(run.shaping), m_delayMs(run.shaping.delayMs + run.shaping.jitterMs)
{
}

exec::DeviceRuntime* RunSlot::runtime() const
{
    const std::lock_guard lock(m_mutex);
    return m_runtime.get();
}

base::Status RunSlot::begin(std::shared_ptr<const model::Executor> executor, std::shared_ptr<const data::DataSet> images,
                            std::shared_ptr<const codec::Codebook> codebook)
{
    const std::lock_guard lock(m_mutex);
    auto runtime
        = exec::DeviceRuntime::start(m_run, std::move(executor), std::move(images), *this, m_journal, std::move(codebook));
    if (!runtime)
        return runtime.error();
    m_runtime = std::move(*runtime);
    return {};
}

base::Status RunSlot::update(const wire::UpdateRun& change)
{
    auto* running = runtime();
    if (!running || !active())
        return base::Error{base::ErrorCode::Mismatch, "the run has ended; start another one", "update-run"};
    if (auto status = running->update(change); !status)
        return status;
    if (change.shaping) {
        const std::lock_guard lock(m_shapingMutex);
        m_shaping = *change.shaping;
        m_delayMs = m_shaping.delayMs + m_shaping.jitterMs;
        return m_link.setShaping(m_shaping);
    }
    return {};
}

base::Status RunSlot::follow(std::shared_ptr<const sim::Trace> rate, double startMs)
{
    const std::lock_guard lock(m_shapingMutex);
    return m_link.setShaping(m_shaping, std::move(rate), startMs);
}

void RunSlot::stop()
{
    if (auto* running = runtime())
        running->stop();
}

wire::RunState RunSlot::state() const
{
    if (const auto* running = runtime())
        return running->state();
    wire::RunState state;
    state.run = m_run.run;
    state.nextFrame = m_run.firstFrame;
    m_journal->count(state);
    return state;
}

bool RunSlot::settled() const
{
    const auto now = state();
    return !now.active && now.unacknowledged == 0;
}

double RunSlot::ownerSilentMs() const
{
    const auto since = m_silentSinceNs.load();
    return since == 0 ? 0 : base::toMs(base::nowNs() - since);
}

void RunSlot::onData(const wire::Message& message)
{
    auto* running = runtime();
    if (!running)
        return;
    if (const auto* reply = std::get_if<wire::Reply>(&message.body))
        running->onReply(*reply, base::nowNs());
    else if (const auto* failed = std::get_if<wire::RequestFailed>(&message.body))
        running->onRequestFailed(*failed);
    else if (const auto* progress = std::get_if<wire::Progress>(&message.body))
        running->onProgress(*progress);
}

void RunSlot::onHandedOver(const link::Handover& handover)
{
    if (auto* running = runtime())
        running->onHandedOver(handover);
}

void RunSlot::onOwnerAlive(bool alive)
{
    m_silentSinceNs = alive ? 0 : base::nowNs();
    if (auto* running = runtime())
        running->onEdgeAlive(alive);
    if (alive)
        resendAll();
}

void RunSlot::acknowledge(const std::vector<std::uint64_t>& firstFrames)
{
    m_journal->acknowledge(firstFrames);
    flush();
}

void RunSlot::resendAll()
{
    m_journal->resendAll();
    flush();
}

void RunSlot::flush()
{
    if (m_silentSinceNs != 0)
        return;
    for (int i = 0; i < kMessagesPerFlush; ++i) {
        auto records = m_journal->due(base::nowNs(), kResendAfterMs + 2 * m_delayMs, kRecordsPerMessage);
        if (records.empty())
            return;
        // Refused: they are due again soon.
        if (!m_link.sendControl(m_owner, wire::Message{0, wire::Journal{m_run.run, std::move(records)}}))
            return;
    }
}

void RunSlot::changed()
{
    flush();
    if (active())
        return;
    std::int64_t running = 0;
    if (!m_endedNs.compare_exchange_strong(running, base::nowNs()))
        return;
    static_cast<void>(m_link.setShaping({}));  // was this run's
    base::log(base::LogLevel::Info, "daemon",
              "run " + std::to_string(m_run.run) + " ended at frame " + std::to_string(state().nextFrame));
    tellEnd();
}

void RunSlot::tellEnd()
{
    static_cast<void>(m_link.sendControl(m_owner, wire::Message{0, wire::RunEnded{state()}}));  // told again with each Pong
}

void RunSlot::tellEndAgain()
{
    const auto endedNs = m_endedNs.load();
    if (endedNs != 0 && (!settled() || base::toMs(base::nowNs() - endedNs) < kTellEndMs))
        tellEnd();
}

base::Status RunSlot::send(wire::Request request, std::shared_ptr<const base::Bytes> payload)
{
    return m_link.sendRequest(m_owner, std::move(request), std::move(payload));
}

void RunSlot::cancel(std::uint64_t run, std::uint64_t firstFrame) { m_link.cancelRequest(run, firstFrame); }

}  // namespace splitscope::daemon
