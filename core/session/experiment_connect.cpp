// SPDX-License-Identifier: GPL-3.0-or-later
// An experiment's way to the device, and to the run: daemon, link, hello, model, start-run. Worker's thread.
#include "core/base/clock.h"
#include "core/base/files.h"
#include "core/base/log.h"
#include "core/session/device_address.h"
#include "core/session/experiment_p.h"

#include <algorithm>

namespace splitscope::session {

namespace {

constexpr double kAnswerMs = 5'000;
constexpr double kLongAnswerMs = 30'000;  ///< reading a model or a data set on a slow card
constexpr double kTellUnreachableMs = 5'000;
constexpr double kGiveUpConnectingMs = 20'000;
constexpr double kFirstRestartMs = 100;
constexpr double kSlowestRestartMs = 1'600;
constexpr int kStartsWithoutSuccess = 5;
constexpr double kHelloAgainMs = 1'000;
constexpr int kHandshakesUntilTrouble = 3;

/// Whether its decisions may have a gate of this half.
bool wantsGates(const model::NetworkSpec& spec, const Scenario& scenario, bool ofEdge)
{
    const auto actions = decision::parseSpaceOptions(scenario.actionSet);
    const bool some = actions && !(ofEdge ? actions->edgeGateThresholds : actions->gateThresholds).empty();
    const auto& fixed = scenario.decision;
    return some || (scenario.strategy == "fixed" && fixed.gate && decision::gatedOnEdge(spec, fixed) == ofEdge);
}

}  // namespace

void Experiment::Private::begin()
{
    setPhase(Phase::Connecting, "loading " + scenario.model);
    auto loaded = options.edge ? options.edge->package(scenario) : sharedPackage(loadModelPackage(scenario));
    if (!loaded)
        return fail(loaded.error());
    package = std::move(*loaded);
    {
        const std::lock_guard lock(strategyMutex);
        codebook = package->codebook;
    }
    if (options.resumed)
        if (const auto same = goOn(); !same)
            return fail(same.error());
    warnOfOtherTable();
    makeRuntime();
    beginRecords({});
    connect();
}

void Experiment::Private::connect()
{
    closeLink();
    const bool loopback = scenario.device == "loopback";
    if (loopback && !runStarted)
        setPhase(Phase::Connecting, "starting the device's daemon on this machine");
    const auto address = loopback ? loopbackAddress() : tcpDeviceAddress(scenario.device, scenario.deviceKey);
    if (!address) {
        if (address.error().code == base::ErrorCode::Cancelled)
            return;  // being destroyed
        const bool mayPass
            = loopback && address.error().code != base::ErrorCode::NotFound && daemonStarts < kStartsWithoutSuccess;
        if (!mayPass)
            return fail(address.error());
        tellTrouble(address.error());
        restartAtNs = base::nowNs() + base::fromMs(kSlowestRestartMs);
        return;
    }
    listener = std::make_unique<LinkListener>(*this, ++linkGeneration);
    auto opened = link::EdgeLink::start(*address, *listener, options.edge ? options.edge->hub() : nullptr);
    if (!opened)
        return fail(opened.error());
    connectingSinceNs = base::nowNs();
    const std::lock_guard lock(linkMutex);
    link = std::move(*opened);
}

base::Result<link::EdgeLinkOptions> Experiment::Private::loopbackAddress()
{
    if (!daemon) {
        edgeKeys = link::newKeyPair();
        daemon.emplace(options.daemonProgram, link::newKeyPair(), edgeKeys.publicKey, options.daemonPlace);
    }
    ++daemonStarts;
    const auto ports = daemon->start(worker.token());
    if (!ports)
        return ports.error();
    return loopbackDeviceAddress(*daemon, *ports, edgeKeys);
}

void Experiment::Private::closeLink()
{
    std::unique_ptr<link::EdgeLink> closed;
    {
        const std::lock_guard lock(linkMutex);
        closed = std::move(link);
    }
    closed.reset();  // joins the link's thread, without the lock: that thread may want it
    listener.reset();
    pending.clear();
}

/// A loopback daemon that died is started again, after a while that grows.
void Experiment::Private::watchDaemon()
{
    const auto now = base::nowNs();
    if (restartAtNs != 0 && now >= restartAtNs) {
        restartAtNs = 0;
        return connect();
    }
    if (!daemon || restartAtNs != 0 || daemon->pid() <= 0 || daemon->alive())
        return;
    const base::Error died{base::ErrorCode::Unreachable,
                           "the device's daemon ended unexpectedly (" + daemon->lastWords() + "); it is started again",
                           "loopback daemon"};
    closeLink();
    if (daemonStarts >= kStartsWithoutSuccess)
        return fail(died);
    tellTrouble(died);
    setPhase(Phase::Reconnecting, "the device's daemon died; starting it again");
    const double wait = std::min(kSlowestRestartMs, kFirstRestartMs * static_cast<double>(1 << std::max(0, daemonStarts - 1)));
    restartAtNs = now + base::fromMs(wait);
}

/// Nothing was ever heard on this link: says so, and gives up where no run depends on it.
void Experiment::Private::watchConnecting()
{
    if (connectingSinceNs == 0)
        return;
    const double waitedMs = base::toMs(base::nowNs() - connectingSinceNs);
    const base::Error silence{base::ErrorCode::Unreachable,
                              "does not answer: is splitscoped running there, is the device's key right, and is this "
                              "edge's key allowed there (`splitscope-cli keys show`)?",
                              scenario.device};
    if (waitedMs > kTellUnreachableMs && !toldUnreachable) {
        toldUnreachable = true;
        tellTrouble(silence);
        setPhase(Phase::Connecting, scenario.device + " does not answer yet");
    }
    if (waitedMs > kGiveUpConnectingMs && (!runStarted || untouched()))
        fail(silence);
}

void Experiment::Private::onLinkState(link::LinkState state, const std::string& why)
{
    bool over = false;
    {
        const std::lock_guard lock(stateMutex);
        status.link = state;
        over = ended;
    }
    if (over)
        return;
    tellIncidents(incidents.onLink(state, why, base::nowNs()));
    if (state != link::LinkState::Connected)
        forgetHealth();
    if (state == link::LinkState::Connected) {
        connectingSinceNs = 0;
        toldUnreachable = false;
        failedHandshakes = 0;
        hello();
    } else if (state == link::LinkState::Silent) {
        pending.clear();
        setPhase(Phase::Reconnecting, "device silent; reconnecting" + (why.empty() ? "" : " (" + why + ")"));
    } else {
        tellStatus();
    }
}

void Experiment::Private::ask(const char* what, wire::Body body, double deadlineMs, PendingRequests::OnAnswer onAnswer,
                              base::Bytes payload)
{
    const auto id = pending.add(what, deadlineMs, std::move(onAnswer));
    base::Status sent;
    {
        const std::lock_guard lock(linkMutex);
        if (link)
            sent = link->sendControl({id, std::move(body)}, std::move(payload));
    }
    if (!sent)  // its deadline brings it up again
        base::logError("experiment", sent.error());
}

void Experiment::Private::hello()
{
    helloAtNs = 0;
    pending.clear();
    if (!runStarted)
        setPhase(Phase::Preparing, "greeting the device");
    wire::Hello greeting;
    greeting.program = "splitscope " + base::programVersion();
    ask("hello", greeting, kAnswerMs, [this](const base::Result<wire::Message>& answer) {
        if (!answer)
            return handshakeFailed(answer.error());
        if (const auto* welcome = std::get_if<wire::Welcome>(&answer->body))
            onWelcome(*welcome);
    });
}

void Experiment::Private::onWelcome(const wire::Welcome& welcome)
{
    if (welcome.version != wire::kProtocolVersion)
        return fail({base::ErrorCode::Mismatch,
                     "speaks protocol version " + std::to_string(welcome.version) + ", this program "
                         + std::to_string(wire::kProtocolVersion) + "; install the same release on both",
                     "device " + welcome.deviceName});
    {
        const std::lock_guard lock(stateMutex);
        status.deviceName = welcome.deviceName;
        status.machine = welcome.machine;
        status.welcome = welcome;
        status.device = welcome.state;
    }
    deviceKnowsGates = welcome.gates.value_or(false);
    deviceKnowsEdgeGates = welcome.edgeGates.value_or(false);
    if ((!deviceKnowsGates && wantsGates(spec, scenario, false)) || (!deviceKnowsEdgeGates && wantsGates(spec, scenario, true)))
        return fail({base::ErrorCode::Unsupported,
                     "is of a release that does not know such gates; install this one there, or choose an action set and "
                     "decisions without gates",
                     "device " + welcome.deviceName});
    if (firstStartNs == 0)
        beginRecords(welcome.deviceName + ", " + welcome.machine);
    const bool resumes = untouched();
    if (resumes)
        takeUp(welcome);
    recordEvent("device", welcome.deviceName + ": " + welcome.machine + ", " + welcome.program);
    if (runStarted && welcome.bootId != bootId)
        runIsGone("the daemon was restarted");
    else if (runStarted && welcome.state.run != run)
        runIsGone(resumes ? "the device does not have the run any more" : "the device gave the run up");
    bootId = welcome.bootId;
    failedHandshakes = 0;
    if (stopDeadlineNs != 0)
        return;
    if (!runStarted)
        return queryParcel(0);
    onDeviceState(welcome.state);
    if (welcome.state.active)
        resendSettings();
    const bool paused = settings.paused.value_or(false);
    setPhase(paused ? Phase::Paused : Phase::Running, paused ? "paused" : "running again");
}

/// What the device must have, one parcel after the other; then the run.
void Experiment::Private::queryParcel(std::size_t index)
{
    const auto parcels = package->parcels();
    if (index == parcels.size())
        return startRun();
    const auto& parcel = parcels[index];
    setPhase(Phase::Preparing, std::string("asking for the ") + parcel.what);
    ask("model-query", wire::ModelQuery{parcel.hash}, kLongAnswerMs,
        [this, index, total = parcel.bytes.size()](const base::Result<wire::Message>& answer) {
            if (!answer)
                return handshakeFailed(answer.error());
            const auto* there = std::get_if<wire::ModelState>(&answer->body);
            if (there && there->ready)
                return queryParcel(index + 1);
            pushParcel(index, there && there->receivedBytes < total ? there->receivedBytes : 0);
        });
}

void Experiment::Private::pushParcel(std::size_t index, std::uint64_t offset)
{
    const auto parcel = package->parcels()[index];
    const auto total = parcel.bytes.size();
    setPhase(Phase::Preparing, std::string("sending the ") + parcel.what + ", " + std::to_string(100 * offset / total) + " %");
    auto piece = nextPiece(parcel, offset);
    ask(
        "model-push", piece.push, kLongAnswerMs,
        [this, index, total, what = parcel.what](const base::Result<wire::Message>& answer) {
            if (!answer)
                return handshakeFailed(answer.error());
            const auto* there = std::get_if<wire::ModelState>(&answer->body);
            if (there && there->ready)
                return queryParcel(index + 1);
            if (!there || there->receivedBytes >= total)
                return handshakeFailed(
                    {base::ErrorCode::Mismatch, std::string("has all of the ") + what + ", but cannot use it", "device"});
            pushParcel(index, there->receivedBytes);
        },
        std::move(piece.bytes));
}

void Experiment::Private::startRun()
{
    const auto next = std::max<std::uint64_t>(requestedEnd, books.highest());
    if (next >= scenario.frames)
        return settle();  // nothing is left to do
    setPhase(Phase::Preparing, "starting the run");
    if (rate)
        sendSchedule(0, [this] { askToStart(); });
    else
        askToStart();
}

void Experiment::Private::askToStart()
{
    wire::StartRun start;
    start.run = run;
    start.modelHash = package->hash;
    start.data = scenario.data;
    start.split = scenario.split;
    start.frames = scenario.frames;
    start.firstFrame = std::max<std::uint64_t>(requestedEnd, books.highest());
    start.batch = scenario.batch;
    start.depth = scenario.depth;
    start.seed = scenario.seed;
    start.coder = package->coder;
    start.codebookHash = package->codebookHash();
    start.decision = decide();
    start.slowdown = slowdownNow();
    start.slowdownBy = scenario.slowdownBy;
    start.shaping = settings.shaping.value_or(wire::Shaping());
    start.minIntervalMs = scenario.minIntervalMs;
    start.minFailoverMs = scenario.minFailoverMs;
    start.threads = scenario.deviceThreads;
    start.recordLogits = scenario.recordLogits;
    runEnded.reset();
    ask("start-run", start, kLongAnswerMs, [this](const base::Result<wire::Message>& answer) {
        if (!answer)
            return handshakeFailed(answer.error());
        onRunning();
    });
}

void Experiment::Private::onRunning()
{
    const auto now = base::nowNs();
    if (firstStartNs == 0)
        recordStartNs = firstStartNs = now;
    if (rateStartedNs == 0)
        rateStartedNs = now;
    captureOffsetMs = base::toMs(now - firstStartNs);
    recordEvent("start", "the device begins at frame " + std::to_string(std::max<std::uint64_t>(requestedEnd, books.highest())));
    runStarted = true;
    daemonStarts = 0;
    strangePongs = 0;
    const bool paused = settings.paused.value_or(false);
    setPhase(paused ? Phase::Paused : Phase::Running, paused ? "paused" : "running");
    if (paused)
        resendSettings();
}

/// Time-outs are tried again from the start; a refusal ends a run that has not begun, and is tried again for one that has.
void Experiment::Private::handshakeFailed(const base::Error& error)
{
    const bool began = firstStartNs != 0;
    if (error.code != base::ErrorCode::Unreachable && !began)
        return fail(error);
    if (++failedHandshakes >= kHandshakesUntilTrouble) {
        failedHandshakes = 0;
        tellTrouble(error);
    }
    setPhase(began ? Phase::Reconnecting : Phase::Preparing, "trying again: " + error.message());
    helloAtNs = base::nowNs() + base::fromMs(kHelloAgainMs);
}

// --- the link's thread ---

void Experiment::Private::LinkListener::onControl(const wire::Message& message)
{
    m_experiment.worker.post([&experiment = m_experiment, generation = m_generation, message] {
        if (generation == experiment.linkGeneration)
            experiment.onControl(message);
    });
}

void Experiment::Private::LinkListener::onState(link::LinkState state, const std::string& why)
{
    m_experiment.worker.post([&experiment = m_experiment, generation = m_generation, state, why] {
        if (generation == experiment.linkGeneration)
            experiment.onLinkState(state, why);
    });
}

}  // namespace splitscope::session
