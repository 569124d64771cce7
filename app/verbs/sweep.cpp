// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-cli sweep
#include "core/session/sweep.h"
#include "app/progress_line.h"
#include "app/text_format.h"
#include "app/verbs/verbs.h"
#include "core/base/clock.h"
#include "core/base/files.h"
#include "core/base/process.h"
#include "core/session/experiment_queue.h"
#include "core/session/shipped_scenarios.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstdio>
#include <mutex>
#include <thread>

namespace splitscope::app {

namespace {

namespace fs = std::filesystem;
using session::Sweep;
using session::SweepFolder;

struct SweepOptions {
    std::vector<std::string> scenario;
    std::vector<session::SweepAxis> axes;
    fs::path out = "sweep";
    int jobs = 1;
    bool twoHosts = false, json = false, csv = false;
};

fs::path thisProgram()
{
    std::error_code failure;
    return fs::read_symlink("/proc/self/exe", failure);
}

void addAxes(Options& options, SweepOptions& sweep)
{
    options.positional("SCENARIO", "what is varied: a scenario (JSON), or a shipped one by name (first-look, …)", sweep.scenario,
                       1);
    options.custom("--vary", "KEY=V,V,…",
                   "a field of scenarios and the values it takes (again for another one): model=alexnet3,alexnet5,\n"
                   "strategy=sacd,greedy, seed=1..5, reward.s_mb_per_s=1,10; KEY==V: one value that holds commas",
                   [&sweep](const std::string& text) { return session::addToAxes(sweep.axes, text); });
    options.path("--out", "DIR", "folder of the sweep; what finished there is not run again (sweep)", sweep.out);
}

void addOutput(Options& options, SweepOptions& sweep)
{
    options.flag("--json", "prints one JSON object: groups over seeds, and every run", sweep.json);
    options.flag("--csv", "prints a line a run", sweep.csv);
}

base::Result<Sweep> sweepOf(const SweepOptions& options)
{
    if (options.scenario.empty())
        return base::Error{base::ErrorCode::InvalidInput, "which scenario is varied?", "SCENARIO"};
    const auto file = session::scenarioFile(options.scenario[0]);
    const auto scenario = session::loadScenario(file);
    if (!scenario)
        return scenario.error();
    auto sweep = Sweep::make(file.stem().string(), *scenario, options.axes);
    if (!sweep)
        return sweep;
    if (const auto written = SweepFolder(options.out).write(*sweep); !written)
        return written.error();
    return sweep;
}

int report(const SweepOptions& options, const Sweep& sweep, const std::stop_token& stop)
{
    const SweepFolder folder(options.out);
    if (const auto collected = folder.collect(sweep); !collected)
        return fail(collected.error());
    const auto results = folder.results(sweep, stop);
    if (!results)
        return fail(results.error());
    const auto done = std::ranges::count_if(*results, [](const auto& result) { return result.run.has_value(); });
    if (options.json)
        std::puts(session::toJson(sweep, *results).c_str());
    else if (options.csv)
        std::fputs(session::toCsv(sweep, *results).c_str(), stdout);
    else
        std::printf("%s%td of %zu runs; records in %s\n", session::toText(sweep, *results).c_str(), done, results->size(),
                    folder.records().c_str());
    return static_cast<std::size_t>(done) == results->size() ? kDone : kFailed;
}

/// Processes of this program, some at once, one for each cell that has not finished.
class LocalRunner {
public:
    LocalRunner(const SweepOptions& options, const Sweep& sweep, const std::stop_token& stop)
        : m_options(options), m_folder(options.out), m_stop(stop)
    {
        for (const auto& cell : sweep.cells)
            if (!m_folder.finishedRun(cell))
                m_waiting.push_back(&cell);
    }

    void run()
    {
        m_startNs = base::nowNs();
        tell();
        std::vector<std::jthread> workers;
        for (int i = 0; i < m_options.jobs; ++i)
            workers.emplace_back([this] { work(); });
        workers.clear();
        m_progress.finish();
    }

private:
    void work()
    {
        for (std::size_t i = m_next++; i < m_waiting.size() && !m_stop.stop_requested(); i = m_next++) {
            const auto& cell = *m_waiting[i];
            std::vector<std::string> command{
                thisProgram().string(),           "run",   m_folder.scenarioOf(cell).string(), "--out",
                m_folder.folderOf(cell).string(), "--json"};
            if (m_options.twoHosts)
                command.emplace_back("--two-hosts");
            constexpr double kForever = 1e12;
            base::ProcessOptions options;
            options.timeoutMs = kForever;
            options.stop = m_stop;
            const auto ran = base::runProcess(command, options);
            const std::lock_guard lock(m_mutex);
            ++m_done;
            if (!m_stop.stop_requested() && (!ran || !ran->ok()))
                complain(cell, ran ? ran->errors : ran.error().message());
            tell();
        }
    }

    void complain(const session::SweepCell& cell, const std::string& why)
    {
        m_progress.finish();
        std::fprintf(stderr, "splitscope-cli sweep: %s (%s): %s\n", cell.name.c_str(), cell.id.c_str(), why.c_str());
    }

    void tell()
    {
        const double seconds = base::toMs(base::nowNs() - m_startNs) / 1e3;
        const auto left = static_cast<double>(m_waiting.size() - m_done);
        m_progress.showStep(format("%zu of %zu runs", m_done, m_waiting.size()),
                            m_waiting.empty() ? 1 : static_cast<double>(m_done) / static_cast<double>(m_waiting.size()),
                            m_done > 0 ? seconds / static_cast<double>(m_done) * left : 0);
    }

