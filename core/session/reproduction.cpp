// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/reproduction.h"

#include "core/base/date.h"
#include "core/base/files.h"
#include "core/data/data_set.h"
#include "core/model/network_spec.h"
#include "core/session/figure_compare.h"
#include "core/session/run_to_end.h"
#include "core/session/table_measurement.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>

namespace splitscope::session {

namespace {

namespace fs = std::filesystem;

using Figures = base::Result<std::vector<Figure>>;

/// What of the options decides what figures show.
QJsonObject manifestOf(const ReproductionOptions& options)
{
    return {{"format", "splitscope-reproduction"},
            {"version", 1},
            {"data", QString::fromStdString(options.data)},
            {"quick", options.quick},
            {"seed", static_cast<qint64>(options.seed)}};
}

/// A folder is of one reproduction: figures of other options are not taken for its own.
base::Status claim(const ReproductionOptions& options)
{
    std::error_code failure;
    fs::create_directories(options.folder / "figures", failure);
    fs::create_directories(options.folder / "tables", failure);
    const auto path = options.folder / "reproduction.json";
    const auto json = QJsonDocument(manifestOf(options)).toJson().toStdString();
    if (const auto there = base::readFile(path); there && !std::ranges::equal(base::ByteView(*there), base::asBytes(json)))
        return base::Error{
            base::ErrorCode::Mismatch,
            "holds a reproduction with other options (--quick, --data or --seed): name another --out, or remove it",
            options.folder.string()};
    return base::writeFileAtomically(path, base::asBytes(json));
}

/// One network's part.
class Subject {
public:
    Subject(const ReproductionOptions& options, std::string model, std::string data)
        : m_options(options), m_model(std::move(model)), m_data(std::move(data))
    {
    }

    [[nodiscard]] fs::path tableFile() const { return m_options.folder / "tables" / (m_model + ".costs.json.zst"); }

    /// Every decision is run, between a device half and an edge half that are connected by real sockets.
    base::Status measureTable(const std::stop_token& stop, const FigureObserver& observer) const
    {
        if (profile::CostTable::load(tableFile()).ok())
            return {};
        TableMeasurementOptions options;
        options.scenario = scenario();
        options.scenario.split = data::toString(data::Split::Table);
        options.experiment.daemonProgram = m_options.daemonProgram;
        options.run.batches = m_options.quick ? std::vector<int>{1} : std::vector<int>{1, 8, 64};
        options.run.framesPerDecision = m_options.quick ? 3 : 9;
        options.run.minIntervalMs = m_options.quick ? 20 : 45;  // decisions travel with answers
        const auto table = measureCostTable(options, stop, [&](const profile::ProfilerProgress& progress) {
            observer(
                {progress.what + ", " + std::to_string(progress.done) + " of " + std::to_string(progress.total) + " requests",
                 static_cast<double>(progress.done) / static_cast<double>(std::max<std::size_t>(progress.total, 1)),
                 progress.secondsLeft});
        });
        return table ? table->save(tableFile()) : table.error();
    }

    /// Decisions in turn over uplinks of several rates, each request measured end to end and held against the table.
    Figures measureTransfers(const std::stop_token& stop, const FigureObserver& observer) const
    {
        const std::vector<std::string> rates
            = m_options.quick ? std::vector<std::string>{"1MB/s"} : std::vector<std::string>{"300KB/s", "1MB/s", "3MB/s"};
        const auto folder = m_options.folder / "records" / m_model;
        std::error_code failure;
        fs::remove_all(folder, failure);  // of one that was stopped half-way
        for (std::size_t i = 0; i < rates.size(); ++i) {
            auto run = scenario();
            run.strategy = "cycle";
            run.dwell = m_options.quick ? 2 : 4;
            run.actionSet = "bits:4,8";
            run.costTable = tableFile().string();
            run.bandwidth = rates[i];
            run.slowdown = 4;
            run.seed = m_options.seed;
            run.minIntervalMs = m_options.quick ? 20 : 30;
            const auto actions
                = decision::DecisionSpace(*model::loadNetworkSpec(m_model), *decision::parseSpaceOptions(run.actionSet));
            run.frames = actions.decisions().size() * static_cast<std::size_t>(run.dwell);
            ExperimentOptions options;
            options.outFolder = folder;
            options.daemonProgram = m_options.daemonProgram;
            options.scenarioName = "transfers at " + rates[i];
            const auto ran = runToEnd(run, options, stop, [&](const Summary& soFar) {
                const auto share = static_cast<double>(soFar.frames()) / static_cast<double>(run.frames);
                observer({"requests at " + rates[i], (static_cast<double>(i) + share) / static_cast<double>(rates.size()), 0});
            });
            if (!ran)
                return ran.error();
        }
        return compareTransfers(folder, stop);
    }

