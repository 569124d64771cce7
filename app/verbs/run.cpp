// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-cli run
#include "app/run_display.h"
#include "app/text_format.h"
#include "app/two_hosts.h"
#include "app/verbs/run_fleet.h"
#include "app/verbs/run_options.h"
#include "app/verbs/verbs.h"
#include "core/base/clock.h"
#include "core/base/files.h"
#include "core/base/log.h"
#include "core/base/units.h"
#include "core/remote/remote_device.h"
#include "core/session/experiment_queue.h"
#include "core/session/exports.h"
#include "core/session/pricing.h"
#include "core/session/resumed_run.h"
#include "core/session/shipped_scenarios.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <cstdio>
#include <map>
#include <set>

namespace splitscope::app {

namespace {

/// One document, with the options applied.
struct Document {
    std::string file;  ///< empty: the options alone
    std::string name;  ///< in the records
    RunOptions run;
};

base::Error inFile(const std::string& file, base::Error error)
{
    if (!file.empty() && error.where.find(file) == std::string::npos)
        error.where = file + (error.where.empty() ? "" : ": " + error.where);
    return error;
}

/// What the options leave open: a given decision means `fixed`, a cut without a coding gets the usual one.
void complete(RunOptions& run)
{
    auto& s = run.scenario;
    if (run.decisionGiven && !run.strategyGiven)
        s.strategy = "fixed";
    const auto spec = model::loadNetworkSpec(s.model);
    if (!run.decisionGiven || run.codingGiven || !spec || s.decision.exit > spec->exitCount())
        return;
    const int length = spec->exits[static_cast<std::size_t>(s.decision.exit - 1)].layerCount();
    if (s.decision.partition == 0)
        s.decision.coding = {codec::CodingKind::Raw, 0};
    else if (s.decision.partition == length)
        s.decision.coding = {codec::CodingKind::LabelOnly, 0};
}

base::Result<Document> open(const std::string& file, bool demonstration, const std::vector<std::string>& arguments)
{
    Document document{file, std::filesystem::path(file).stem().string(), {}};
    auto& run = document.run;
    if (demonstration)
        run.scenario = session::Scenario::demonstration();
    if (!file.empty()) {
        auto loaded = session::loadScenario(session::scenarioFile(file));
        if (!loaded)
            return inFile(file, loaded.error());
        run.scenario = *std::move(loaded);
    }
    if (const auto parsed = runOptions(run).parse(arguments); !parsed)
        return parsed.error();
    complete(run);
    if (run.twoHosts)
        run.scenario.shaping.by = wire::ShapedBy::Kernel;
    if (const auto status = session::check(run.scenario); !status)
        return inFile(file, status.error());
    session::freeze(run.scenario);
    return document;
}

/// Several devices at once.
bool isFleet(const RunOptions& asked) { return asked.together || asked.devices.size() > 1; }

/// All documents that the line names; every one is checked before the first one runs.
base::Result<std::vector<Document>> openAll(const RunOptions& asked, const std::vector<std::string>& arguments)
{
    const auto wrong = [](const char* where, const char* text) {
        return base::Error{base::ErrorCode::InvalidInput, text, where};
    };
    auto files = asked.files;
    if (!asked.scenarioFile.empty() && !files.empty())
        return wrong("--scenario", "name all scenarios as arguments, or one by --scenario");
    if (asked.demonstration && !files.empty())
        return wrong("--demonstration", "is a scenario of its own; leave out the files");
    if (asked.twoHosts && asked.scenario.device != session::Scenario{}.device)
        return wrong("--two-hosts", "brings a device of its own; leave out --device");
    if (!asked.saveScenario.empty() && files.size() > 1)
        return wrong("--save-scenario", "is for one scenario");
    if (isFleet(asked) && (asked.repeats > 1 || asked.twoHosts))
        return wrong(asked.twoHosts ? "--two-hosts" : "--repeat", "is not for several devices at once");
    if (asked.devices.size() > 1 && files.size() > 1)
        return wrong("--device", "given several times it is for one scenario; with --together each scenario names its own");
    if (asked.deviceKeys.size() > 1 && asked.deviceKeys.size() != asked.devices.size())
        return wrong("--device-key", "is one for all devices, or one for each");
    if (files.empty())
        files.push_back(asked.scenarioFile);
    std::vector<Document> documents;
    std::map<std::string, int> names;
    for (const auto& file : files) {
        auto document = open(file, asked.demonstration, arguments);
        if (!document)
            return document.error();
        if (const int same = ++names[document->name]; same > 1)
            document->name += "-" + std::to_string(same);
        documents.push_back(*std::move(document));
    }
    return documents;
}

/// What several devices do at once: the scenarios, or the one scenario on each device that the line names.
std::vector<session::FleetMember> fleetOf(const RunOptions& asked, const std::vector<Document>& documents)
{
    std::vector<session::FleetMember> members;
    const auto add = [&](const std::string& name, const session::Scenario& scenario) {
        session::ExperimentOptions options;
        options.outFolder = asked.out;
        options.restartDaemon = remote::restarterOf(scenario.device);
        members.push_back({name, scenario, std::move(options)});
    };
    if (asked.devices.size() < 2) {
        for (const auto& document : documents)
            add(document.name, document.run.scenario);
        return members;
    }
    for (std::size_t i = 0; i < asked.devices.size(); ++i) {
        auto scenario = documents.front().run.scenario;
        scenario.device = asked.devices[i];
        if (asked.deviceKeys.size() > 1)
            scenario.deviceKey = asked.deviceKeys[i];
        add("device-" + std::to_string(i + 1), scenario);
    }
    return members;
}

base::Status writeText(const std::filesystem::path& path, const std::string& text)
{
    return base::writeFileAtomically(path, base::asBytes(text));
}

std::string label(const session::QueueJob& job) { return job.name.empty() ? "run" : job.name; }

/// "42 %, 12 s left", and of several runs which one it is and how long all still take.
std::string progressText(const session::ExperimentQueue& queue, std::size_t number, std::size_t runs)
{
    const auto now = base::nowNs();
    const auto text = [](const session::QueueProgress& progress) {
        return format("%.0f %%", 100 * progress.done)
            + (progress.secondsLeft ? ", " + session::formatTimeLeft(*progress.secondsLeft) + " left" : "");
    };
    const auto current = queue.current();
    std::string line = text(queue.currentProgress(now));
    if (runs > 1)
        line = format("run %zu of %zu, %s seed %llu: ", number, runs, label(*current).c_str(),
                      static_cast<unsigned long long>(current->scenario.seed))
            + line + "; all " + text(queue.progress(now));
    return line;
}

/// Runs what a queue holds, one after the other.
class Batch {
public:
    Batch(const RunOptions& asked, session::ExperimentQueue queue, session::LoopbackPlace place,
          std::shared_ptr<const session::ResumedRun> resumed = {})
        : m_asked(asked), m_queue(std::move(queue)), m_place(std::move(place)), m_resumed(std::move(resumed))
    {
        for (const auto& experiment : m_queue.experiments())
            m_runs += experiment.runs.size();
    }

