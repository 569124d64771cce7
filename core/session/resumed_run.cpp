// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/resumed_run.h"

#include "core/base/text.h"
#include "core/session/record_store_p.h"
#include "core/session/run_environment.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>

namespace splitscope::session {

namespace {

std::string nameOf(const RunRow& row) { return "run " + std::to_string(row.key.run); }

base::Status checkInterrupted(const RunRow& row)
{
    if (row.ending == RunEnding::Interrupted)
        return {};
    if (row.ending == RunEnding::Running)
        return base::Error{base::ErrorCode::Busy, "is being recorded by a process that lives; stop that one, or wait for its end",
                           nameOf(row)};
    return base::Error{base::ErrorCode::InvalidInput,
                       "is " + toString(row.ending) + ": only a run whose process was killed can be resumed; begin another one",
                       nameOf(row)};
}

QJsonObject detailOf(const RunEvent& event) { return QJsonDocument::fromJson(QByteArray::fromStdString(event.detail)).object(); }

/// Leaves those that were not injected. Events of earlier versions do not say whether a fault was the scenario's.
std::vector<ScheduledFault> faultsLeft(std::vector<ScheduledFault> faults, const std::vector<RunEvent>& events)
{
    std::stable_sort(faults.begin(), faults.end(), [](const auto& a, const auto& b) { return a.frame < b.frame; });
    for (const auto& event : events) {
        const auto detail = detailOf(event);
        if (event.kind != "fault" || detail.value("state").toString() == "end" || !detail.value("scheduled").toBool(true))
            continue;
        const auto what = detail.value("fault").toString().toStdString();
        const auto same
            = std::find_if(faults.begin(), faults.end(), [&](const auto& one) { return toString(one.fault) == what; });
        if (same != faults.end())
            faults.erase(same);
    }
    return faults;
}

void takeRequests(const RunColumns& columns, ResumedRun& resumed)
{
    const auto& deadlines = resumed.settings.deadlines;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const auto sample = columns.sample(i);
        const double finishedMs = columns.finishedAtMs(i);
        const auto next
            = std::find_if(deadlines.begin() + 1, deadlines.end(), [&](const auto& d) { return d.first > finishedMs; });
        const double deadline = std::prev(next)->second;
        resumed.books.add(columns.firstFrame[i], columns.count[i]);
        resumed.summary.add(sample, deadline < decision::kNoLimit ? deadline : 0);
        resumed.lastMs = std::max(resumed.lastMs, finishedMs);
    }
    resumed.begun = std::max(resumed.begun, resumed.books.highest());
    if (columns.empty())
        return;
    if (const auto last = columns.sample(columns.size() - 1); last.health) {
        resumed.lastReport = last.record;
        resumed.lastReport->health = last.health;
    }
}

void takeHealth(const std::vector<RunHealth>& reports, ResumedRun& resumed)
{
    std::uint64_t before = 0;
    for (const auto& health : reports) {
        // The device counts anew where it was restarted.
        for (auto late = health.discarded < before ? 0 : before; late < health.discarded; ++late)
            resumed.summary.countDiscarded();
        before = health.discarded;
        resumed.begun = std::max(resumed.begun, std::min(health.nextFrame, resumed.scenario.frames));
        resumed.lastMs = std::max(resumed.lastMs, health.atMs);
    }
}

void takeTimes(const std::vector<RunEvent>& events, ResumedRun& resumed)
{
    for (const auto& event : events) {
        if (event.atMs > 0 && resumed.wallStartMs == 0)
            resumed.wallStartMs = event.wallMs - static_cast<std::int64_t>(event.atMs);
        if (event.kind == "start")
            resumed.deviceStartedAtMs = event.atMs;
        resumed.lastMs = std::max(resumed.lastMs, event.atMs);
    }
}

}  // namespace

double ResumedRun::clockMs(std::int64_t wallMs) const { return std::max(lastMs, static_cast<double>(wallMs - wallStartMs)); }

