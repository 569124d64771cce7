// SPDX-License-Identifier: GPL-3.0-or-later
// Recorded runs over the bandwidth that they met, in the shape of the paper's Fig. 6, and their predictions beside them.
#include "core/session/figure_compare_p.h"
#include "core/session/figure_text.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace splitscope::session {

namespace {

constexpr std::size_t kMostSetRates = 16;
constexpr int kBins = 12;
constexpr std::size_t kFewestRequests = 5;
constexpr std::size_t kMostPoints = 3000;  ///< of all runs in a scatter

/// Requests of one run at one rate.
struct Gathered {
    std::vector<float> values;
    double correct = 0, frames = 0;
};

double valueOf(const Gathered& gathered, RunQuantity quantity)
{
    if (quantity == RunQuantity::Accuracy)
        return gathered.frames > 0 ? 100 * gathered.correct / gathered.frames : kNoValue;
    return quantity == RunQuantity::Reward ? meanOfFinite(gathered.values) : medianOfFinite(gathered.values);
}

std::vector<Gathered> gather(const ComparedRun& run, RunQuantity quantity, const RateBins& bins)
{
    std::vector<Gathered> gathered(bins.centres.size());
    const auto& column = quantity == RunQuantity::Reward ? run.reward : run.latencyMs;
    for (std::size_t i = 0; i < run.size(); ++i) {
        const auto bin = bins.binOf(static_cast<double>(run.uplink[i]));
        if (!bin)
            continue;
        gathered[*bin].values.push_back(column[i]);
        gathered[*bin].correct += static_cast<double>(run.correct[i]);
        gathered[*bin].frames += static_cast<double>(run.frames[i]);
    }
    return gathered;
}

/// A strategy's runs at each rate: the median over runs, with an interval where there are several.
PlotSeries seriesOf(const StrategyEstimate& strategy, RunQuantity quantity, const RateBins& bins)
{
    PlotSeries series;
    series.key = series.name = series.look = strategy.strategy;
    series.mark = PlotMark::JoinedPoints;
    std::vector<std::vector<double>> values(bins.centres.size());
    std::vector<std::size_t> requests(bins.centres.size(), 0);
    for (const auto* run : strategy.runs) {
        const auto gathered = gather(*run, quantity, bins);
        for (std::size_t bin = 0; bin < gathered.size(); ++bin)
            if (const double value = valueOf(gathered[bin], quantity);
                gathered[bin].values.size() >= kFewestRequests && std::isfinite(value)) {
                values[bin].push_back(value);
                requests[bin] += gathered[bin].values.size();
            }
    }
    for (std::size_t bin = 0; bin < values.size(); ++bin) {
        if (values[bin].empty())
            continue;
        const auto estimate = Bootstrap(values[bin].size()).median(values[bin]);
        series.xs.push_back(bins.centres[bin]);
        series.ys.push_back(estimate.mean);
        series.low.push_back(estimate.low);
        series.high.push_back(estimate.high);
        series.labels.push_back(strategy.strategy + ", " + std::to_string(requests[bin]) + " requests of "
                                + std::to_string(values[bin].size()) + (values[bin].size() == 1 ? " run" : " runs"));
    }
    return series;
}

PlotPanel panelOf(const std::vector<ComparedRun>& runs, RunQuantity quantity, const RateBins& bins, int row)
{
    PlotPanel panel;
    panel.row = row;
    panel.x = {"bandwidth (MB/s)", "mb_per_s", "MB/s", true, 0};
    panel.y = axisOf(quantity);
    if (quantity == RunQuantity::Accuracy)
        panel.y.title = "accuracy (%)";
    panel.title = panel.y.title;
    for (const auto& strategy : estimateStrategies(runs, quantity))
        if (auto series = seriesOf(strategy, quantity, bins); !series.xs.empty())
            panel.series.push_back(std::move(series));
    return panel;
}

Figure rateFigure(const std::string& key, const std::string& title, const std::vector<ComparedRun>& runs,
                  const std::vector<RunQuantity>& quantities)
{
    Figure figure = emptyPlots(key, title, runs);
    figure.xTitle = "bandwidth (MB/s)";
    const auto bins = rateBins(runs);
    for (const auto quantity : quantities)
        if (auto panel = panelOf(runs, quantity, bins, static_cast<int>(figure.plots.size())); !panel.series.empty())
            figure.plots.push_back(std::move(panel));
    if (figure.plots.empty())
        return figure;
    figure.y = figure.plots.front().y;
    figure.notes.push_back(
        "Each value: the median over a strategy's runs of what their requests at that rate came to (median latency, mean reward, "
        "accuracy of all frames); whiskers: 95 % bootstrap intervals over runs, where there are several. Rates are those set, "
        "else "
        "estimated, else achieved.");
    if (bins.centres.size() < 2)
        figure.notes.push_back(
            "There is one rate only: runs at other rates, or a run over a trace, give these curves their course.");
    noteSettings(figure, runs);
    return figure;
}

}  // namespace

