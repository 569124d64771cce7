// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/fleet_plots.h"

#include "ui/models/texts.h"

#include <QRegularExpression>

#include <cmath>

namespace splitscope::ui {

namespace {

using Selected = std::optional<std::size_t>;

constexpr double kFleetWidth = 2.5, kSelectedWidth = 3;
constexpr qsizetype kMostNamed = 3;  ///< devices in the legend, besides a selected one

/// Colours first, then styles: devices are told apart by both.
PlotLine lineOf(std::size_t device)
{
    constexpr Quantity kQuantities[]{Quantity::Bandwidth, Quantity::Device,   Quantity::Edge,
                                     Quantity::Accuracy,  Quantity::Transfer, Quantity::Energy};
    constexpr Qt::PenStyle kStyles[]{Qt::SolidLine, Qt::DashLine, Qt::DotLine, Qt::DashDotLine};
    PlotLine line;
    line.quantity = kQuantities[device % std::size(kQuantities)];
    line.style = kStyles[device / std::size(kQuantities) % std::size(kStyles)];
    return line;
}

/// Names are the users': commas and quotes would tear a CSV's header.
QString columnKey(const QString& quantity, const QString& device)
{
    static const QRegularExpression kNoLetters(QStringLiteral("\\W+"), QRegularExpression::UseUnicodePropertiesOption);
    return quantity + QLatin1Char('_') + QString(device).replace(kNoLetters, QStringLiteral("_"));
}

Plot overTime(const QString& key, const QString& title, const PlotAxis& y, const QString& emptyText)
{
    Plot plot;
    plot.key = key;
    plot.title = title;
    plot.x = {tr("time (s)"), QStringLiteral("seconds"), QStringLiteral("s"), false, 0.0, {}};
    plot.y = y;
    plot.emptyText = emptyText;
    return plot;
}

/// A line for each device and a broad one for all.
template <typename Value>
void addLines(Plot& plot, const FleetHistory& history, Selected selected, const Value& valueOf)
{
    plot.compact = true;  // two of them share the page's width: the legend tells values under the pointer alone
    const auto& looks = history.looks();
    if (looks.size() < 2)
        return;
    const auto& names = history.names();
    for (qsizetype i = 0; i < names.size(); ++i) {
        const auto device = static_cast<std::size_t>(i);
        PlotLine line = lineOf(device);
        line.name = names.size() <= kMostNamed || device == selected ? names[i] : QString();
        line.width = device == selected ? kSelectedWidth : line.width;
        line.key = columnKey(plot.y.key, names[i]);
        for (const auto& look : looks)
            line.points.emplace_back(look.seconds, valueOf(look.devices[device]));
        plot.lines.push_back(std::move(line));
    }
    PlotLine all;
    all.name = tr("fleet");
    all.key = columnKey(plot.y.key, QStringLiteral("fleet"));
    all.width = kFleetWidth;
    for (const auto& look : looks)
        all.points.emplace_back(look.seconds, valueOf(look.all));
    plot.lines.push_back(std::move(all));
}

}  // namespace

Plot fleetThroughputPlot(const FleetHistory& history, Selected selected)
{
    Plot plot = overTime(QStringLiteral("fleet-throughput"), tr("Throughput"),
                         {tr("frames/s"), QStringLiteral("frames_per_s"), QStringLiteral("/s"), false, 0.0, {}},
                         tr("Check devices above and start the fleet: this shows how many frames each one gets done."));
    addLines(plot, history, selected, [](const FleetHistory::Fares& fares) { return fares.framesPerSecond; });
    return plot;
}

Plot fleetLatencyPlot(const FleetHistory& history, Percentile percentile, Selected selected)
{
    const QString name = percentile == Percentile::P50 ? QStringLiteral("p50")
        : percentile == Percentile::P95                ? QStringLiteral("p95")
                                                       : QStringLiteral("p99");
    Plot plot
        = overTime(QStringLiteral("fleet-latency-") + name, tr("Latency, %1").arg(name),
                   {tr("of the last requests (ms)"), QStringLiteral("latency_ms_") + name, QStringLiteral("ms"), false, 0.0, {}},
                   tr("How long requests take, from capture to label, on each device."));
    addLines(plot, history, selected, [percentile](const FleetHistory::Fares& fares) {
        const double value = percentile == Percentile::P50 ? fares.p50Ms
            : percentile == Percentile::P95                ? fares.p95Ms
                                                           : fares.p99Ms;
        return value > 0 ? value : std::nan("");
    });
    return plot;
}

Plot fleetEdgePlot(const FleetHistory& history)
{
    Plot plot = overTime(QStringLiteral("fleet-edge"), tr("Edge"),
                         {tr("frames in a batch, requests waiting"), QStringLiteral("edge"), {}, false, 0.0, {}},
                         tr("How many frames this edge computes at once, and how many requests wait for it."));
    const auto& looks = history.looks();
    if (looks.size() < 2)
        return plot;
    PlotLine batch, waiting;
    batch.name = tr("frames in a batch");
    batch.key = QStringLiteral("batch_rows");
    batch.quantity = Quantity::Edge;
    waiting.name = tr("requests waiting");
    waiting.key = QStringLiteral("waiting_requests");
    waiting.quantity = Quantity::Queue;
    for (std::size_t i = 1; i < looks.size(); ++i) {
        const auto rows = static_cast<double>(looks[i].rows - looks[i - 1].rows);
        const auto batches = static_cast<double>(looks[i].batches - looks[i - 1].batches);
        batch.points.emplace_back(looks[i].seconds, batches > 0 ? rows / batches : std::nan(""));
        waiting.points.emplace_back(looks[i].seconds, looks[i].waiting);
    }
    plot.lines = {std::move(batch), std::move(waiting)};
    return plot;
}

}  // namespace splitscope::ui