    int run(const std::stop_token& stop)
    {
        while (!stop.stop_requested()) {
            const auto job = m_queue.next(base::nowNs());
            if (!job)
                break;
            ++m_number;
            const auto ended = runOne(*job, stop);
            if (!ended)
                m_exitStatus = fail(ended.error());
            m_queue.ended(ended ? *ended : session::Phase::Failed, ended ? std::string() : ended.error().message(),
                          base::nowNs());
        }
        if (m_runs > 1 && !m_asked.json)
            std::fputs(
                (m_table + (m_number < m_runs ? format("%zu of %zu runs were not begun\n", m_runs - m_number, m_runs) : ""))
                    .c_str(),
                stdout);
        return m_exitStatus;
    }

private:
    base::Result<session::Phase> runOne(const session::QueueJob& job, const std::stop_token& stop)
    {
        RunDisplay display(job.scenario);
        base::setLogLevel(base::LogLevel::Warning);
        base::setLogSink([&display](base::LogLevel, const std::string& component, const std::string& text) {
            display.note(component + ": " + text);
        });
        session::ExperimentOptions options;
        options.outFolder = m_asked.out;
        options.scenarioName = job.name;
        options.daemonPlace = m_place;
        options.restartDaemon = remote::restarterOf(job.scenario.device);
        options.resumed = m_resumed;
        auto started = session::Experiment::start(job.scenario, options, display);
        if (started && m_resumed && m_resumed->settings.paused)
            (*started)->pause(false);  // nobody could let it go on here
        if (started) {
            follow(**started, display, stop);
            report(**started, job);
        }
        base::Result<session::Phase> phase = started ? base::Result((*started)->status().phase) : started.error();
        if (started)
            started->reset();  // the daemon ends before the display goes
        base::setLogSink({});
        return phase;
    }

    void follow(session::Experiment& experiment, RunDisplay& display, const std::stop_token& stop)
    {
        constexpr double kLookMs = 100;
        bool stopping = false;
        while (!experiment.waitUntilEnded(kLookMs)) {
            if (stop.stop_requested() && !stopping) {
                stopping = true;
                experiment.stop();
            }
            const auto summary = experiment.summary();
            m_queue.progressed(summary.frames(), base::nowNs());
            display.setProgress(progressText(m_queue, m_number, m_runs));
            display.refresh(summary);
        }
        m_queue.progressed(experiment.summary().frames(), base::nowNs());
        display.setProgress(progressText(m_queue, m_number, m_runs));
        display.finish(experiment.summary());
    }

