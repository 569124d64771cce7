// SPDX-License-Identifier: GPL-3.0-or-later
#include "device_stub/device_stub.h"

#include "core/base/clock.h"
#include "core/base/files.h"
#include "core/base/log.h"

#include <atomic>
#include <random>
#include <unistd.h>

namespace splitscope::stub {

using base::Error;
using base::ErrorCode;

namespace {

constexpr double kResendAfterMs = 500;
constexpr std::size_t kRecordsPerMessage = 32;
constexpr std::size_t kMostUnacknowledged = 2048;

std::uint64_t randomId()
{
    std::random_device random;
    return (static_cast<std::uint64_t>(random()) << 32 | random()) | 1;  // 0 means none
}

wire::Body bodyOf(const base::Status& status)
{
    if (status)
        return wire::Ack{};
    const auto& error = status.error();
    return wire::Failure{std::string(base::name(error.code)), error.text, error.where};
}

Error cannot(const char* what, const char* where) { return {ErrorCode::Unsupported, std::string("this stub ") + what, where}; }

base::Result<std::unique_ptr<link::DeviceLink>> startOnTwoPorts(link::DeviceLinkOptions options, link::DeviceLinkHandler& handler,
                                                                const std::shared_ptr<link::DeviceHub>& hub)
{
    constexpr int kFirst = 20'000, kPairs = 20'000, kTries = 500;
    static std::atomic<int> next = ::getpid();  // stubs of another process try others
    base::Error last;
    for (int i = 0; i < kTries; ++i) {
        options.port = kFirst + 2 * (next++ % kPairs);
        auto started = link::DeviceLink::start(options, handler, hub);
        if (started)
            return started;
        last = started.error();
    }
    return last;
}

}  // namespace

DeviceStub::Run::Run(const wire::StartRun& start)
    : asked(start), journal(start.run), predictor(start.minFailoverMs), nextFrame(start.firstFrame), startedNs(base::nowNs())
{
}

DeviceStub::DeviceStub(std::string name, std::shared_ptr<const Recording> recording)
    : m_name(std::move(name)), m_recording(std::move(recording)), m_bootId(randomId())
{
}

base::Result<std::unique_ptr<DeviceStub>> DeviceStub::start(const link::DeviceLinkOptions& options, std::string name,
                                                            std::shared_ptr<const Recording> recording,
                                                            std::shared_ptr<link::DeviceHub> hub)
{
    if (!hub)
        hub = std::make_shared<link::DeviceHub>(options.allowedKeys);
    std::unique_ptr<DeviceStub> stub(new DeviceStub(std::move(name), std::move(recording)));
    auto link = options.port != 0 ? link::DeviceLink::start(options, *stub, hub) : startOnTwoPorts(options, *stub, hub);
    if (link)
        stub->m_link = std::move(*link);
    stub->m_listening.count_down();
    if (!link)
        return link.error();
    return stub;
}

DeviceStub::~DeviceStub() { m_link.reset(); }  // no more calls from its thread

// --- control ---

void DeviceStub::onControl(const std::string& peer, const wire::Message& message, base::ByteView)
{
    m_listening.wait();
    if (const auto* ack = std::get_if<wire::JournalAck>(&message.body))
        return acknowledge(*ack);
    static_cast<void>(m_link->sendControl(peer, {message.id, answerTo(peer, message.body)}));
    if (std::holds_alternative<wire::Hello>(message.body) && m_run && peer == m_edge)
        m_run->journal.resendAll();
    if (std::holds_alternative<wire::Ping>(message.body) && m_run && peer == m_edge && m_run->toldEnd)
        tellEnd();
    proceed();
}

wire::Body DeviceStub::answerTo(const std::string& peer, const wire::Body& asked)
{
    if (const auto* ping = std::get_if<wire::Ping>(&asked))
        return wire::Pong{ping->sequence, state(), {}};
    if (std::holds_alternative<wire::Hello>(asked)) {
        wire::Welcome welcome;
        welcome.program = "splitscope-stubs " + base::programVersion();
        welcome.deviceName = m_name;
        welcome.machine = "a stub";
        welcome.bootId = m_bootId;
        welcome.state = state();
        return welcome;
    }
    if (const auto* query = std::get_if<wire::ModelQuery>(&asked))
        return wire::ModelState{query->hash, true, 0};  // it needs none
    if (const auto* run = std::get_if<wire::StartRun>(&asked))
        return bodyOf(startRun(peer, *run));
    if (!m_run || peer != m_edge)
        return bodyOf(Error{ErrorCode::NotFound, "this stub has no run of yours", "control message"});
    if (const auto* change = std::get_if<wire::UpdateRun>(&asked))
        return bodyOf(updateRun(*change));
    if (std::holds_alternative<wire::StopRun>(asked)) {
        m_run->stopped = true;
        return wire::Ack{};
    }
    return bodyOf(cannot("only replays requests", "control message"));
}

base::Status DeviceStub::startRun(const std::string& peer, const wire::StartRun& start)
{
    if (m_run && m_run->asked.run == start.run && peer == m_edge)
        return {};  // asked twice, because the first answer was lost
    if (m_run && peer != m_edge && state().active)
        return Error{ErrorCode::Busy, "the stub runs for another edge", "start-run"};
    if (start.shaping.bytesPerSecond > 0 || start.shaping.delayMs > 0)
        return cannot("shapes no link", "start-run: shaping");
    if (start.slowdown != 1)
        return cannot("is not made slower", "start-run: slowdown");
    for (const auto& recorded : *m_recording)
        if (recorded.request.count != start.batch)
            return Error{ErrorCode::Mismatch,
                         "was recorded with requests of " + std::to_string(recorded.request.count) + " frames",
                         "start-run: batch"};
    if (start.firstFrame > start.frames || (start.frames - start.firstFrame) % static_cast<std::uint64_t>(start.batch) != 0)
        return cannot("sends whole requests alone", "start-run: frames");
    m_edge = peer;
    m_edgeAlive = true;
    m_run = std::make_unique<Run>(start);
    return {};
}

base::Status DeviceStub::updateRun(const wire::UpdateRun& change)
{
    if (change.shaping && (change.shaping->bytesPerSecond > 0 || change.shaping->delayMs > 0))
        return cannot("shapes no link", "update-run: shaping");
    if (change.slowdown.value_or(1) != 1)
        return cannot("is not made slower", "update-run: slowdown");
    m_run->paused = change.paused.value_or(m_run->paused);
    return {};
}

void DeviceStub::acknowledge(const wire::JournalAck& ack)
{
    if (m_run && ack.run == m_run->asked.run)
        m_run->journal.acknowledge(ack.firstFrames);
    proceed();
}

wire::RunState DeviceStub::state() const
{
    wire::RunState state;
    if (!m_run)
        return state;
    state.run = m_run->asked.run;
    state.active = !m_run->inFlight.empty() || (!m_run->stopped && m_run->nextFrame < m_run->asked.frames);
    state.paused = m_run->paused;
    state.nextFrame = m_run->nextFrame;
    m_run->journal.count(state);
    return state;
}

// --- frames ---

const RecordedRequest& DeviceStub::recordedFor(std::uint64_t firstFrame) const
{
    return (*m_recording)[firstFrame / static_cast<std::uint64_t>(m_run->asked.batch) % m_recording->size()];
}

void DeviceStub::proceed()
{
    if (!m_run)
        return;
    const auto now = base::nowNs();
    while (auto overdue = m_run->inFlight.takeOverdue(now))
        fallBack(*std::move(overdue));
    const auto mayBegin = [&] {
        return m_edgeAlive && !m_run->paused && !m_run->stopped && m_run->nextFrame < m_run->asked.frames
            && m_run->inFlight.size() < static_cast<std::size_t>(m_run->asked.depth) && now >= m_run->nextBeginNs
            && m_run->journal.unacknowledged() < kMostUnacknowledged;
    };
    while (mayBegin())
        begin();
    flush();
    if (!state().active && !m_run->toldEnd)
        tellEnd();
}

void DeviceStub::begin()
{
    auto& run = *m_run;
    const auto& recorded = recordedFor(run.nextFrame);
    exec::Pending pending;
    pending.capturedNs = pending.codedNs = pending.lastSignNs = base::nowNs();
    pending.record = recorded.record;
    pending.record.firstFrame = run.nextFrame;
    pending.record.stages = {};  // nothing is computed here
    pending.record.capturedAtMs = base::toMs(pending.capturedNs - run.startedNs);
    pending.record.payloadBytes = recorded.payload->size();
    pending.failoverMs = run.predictor.failoverMs(run.inFlight.unsentBytes() + recorded.payload->size(), run.asked.shaping);

    auto request = recorded.request;
    request.run = run.asked.run;
    request.firstFrame = run.nextFrame;
    request.deadlineMs = pending.failoverMs;
    run.nextFrame += static_cast<std::uint64_t>(request.count);
    run.nextBeginNs = pending.capturedNs + base::fromMs(run.asked.minIntervalMs);
    run.inFlight.add(std::move(pending));
    const auto firstFrame = request.firstFrame;
    if (const auto sent = m_link->sendRequest(m_edge, std::move(request), recorded.payload); !sent)
        run.inFlight.fail(firstFrame, sent.error().message());
}

void DeviceStub::onData(const std::string& peer, const wire::Message& message)
{
    m_listening.wait();
    if (!m_run || peer != m_edge)
        return;
    if (const auto* reply = std::get_if<wire::Reply>(&message.body))
        onReply(*reply);
    else if (const auto* failed = std::get_if<wire::RequestFailed>(&message.body); failed && failed->run == m_run->asked.run)
        m_run->inFlight.fail(failed->firstFrame, failed->failure.text);
    else if (const auto* progress = std::get_if<wire::Progress>(&message.body); progress && progress->run == m_run->asked.run)
        m_run->inFlight.signOfLife(progress->firstFrame, base::nowNs());
    proceed();
}

void DeviceStub::onReply(const wire::Reply& reply)
{
    if (reply.run != m_run->asked.run)
        return;
    const auto now = base::nowNs();
    m_run->inFlight.signOfLife(reply.firstFrame, now);
    auto done = m_run->inFlight.take(reply.firstFrame);
    if (!done)
        return m_run->journal.countDiscarded();
    if (reply.labels.size() != done->record.labels.size()) {
        done->failure = "the edge answered " + std::to_string(reply.labels.size()) + " labels";
        return fallBack(*std::move(done));
    }
    const auto times = exec::fillRemoteStages(*done, reply, now);
    if (times.credible)
        m_run->predictor.observe(done->record.wireBytes, times.transferMs, times.edgeMs);
    done->record.stages.total = base::toMs(now - done->capturedNs);
    done->record.outcome = wire::Outcome::Done;
    done->record.labels = reply.labels;
    m_run->journal.add(std::move(done->record));
}

/// The rest of the network was computed when the recording was made.
void DeviceStub::fallBack(exec::Pending pending)
{
    pending.record.outcome = wire::Outcome::Fallback;
    pending.record.reason = pending.failure;
    pending.record.stages.total = base::toMs(base::nowNs() - pending.capturedNs);
    m_link->cancelRequest(m_run->asked.run, pending.record.firstFrame);
    m_run->journal.add(std::move(pending.record));
}

void DeviceStub::onHandedOver(const link::Handover& handover)
{
    m_listening.wait();
    if (m_run && handover.run == m_run->asked.run)
        m_run->inFlight.handedOver(handover);
}

void DeviceStub::onPeerAlive(const std::string& peer)
{
    m_listening.wait();
    if (!m_run || peer != m_edge)
        return;
    m_edgeAlive = true;
    m_run->journal.resendAll();
    proceed();
}

void DeviceStub::onPeerSilent(const std::string& peer)
{
    m_listening.wait();
    if (!m_run || peer != m_edge)
        return;
    m_edgeAlive = false;
    while (auto pending = m_run->inFlight.takeFirst("the edge is silent"))
        fallBack(*std::move(pending));
}

void DeviceStub::onTick()
{
    m_listening.wait();
    proceed();
}

void DeviceStub::flush()
{
    while (m_edgeAlive) {
        auto records = m_run->journal.due(base::nowNs(), kResendAfterMs, kRecordsPerMessage);
        if (records.empty())
            return;
        tell(wire::Journal{m_run->asked.run, std::move(records)});
    }
}

void DeviceStub::tellEnd()
{
    m_run->toldEnd = true;
    tell(wire::RunEnded{state()});
}

void DeviceStub::tell(wire::Body body)
{
    if (const auto sent = m_link->sendControl(m_edge, {0, std::move(body)}); !sent)  // what matters is told again
        base::log(base::LogLevel::Debug, "stub", sent.error().message());
}

}  // namespace splitscope::stub