std::optional<std::size_t> RateBins::binOf(double megabytesPerSecond) const
{
    if (!std::isfinite(megabytesPerSecond) || edges.empty() || megabytesPerSecond < edges.front()
        || megabytesPerSecond > edges.back())
        return std::nullopt;
    const auto above = std::upper_bound(edges.begin(), edges.end(), megabytesPerSecond) - edges.begin();
    return std::min(static_cast<std::size_t>(above) - 1, centres.size() - 1);
}

RateBins rateBins(const std::vector<ComparedRun>& runs)
{
    std::set<double> distinct;
    double low = INFINITY, high = 0;
    for (const auto& run : runs)
        for (const float rate : run.uplink) {
            if (!std::isfinite(rate) || rate <= 0)
                continue;
            low = std::min(low, static_cast<double>(rate));
            high = std::max(high, static_cast<double>(rate));
            if (distinct.size() <= kMostSetRates)
                distinct.insert(static_cast<double>(rate));
        }
    RateBins bins;
    if (distinct.empty())
        return bins;
    if (distinct.size() <= kMostSetRates) {
        bins.centres.assign(distinct.begin(), distinct.end());
        bins.edges.push_back(bins.centres.front() * 0.999);
        for (std::size_t i = 1; i < bins.centres.size(); ++i)
            bins.edges.push_back(std::sqrt(bins.centres[i - 1] * bins.centres[i]));
        bins.edges.push_back(bins.centres.back() * 1.001);
        return bins;
    }
    const double ratio = std::max(high / low, 1.0001);
    for (int i = 0; i <= kBins; ++i)
        bins.edges.push_back(low * std::pow(ratio, static_cast<double>(i) / kBins));
    bins.edges.back() = high;
    for (int i = 0; i < kBins; ++i)
        bins.centres.push_back(low * std::pow(ratio, (i + 0.5) / kBins));
    return bins;
}

Figure recordedLatencyFigure(const std::vector<ComparedRun>& runs)
{
    return rateFigure("6a-recorded", "Latency and reward over bandwidth, recorded", runs,
                      {RunQuantity::Latency, RunQuantity::Reward});
}

Figure recordedAccuracyFigure(const std::vector<ComparedRun>& runs)
{
    return rateFigure("6b-recorded", "Accuracy over bandwidth, recorded", runs, {RunQuantity::Accuracy});
}

Figure predictionFigure(const std::vector<ComparedRun>& runs)
{
    Figure figure = emptyPlots("prediction", "Latency: measured against predicted", runs);
    PlotPanel panel;
    panel.x = {"predicted latency (ms)", "predicted_ms", "ms", false, 0};
    panel.y = {"measured latency (ms)", "measured_ms", "ms", false, 0};
    panel.diagonal = true;
    figure.y = panel.y;
    figure.xTitle = panel.x.title;
    std::vector<std::string> parts, without;
    for (const auto& run : runs) {
        const auto error = predictionError(run);
        if (error.requests == 0) {
            without.push_back(run.name);
            continue;
        }
        PlotSeries series;
        series.key = "run" + std::to_string(run.slot + 1);
        series.name = run.name;
        series.look = lookOf(run);
        series.mark = PlotMark::Points;
        const auto step = std::max<std::size_t>(1, run.size() * runs.size() / kMostPoints);
        for (std::size_t i = 0; i < run.size(); i += step)
            if (std::isfinite(run.predictedMs[i])) {
                series.xs.push_back(static_cast<double>(run.predictedMs[i]));
                series.ys.push_back(static_cast<double>(run.latencyMs[i]));
            }
        panel.series.push_back(std::move(series));
        parts.push_back(run.name + " " + percent(error.median) + " (bias " + (error.bias >= 0 ? "+" : "−")
                        + percent(std::abs(error.bias)) + ", " + percent(error.within10, 0) + " of requests within 10 %)");
    }
    if (!parts.empty())
        figure.notes.push_back("Median error of the prediction: " + listed(parts) + ".");
    if (!without.empty())
        figure.notes.push_back("No cost table knows the decisions of " + listed(without) + ".");
    if (!panel.series.empty())
        figure.plots.push_back(std::move(panel));
    return figure;
}

}  // namespace splitscope::session
