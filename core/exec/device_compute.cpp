// SPDX-License-Identifier: GPL-3.0-or-later
// The compute thread of the device's half: one step after the other, until the run is over.
#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/threads.h"
#include "core/exec/device_runtime_p.h"

#include <algorithm>
#include <exception>

namespace splitscope::exec {

namespace {

constexpr std::int64_t kFullPollNs = 200'000'000;  ///< how often a full journal is looked at again
constexpr std::int64_t kWakesLateNs = 150'000;  ///< a sleeping thread, at most as a rule: the rest of a wait is spun away
constexpr std::size_t kMaxGivenUp = 64;
constexpr std::size_t kMaxLabelsRemembered = 1024;

std::chrono::steady_clock::time_point timePoint(std::int64_t ns)
{
    return std::chrono::steady_clock::time_point(std::chrono::nanoseconds(ns));
}

double msSince(std::int64_t ns) { return base::toMs(base::nowNs() - ns); }

}  // namespace

void DeviceRuntime::Private::compute()
{
    base::nameThisThread("device-half");
    model::Executor::setThreadCount(run.threads);
    for (;;) {
        auto step = waitForStep();
        if (step.end)
            break;
        if (step.finish)
            finishHere(std::move(*step.finish));
        else if (step.begin)
            makeRequest(*step.begin);
    }
    {
        const std::lock_guard lock(mutex);
        active = false;
    }
    uplink.changed();
}

DeviceRuntime::Private::Step DeviceRuntime::Private::waitForStep()
{
    std::unique_lock lock(mutex);
    for (;;) {
        auto step = nextStep(base::nowNs());
        if (step.begin || step.finish || step.end)
            return step;
        if (step.waitUntilNs == 0)
            happened.wait(lock);
        else
            happened.wait_until(lock, timePoint(step.waitUntilNs));
    }
}

bool DeviceRuntime::Private::mayBegin()
{
    const bool wasFull = full;
    full = journal->unacknowledged() >= kMaxUnacknowledged;
    if (full && !wasFull)
        base::log(base::LogLevel::Warning, "device",
                  "the edge has acknowledged none of the last " + std::to_string(kMaxUnacknowledged)
                      + " records; the run waits until it does");
    return !paused && !full && nextFrame < run.frames && inFlight.size() < static_cast<std::size_t>(run.depth);
}

DeviceRuntime::Private::Step DeviceRuntime::Private::nextStep(std::int64_t nowNs)
{
    Step step;
    if ((step.finish = inFlight.takeOverdue(nowNs))) {
        auto late = *step.finish;
        late.held = {};
        givenUp.insert_or_assign(late.record.firstFrame, std::move(late));
        if (givenUp.size() > kMaxGivenUp)
            givenUp.erase(givenUp.begin());
        return step;
    }
    if (stopping) {
        step.finish = inFlight.takeFirst("run stopped");
        step.end = !step.finish;
        return step;
    }
    const bool begin = mayBegin();
    if (begin && nowNs >= nextBeginNs) {
        step.begin = planRequest(nowNs);
        return step;
    }
    if (nextFrame >= run.frames && inFlight.empty()) {
        step.end = true;
        return step;
    }
    step.waitUntilNs = inFlight.nextDeadlineNs().value_or(0);
    const auto alsoAt
        = [&step](std::int64_t ns) { step.waitUntilNs = step.waitUntilNs == 0 ? ns : std::min(step.waitUntilNs, ns); };
    if (begin)
        alsoAt(nextBeginNs);
    if (full)
        alsoAt(nowNs + kFullPollNs);
    return step;
}

RequestPlan DeviceRuntime::Private::planRequest(std::int64_t nowNs)
{
    RequestPlan plan;
    plan.firstFrame = nextFrame;
    plan.count = static_cast<int>(std::min<std::uint64_t>(static_cast<std::uint64_t>(run.batch), run.frames - nextFrame));
    plan.decision = edgeAlive ? decision : decision::onDevice(executor->spec(), decision);
    plan.decisionAge = requestsSinceDecision++;
    plan.decisionNumber = decisionNumber;
    plan.setBytesPerSecond = uplink.setBytesPerSecond();
    plan.edgeAlive = edgeAlive;
    plan.queuedRequests = inFlight.unsentRequests();
    if (run.minIntervalMs > 0 && nextBeginNs > 0)
        plan.waitedMs = std::max(0.0, base::toMs(nowNs - nextBeginNs));
    nextFrame += static_cast<std::uint64_t>(plan.count);
    nextBeginNs = nowNs + base::fromMs(run.minIntervalMs);
    return plan;
}

void DeviceRuntime::Private::makeRequest(const RequestPlan& plan)
{
    Pending pending;
    auto& record = pending.record;
    record.firstFrame = plan.firstFrame;
    record.count = plan.count;
    record.decision = plan.decision;
    record.decisionAge = plan.decisionAge;
    record.setBytesPerSecond = plan.setBytesPerSecond;
    pending.capturedNs = base::nowNs();
    record.capturedAtMs = base::toMs(pending.capturedNs - startedNs);
    record.health = uplink.healthNews();

    CodedRows coded;
    base::Status status;
    try {
        record.truths = source.truths(plan.firstFrame, plan.count);
        status = runDevicePart(plan, pending, coded);
    } catch (const std::exception& thrown) {
        status = base::Error{base::ErrorCode::Internal, thrown.what(), "device half"};
    }
    if (!status)
        lose(std::move(pending.record), status.error());
    else if (plan.decision.coding.kind == codec::CodingKind::LabelOnly || pending.record.goingOn() == 0)
        recordOwnLabels(plan, std::move(pending));
    else
        sendPayload(plan, std::move(pending), std::move(coded));
}

base::Status DeviceRuntime::Private::runDevicePart(const RequestPlan& plan, Pending& pending, CodedRows& coded)
{
    auto& stages = pending.record.stages;
    const auto frames = source.read(plan.firstFrame, plan.count);
    if (!frames)
        return frames.error();
    auto input = model::toInput(executor->spec(), *frames);
    if (!input)
        return input.error();
    stages.capture = msSince(pending.capturedNs);

    base::Status status;
    const auto& coding = plan.decision.coding;
    if (plan.decision.partition == 0)
        pending.held = std::move(*input);
    else
        stages.deviceSegment = slowed([&] { return runLayers(plan.decision, *input, pending); }, status);
    if (!status || coding.kind == codec::CodingKind::LabelOnly || pending.record.goingOn() == 0)
        return status;

    stages.encode = slowed(
        [&]() -> base::Status {
            const auto options = coderFor(coder, executor->spec(), plan.decision);
            auto rows = codesFrames(coding) ? encodeFrames(*frames, coding, options) : encodeRows(pending.held, coding, options);
            if (!rows)
                return rows.error();
            coded = std::move(*rows);
            return {};
        },
        status);
    pending.codedNs = base::nowNs();
    pending.record.payloadBytes = coded.payload.size();
    return status;
}

/// Layers 1..p, with what a gate answers on the way.
base::Status DeviceRuntime::Private::runLayers(const decision::Decision& decided, const base::Tensor& input,
                                               Pending& pending) const
{
    if (decision::gatedOnDevice(executor->spec(), decided))
        return runGate(decided, input, pending);
    auto output = executor->run(decided.exit, 0, decided.partition, input);
    if (!output)
        return output.error();
    pending.held = std::move(*output);
    return {};
}

/// The trunk to the gate's branch and its head, for all frames; the trunk's rest for those that its head does not answer.
base::Status DeviceRuntime::Private::runGate(const decision::Decision& decided, const base::Tensor& input, Pending& pending) const
{
    const auto& gate = *decided.gate;
    const auto at = runToGate(*executor, gate.exit, 0, input);
    if (!at)
        return at.error();
    answerAtGate(gate, at->logits, run.recordLogits, pending.record);
    pending.held = {};
    if (pending.record.goingOn() == 0)
        return {};
    const auto rest = rowsOf(at->trunk, framesGoingOn(pending.record));
    const int branch = executor->spec().exits[static_cast<std::size_t>(gate.exit - 1)].after;
    // A cut that is the same tensor as the branch may have a lower number.
    auto output = executor->run(decided.exit, branch, std::max(decided.partition, branch), rest);
    if (!output)
        return output.error();
    pending.held = std::move(*output);
    return {};
}

double DeviceRuntime::Private::slowed(const std::function<base::Status()>& work, base::Status& status)
{
    const auto beganNs = base::nowNs();
    status = work();
    const auto ownNs = base::nowNs() - beganNs;
    std::unique_lock lock(mutex);
    if (slowdown <= 1)
        return base::toMs(ownNs);
    const auto untilNs = beganNs + static_cast<std::int64_t>(static_cast<double>(ownNs) * slowdown);
    if (run.slowdownBy == wire::SlowdownBy::Waiting) {
        if (base::nowNs() < untilNs - kWakesLateNs)
            happened.wait_until(lock, timePoint(untilNs - kWakesLateNs), [this] { return stopping; });
        const bool toTheEnd = !stopping;
        lock.unlock();
        while (toTheEnd && base::nowNs() < untilNs) {}
    } else {
        while (status && !stopping && base::nowNs() < untilNs) {
            lock.unlock();
            status = work();
            lock.lock();
        }
    }
    return msSince(beganNs);
}

void DeviceRuntime::Private::takeLabels(const base::Tensor& logits, wire::FrameRecord& record) const
{
    answerRest(labelsOf(logits), run.recordLogits ? logits.values : std::vector<float>(), record);
}

void DeviceRuntime::Private::recordOwnLabels(const RequestPlan& plan, Pending pending)
{
    if (pending.record.goingOn() > 0)
        takeLabels(pending.held, pending.record);
    pending.record.stages.total = msSince(pending.capturedNs);
    const auto labels = pending.record.labels;
    book(std::move(pending.record));
    if (plan.edgeAlive)
        sendLabels(plan, labels);
}

/// Best effort: the frame is done already, only the next decision is wanted.
void DeviceRuntime::Private::sendLabels(const RequestPlan& plan, const std::vector<int>& labels)
{
    wire::Request request;
    request.run = run.run;
    request.firstFrame = plan.firstFrame;
    request.count = plan.count;
    request.decision = plan.decision;
    request.coder = run.coder;
    request.labels = labels;
    request.queuedRequests = plan.queuedRequests;
    request.waitedMs = plan.waitedMs;
    {
        const std::lock_guard lock(mutex);
        if (decisionNumber != plan.decisionNumber)
            return;  // the next decision came meanwhile; asking again would skip it
        const auto nowNs = base::nowNs();
        request.deadlineMs = predictor.failoverMs(0, shaping);
        const auto recentNs = nowNs - base::fromMs(request.deadlineMs);
        const auto underWay = std::count_if(labelsSentNs.begin(), labelsSentNs.end(),
                                            [recentNs](const auto& sent) { return sent.second > recentNs; });
        if (underWay >= run.depth)
            return;  // the decision rides on the answers to those; nothing would be gained by crowding the link
        labelsSentNs[plan.firstFrame] = nowNs;
        if (labelsSentNs.size() > kMaxLabelsRemembered)
            labelsSentNs.erase(labelsSentNs.begin());
    }
    if (!uplink.send(std::move(request), std::make_shared<const base::Bytes>())) {
        const std::lock_guard lock(mutex);
        labelsSentNs.erase(plan.firstFrame);
    }
}

void DeviceRuntime::Private::sendPayload(const RequestPlan& plan, Pending pending, CodedRows coded)
{
    wire::Request request;
    request.run = run.run;
    request.firstFrame = plan.firstFrame;
    request.count = plan.count;
    request.decision = plan.decision;
    request.coder = run.coder;
    if (pending.record.goingOn() < plan.count)
        request.rows = framesGoingOn(pending.record);
    request.sizes = std::move(coded.sizes);
    request.payloadBytes = coded.payload.size();
    request.queuedRequests = plan.queuedRequests;
    request.waitedMs = plan.waitedMs;
    {
        const std::lock_guard lock(mutex);
        pending.lastSignNs = base::nowNs();
        pending.failoverMs = predictor.failoverMs(coded.payload.size() + inFlight.unsentBytes(), shaping);
        request.deadlineMs = pending.failoverMs;
        inFlight.add(std::move(pending));  // before it leaves: its answer may be quick
    }
    auto status = uplink.send(std::move(request), std::make_shared<const base::Bytes>(std::move(coded.payload)));
    if (!status) {
        const std::lock_guard lock(mutex);
        inFlight.fail(plan.firstFrame, "not sent: " + status.error().message());
    }
}

void DeviceRuntime::Private::finishHere(Pending pending)
{
    auto& record = pending.record;
    uplink.cancel(run.run, record.firstFrame);
    record.outcome = wire::Outcome::Fallback;
    record.reason = pending.failure;
    base::Status status;
    try {
        record.stages.fallback = slowed([&] { return runRest(pending.held, record); }, status);
    } catch (const std::exception& thrown) {
        status = base::Error{base::ErrorCode::Internal, thrown.what(), "device half"};
    }
    if (!status) {
        lose(std::move(record), status.error());
        return;
    }
    record.stages.total = msSince(pending.capturedNs);
    book(std::move(record));
}

/// What the edge would have done with what the device holds; its gate too.
base::Status DeviceRuntime::Private::runRest(const base::Tensor& held, wire::FrameRecord& record) const
{
    const auto& decided = record.decision;
    if (decision::gatedOnEdge(executor->spec(), decided)) {
        const std::vector gates(static_cast<std::size_t>(held.batch), *decided.gate);
        const auto answers = runGated(*executor, decided.exit, decided.partition, gates, held);
        if (!answers)
            return answers.error();
        record.answeredEarly.reset();  // all frames are answered here
        takeLabels(answers->logits, record);
        record.answeredEarly = earlyBits(answers->early, 0, record.count);
        return {};
    }
    const int length = decision::onDevice(executor->spec(), decided.exit).partition;
    const auto logits = executor->run(decided.exit, decided.partition, length, held);
    if (!logits)
        return logits.error();
    takeLabels(*logits, record);
    return {};
}

void DeviceRuntime::Private::lose(wire::FrameRecord record, const base::Error& why)
{
    base::logError("device", why);
    record.outcome = wire::Outcome::Lost;
    record.reason = why.message();
    record.labels.assign(static_cast<std::size_t>(record.count), -1);
    record.logits.clear();
    record.answeredEarly.reset();
    book(std::move(record));
}

void DeviceRuntime::Private::book(wire::FrameRecord record)
{
    journal->add(std::move(record));
    uplink.changed();
}

}  // namespace splitscope::exec