    void report(const session::Experiment& experiment, const session::QueueJob& job)
    {
        const auto summary = experiment.summary();
        const auto status = experiment.status();
        if (status.phase == session::Phase::Failed)
            m_exitStatus = kFailed;
        const std::string seed = std::to_string(job.scenario.seed);
        if (!m_asked.out.empty()) {
            const auto csv = m_runs > 1 ? "frames-" + label(job) + "-" + seed + ".csv" : std::string("frames.csv");
            if (const auto written
                = session::exportRequestsCsv(m_asked.out / "records.sqlite", experiment.run(), m_asked.out / csv);
                !written)
                m_exitStatus = fail(written.error());
        }
        if (m_asked.json)
            std::printf("%s\n", json(summary, job).c_str());
        else
            std::fputs(summaryTable(summary, status, job.scenario).c_str(), stdout);
        std::fflush(stdout);
        m_table += format("%-20s seed %-6s %-9s %8llu frames  T p50 %-9s accuracy %.2f %%%s\n", label(job).c_str(), seed.c_str(),
                          session::toString(status.phase).c_str(), static_cast<unsigned long long>(summary.frames()),
                          base::formatMs(summary.latencyMs(0.5)).c_str(), 100 * summary.accuracy(),
                          summary.reward() ? format("  reward %.4f", *summary.reward()).c_str() : "");
    }

    [[nodiscard]] std::string json(const session::Summary& summary, const session::QueueJob& job) const
    {
        if (m_runs == 1)
            return summary.toJson();
        auto object = QJsonDocument::fromJson(QByteArray::fromStdString(summary.toJson())).object();
        object.insert("scenario", QString::fromStdString(job.name));
        object.insert("seed", static_cast<qint64>(job.scenario.seed));
        return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
    }

    const RunOptions& m_asked;
    session::ExperimentQueue m_queue;
    const session::LoopbackPlace m_place;
    const std::shared_ptr<const session::ResumedRun> m_resumed;  ///< null: all begin
    std::size_t m_runs = 0, m_number = 0;
    int m_exitStatus = kDone;
    std::string m_table;
};

/// Goes on with the run that the line names. What it is, its records say: options that say it too contradict them.
int resume(RunOptions asked, const Options& options, const std::stop_token& stop)
{
    static const std::set<std::string> kAllowed{"--resume", "--out", "--json"};
    for (const auto& name : options.given())
        if (!kAllowed.contains(name))
            return wrongUsage("run",
                              {base::ErrorCode::InvalidInput,
                               "does not go with --resume: the run goes on as its records say (allowed are --out and --json)",
                               name});
    if (asked.files.size() > 1)
        return wrongUsage("run", {base::ErrorCode::InvalidInput, "resumes one run at a time", "--resume"});
    const auto place = asked.out.empty() ? session::runsFolder() : asked.out;
    const auto row = session::chooseInterrupted(place, asked.files.empty() ? "latest" : asked.files.front());
    if (!row)
        return fail(row.error());
    const auto resumed = session::readInterrupted(row->key);
    if (!resumed)
        return fail(resumed.error());
    asked.out = row->key.records.parent_path();
    session::ExperimentQueue queue;
    if (const auto added = queue.add((*resumed)->scenario, row->scenarioName, {}, 1); !added)
        return fail(added.error());
    std::fprintf(stderr, "run %llu, interrupted at frame %llu of %llu\n", static_cast<unsigned long long>(row->key.run),
                 static_cast<unsigned long long>((*resumed)->begun), static_cast<unsigned long long>(row->framesWanted));
    return Batch(asked, std::move(queue), {}, *resumed).run(stop);
}

}  // namespace

int runVerb(const std::vector<std::string>& arguments, std::stop_token stop)
{
    RunOptions asked;
    Options options = runOptions(asked);
    if (const auto answered = parseOrAnswer(options, "run", arguments))
        return *answered;
    if (asked.resume)
        return resume(asked, options, stop);
    const auto documents = openAll(asked, arguments);
    if (!documents)
        return wrongUsage("run", documents.error());
    if (!asked.saveScenario.empty()) {
        const auto saved = writeText(asked.saveScenario, session::toJson(documents->front().run.scenario));
        return saved ? kDone : fail(saved.error());
    }
    session::ExperimentQueue queue;
    for (const auto& document : *documents) {
        if (const auto added = queue.add(document.run.scenario, document.name, document.file, asked.repeats); !added)
            return wrongUsage("run", inFile(document.file, added.error()));
        const auto file = documents->size() > 1 ? "scenario-" + document.name + ".json" : std::string("scenario.json");
        if (!asked.out.empty())
            if (const auto saved = writeText(asked.out / file, session::toJson(document.run.scenario)); !saved)
                return fail(saved.error());
    }
    if (isFleet(asked))
        return runFleet(fleetOf(asked, *documents), asked.out, asked.json, stop);
    std::optional<TwoHosts> hosts;
    if (asked.twoHosts) {
        auto created = TwoHosts::create();
        if (!created)
            return fail(created.error());
        hosts = *std::move(created);
    }
    return Batch(asked, std::move(queue), hosts ? hosts->devicePlace() : session::LoopbackPlace{}).run(stop);
}

}  // namespace splitscope::app