    Figures makeFigures(const std::vector<std::string>& keys, bool ofTable, const std::stop_token& stop,
                        const FigureObserver& observer) const
    {
        FigureRequest request;
        request.figures = keys;
        request.models = {m_model};
        request.data = m_data;
        request.seed = m_options.seed;
        if (ofTable)
            request.table = tableFile();
        request.device = ofTable ? "same" : "pi3";
        if (m_options.quick) {
            request.budgetSeconds = 8;
            request.policyUpdates = 600;
            request.batches = {1};
        }
        const auto set = session::makeFigures(request, stop, observer);
        if (!set)
            return set.error();
        if (set->figures.empty())
            return set->problems.empty() ? base::Error{base::ErrorCode::NotFound, "nothing to draw", m_model}
                                         : set->problems.front();
        return set->figures;
    }

    [[nodiscard]] const std::string& model() const { return m_model; }
    [[nodiscard]] const std::string& data() const { return m_data; }

private:
    [[nodiscard]] Scenario scenario() const
    {
        Scenario scenario;
        scenario.model = m_model;
        scenario.data = m_data;
        return scenario;
    }

    static Figures compareTransfers(const fs::path& folder, const std::stop_token& stop)
    {
        const auto rows = listRuns(folder, stop);
        if (!rows)
            return rows.error();
        std::vector<ComparedRun> runs;
        for (const auto& row : rows->runs) {
            auto run = readComparedRun(row, stop);
            if (!run)
                return run.error();
            runs.push_back(*std::move(run));
        }
        nameRuns(runs);
        auto figure = predictionFigure(runs);
        figure.key = "transfers";
        return std::vector{std::move(figure)};
    }

    const ReproductionOptions& m_options;
    const std::string m_model, m_data;
};

struct Step {
    std::string key, title;
    std::vector<std::string> figures;  ///< what it makes; empty: no figure
    std::function<Figures(const std::stop_token&, const FigureObserver&)> make;
};

std::vector<Step> stepsOf(const Subject& subject)
{
    const auto figures = [&](const std::string& title, std::vector<std::string> keys, bool ofTable) {
        return Step{keys.front(), title, keys, [&subject, keys, ofTable](const auto& stop, const auto& observer) {
                        return subject.makeFigures(keys, ofTable, stop, observer);
                    }};
    };
    const auto& model = subject.model();
    std::vector<Step> steps{
        {"table",
         "cost table of " + model + ": every decision, run between two processes",
         {},
         [&subject](const auto& stop, const auto& observer) -> Figures {
             if (const auto made = subject.measureTable(stop, observer); !made)
                 return made.error();
             return std::vector<Figure>();
         }},
        {"transfers",
         "requests of " + model + " over real sockets, against the table",
         {"transfers"},
         [&subject](const auto& stop, const auto& observer) { return subject.measureTransfers(stop, observer); }},
        figures("Fig. 3 of the paper, " + model, {"3"}, false),
        figures("Fig. 5 of the paper, " + model, {"5a", "5b"}, true),
        figures("Fig. 6 of the paper, " + model, {"6a", "6b", "6c"}, true),
    };
    std::vector<std::string> edgent;
    for (const auto& key : figureKeys())
        if (key.starts_with("edgent"))
            edgent.push_back(key);
    if (!edgent.empty())
        steps.push_back(figures("figures of Edgent, " + model, edgent, true));
    return steps;
}

/// Images of the usual data where they are at hand.
std::string dataFor(const ReproductionOptions& options, const model::NetworkSpec& spec)
{
    if (!options.data.empty())
        return options.data;
    const auto usual = usualData(spec);
    const auto* set = data::findNamedDataSet(usual);
    const auto images = base::dataFolder();
    std::error_code failure;
    return set && images && fs::exists(*images / set->folder, failure) ? usual : "patterns";
}

class Work {
public:
    Work(const ReproductionOptions& options, const std::stop_token& stop, const ReproductionObserver& observer)
        : m_options(options), m_stop(stop), m_observer(observer)
    {
        m_found.options = options;
        m_found.date = base::utcNow();
    }

