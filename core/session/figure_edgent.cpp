// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/figure_edgent.h"

#include "core/base/units.h"
#include "core/session/evaluation_episode_p.h"
#include "core/session/figure_edgent_p.h"
#include "core/session/figure_text.h"
#include "core/sim/environment.h"
#include "core/sim/episodes.h"
#include "core/sim/trace_import.h"

#include <algorithm>
#include <cmath>

namespace splitscope::session {

namespace {

constexpr int kRates = 61, kDeadlines = 61;
constexpr double kWell = 0.2;  ///< "can well estimate": half of the runtimes are within

const FigureAxis kBandwidth{"bandwidth (MB/s)", "mb_per_s", "MB/s", true, 0};
const FigureAxis kPlace{"exit, cut", "number", "", false, 0};

struct Method {
    const char* key;
    const char* name;
};
constexpr Method kMethods[] = {{"on-device", "device alone"},
                               {"on-edge", "edge alone"},
                               {"neurosurgeon-latency", "partition alone"},
                               {"right-sizing", "right-sizing alone"},
                               {"edgent", "both (Edgent)"}};

double spaced(double low, double high, int i, int count)
{
    return low * std::pow(high / low, static_cast<double>(i) / (count - 1));
}

PlotSeries series(const char* key, const std::string& name, const char* look, PlotMark mark)
{
    PlotSeries made;
    made.key = key;
    made.name = name;
    made.look = look;
    made.mark = mark;
    return made;
}

void addPoint(PlotSeries& to, double x, double y)
{
    to.xs.push_back(x);
    to.ys.push_back(y);
}

PlotPanel panelOf(const char* title, int row, int column, const FigureAxis& x, const FigureAxis& y)
{
    PlotPanel panel;
    panel.title = title;
    panel.row = row;
    panel.column = column;
    panel.x = x;
    panel.y = y;
    panel.fromZero = true;
    return panel;
}

/// "exit 1 to 12 KB/s, exit 3 above" is told by where the value changes.
std::string changes(const PlotSeries& exits, const char* unit)
{
    std::string text = decimal(exits.ys.front(), 0);
    for (std::size_t i = 1; i < exits.ys.size(); ++i)
        if (exits.ys[i] != exits.ys[i - 1])
            text += ", " + decimal(exits.ys[i], 0) + " from " + decimal(exits.xs[i], exits.xs[i] < 1 ? 3 : 1) + unit;
    return text;
}

Statement neverFalls(const char* claim, const PlotSeries& values, const std::string& evidence)
{
    const bool rises = values.ys.back() > values.ys.front();
    const bool falls = !std::is_sorted(values.ys.begin(), values.ys.end());
    return {claim,
            falls       ? Verdict::DoesNotHold
                : rises ? Verdict::Holds
                        : Verdict::Unknown,
            evidence + (falls || rises ? "" : "; it never changes here")};
}

class Drawing {
public:
    Drawing(const EdgentInputs& inputs, EdgentBench bench)
        : m_inputs(inputs), m_bench(std::move(bench)), m_regression(inputs.table)
    {
    }

