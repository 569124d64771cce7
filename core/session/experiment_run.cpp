// SPDX-License-Identifier: GPL-3.0-or-later
// An experiment's run: the device's records, the books, and the end. Worker's thread.
#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/session/experiment_p.h"

#include <algorithm>
#include <utility>

namespace splitscope::session {

namespace {

constexpr double kAnswerMs = 5'000;
constexpr double kStopMs = 2'000;
constexpr double kLastWordsMs = 2'000;  ///< all records are there, but the device has not said that the run ended
constexpr int kStrangePongs = 2;  ///< in a row, naming another run: not just one that was on its way
constexpr std::size_t kAcksPerMessage = 1'000;
constexpr double kAcknowledgeMs = 200;  ///< soon enough: unacknowledged records come again after 500

}  // namespace

void Experiment::Private::onControl(const wire::Message& message)
{
    if (pending.resolve(message))
        return;
    if (const auto* journal = std::get_if<wire::Journal>(&message.body))
        onJournal(*journal);
    else if (const auto* over = std::get_if<wire::RunEnded>(&message.body))
        onRunEnded(over->state);
    else if (const auto* pong = std::get_if<wire::Pong>(&message.body))
        onPong(*pong);
    else if (const auto* failure = std::get_if<wire::Failure>(&message.body); failure && message.id == 0)
        tellTrouble(toError(*failure));
}

void Experiment::Private::onPong(const wire::Pong& pong)
{
    if (pong.health)
        takeHealth(*pong.health);
    onDeviceState(pong.state);
}

/// With each heartbeat. One that knows nothing of our run comes from a daemon that was restarted faster than we noticed.
void Experiment::Private::onDeviceState(const wire::RunState& state)
{
    {
        const std::lock_guard lock(stateMutex);
        status.device = state;
    }
    recordHealth(state);
    if (state.run == run && state.nextFrame <= scenario.frames)
        requestedEnd = std::max<std::uint64_t>(requestedEnd, state.nextFrame);
    strangePongs = runStarted && state.run != run ? strangePongs + 1 : 0;
    if (strangePongs >= kStrangePongs && completeSinceNs == 0) {
        strangePongs = 0;
        hello();
    }
    tellStatus();
}

void Experiment::Private::onJournal(const wire::Journal& journal)
{
    if (journal.run != run)
        return onEarlierRun(journal);
    std::vector<std::uint64_t> known;
    for (const auto& record : journal.records) {
        const auto count = static_cast<std::uint64_t>(std::max(record.count, 0));
        const bool sensible = count > 0 && record.firstFrame < scenario.frames && count <= scenario.frames - record.firstFrame
            && decision::check(spec, record.decision).ok();
        if (!sensible) {
            tellTrouble({base::ErrorCode::InvalidInput,
                         "a record makes no sense and is ignored; is its release the same as ours?",
                         "device, frame " + std::to_string(record.firstFrame)});
        } else if (books.add(record.firstFrame, count)) {
            takeRecord(record);
        } else if (!uncommitted.contains({run, record.firstFrame})) {
            known.push_back(record.firstFrame);  // our acknowledgement was lost
        }
    }
    acknowledge(run, known);
    injectDue();
    settle();
}

/// Records of a run that this edge began and could not end (it was killed): they complete what is written of it. Without
/// a database nobody wants them.
void Experiment::Private::onEarlierRun(const wire::Journal& journal)
{
    if (earlierRuns.insert(journal.run).second) {
        base::log(base::LogLevel::Info, "experiment", "records of an earlier run arrived: " + std::to_string(journal.run));
        if (recorder)
            recorder->endRun(journal.run, "interrupted");
    }
    std::vector<std::uint64_t> unwanted;
    for (const auto& record : journal.records) {
        if (!recorder) {
            unwanted.push_back(record.firstFrame);
        } else if (record.count > 0 && uncommitted.insert({journal.run, record.firstFrame}).second) {
            Sample sample;
            sample.record = record;
            sample.energyJoules = decision::check(spec, record.decision) ? modelledEnergy(record, energy, spec) : 0;
            recorder->add(journal.run, std::move(sample));
        }
    }
    acknowledge(journal.run, unwanted);
}

/// A record whose frames the books did not have.
void Experiment::Private::takeRecord(wire::FrameRecord record)
{
    record.capturedAtMs += captureOffsetMs;
    tellIncidents(incidents.onRecord(record));
    tellIncidents(incidents.onFits(fitsNow(), base::nowNs()));
    Sample sample;
    sample.rttMs = rttMs;
    sample.health = reportedHealth.at(record);
    if (record.outcome == wire::Outcome::Done && record.wireBytes > 0) {
        const std::lock_guard lock(estimatorMutex);
        estimator.transferred(static_cast<double>(record.wireBytes), record.stages.transfer, base::nowNs());
    }
    const auto estimate = uplinkEstimate();
    sample.estimatedBytesPerSecond = estimate.bytesPerSecond;
    sample.estimateLow = estimate.low;
    sample.estimateHigh = estimate.high;
    sample.uplinkChanged = estimate.changed;
    sample.energyJoules = modelledEnergy(record, energy, spec);
    const bool late = lateResults.recorded(record.firstFrame, record.outcome == wire::Outcome::Fallback);
    const auto firstFrame = record.firstFrame;
    sample.record = std::move(record);
    appraise(sample);
    {
        const std::lock_guard lock(stateMutex);
        summary.add(sample, rewardDeadlineMs < decision::kNoLimit ? rewardDeadlineMs.load() : 0);
        if (late)
            summary.countDiscarded();
        sample.runningAccuracy = summary.accuracy();
    }
    {
        const std::lock_guard lock(observerMutex);
        observer.onSample(sample);
    }
    if (recorder) {
        uncommitted.insert({run, firstFrame});
        recorder->add(run, std::move(sample));
    } else {
        if (taken.empty())
            takenSinceNs = base::nowNs();
        taken.push_back(firstFrame);
    }
}

/// These are written (or nobody wants them written): the device may forget them.
void Experiment::Private::acknowledge(std::uint64_t ofRun, const std::vector<std::uint64_t>& firstFrames)
{
    for (std::size_t at = 0; at < firstFrames.size(); at += kAcksPerMessage) {
        wire::JournalAck ack{ofRun, {}};
        for (std::size_t i = at; i < std::min(at + kAcksPerMessage, firstFrames.size()); ++i) {
            uncommitted.erase({ofRun, firstFrames[i]});
            ack.firstFrames.push_back(firstFrames[i]);
        }
        const std::lock_guard lock(linkMutex);
        // Refused: the device sends the records again, and we acknowledge again.
        if (link)
            static_cast<void>(link->sendControl({0, std::move(ack)}));
    }
}

void Experiment::Private::onRunEnded(const wire::RunState& state)
{
    if (state.run != run)
        return;
    if (state.nextFrame <= scenario.frames)
        requestedEnd = std::max<std::uint64_t>(requestedEnd, state.nextFrame);
    {
        const std::lock_guard lock(stateMutex);
        status.device = state;
    }
    if (!runStarted)
        return;  // told again and again; this one is of before the run was taken up again
    runEnded = state;
    settle();
}

/// The device's memory of our run is lost, and so is what only it knew.
void Experiment::Private::runIsGone(const std::string& why)
{
    runStarted = false;
    runEnded.reset();
    tellTrouble({base::ErrorCode::Mismatch, why + "; the run is taken up again, and frames it had not reported are lost",
                 "device " + scenario.device});
    loseMissing(std::max<std::uint64_t>(requestedEnd, books.highest()), why);
}

void Experiment::Private::loseMissing(std::uint64_t missingEnd, const std::string& reason)
{
    const auto batch = static_cast<std::uint64_t>(scenario.batch);
    for (const auto& gap : books.missing(missingEnd)) {
        for (auto first = gap.first; first < gap.end;) {
            const auto batchEnd = std::min(gap.end, (first / batch + 1) * batch);
            wire::FrameRecord record;
            record.firstFrame = first;
            record.count = static_cast<int>(batchEnd - first);
            record.outcome = wire::Outcome::Lost;
            record.reason = reason;
            record.decision = scenario.decision;
            record.capturedAtMs = firstStartNs ? base::toMs(base::nowNs() - firstStartNs) - captureOffsetMs : 0;
            record.labels.assign(static_cast<std::size_t>(record.count), -1);
            record.truths = record.labels;
            if (books.add(first, batchEnd - first))
                takeRecord(std::move(record));
            first = batchEnd;
        }
    }
}

void Experiment::Private::update(wire::UpdateRun change)
{
    change.run = run;
    if (change.paused)
        settings.paused = change.paused;
    if (change.shaping)
        settings.shaping = change.shaping;
    if (change.slowdown) {
        settings.slowdown = change.slowdown;
        change.slowdown = slowdownNow();
    }
    if (!runStarted || stopDeadlineNs != 0)
        return;  // the start of the run, or its being taken up again, brings them
    const bool pausing = change.paused.has_value();
    const bool shaping = change.shaping.has_value();
    ask("update-run", change, kAnswerMs, [this, pausing, shaping](const base::Result<wire::Message>& answer) {
        if (!answer) {
            tellTrouble(answer.error());
            if (answer.error().code == base::ErrorCode::Unreachable)  // the question or its answer was lost
                resendSettings();
            return;
        }
        if (shaping && rate)  // a changed shaping ends the schedule that played
            sendSchedule(0, {});
        const bool paused = settings.paused.value_or(false);
        if (pausing)
            setPhase(paused ? Phase::Paused : Phase::Running, paused ? "paused" : "running");
    });
}

void Experiment::Private::resendSettings()
{
    auto all = settings;
    all.slowdown = slowdownNow();
    ask("update-run", all, kAnswerMs, [this](const base::Result<wire::Message>& answer) {
        if (!answer)
            tellTrouble(answer.error());
        else if (rate)  // the shaping has ended it
            sendSchedule(0, {});
    });
}

void Experiment::Private::beginStop()
{
    if (stopDeadlineNs != 0)
        return;
    stopDeadlineNs = base::nowNs() + base::fromMs(kStopMs);
    if (firstStartNs == 0 || untouched())
        return end(Phase::Stopped, untouched() ? "stopped before the run was resumed" : "stopped before the run began");
    setPhase(Phase::Running, "stopping");
    ask("stop-run", wire::StopRun{run}, kStopMs, [this](const base::Result<wire::Message>& answer) {
        if (!answer)
            tellTrouble(answer.error());
    });
}

void Experiment::Private::tick()
{
    pending.expire();
    if (!taken.empty() && base::toMs(base::nowNs() - takenSinceNs) >= kAcknowledgeMs)
        acknowledge(run, std::exchange(taken, {}));
    if (hasEnded())
        return;
    watchDaemon();
    watchConnecting();
    endFaults();
    injectDue();
    probeUplink();
    if (helloAtNs != 0 && base::nowNs() >= helloAtNs)
        hello();
    settle();
}

/// Ends the run where its books are complete and written.
void Experiment::Private::settle()
{
    if (hasEnded())
        return;
    if (firstStartNs == 0)
        return;
    if (stopDeadlineNs != 0)
        settleStop();
    else
        settleRun();
}

void Experiment::Private::settleStop()
{
    const auto begun = std::max<std::uint64_t>(requestedEnd, books.highest());
    const bool late = base::nowNs() >= stopDeadlineNs;
    if (!late && !(runEnded && books.complete(begun)))
        return;
    if (late && !books.complete(begun)) {
        loseMissing(begun, "stopped before the device told what became of it");
        return;  // comes again with the next tick
    }
    if (uncommitted.empty() || base::nowNs() >= stopDeadlineNs + base::fromMs(kLastWordsMs))
        end(books.complete(scenario.frames) ? Phase::Finished : Phase::Stopped, "stopped");
}

void Experiment::Private::settleRun()
{
    if (books.complete(scenario.frames)) {
        if (completeSinceNs == 0)
            completeSinceNs = base::nowNs();
        const double waitedMs = base::toMs(base::nowNs() - completeSinceNs);
        if ((runEnded || waitedMs >= kLastWordsMs) && uncommitted.empty())
            end(Phase::Finished, "finished");
        return;
    }
    // The device ended the run by itself and has told all it knows, but frames are missing: the run goes on where it ended.
    if (runStarted && runEnded && runEnded->unacknowledged == 0 && uncommitted.empty() && helloAtNs == 0) {
        runIsGone("the device ended the run early");
        helloAtNs = base::nowNs();
    }
}

void Experiment::Private::end(Phase phase, const std::string& text)
{
    tellIncidents(incidents.onEnd(base::nowNs()));
    if (!faultsToCome.empty())
        base::log(base::LogLevel::Warning, "fault", "the run ended before " + toString(faultsToCome) + " came");
    if (recorder) {
        constexpr double kFlushMs = 1'000;
        recorder->endRun(run, untouched() && phase != Phase::Finished ? toString(RunEnding::Interrupted) : toString(phase));
        if (!recorder->flush(kFlushMs))
            base::log(base::LogLevel::Warning, "experiment", "the records' last entry is not written yet");
    }
    acknowledge(run, std::exchange(taken, {}));
    setPhase(phase, text);
    const std::lock_guard lock(stateMutex);
    ended = true;
    stateChanged.notify_all();
}

void Experiment::Private::fail(const base::Error& error)
{
    if (hasEnded())
        return;
    if (!untouched())
        loseMissing(std::max<std::uint64_t>(requestedEnd, books.highest()), "the run failed");
    tellTrouble(error);
    end(Phase::Failed, error.message());
    connectingSinceNs = restartAtNs = helloAtNs = 0;
}

/// Being destroyed. A run in flight is stopped on the device, whose last records nobody waits for.
void Experiment::Private::atEnd()
{
    if (hasEnded())
        return;
    if (runStarted && !untouched()) {
        {
            const std::lock_guard lock(linkMutex);
            if (link)
                static_cast<void>(link->sendControl({0, wire::StopRun{run}}));
        }
        loseMissing(std::max<std::uint64_t>(requestedEnd, books.highest()), "the experiment was closed");
    }
    end(Phase::Stopped, "closed");
}

}  // namespace splitscope::session