    base::Result<Reproduction> run()
    {
        std::vector<Subject> subjects;
        subjects.reserve(m_options.models.size());
        for (const auto& name : m_options.models) {
            const auto spec = model::loadNetworkSpec(name);
            if (!spec)
                return spec.error();
            subjects.emplace_back(m_options, name, dataFor(m_options, *spec));
            if (m_options.quick)
                break;
        }
        for (const auto& subject : subjects)
            m_progress.steps += stepsOf(subject).size();
        for (const auto& subject : subjects)
            for (const auto& step : stepsOf(subject)) {
                if (const auto status = take(subject, step); !status)
                    return status.error();
                ++m_progress.step;
            }
        return std::move(m_found);
    }

private:
    base::Status take(const Subject& subject, const Step& step)
    {
        m_progress.title = step.title;
        tell({"", -1, 0});
        if (!step.figures.empty() && readFigures(subject, step))
            return {};
        const auto made = step.make(m_stop, [this](const FigureProgress& within) { tell(within); });
        if (!made) {
            if (made.error().code == base::ErrorCode::Cancelled)
                return made.error();
            m_found.problems.push_back(step.title + ": " + made.error().message());
            return {};
        }
        for (auto figure : *made) {
            figure.key = subject.model() + "-" + figure.key;
            if (const auto written = base::writeFileAtomically(fileOf(figure.key), base::asBytes(toJson(figure))); !written)
                return written;
            m_found.figures.push_back({subject.model(), subject.data(), std::move(figure)});
        }
        return {};
    }

    /// All that the step makes, if it was made earlier.
    bool readFigures(const Subject& subject, const Step& step)
    {
        std::vector<ReproducedFigure> found;
        for (const auto& key : step.figures) {
            auto figure = loadFigure(fileOf(subject.model() + "-" + key));
            if (!figure)
                return false;
            found.push_back({subject.model(), subject.data(), *std::move(figure)});
        }
        m_found.figures.insert(m_found.figures.end(), found.begin(), found.end());
        return true;
    }

    [[nodiscard]] fs::path fileOf(const std::string& key) const { return m_options.folder / "figures" / (key + ".json"); }

    void tell(const FigureProgress& within)
    {
        m_progress.within = within;
        if (m_observer)
            m_observer(m_progress);
    }

    const ReproductionOptions& m_options;
    const std::stop_token m_stop;
    const ReproductionObserver& m_observer;
    ReproductionProgress m_progress;
    Reproduction m_found;
};

}  // namespace

base::Result<Reproduction> reproduce(const ReproductionOptions& options, const std::stop_token& stop,
                                     const ReproductionObserver& observer)
{
    if (options.models.empty())
        return base::Error{base::ErrorCode::InvalidInput, "no network is named", "reproduction"};
    if (const auto claimed = claim(options); !claimed)
        return claimed.error();
    return Work(options, stop, observer).run();
}

}  // namespace splitscope::session