    base::Result<Figure> draw(const std::stop_token& stop)
    {
        begin();
        for (const auto& part : {&Drawing::overRates, &Drawing::overDeadlines, &Drawing::methods, &Drawing::throughput}) {
            if (stop.stop_requested())
                return base::Error{base::ErrorCode::Cancelled, "stopped on request", "figures"};
            if (const auto drawn = (this->*part)(); !drawn)
                return drawn.error();
        }
        return std::move(m_figure);
    }

private:
    void begin()
    {
        const auto& table = m_inputs.table;
        m_figure.key = "edgent";
        m_figure.kind = FigureKind::Plots;
        m_figure.title = "Edgent's selections, runtimes, accuracy under deadlines, and throughput";
        m_figure.subtitle = table.spec().name + " · " + table.data() + " · batch " + std::to_string(m_inputs.batch) + " · device "
            + decimal(m_bench.conditions().deviceSlowdown, 0) + " times slower than its table's";
        const auto wholeAt = [&](double rate) {
            const auto plan = m_bench.plan("neurosurgeon-latency", rate, decision::kNoLimit);
            return plan ? plan->prediction.totalMs : 1;
        };
        m_deadlineMs = m_inputs.deadlineMs > 0 ? m_inputs.deadlineMs
                                               : std::sqrt(wholeAt(m_bench.rates().low) * wholeAt(m_bench.rates().high));
        m_figure.notes.push_back("Required over bandwidth, and of throughput: " + base::formatMs(m_deadlineMs)
                                 + ". Over required latencies the bandwidth is "
                                 + base::formatBytesPerSecond(m_bench.middleRate()) + ".");
        m_figure.notes.push_back(
            "Measured runtimes are the cost table's: medians of a run of all decisions between two processes, with "
            "the device's times as many times longer as it is slower, and the link's by its rate. Predicted ones have "
            "Edgent's regression (its Table 1: a line for convolutions and one for fully connected layers, each with what "
            "follows it in one pass) in place of the measured segments. Device: "
            + describe(table.device()) + "; edge: " + describe(table.edge()) + ".");
    }

    base::Status overRates()
    {
        auto selection = panelOf("selection over bandwidth (MB/s)", 0, 0, kBandwidth, kPlace);
        auto runtime = panelOf("runtime over bandwidth (MB/s)", 0, 1, kBandwidth, {"latency (ms)", "latency_ms", "ms", false, 0});
        auto exits = series("exit", "exit", "run:0", PlotMark::Steps);
        auto cuts = series("cut", "partition point", "run:1", PlotMark::Steps);
        auto measured = series("measured", "measured", "run:2", PlotMark::Line);
        auto predicted = series("predicted", "predicted", "run:3", PlotMark::Line);
        auto accuracy = series("accuracy", "", "", PlotMark::Steps);
        std::vector<double> errors;
        for (int i = 0; i < kRates; ++i) {
            const double rate = spaced(m_bench.rates().low, m_bench.rates().high, i, kRates);
            const auto plan = m_bench.plan("edgent", rate, m_deadlineMs);
            if (!plan)
                return plan.error();
            addPoint(exits, rate / 1e6, plan->exit);
            addPoint(cuts, rate / 1e6, plan->cut);
            addPoint(accuracy, rate / 1e6, plan->prediction.accuracy);
            addPoint(measured, rate / 1e6, plan->prediction.totalMs);
            const auto foretold = m_regression.totalMs(m_bench, *plan);
            addPoint(predicted, rate / 1e6, foretold.value_or(kNoValue));
            if (foretold)
                errors.push_back(std::abs(*foretold / plan->prediction.totalMs - 1));
        }
        m_figure.statements.push_back(neverFalls("The higher bandwidth leads to higher accuracy.", accuracy,
                                                 "exits along the bandwidth: " + changes(exits, " MB/s") + "; accuracy "
                                                     + percent(accuracy.ys.front()) + " to " + percent(accuracy.ys.back())));
        Statement well{"The regression-based latency approach can well estimate the actual model runtime.", Verdict::Unknown,
                       "no layer's time can be told from the table"};
        if (!errors.empty()) {
            const double median = medianOf(errors);
            well.verdict = median <= kWell ? Verdict::Holds : Verdict::DoesNotHold;
            well.evidence = "predictions are off by " + percent(median) + " in the median, by "
                + percent(*std::max_element(errors.begin(), errors.end())) + " at most";
        }
        m_figure.statements.push_back(std::move(well));
        selection.series = {std::move(exits), std::move(cuts)};
        runtime.series = {std::move(measured), std::move(predicted)};
        m_figure.plots.push_back(std::move(selection));
        m_figure.plots.push_back(std::move(runtime));
        return {};
    }

    /// From where nothing meets it to where everything does.
    [[nodiscard]] std::pair<double, double> deadlines() const
    {
        double low = 1e300, high = 0;
        for (const auto& [key, name] : kMethods)
            if (const auto plan
                = m_bench.plan(std::string(key) == "right-sizing" ? "on-device" : key, m_bench.middleRate(), 1e-3)) {
                low = std::min(low, plan->prediction.totalMs);
                high = std::max(high, plan->prediction.totalMs);
            }
        return {low * 0.7, high * 1.3};
    }