base::Result<std::shared_ptr<const ResumedRun>> readInterrupted(const RunKey& key)
{
    auto row = findRun(key);
    if (!row)
        return row.error();
    if (const auto can = checkInterrupted(*row); !can)
        return can.error();
    const auto events = readEvents(key);
    if (!events)
        return events.error();
    const auto health = readHealth(key);
    if (!health)
        return health.error();
    const auto columns = readRun(key);
    if (!columns)
        return columns.error();
    auto settings = settingsAfter(row->scenarioJson, *events, nameOf(*row));
    if (!settings)
        return settings.error();
    auto resumed = std::make_shared<ResumedRun>();
    resumed->row = *std::move(row);
    resumed->scenario = *parseScenario(resumed->row.scenarioJson, {});
    resumed->settings = *std::move(settings);
    resumed->faultsToCome = faultsLeft(resumed->scenario.faults, *events);
    takeTimes(*events, *resumed);
    takeHealth(*health, *resumed);
    takeRequests(*columns, *resumed);
    return std::shared_ptr<const ResumedRun>(std::move(resumed));
}

base::Result<RunRow> chooseInterrupted(const std::filesystem::path& place, const std::string& text)
{
    if (text != "latest") {
        auto row = chooseRun(place, text);
        if (!row)
            return row;
        if (const auto can = checkInterrupted(*row); !can)
            return can.error();
        return row;
    }
    auto list = listRuns(place);
    if (!list)
        return list.error();
    for (auto& row : list->runs)
        if (row.ending == RunEnding::Interrupted)
            return std::move(row);
    return base::Error{
        base::ErrorCode::NotFound,
        "no run of " + std::to_string(list->runs.size())
            + " was interrupted: there is nothing to resume (`splitscope-cli runs list --records` tells what there "
              "is)",
        place.string()};
}

base::Status claim(const ResumedRun& resumed)
{
    const auto& key = resumed.row.key;
    const auto database = openExistingRecords(key.records, Database::Mode::ReadWrite);
    if (!database)
        return database.error();
    const auto run = static_cast<std::int64_t>(key.run);
    const base::Error taken{base::ErrorCode::Busy, "was taken up by another process meanwhile", nameOf(resumed.row)};
    auto now = database->prepare("SELECT state, writer FROM runs WHERE run = ?1");
    if (!now.bind(1, run).next())
        return base::Error{base::ErrorCode::NotFound, "was deleted meanwhile", nameOf(resumed.row)};
    const auto state = now.text(0);
    const auto writer = now.text(1);
    now.next();  // ends the reading
    if (state != toString(RunEnding::Interrupted) && (state != toString(RunEnding::Running) || isAlive(writer)))
        return taken;
    // Only as it was read, so that of two processes one wins.
    auto take = database->prepare("UPDATE runs SET state = 'running', ended_ms = NULL, writer = ?2 WHERE run = ?1 AND state = ?3 "
                                  "AND writer = ?4");
    if (take.bind(1, run).bind(2, thisWriter()).bind(3, state).bind(4, writer).run() != SQLITE_OK)
        return database->lastError("cannot be written");
    return sqlite3_changes(database->handle()) == 1 ? base::Status() : taken;
}

base::Status checkSame(const RunRow& recorded, const RunInfo& now)
{
    std::vector<std::string> others;
    const auto compare = [&others](const char* what, const std::string& then, const std::string& today) {
        constexpr std::size_t kShown = 12;
        if (!then.empty() && then != today)
            others.push_back(std::string(what) + " (" + then.substr(0, kShown) + "…, now "
                             + (today.empty() ? "none" : today.substr(0, kShown) + "…") + ")");
    };
    compare("weights", recorded.weightsHash, now.weightsHash);
    if (others.empty())
        compare("network", recorded.modelHash, now.modelHash);
    compare("codebook", recorded.codebookHash, now.codebookHash);
    compare("cost table", recorded.tableHash, now.tableHash);
    if (others.empty())
        return {};
    return base::Error{base::ErrorCode::Mismatch,
                       "was recorded with other files: " + base::joined(others, ", ")
                           + "; put those of then back to resume it, or begin another run",
                       nameOf(recorded)};
}

}  // namespace splitscope::session