    const SweepOptions& m_options;
    const SweepFolder m_folder;
    const std::stop_token m_stop;
    std::vector<const session::SweepCell*> m_waiting;
    std::atomic<std::size_t> m_next{0};
    std::mutex m_mutex;  ///< of what follows
    std::size_t m_done = 0;
    std::int64_t m_startNs = 0;
    ProgressLine m_progress{100, 5000};
};

int run(const std::vector<std::string>& arguments, std::stop_token stop)
{
    SweepOptions sweep;
    Options options("sweep run SCENARIO --vary KEY=V,V… [options]",
                    "Runs every combination of the values on this machine, and tells what came of them: a line for each\n"
                    "combination, over its seeds. Called again it runs what has not finished, or what is new.");
    addAxes(options, sweep);
    options.integer("--jobs", "N", "processes at once; more than one disturb each other's times (1)", sweep.jobs, 1, 256);
    options.flag("--two-hosts", "daemon and edge on hosts of their own, as `run --two-hosts` (root)", sweep.twoHosts);
    addOutput(options, sweep);
    if (const auto answered = parseOrAnswer(options, "sweep run", arguments))
        return *answered;
    const auto cells = sweepOf(sweep);
    if (!cells)
        return wrongUsage("sweep run", cells.error());
    LocalRunner(sweep, *cells, stop).run();
    return report(sweep, *cells, {});
}

int slurm(const std::vector<std::string>& arguments, std::stop_token)
{
    SweepOptions sweep;
    int cpus = 2;
    sweep.jobs = 0;
    Options options("sweep slurm SCENARIO --vary KEY=V,V… [options]",
                    "Writes the sweep and sweep.sbatch, a job array for Slurm that runs it; both may be done again.");
    addAxes(options, sweep);
    options.integer("--jobs", "N", "tasks at once (0, the default: as Slurm likes)", sweep.jobs, 0, 10'000);
    options.integer("--cpus", "N", "processors of a task (2: device and edge)", cpus, 1, 256);
    if (const auto answered = parseOrAnswer(options, "sweep slurm", arguments))
        return *answered;
    std::error_code failure;
    sweep.out = fs::absolute(sweep.out, failure);
    const auto cells = sweepOf(sweep);
    if (!cells)
        return wrongUsage("sweep slurm", cells.error());
    const auto script = sweep.out / "sweep.sbatch";
    const auto text = session::slurmScript(*cells, sweep.out, thisProgram(), sweep.jobs, cpus);
    if (const auto written = base::writeFileAtomically(script, base::asBytes(text)); !written)
        return fail(written.error());
    std::printf("%zu runs: sbatch %s\n", cells->cells.size(), script.c_str());
    return kDone;
}

base::Result<std::pair<SweepFolder, Sweep>> opened(const std::vector<std::string>& place)
{
    if (place.empty())
        return base::Error{base::ErrorCode::InvalidInput, "which sweep?", "DIR"};
    SweepFolder folder(place[0]);
    auto sweep = folder.read();
    if (!sweep)
        return sweep.error();
    return std::pair(std::move(folder), *std::move(sweep));
}

int cell(const std::vector<std::string>& arguments, std::stop_token stop)
{
    std::vector<std::string> place;
    Options options("sweep cell DIR N",
                    "Runs one cell of a sweep, counted from 0, unless it has finished: what job arrays call.");
    options.positional("DIR N", "the sweep's folder, and which cell", place, 2);
    if (const auto answered = parseOrAnswer(options, "sweep cell", arguments))
        return *answered;
    const auto sweep = opened(place);
    if (!sweep)
        return fail(sweep.error());
    const auto& [folder, cells] = *sweep;
    const auto number = place.size() > 1 ? place[1] : std::string();
    std::size_t index = 0;
    const auto [end, failure] = std::from_chars(number.data(), number.data() + number.size(), index);
    if (number.empty() || failure != std::errc() || end != number.data() + number.size() || index >= cells.cells.size())
        return wrongUsage("sweep cell",
                          {base::ErrorCode::InvalidInput,
                           "'" + number + "' is no cell; there are 0 to " + std::to_string(cells.cells.size() - 1), "N"});
    const auto& chosen = cells.cells[index];
    if (folder.finishedRun(chosen)) {
        std::printf("%s has finished before\n", chosen.name.c_str());
        return kDone;
    }
    return runVerb({folder.scenarioOf(chosen).string(), "--out", folder.folderOf(chosen).string(), "--json"}, std::move(stop));
}

int show(const std::vector<std::string>& arguments, std::stop_token stop)
{
    std::vector<std::string> place;
    SweepOptions sweep;
    Options options("sweep show DIR [options]",
                    "Gathers what has finished in one records.sqlite, and tells what came of it. Status 1: not all has.");
    options.positional("DIR", "the sweep's folder", place, 1);
    addOutput(options, sweep);
    if (const auto answered = parseOrAnswer(options, "sweep show", arguments))
        return *answered;
    const auto found = opened(place);
    if (!found)
        return fail(found.error());
    sweep.out = place[0];
    return report(sweep, found->second, stop);
}

}  // namespace

int sweepVerb(const std::vector<std::string>& arguments, std::stop_token stop)
{
    return chooseSubVerb("sweep", "Many runs that differ in few fields of one scenario: here, or as a job array of Slurm.",
                         {{"run", "run every combination on this machine", run},
                          {"slurm", "write a job array for Slurm", slurm},
                          {"show", "gather and tell what came of it", show},
                          {"cell", "run one combination", cell}},
                         arguments, std::move(stop));
}

}  // namespace splitscope::app