    base::Status overDeadlines()
    {
        const FigureAxis required{"required latency (ms)", "required_ms", "ms", true, 0};
        auto panel = panelOf("selection over required latency (ms)", 1, 0, required, kPlace);
        auto exits = series("exit", "exit", "run:0", PlotMark::Steps);
        auto cuts = series("cut", "partition point", "run:1", PlotMark::Steps);
        auto accuracy = series("accuracy", "", "", PlotMark::Steps);
        const auto [low, high] = deadlines();
        for (int i = 0; i < kDeadlines; ++i) {
            const double ms = spaced(low, high, i, kDeadlines);
            const auto plan = m_bench.plan("edgent", m_bench.middleRate(), ms);
            if (!plan)
                return plan.error();
            if (plan->prediction.totalMs > ms)
                continue;  // no plan: Algorithm 1 returns none
            addPoint(exits, ms, plan->exit);
            addPoint(cuts, ms, plan->cut);
            addPoint(accuracy, ms, plan->prediction.accuracy);
        }
        Statement larger{"A larger latency goal gives more room for accuracy improvement.", Verdict::Unknown,
                         "no plan meets any"};
        if (!exits.xs.empty())
            larger = neverFalls(larger.claim.c_str(), accuracy, "exits along the required latency: " + changes(exits, " ms"));
        m_figure.statements.push_back(std::move(larger));
        panel.series = {std::move(exits), std::move(cuts)};
        m_figure.plots.push_back(std::move(panel));
        return {};
    }

    /// What a method answers within a deadline; nothing where it misses it.
    [[nodiscard]] base::Result<double> accuracyWithin(const std::string& method, double ms) const
    {
        if (method == "right-sizing") {
            const auto plan = m_bench.rightSized(m_bench.middleRate(), ms);
            return plan ? plan->prediction.accuracy : kNoValue;
        }
        const auto plan = m_bench.plan(method, m_bench.middleRate(), ms);
        if (!plan)
            return plan.error();
        return plan->prediction.totalMs <= ms ? plan->prediction.accuracy : kNoValue;
    }

    base::Status methods()
    {
        auto panel = panelOf("accuracy within a required latency", 1, 1, {"required latency (ms)", "required_ms", "ms", true, 0},
                             {"accuracy (%)", "accuracy_percent", "%", false, 0});
        panel.fromZero = false;
        const auto [low, high] = deadlines();
        std::vector<std::string> firsts;
        for (const auto& [key, name] : kMethods) {
            auto line = series(key, name, std::string(key) == "right-sizing" ? "fixed" : key, PlotMark::Steps);
            double first = kNoValue;
            for (int i = 0; i < kDeadlines; ++i) {
                const double ms = spaced(low, high, i, kDeadlines);
                const auto accuracy = accuracyWithin(key, ms);
                if (!accuracy)
                    return accuracy.error();
                addPoint(line, ms, 100 * *accuracy);
                if (std::isnan(first) && !std::isnan(*accuracy))
                    first = ms;
            }
            firsts.push_back(std::string(name) + (std::isnan(first) ? " never" : " from " + decimal(first, 1) + " ms"));
            panel.series.push_back(std::move(line));
        }
        const auto& both = panel.series.back().ys;
        std::size_t better = 0, worse = 0;
        for (std::size_t i = 0; i < both.size(); ++i) {
            double other = -1;
            for (std::size_t method = 0; method + 1 < panel.series.size(); ++method)
                if (!std::isnan(panel.series[method].ys[i]))
                    other = std::max(other, panel.series[method].ys[i]);
            const double own = std::isnan(both[i]) ? -1 : both[i];
            better += own > other ? 1 : 0;
            worse += own < other ? 1 : 0;
        }
        m_figure.statements.push_back(
            {"Both knobs together maximise the accuracy without violating the latency requirement: no method "
             "alone is better at any requirement.",
             worse == 0 ? Verdict::Holds : Verdict::DoesNotHold,
             "better than every other at " + outOf(better, both.size()) + " requirements, worse at " + std::to_string(worse)
                 + "; answers come: " + listed(firsts)});
        m_figure.plots.push_back(std::move(panel));
        return {};
    }

