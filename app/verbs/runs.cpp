// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-cli runs
#include "app/verbs/runs.h"

#include "core/base/text.h"
#include "core/base/units.h"
#include "core/session/run_json.h"

#include <QDateTime>
#include <algorithm>
#include <array>
#include <cstdio>

namespace splitscope::app {

namespace {

std::string timeOf(std::int64_t wallMs)
{
    return QDateTime::fromMSecsSinceEpoch(wallMs).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")).toStdString();
}

std::string startOf(const session::RunRow& row) { return timeOf(row.startedMs); }

std::string rewardOf(const session::RunTotals& totals)
{
    std::array<char, 32> text{};
    if (totals.reward)
        std::snprintf(text.data(), text.size(), "%.3f", *totals.reward);
    return totals.reward ? text.data() : "-";
}

/// "finished", "finished, resumed".
std::string stateOf(const session::RunRow& row) { return toString(row.ending) + (row.resumes > 0 ? ", resumed" : ""); }

void printRow(const session::RunRow& row)
{
    const auto& totals = row.totals;
    std::printf("%-16llu  %-19s  %-20s  %-13s %-10s %-13s %9llu  %5.1f %%  %8s  %8s  %7s  %s\n",
                static_cast<unsigned long long>(row.key.run), startOf(row).c_str(), stateOf(row).c_str(), row.model.c_str(),
                row.data.c_str(), row.strategy.c_str(), static_cast<unsigned long long>(totals.frames),
                100 * totals.accuracy.value, base::formatMs(totals.p50Ms).c_str(), base::formatMs(totals.p99Ms).c_str(),
                rewardOf(totals).c_str(), base::joined(row.tags, ", ").c_str());
}

/// When and where, each time.
std::vector<std::string> resumesOf(const session::RunRow& row)
{
    std::vector<std::string> texts;
    if (const auto events = session::readEvents(row.key); events && row.resumes > 0)
        for (const auto& event : *events)
            if (event.kind == "resume")
                texts.push_back(timeOf(event.wallMs) + ", " + event.text);
    return texts;
}

int list(const std::vector<std::string>& arguments, std::stop_token stop)
{
    RunsOptions runs;
    std::string tag;
    bool json = false;
    Options options("runs list [options]", "Lists recorded runs, newest first.");
    addPlace(options, runs);
    options.text("--tag", "TAG", "only runs with this tag", tag);
    options.flag("--json", "prints a JSON array, one object a run", json);
    if (const auto answered = parseOrAnswer(options, "runs list", arguments))
        return *answered;
    auto found = session::listRuns(runs.place, stop);
    if (!found)
        return fail(found.error());
    if (!tag.empty())
        std::erase_if(found->runs, [&](const auto& row) { return std::count(row.tags.begin(), row.tags.end(), tag) == 0; });
    if (json) {
        std::printf("[");
        for (std::size_t i = 0; i < found->runs.size(); ++i)
            std::printf("%s%s", i ? ",\n" : "", toJson(found->runs[i]).c_str());
        std::printf("]\n");
    } else if (found->runs.empty()) {
        std::printf("no runs in %s; `splitscope-cli run --out DIR` records one\n", runs.place.c_str());
    } else {
        std::printf("%-16s  %-19s  %-20s  %-13s %-10s %-13s %9s  %7s  %8s  %8s  %7s  %s\n", "run", "start", "state", "model",
                    "data", "strategy", "frames", "correct", "median", "p99", "reward", "tags");
        for (const auto& row : found->runs)
            printRow(row);
    }
    for (const auto& trouble : found->troubles)
        fail(trouble);
    return kDone;
}

int show(const std::vector<std::string>& arguments, std::stop_token)
{
    RunsOptions runs;
    bool json = false;
    Options options("runs show [RUN] [options]",
                    "Tells what is known of a run: what was run, what it was worth, what it was made with.");
    addRun(options, runs);
    options.flag("--json", "prints one JSON object", json);
    if (const auto answered = parseOrAnswer(options, "runs show", arguments))
        return *answered;
    const auto row = chosen(runs);
    if (!row)
        return fail(row.error());
    if (json) {
        std::puts(toJson(*row).c_str());
        return kDone;
    }
    const auto& t = row->totals;
    const auto line = [](const char* name, const std::string& text) {
        if (!text.empty())
            std::printf("%-14s %s\n", name, text.c_str());
    };
    const auto count = [](std::uint64_t value) { return std::to_string(value); };
    std::array<char, 160> text{};
    line("run", count(row->key.run) + ", " + toString(row->ending) + ", started " + startOf(*row));
    for (const auto& when : resumesOf(*row))
        line("resumed", when);
    line("records", row->key.records.string());
    line("scenario", row->scenarioName);
    line("network", row->model + " on " + row->data + " (" + row->split + ")");
    line("device", row->device);
    line("strategy",
         row->strategy + ", coder " + row->coder + ", batch " + count(static_cast<std::uint64_t>(row->batch)) + ", seed "
             + count(row->seed));
    line("uplink", row->bandwidth);
    line("frames",
         count(t.frames) + " of " + count(row->framesWanted) + ": " + count(t.done) + " done, " + count(t.fallback)
             + " fallback, " + count(t.lost) + " lost");
    std::snprintf(text.data(), text.size(), "%.2f %% (95 %%: %.2f to %.2f)", 100 * t.accuracy.value, 100 * t.accuracy.low,
                  100 * t.accuracy.high);
    line("accuracy", text.data());
    line("latency",
         "median " + base::formatMs(t.medianMs.value) + " (95 %: " + base::formatMs(t.medianMs.low) + " to "
             + base::formatMs(t.medianMs.high) + "), p95 " + base::formatMs(t.p95Ms) + ", p99 " + base::formatMs(t.p99Ms));
    if (t.deadlineMs > 0)
        line("deadline", base::formatMs(t.deadlineMs) + ", missed by " + count(t.deadlineMisses) + " requests");
    std::snprintf(text.data(), text.size(), "%.3g mJ a frame (modelled)", 1e3 * t.energyPerFrame);
    line("energy", text.data());
    line("on the link", base::formatBytes(t.bytesPerFrame) + " a frame");
    if (t.reward) {
        std::snprintf(text.data(), text.size(), "%.4g, regret %.4g", *t.reward, t.regret.value_or(0));
        line("reward", text.data());
    }
    line("tags", base::joined(row->tags, ", "));
    line("notes", row->notes);
    line("program", row->programVersion);
    line("model hash", row->modelHash);
    line("weights hash", row->weightsHash);
    line("codebook hash", row->codebookHash);
    line("table hash", row->tableHash);
    line("environment", row->environment);
    return kDone;
}

int tag(const std::vector<std::string>& arguments, std::stop_token)
{
    RunsOptions runs;
    std::vector<std::string> added, removed;
    std::optional<std::string> notes;
    Options options("runs tag [RUN] [options]", "Changes a run's tags and notes.");
    addRun(options, runs);
    options.custom("--add", "TAG", "adds a tag; may be given several times", [&](const std::string& text) {
        added.push_back(text);
        return base::Status();
    });
    options.custom("--remove", "TAG", "removes a tag; may be given several times", [&](const std::string& text) {
        removed.push_back(text);
        return base::Status();
    });
    options.custom("--notes", "TEXT", "replaces the notes", [&](const std::string& text) {
        notes = text;
        return base::Status();
    });
    if (const auto answered = parseOrAnswer(options, "runs tag", arguments))
        return *answered;
    if (added.empty() && removed.empty() && !notes)
        return wrongUsage("runs tag",
                          {base::ErrorCode::InvalidInput, "what is to change? --add, --remove or --notes", "runs tag"});
    const auto row = chosen(runs);
    if (!row)
        return fail(row.error());
    auto tags = row->tags;
    std::erase_if(tags, [&](const std::string& one) { return std::count(removed.begin(), removed.end(), one) > 0; });
    tags.insert(tags.end(), added.begin(), added.end());
    if (const auto set = session::setTags(row->key, tags); !set)
        return fail(set.error());
    if (notes)
        if (const auto set = session::setNotes(row->key, *notes); !set)
            return fail(set.error());
    return kDone;
}

int remove(const std::vector<std::string>& arguments, std::stop_token)
{
    RunsOptions runs;
    bool sure = false;
    Options options("runs delete RUN --yes [options]", "Deletes a run and all its records, for good.");
    addRun(options, runs);
    options.flag("--yes", "really", sure);
    if (const auto answered = parseOrAnswer(options, "runs delete", arguments))
        return *answered;
    if (runs.run.empty())
        return wrongUsage("runs delete", {base::ErrorCode::InvalidInput, "which run?", "runs delete"});
    const auto row = chosen(runs);
    if (!row)
        return fail(row.error());
    if (!sure)
        return wrongUsage("runs delete",
                          {base::ErrorCode::InvalidInput,
                           "run " + std::to_string(row->key.run) + " of " + startOf(*row) + ", "
                               + std::to_string(row->totals.frames) + " frames, would be gone for good; say --yes",
                           row->key.records.string()});
    if (const auto deleted = session::deleteRun(row->key); !deleted)
        return fail(deleted.error());
    std::printf("deleted run %llu\n", static_cast<unsigned long long>(row->key.run));
    return kDone;
}

}  // namespace

void addPlace(Options& options, RunsOptions& runs)
{
    runs.place = session::runsFolder();
    options.path("--records", "FILE|DIR",
                 "a database, or a folder with records.sqlite in it or in its folders\n(the dashboard's: " + runs.place.string()
                     + ")",
                 runs.place);
}

void addRun(Options& options, RunsOptions& runs)
{
    options.positional("RUN", "a run's number, as `runs list` tells it, or \"latest\" (the default)", runs.run, 1);
    addPlace(options, runs);
}

base::Result<session::RunRow> chosen(const RunsOptions& runs)
{
    return session::chooseRun(runs.place, runs.run.empty() ? "latest" : runs.run.front());
}

int runsVerb(const std::vector<std::string>& arguments, std::stop_token stop)
{
    return chooseSubVerb("runs", "Lists, shows, compares, exports and tidies up recorded runs.",
                         {{"list", "which runs there are, and what they were worth", list},
                          {"show", "what is known of a run", show},
                          {"compare", "runs beside each other, as figures", runsCompare},
                          {"export", "a run as CSV or JSON", runsExport},
                          {"report", "a run as one HTML file with charts and tables", runsReport},
                          {"tag", "change a run's tags and notes", tag},
                          {"delete", "delete a run and its records", remove}},
                         arguments, stop);
}

}  // namespace splitscope::app
