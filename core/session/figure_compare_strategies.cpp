// SPDX-License-Identifier: GPL-3.0-or-later
// Strategies' medians with intervals and paired differences, and the front of runs that nothing beats.
#include "core/session/figure_compare_p.h"
#include "core/session/figure_text.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace splitscope::session {

namespace {

PlotSeries barOf(const StrategyEstimate& strategy, double at, RunQuantity quantity)
{
    PlotSeries bar;
    bar.key = bar.look = strategy.strategy;
    bar.mark = PlotMark::Bars;
    bar.xs = {at};
    bar.ys = {strategy.median.mean};
    bar.low = {strategy.median.low};
    bar.high = {strategy.median.high};
    bar.labels = {strategy.strategy + ", median of " + std::to_string(strategy.runs.size())
                  + (strategy.runs.size() == 1 ? " run: " : " runs: ") + inWords(strategy.median, quantity)};
    return bar;
}

/// Beside the bar's middle, where its whisker stands.
PlotSeries dotsOf(const StrategyEstimate& strategy, double at, RunQuantity quantity)
{
    constexpr double kSpread = 0.24;
    PlotSeries dots;
    dots.key = strategy.strategy + "_runs";
    dots.mark = PlotMark::Points;
    const auto count = static_cast<double>(strategy.runs.size());
    for (std::size_t i = 0; i < strategy.runs.size(); ++i) {
        dots.xs.push_back(at + (count > 1 ? kSpread * (static_cast<double>(i) / (count - 1) - 0.5) : 0));
        dots.ys.push_back(strategy.values[i]);
        dots.labels.push_back(strategy.runs[i]->name + ": " + inWords(strategy.values[i], quantity));
    }
    return dots;
}

PlotPanel differencesPanel(const std::vector<PairedDifference>& differences, const std::string& baseline, RunQuantity quantity)
{
    PlotPanel panel;
    panel.title = "less " + baseline + ", same seed and setting";
    panel.column = 1;
    panel.x = {"strategy", "strategy", "", false, 0};
    panel.y = axisOf(quantity);
    panel.y.title = "difference" + (panel.y.unit.empty() ? std::string() : " (" + panel.y.unit + ")");
    panel.fromZero = true;
    for (const auto& difference : differences) {
        if (difference.pairs == 0)
            continue;
        PlotSeries bar;
        bar.key = difference.strategy + "_less_" + baseline;
        bar.look = difference.strategy;
        bar.mark = PlotMark::Bars;
        bar.xs = {static_cast<double>(panel.xLevels.size())};
        bar.ys = {difference.median.mean};
        bar.low = {difference.median.low};
        bar.high = {difference.median.high};
        bar.labels = {difference.strategy + " less " + baseline + ", " + std::to_string(difference.pairs)
                      + (difference.pairs == 1 ? " pair: " : " pairs: ") + inWords(difference.median, quantity)};
        panel.xLevels.push_back(difference.strategy);
        panel.series.push_back(std::move(bar));
    }
    return panel;
}

std::string wordsOf(const PairedDifference& difference, const std::string& baseline, RunQuantity quantity)
{
    const auto& median = difference.median;
    const bool clear = median.hasInterval() && (median.low > 0 || median.high < 0);
    std::string words = difference.strategy + " " + (median.mean < 0 ? "below " : "above ") + baseline + " by "
        + inWords(std::abs(median.mean), quantity);
    if (median.hasInterval())
        words += " (" + decimal(median.low, infoOf(quantity).decimals) + " to " + decimal(median.high, infoOf(quantity).decimals)
            + (clear ? ")" : "; not clearly different)");
    return words + ", " + std::to_string(difference.pairs) + (difference.pairs == 1 ? " pair" : " pairs");
}

void noteStrategies(Figure& figure, const std::vector<StrategyEstimate>& strategies,
                    const std::vector<PairedDifference>& differences, const std::string& baseline, RunQuantity quantity)
{
    std::vector<std::string> parts, pairs;
    bool single = false;
    for (const auto& strategy : strategies) {
        parts.push_back(strategy.strategy + " " + inWords(strategy.median, quantity));
        single = single || !strategy.median.hasInterval();
    }
    figure.notes.push_back(std::string(infoOf(quantity).summary)
                           + ", and over runs the median with its 95 % bootstrap interval: " + listed(parts) + ".");
    for (const auto& difference : differences)
        if (difference.pairs > 0)
            pairs.push_back(wordsOf(difference, baseline, quantity));
    if (!pairs.empty())
        figure.notes.push_back("Paired by seed: " + listed(pairs) + ".");
    else if (strategies.size() > 1)
        figure.notes.push_back("No run has the seed and setting of a run of " + baseline
                               + ": repeat with the same seeds, and differences are told pair by pair.");
    if (single)
        figure.notes.push_back("A strategy with one run has no interval: repeat it with other seeds.");
}

struct Objective {
    double value = 0, low = kNoValue, high = kNoValue;
};

Objective accuracyOf(const ComparedRun& run)
{
    const auto interval = shareInterval(run.correctCount(), run.frameCount());
    return {100 * interval.mean, 100 * interval.low, 100 * interval.high};
}

}  // namespace

