// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/figure_compare_p.h"

#include "core/session/figure_text.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace splitscope::session {

namespace {

constexpr int kMostStretches = 240, kFewestStretches = 30;
constexpr std::size_t kRequestsAStretch = 8;
constexpr std::size_t kMostBands = 4;  ///< more of them hide each other
constexpr std::size_t kDistributionPoints = 600;
constexpr double kBandTail = 0.05;

/// Consecutive requests of one stretch of the axis.
template <typename Take>
void forStretches(const std::vector<float>& positions, double width, Take take)
{
    for (std::size_t from = 0; from < positions.size();) {
        const double stretch = std::floor(static_cast<double>(positions[from]) / width);
        std::size_t to = from;
        while (to < positions.size() && std::floor(static_cast<double>(positions[to]) / width) <= stretch)
            ++to;
        take(from, to);
        from = to;
    }
}

/// Finite values of a stretch in order.
std::vector<float> sortedOf(const std::vector<float>& values, std::size_t from, std::size_t to)
{
    std::vector<float> sorted;
    for (std::size_t i = from; i < to; ++i)
        if (std::isfinite(values[i]))
            sorted.push_back(values[i]);
    std::sort(sorted.begin(), sorted.end());
    return sorted;
}

double rank(const std::vector<float>& sorted, double share)
{
    const auto last = static_cast<double>(sorted.size() - 1);
    return static_cast<double>(sorted[static_cast<std::size_t>(std::lround(share * last))]);
}

PlotSeries seriesOf(const ComparedRun& run)
{
    PlotSeries series;
    series.key = "run" + std::to_string(run.slot + 1);
    series.name = run.name;
    series.look = lookOf(run);
    return series;
}

/// Running accuracy is a line of its own; everything else scatters, and is shown by its middle and its spread.
PlotSeries courseOf(const ComparedRun& run, RunQuantity quantity, OverlayAxis axis, double stretch, bool band)
{
    PlotSeries series = seriesOf(run);
    const auto values = run.values(quantity);
    const auto& positions = axis == OverlayAxis::Time ? run.seconds : run.frame;
    forStretches(positions, stretch, [&](std::size_t from, std::size_t to) {
        const auto sorted = sortedOf(values, from, to);
        series.xs.push_back(static_cast<double>(positions[from + (to - from) / 2]));
        if (quantity == RunQuantity::Accuracy || sorted.empty()) {
            series.ys.push_back(static_cast<double>(values[to - 1]));
        } else {
            series.ys.push_back(rank(sorted, 0.5));
        }
        if (band && quantity != RunQuantity::Accuracy) {
            series.low.push_back(sorted.empty() ? kNoValue : rank(sorted, kBandTail));
            series.high.push_back(sorted.empty() ? kNoValue : rank(sorted, 1 - kBandTail));
        }
    });
    return series;
}

PlotSeries distributionOf(const ComparedRun& run, RunQuantity quantity)
{
    PlotSeries series = seriesOf(run);
    series.mark = PlotMark::Steps;
    const auto values = run.values(quantity);
    const auto sorted = sortedOf(values, 0, values.size());
    const std::size_t points = std::min(sorted.size(), kDistributionPoints);
    for (std::size_t i = 0; i < points; ++i) {
        const auto at = points == sorted.size() ? i : (i + 1) * sorted.size() / points - 1;
        series.xs.push_back(static_cast<double>(sorted[at]));
        series.ys.push_back(100 * static_cast<double>(at + 1) / static_cast<double>(sorted.size()));
    }
    return series;
}

void noteRuns(Figure& figure, const std::vector<ComparedRun>& runs, RunQuantity quantity)
{
    std::vector<std::string> parts;
    for (const auto& run : runs)
        parts.push_back(run.name + " " + inWords(run.summary(quantity), quantity));
    figure.notes.push_back(std::string(infoOf(quantity).summary) + ": " + listed(parts) + ".");
}

}  // namespace

bool spanDecades(std::span<const double> values)
{
    constexpr double kWide = 50;
    double low = std::numeric_limits<double>::infinity(), high = 0;
    for (const double value : values)
        if (value > 0 && std::isfinite(value)) {
            low = std::min(low, value);
            high = std::max(high, value);
        }
    return high > kWide * low;
}

FigureAxis axisOf(RunQuantity quantity)
{
    const auto& info = infoOf(quantity);
    const std::string unit = info.unit;
    return {info.name + (unit.empty() ? std::string() : " (" + unit + ")"), info.column, unit, false, 0};
}

