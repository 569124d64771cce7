// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/experiment.h"

#include "core/session/experiment_p.h"
#include "core/session/pricing.h"
#include "core/session/scenario_check.h"

#include <random>

namespace splitscope::session {

namespace {

/// Never 0, and exact as a JSON number.
std::uint64_t randomRun()
{
    std::random_device random;
    constexpr std::uint64_t kExact = (1ULL << 53) - 1;
    return ((static_cast<std::uint64_t>(random()) << 32 | random()) & kExact) | 1;
}

}  // namespace

/// Of an uplink that has told nothing yet.
double Experiment::Private::assumedRateOf(const Uplink& uplink)
{
    if (uplink.rate)
        return uplink.rate->points().front().bytesPerSecond;
    return uplink.shaping.bytesPerSecond > 0 ? uplink.shaping.bytesPerSecond : decision::kNoLimit;
}

std::string toString(Phase phase)
{
    switch (phase) {
    case Phase::Connecting: return "connecting";
    case Phase::Preparing: return "preparing";
    case Phase::Running: return "running";
    case Phase::Paused: return "paused";
    case Phase::Reconnecting: return "reconnecting";
    case Phase::Finished: return "finished";
    case Phase::Stopped: return "stopped";
    case Phase::Failed: break;
    }
    return "failed";
}

Experiment::Private::Private(const Scenario& toRun, const ExperimentOptions& with, model::NetworkSpec network, Uplink uplink,
                             ExperimentObserver& toTell)
    : scenario(toRun), options(with), spec(std::move(network)), energy(spec, scenario.energy),
      run(with.resumed ? with.resumed->row.key.run : randomRun()), observer(toTell)
{
    const auto& inForce = with.resumed ? with.resumed->settings.inForce : scenario;
    settings.run = run;
    settings.paused = with.resumed && with.resumed->settings.paused;
    settings.slowdown = inForce.slowdown;
    faultsToCome = with.resumed ? with.resumed->faultsToCome : scenario.faults;
    bandwidth = inForce.bandwidth;
    settings.shaping = uplink.shaping;
    assumedRate = assumedRateOf(uplink);
    slowdown = inForce.slowdown;
    correctsTable = inForce.correctTable;
    rewardDeadlineMs = objectiveOf(inForce).deadlineMs;
    rate = std::move(uplink.rate);
}

base::Status Experiment::Private::openRecorder(RecorderEvents events)
{
    const auto file = options.outFolder / "records.sqlite";
    if (options.edge) {
        auto shared = options.edge->recorder(file, run, std::move(events));
        if (!shared)
            return shared.error();
        recorder = std::move(*shared);
        return {};
    }
    auto own = Recorder::open(file, std::move(events));
    if (!own)
        return own.error();
    recorder = std::move(*own);
    return {};
}

Experiment::Private::~Private()
{
    worker.stop();
    restarting = {};  // stops and joins
    closeLink();
    std::unique_ptr<exec::EdgeRuntime> stopped;
    {
        const std::lock_guard lock(runtimeMutex);
        stopped = std::move(runtime);
    }
    stopped.reset();
    recorder.reset();  // writes what is queued
    daemon.reset();
}

base::Result<std::unique_ptr<Experiment>> Experiment::start(const Scenario& asked, const ExperimentOptions& how,
                                                            ExperimentObserver& observer)
{
    // What check() does, but the strategy and its tables are made once, below: with them a fleet takes long to start.
    if (const auto problems = fieldProblems(asked); !problems.empty())
        return base::Error{base::ErrorCode::InvalidInput, problems.front().text, "scenario: " + problems.front().field};
    auto scenario = asked;
    freeze(scenario);
    const auto& inForce = how.resumed ? how.resumed->settings.inForce : scenario;
    auto spec = model::loadNetworkSpec(scenario.model);
    if (!spec)
        return spec.error();
    auto options = how.edge ? strategyOptions(inForce, how.edge->evaluator(inForce)) : strategyOptions(inForce);
    if (!options)
        return options.error();
    auto strategy = makeStrategy(inForce.strategy, inForce.shadow, *spec, *options);
    if (!strategy)
        return base::Error{strategy.error().code, strategy.error().text, "scenario: " + strategy.error().where};
    auto uplink = makeUplink(inForce.bandwidth, inForce.shaping);
    if (!uplink)
        return uplink.error();
    auto priv = std::make_unique<Private>(scenario, how, std::move(*spec), std::move(*uplink), observer);
    priv->strategy = std::move(*strategy);
    priv->strategyOptions = *std::move(options);
    if (!how.outFolder.empty()) {
        auto* p = priv.get();
        RecorderEvents events;
        events.onCommitted = [p](std::uint64_t recorded, const std::vector<std::uint64_t>& firstFrames) {
            p->worker.post([p, recorded, firstFrames] {
                if (recorded != p->run && !p->earlierRuns.contains(recorded))
                    return;  // of another device of this edge
                p->acknowledge(recorded, firstFrames);
                p->settle();
            });
        };
        events.onTrouble = [p](const base::Error& error) {  // not into the records, which it is about
            const std::lock_guard lock(p->observerMutex);
            p->observer.onTrouble(error);
        };
        if (const auto opened = priv->openRecorder(std::move(events)); !opened)
            return opened.error();
    }
    if (how.resumed)
        if (const auto claimed = claim(*how.resumed); !claimed)
            return claimed.error();
    std::unique_ptr<Experiment> experiment(new Experiment(std::move(priv)));
    auto* p = experiment->d.get();
    p->worker.start(
        "experiment", [p] { p->tick(); }, [p] { p->atEnd(); });
    p->worker.post([p] { p->begin(); });
    return experiment;
}

Experiment::Experiment(std::unique_ptr<Private> priv) : d(std::move(priv)) {}

Experiment::~Experiment() = default;

void Experiment::pause(bool paused)
{
    d->recordEvent("pause", paused ? "paused" : "resumed");
    d->worker.post([p = d.get(), paused] {
        wire::UpdateRun change;
        change.paused = paused;
        p->update(change);
    });
}

void Experiment::stop()
{
    d->recordEvent("stop", "asked to stop");
    d->worker.post([p = d.get()] { p->beginStop(); });
}

base::Status Experiment::setUplink(const std::string& bandwidth, const wire::Shaping& shaping)
{
    auto uplink = makeUplink(bandwidth, shaping);
    if (!uplink)
        return uplink.error();
    d->assumedRate = Private::assumedRateOf(*uplink);
    auto changed = d->scenario;
    changed.bandwidth = bandwidth;
    changed.shaping = shaping;
    d->recordEvent("uplink", bandwidth, settingsDetail(changed, {"bandwidth", "shaping"}));
    d->worker.post([p = d.get(), bandwidth, uplink = std::move(*uplink)] { p->setUplink(bandwidth, uplink); });
    return {};
}

void Experiment::setSlowdown(double slowdown)
{
    d->slowdown = slowdown;
    auto changed = d->scenario;
    changed.slowdown = slowdown;
    d->recordEvent("slowdown", std::to_string(slowdown), settingsDetail(changed, {"slowdown"}));
    d->worker.post([p = d.get(), slowdown] {
        wire::UpdateRun change;
        change.slowdown = slowdown;
        p->update(change);
    });
}

bool Experiment::ended() const { return d->hasEnded(); }

bool Experiment::Private::hasEnded() const
{
    const std::lock_guard lock(stateMutex);
    return ended;
}

bool Experiment::waitUntilEnded(double timeoutMs)
{
    std::unique_lock lock(d->stateMutex);
    return d->stateChanged.wait_for(lock, std::chrono::duration<double, std::milli>(timeoutMs), [this] { return d->ended; });
}

Summary Experiment::summary() const
{
    const std::lock_guard lock(d->stateMutex);
    return d->summary;
}

ExperimentStatus Experiment::status() const
{
    const std::lock_guard lock(d->stateMutex);
    return d->status;
}

std::uint64_t Experiment::run() const { return d->run; }

exec::EdgeDeviceStatistics Experiment::edgeStatistics() const { return d->edgeStatistics(); }

exec::EdgeDeviceStatistics Experiment::Private::edgeStatistics()
{
    const std::lock_guard lock(runtimeMutex);
    return runtime ? runtime->statistics() : exec::EdgeDeviceStatistics();
}

// --- what any thread may call ---

void Experiment::Private::setPhase(Phase phase, const std::string& text)
{
    {
        const std::lock_guard lock(stateMutex);
        if (ended)
            return;
        status.phase = phase;
        status.text = text;
    }
    recordPhase(phase, text);
    tellStatus();
}

void Experiment::Private::tellStatus()
{
    ExperimentStatus now;
    const auto estimate = uplinkEstimate();
    std::string strategyStatus;
    PredictionStatus prediction;
    {
        const std::lock_guard lock(strategyMutex);
        strategyStatus = strategy->status();
        prediction = {predictionWatch.fits(), predictionWatch.deviceTimes(), predictionWatch.edgeTimes(), correctsTable};
    }
    {
        const std::lock_guard lock(stateMutex);
        status.strategy = std::move(strategyStatus);
        status.prediction = prediction;
        status.rttMs = rttMs;
        status.uplink = estimate;
        now = status;
    }
    const std::lock_guard lock(observerMutex);
    observer.onStatus(now);
}

void Experiment::Private::tellTrouble(const base::Error& error)
{
    recordEvent("trouble", error.message());
    const std::lock_guard lock(observerMutex);
    observer.onTrouble(error);
}

void Experiment::Private::makeRuntime()
{
    exec::EdgeRuntimeOptions edge;
    edge.threads = scenario.edgeThreads;
    edge.replyLogits = scenario.recordLogits;
    edge.codebook = package->codebook;
    if (options.edge)
        edge.service = options.edge->service();
    const std::lock_guard lock(runtimeMutex);
    runtime = std::make_unique<exec::EdgeRuntime>(
        package->executor, edge, [this] { return std::optional(decide()); },
        [this](wire::Message message) {
            if (auto* reply = std::get_if<wire::Reply>(&message.body))
                jumpClock(*reply);
            sendFromRuntime(message);
        },
        [this](const wire::Request& request, const base::Tensor& logits) {
            const std::lock_guard observing(observerMutex);
            observer.onLogits(request, logits);
        });
}

void Experiment::Private::LinkListener::onRequest(link::ArrivedRequest arrived)
{
    const auto& request = arrived.request;
    if (request.run != m_experiment.run) {
        m_experiment.sendFromRuntime(
            {0, wire::RequestFailed{request.run, request.firstFrame, {"NotFound", "this edge has another run now", "request"}}});
        return;
    }
    const auto requestEnd = request.firstFrame + static_cast<std::uint64_t>(std::max(request.count, 0));
    auto seen = m_experiment.requestedEnd.load();
    while (seen < requestEnd && requestEnd <= m_experiment.scenario.frames
           && !m_experiment.requestedEnd.compare_exchange_weak(seen, requestEnd))
        ;
    {
        const std::lock_guard lock(m_experiment.estimatorMutex);
        m_experiment.estimator.arrived(arrived.curve);
    }
    m_experiment.noteQueue(request);
    const std::lock_guard lock(m_experiment.runtimeMutex);
    if (m_experiment.runtime)
        m_experiment.runtime->submit(std::move(arrived));
}

void Experiment::Private::sendFromRuntime(const wire::Message& message)
{
    if (const auto* reply = std::get_if<wire::Reply>(&message.body); reply && lateResults.answered(reply->firstFrame)) {
        const std::lock_guard lock(stateMutex);
        summary.countDiscarded();
    }
    base::Status sent;
    {
        const std::lock_guard lock(linkMutex);
        if (link)
            sent = link->sendData(message);
    }
    if (!sent)
        tellTrouble(sent.error());
}

namespace {

constexpr std::size_t kRemembered = 4096;  ///< requests whose answer or record may still be on its way

void insertBounded(std::set<std::uint64_t>& set, std::uint64_t value)
{
    set.insert(value);
    if (set.size() > kRemembered)
        set.erase(set.begin());
}

}  // namespace

bool LateResults::answered(std::uint64_t firstFrame)
{
    const std::lock_guard lock(m_mutex);
    if (m_fellBack.erase(firstFrame) > 0)
        return true;
    insertBounded(m_answered, firstFrame);
    return false;
}

bool LateResults::recorded(std::uint64_t firstFrame, bool fellBack)
{
    const std::lock_guard lock(m_mutex);
    const bool hadAnswer = m_answered.erase(firstFrame) > 0;
    if (fellBack && !hadAnswer)
        insertBounded(m_fellBack, firstFrame);
    return fellBack && hadAnswer;
}

}  // namespace splitscope::session