Figure strategiesFigure(const std::vector<ComparedRun>& runs, RunQuantity quantity, const std::string& baseline)
{
    Figure figure = emptyPlots(std::string("compare-strategies-") + infoOf(quantity).key,
                               "Strategies: " + std::string(infoOf(quantity).summary), runs);
    auto strategies = estimateStrategies(runs, quantity);
    std::erase_if(strategies, [](const auto& one) { return !std::isfinite(one.median.mean); });
    figure.y = axisOf(quantity);
    figure.xTitle = "strategy";
    if (strategies.empty())
        return figure;
    PlotPanel panel;
    panel.x = {"strategy", "strategy", "", false, 0};
    panel.y = figure.y;
    panel.y.title = infoOf(quantity).summary + (figure.y.unit.empty() ? std::string() : " (" + figure.y.unit + ")");
    panel.fromZero = true;
    for (const auto& strategy : strategies) {
        const auto at = static_cast<double>(panel.xLevels.size());
        panel.xLevels.push_back(strategy.strategy);
        panel.series.push_back(barOf(strategy, at, quantity));
    }
    for (std::size_t i = 0; i < strategies.size(); ++i)
        if (strategies[i].runs.size() > 1)
            panel.series.push_back(dotsOf(strategies[i], static_cast<double>(i), quantity));
    figure.plots.push_back(std::move(panel));
    const std::string against = baseline.empty() ? usualBaseline(strategies) : baseline;
    const auto differences = pairedDifferences(strategies, against);
    if (auto paired = differencesPanel(differences, against, quantity); !paired.series.empty())
        figure.plots.push_back(std::move(paired));
    noteStrategies(figure, strategies, differences, against, quantity);
    noteSettings(figure, runs);
    return figure;
}

std::vector<std::size_t> paretoFront(const std::vector<double>& xs, const std::vector<double>& ys, bool highIsGood)
{
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < xs.size(); ++i)
        if (std::isfinite(xs[i]) && std::isfinite(ys[i]))
            order.push_back(i);
    const auto cost = [&](std::size_t i) { return highIsGood ? -ys[i] : ys[i]; };
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return std::pair(xs[a], cost(a)) < std::pair(xs[b], cost(b)); });
    std::vector<std::size_t> front;
    for (const std::size_t i : order)
        if (front.empty() || cost(i) < cost(front.back()))
            front.push_back(i);
    return front;
}

Figure paretoFigure(const std::vector<ComparedRun>& runs, ParetoAxes axes)
{
    const bool overEnergy = axes == ParetoAxes::AccuracyEnergy, accuracy = axes != ParetoAxes::EnergyLatency;
    const auto xQuantity = overEnergy ? RunQuantity::Energy : RunQuantity::Latency;
    const auto yQuantity = accuracy ? RunQuantity::Accuracy : RunQuantity::Energy;
    Figure figure = emptyPlots(overEnergy     ? "pareto-accuracy-energy"
                                   : accuracy ? "pareto-accuracy-latency"
                                              : "pareto-energy-latency",
                               overEnergy     ? "Pareto front: accuracy against energy"
                                   : accuracy ? "Pareto front: accuracy against latency"
                                              : "Pareto front: energy against latency",
                               runs);
    PlotPanel panel;
    panel.x = axisOf(xQuantity);
    panel.x.title = overEnergy ? "mean energy a frame, modelled (mJ)" : "median latency (ms)";
    panel.y = axisOf(yQuantity);
    panel.y.title = accuracy ? "accuracy (%)" : "mean energy a frame, modelled (mJ)";
    std::vector<double> xs, ys;
    std::vector<PlotSeries> points;
    for (const auto& run : runs) {
        const double x = run.summary(xQuantity);
        const Objective y = accuracy ? accuracyOf(run) : Objective{run.summary(yQuantity)};
        if (!std::isfinite(x) || !std::isfinite(y.value))
            continue;
        auto found = std::find_if(points.begin(), points.end(), [&](const auto& one) { return one.key == run.strategy; });
        if (found == points.end()) {
            PlotSeries series;
            series.key = series.name = series.look = run.strategy;
            series.mark = PlotMark::Points;
            found = points.insert(found, std::move(series));
        }
        found->xs.push_back(x);
        found->ys.push_back(y.value);
        if (accuracy) {
            found->low.push_back(y.low);
            found->high.push_back(y.high);
        }
        found->labels.push_back(run.name);
        xs.push_back(x);
        ys.push_back(y.value);
    }
    figure.y = panel.y;
    figure.xTitle = panel.x.title;
    if (xs.empty())
        return figure;
    panel.x.logarithmic = spanDecades(xs);
    const auto front = paretoFront(xs, ys, accuracy);
    PlotSeries line;
    line.key = "front";
    line.name = "front";
    line.mark = PlotMark::Steps;
    std::vector<std::string> names;
    for (const std::size_t i : front) {
        line.xs.push_back(xs[i]);
        line.ys.push_back(ys[i]);
        for (const auto& series : points)
            for (std::size_t k = 0; k < series.xs.size(); ++k)
                if (series.xs[k] == xs[i] && series.ys[k] == ys[i] && line.labels.size() < line.xs.size())
                    line.labels.push_back(series.labels[k]);
        names.push_back(line.labels.back());
    }
    panel.series.push_back(std::move(line));
    panel.series.insert(panel.series.end(), points.begin(), points.end());
    figure.plots.push_back(std::move(panel));
    figure.notes.push_back("On the front, beaten by no other run in both: " + listed(names) + ".");
    if (accuracy)
        figure.notes.push_back("Whiskers: 95 % intervals of the accuracy over the run's frames.");
    noteSettings(figure, runs);
    return figure;
}

}  // namespace splitscope::session
