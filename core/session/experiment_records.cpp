// SPDX-License-Identifier: GPL-3.0-or-later
// What an experiment leaves in its records beside the requests.
#include "core/base/clock.h"
#include "core/base/files.h"
#include "core/base/log.h"
#include "core/session/experiment_p.h"
#include "core/session/run_environment.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <cmath>
#include <utility>

namespace splitscope::session {

namespace {

constexpr double kHealthMs = 1'000;

std::string hashOfFile(const std::filesystem::path& path)
{
    const auto bytes = base::readFile(path);
    return bytes ? base::sha256(*bytes) : std::string();
}

/// Of the file that the scenario's cost table comes from; empty: there is none.
std::string tableHash(const Scenario& scenario)
{
    if (scenario.costTable == "none")
        return {};
    if (!scenario.costTable.empty())
        return hashOfFile(scenario.costTable);
    for (const auto& name : weightsNames(scenario.data))
        if (const auto path = base::resourcePath("models/" + scenario.model + "/" + name + ".costs.json.zst"); path)
            return hashOfFile(*path);
    return {};
}

}  // namespace

std::string toString(link::LinkState state)
{
    switch (state) {
    case link::LinkState::Connecting: return "connecting";
    case link::LinkState::Connected: return "connected";
    case link::LinkState::Silent: break;
    }
    return "silent";
}

void Experiment::recordEvent(const std::string& kind, const std::string& text, const std::string& detail)
{
    d->recordEvent(kind, text, detail);
}

RunInfo Experiment::Private::runInfo(const std::string& device) const
{
    RunInfo info;
    info.run = run;
    info.scenarioJson = toJson(scenario);
    info.programVersion = base::programVersion();
    info.modelHash = package->hash;
    info.startedMs = wallStartMs;
    info.scenarioName = options.scenarioName;
    const auto weightsAt = std::min<std::size_t>(package->specBytes, package->bytes.size());
    info.weightsHash = base::sha256(base::ByteView(package->bytes).subspan(weightsAt));
    info.codebookHash = package->codebookHash();
    info.tableHash = tableHash(scenario);
    if (firstStartNs == 0)  // a run that was resumed keeps that of its start
        info.environmentJson = environmentJson(device);
    return info;
}

void Experiment::Private::beginRecords(const std::string& device)
{
    if (!recorder)
        return;
    if (wallStartMs == 0)
        wallStartMs = wallClockMs();
    recorder->beginRun(runInfo(device));
    const std::lock_guard lock(earlyMutex);
    for (auto& event : std::exchange(earlyEvents, {}))
        recorder->add(run, std::move(event));
    recordsBegun = true;
}

void Experiment::Private::recordEvent(const std::string& kind, const std::string& text, const std::string& detail)
{
    const auto start = recordStartNs.load();
    RunEvent event{start == 0 ? 0 : base::toMs(base::nowNs() - start), wallClockMs(), kind, text, detail};
    const std::lock_guard lock(earlyMutex);
    if (recordsBegun)
        recorder->add(run, std::move(event));
    else if (recorder && kind != "phase")  // a slider moved while the model is loaded is a setting of the run
        earlyEvents.push_back(std::move(event));
}

void Experiment::Private::recordPhase(Phase phase, const std::string& text)
{
    if (recordedPhase.exchange(static_cast<int>(phase)) != static_cast<int>(phase))
        recordEvent("phase", toString(phase) + (text.empty() || text == toString(phase) ? "" : ": " + text));
}

void Experiment::Private::recordObjective(const decision::Objective& objective, std::uint64_t nextFrame)
{
    if (!recorder)
        return;
    QJsonObject detail{{"kind", QString::fromStdString(toString(objective.kind))},
                       {"s_mb_per_s", objective.sensitivity},
                       {"n", objective.scale},
                       {"accuracy_floor", objective.accuracyFloor},
                       {"first_cut", objective.firstCut},
                       {"next_frame", static_cast<qint64>(nextFrame)}};
    if (std::isfinite(objective.energyLimitJoules))
        detail["energy_limit_j_per_frame"] = objective.energyLimitJoules;
    if (std::isfinite(objective.deadlineMs))
        detail["deadline_ms"] = objective.deadlineMs;
    if (objective.lastCut < std::numeric_limits<int>::max())
        detail["last_cut"] = objective.lastCut;
    const auto json = QJsonDocument(detail).toJson(QJsonDocument::Compact).toStdString();
    recordEvent("objective",
                "s " + QString::number(objective.sensitivity).toStdString() + " MB/s, n "
                    + QString::number(objective.scale).toStdString(),
                json);
}

void Experiment::Private::recordHealth(const wire::RunState& state)
{
    const auto now = base::nowNs();
    if (!recorder || !recordsBegun || (recordedHealthNs != 0 && base::toMs(now - recordedHealthNs) < kHealthMs))
        return;
    recordedHealthNs = now;
    const auto estimate = uplinkEstimate();
    RunHealth health;
    health.atMs = firstStartNs == 0 ? 0 : base::toMs(now - firstStartNs);
    health.wallMs = wallClockMs();
    {
        const std::lock_guard lock(stateMutex);
        health.link = toString(status.link);
        health.machine = status.health.value_or(wire::Health());
    }
    health.rttMs = rttMs;
    health.nextFrame = state.nextFrame;
    health.done = state.done;
    health.fallback = state.fallback;
    health.lost = state.lost;
    health.discarded = state.discarded;
    health.unacknowledged = state.unacknowledged;
    health.paused = state.paused;
    health.estimatedBytesPerSecond = estimate.bytesPerSecond;
    health.estimateLow = estimate.low;
    health.estimateHigh = estimate.high;
    recorder->add(run, std::move(health));
}

void Experiment::Private::takeHealth(const wire::Health& health)
{
    {
        const std::lock_guard lock(stateMutex);
        status.health = health;
        ++status.healthReports;
    }
    tellIncidents(incidents.onHealth(health, base::nowNs()));
}

void Experiment::Private::forgetHealth()
{
    const std::lock_guard lock(stateMutex);
    status.health.reset();
}

void Experiment::Private::tellIncidents(const std::vector<Incident>& found)
{
    for (const auto& incident : found) {
        base::log(incident.level, incident.kind, incident.text);
        if (!recordsBegun)
            continue;
        const auto start = recordStartNs.load();
        const double nowMs = start == 0 ? 0 : base::toMs(base::nowNs() - start);
        recorder->add(run, RunEvent{incident.atMs.value_or(nowMs), wallClockMs(), incident.kind, incident.text, incident.detail});
    }
}

}  // namespace splitscope::session