    base::Status throughput()
    {
        if (m_inputs.traces.empty()) {
            m_figure.notes.push_back("No throughput: no recorded 4G traces are at hand (SPLITSCOPE_TRACES or SPLITSCOPE_DATA).");
            return {};
        }
        auto panel = panelOf("throughput over 4G traces", 2, 0, {"throughput (frames/s)", "frames_per_s", "1/s", false, 0},
                             {"share of requests with less", "share", "", false, 0});
        std::vector<std::string> medians;
        for (const char* name : {"on-device", "on-edge", "neurosurgeon-latency", "edgent", "edgent-dynamic"}) {
            auto rates = framesPerSecond(name);
            if (!rates)
                return rates.error();
            std::sort(rates->begin(), rates->end());
            auto line = series(name, name, name, PlotMark::Line);
            constexpr int kPoints = 101;
            for (int i = 0; i < kPoints; ++i)
                addPoint(line, (*rates)[(rates->size() - 1) * static_cast<std::size_t>(i) / (kPoints - 1)],
                         static_cast<double>(i) / (kPoints - 1));
            medians.push_back(std::string(name) + " " + decimal((*rates)[rates->size() / 2], 1));
            panel.series.push_back(std::move(line));
        }
        m_figure.notes.push_back(
            "Throughput is one over each request's T, simulated from the table over "
            + outOf(m_inputs.traces.size(), m_inputs.traces.size()) + " recorded 4G traces, each scaled so that its mean is "
            + base::formatBytesPerSecond(m_bench.middleRate()) + ". Medians (frames/s): " + listed(medians) + ".");
        m_figure.plots.push_back(std::move(panel));
        return {};
    }

    base::Result<std::vector<double>> framesPerSecond(const std::string& name) const
    {
        constexpr int kRequests = 300;
        constexpr std::uint64_t kSeed = 1;
        std::vector<double> values;
        const auto evaluator = m_bench.evaluatorOf(m_deadlineMs);
        if (!evaluator)
            return evaluator.error();
        sim::EnvironmentOptions options;
        options.conditions = m_bench.conditions();
        options.steps = kRequests;
        for (const auto& trace : m_inputs.traces) {
            auto fitted = sim::fitted(trace, m_bench.middleRate(), 1e12);
            auto strategy = m_bench.strategyOf(name, m_deadlineMs);
            if (!fitted || !strategy)
                return fitted ? strategy.error() : fitted.error();
            auto environment = sim::Environment::make(*evaluator, *fitted, options);
            if (!environment)
                return environment.error();
            const auto episode = runStrategy(*environment, kSeed, **strategy);
            if (!episode)
                return episode.error();
            for (const double latencyMs : episode->latencies)
                values.push_back(1e3 * m_inputs.batch / latencyMs);
        }
        return values;
    }

    const EdgentInputs& m_inputs;
    EdgentBench m_bench;
    EdgentRegression m_regression;
    double m_deadlineMs = 0;
    Figure m_figure;
};

}  // namespace

base::Result<Figure> edgentFigure(const EdgentInputs& inputs, const std::stop_token& stop)
{
    auto bench = EdgentBench::make(inputs);
    if (!bench)
        return bench.error();
    return Drawing(inputs, *std::move(bench)).draw(stop);
}

std::vector<sim::Trace> recorded4gTraces(std::size_t count)
{
    const auto folder = sim::recordedTraces();
    std::vector<sim::Trace> traces;
    if (!folder)
        return traces;
    constexpr double kBinMs = 1000;
    for (const auto& file : sim::recordedTraceFiles(*folder, sim::TraceUse::Evaluation)) {
        if (traces.size() == count)
            break;
        if (file.string().find("4g") == std::string::npos)
            continue;
        if (auto trace = sim::importTrace(file, {.format = {}, .binMs = kBinMs}))
            traces.push_back(trace->repeating(true));
    }
    return traces;
}

}  // namespace splitscope::session