std::string inWords(double value, RunQuantity quantity)
{
    if (!std::isfinite(value))
        return "not known";
    const auto& info = infoOf(quantity);
    return decimal(value, info.decimals) + (*info.unit ? " " + std::string(info.unit) : "");
}

std::string inWords(const Estimate& estimate, RunQuantity quantity)
{
    std::string words = inWords(estimate.mean, quantity);
    if (estimate.hasInterval())
        words += " (" + decimal(estimate.low, infoOf(quantity).decimals) + " to "
            + decimal(estimate.high, infoOf(quantity).decimals) + ")";
    return words;
}

std::string countOf(const std::vector<ComparedRun>& runs)
{
    std::set<std::string> strategies;
    for (const auto& run : runs)
        strategies.insert(run.strategy);
    return std::to_string(runs.size()) + (runs.size() == 1 ? " run of " : " runs of ") + std::to_string(strategies.size())
        + (strategies.size() == 1 ? " strategy" : " strategies");
}

Figure emptyPlots(const std::string& key, const std::string& title, const std::vector<ComparedRun>& runs)
{
    Figure figure;
    figure.key = key;
    figure.title = title;
    figure.subtitle = countOf(runs);
    figure.kind = FigureKind::Plots;
    return figure;
}

std::string lookOf(const ComparedRun& run) { return "run:" + std::to_string(run.slot); }

void noteSettings(Figure& figure, const std::vector<ComparedRun>& runs)
{
    std::set<std::string> settings;
    for (const auto& run : runs)
        settings.insert(run.setting);
    if (settings.size() > 1)
        figure.notes.push_back("The runs differ in more than strategy and seed (" + std::to_string(settings.size())
                               + " settings); what is pooled here is not alike in everything else.");
}

Figure overlayFigure(const std::vector<ComparedRun>& runs, RunQuantity quantity, OverlayAxis axis)
{
    const auto& info = infoOf(quantity);
    const bool distribution = axis == OverlayAxis::Distribution;
    Figure figure = emptyPlots(std::string("compare-") + info.key + (distribution ? "-distribution" : ""),
                               std::string(1, static_cast<char>(std::toupper(info.name[0]))) + (info.name + 1)
                                   + (distribution                    ? ", cumulative distribution"
                                          : axis == OverlayAxis::Time ? " over time"
                                                                      : " over frames"),
                               runs);
    PlotPanel panel;
    panel.y = axisOf(quantity);
    if (distribution) {
        panel.x = panel.y;
        panel.y = {"share of requests at or below (%)", "share_percent", "%", false, 0};
    } else {
        panel.x = axis == OverlayAxis::Time ? FigureAxis{"time since the run began (s)", "seconds", "s", false, 0}
                                            : FigureAxis{"frame", "frame", "", false, 0};
    }
    double span = 1e-6;
    std::size_t longest = 0;
    for (const auto& run : runs) {
        longest = std::max(longest, run.size());
        for (const float position : axis == OverlayAxis::Time ? run.seconds : run.frame)
            span = std::max(span, static_cast<double>(position));
    }
    const auto stretches = std::clamp(static_cast<int>(longest / kRequestsAStretch), kFewestStretches, kMostStretches);
    const bool thin = longest > static_cast<std::size_t>(kFewestStretches);
    const bool band = thin && runs.size() <= kMostBands;
    for (const auto& run : runs) {
        auto series
            = distribution ? distributionOf(run, quantity) : courseOf(run, quantity, axis, thin ? span / stretches : 1e-9, band);
        if (std::any_of(series.ys.begin(), series.ys.end(), [](double y) { return std::isfinite(y); }))
            panel.series.push_back(std::move(series));
    }
    if (distribution) {
        std::vector<double> all;
        for (const auto& series : panel.series)
            all.insert(all.end(), series.xs.begin(), series.xs.end());
        panel.x.logarithmic = spanDecades(all);
    }
    figure.y = panel.y;
    figure.xTitle = panel.x.title;
    if (!panel.series.empty())
        figure.plots.push_back(std::move(panel));
    noteRuns(figure, runs, quantity);
    if (thin && !distribution && quantity != RunQuantity::Accuracy)
        figure.notes.push_back("Lines: the median of each 1/" + std::to_string(stretches) + " of the longest run"
                               + (band ? "; bands: 5 % to 95 % of its requests." : "."));
    return figure;
}

}  // namespace splitscope::session
