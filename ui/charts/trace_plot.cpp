// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/trace_plot.h"

#include "core/sim/trace_import.h"
#include "ui/charts/chart_export.h"
#include "ui/charts/time_chart.h"

#include <QFileInfo>

#include <algorithm>
#include <cmath>

namespace splitscope::ui {

namespace {

constexpr double kMostDrawnPoints = 200'000;
/// The store takes 0 for unknown; this is 0 for the eye.
constexpr double kNothing = 1e-6;
/// How far above all others a rate without limit is drawn.
constexpr double kUnlimitedOverHighest = 2;

/// Both ends of each level stretch.
void fill(SampleStore& store, const sim::Trace& trace, double highest)
{
    const auto& points = trace.points();
    for (std::size_t i = 0; i < points.size(); ++i) {
        session::Sample sample;
        const double rate = std::min(points[i].bytesPerSecond, highest * kUnlimitedOverHighest);
        sample.record.setBytesPerSecond = std::max(rate, kNothing);
        sample.record.capturedAtMs = points[i].atMs;
        store.append(sample);
        sample.record.capturedAtMs = i + 1 < points.size() ? points[i + 1].atMs : trace.durationMs();
        store.append(sample);
    }
}

}  // namespace

base::Status plotTrace(const sim::Trace& trace, const QString& file)
{
    const auto path = file.toStdString();
    if (QFileInfo(file).suffix().toLower() == QLatin1String("csv"))
        return sim::saveTrace(trace, path, {trace.name()});
    const bool many = static_cast<double>(trace.points().size()) > kMostDrawnPoints;
    const auto drawn = many ? trace.binned(trace.durationMs() / kMostDrawnPoints) : base::Result<sim::Trace>(trace);
    if (!drawn)
        return drawn.error();
    double highest = 0;
    bool fails = false;
    for (const auto& point : drawn->points()) {
        highest = std::isfinite(point.bytesPerSecond) ? std::max(highest, point.bytesPerSecond) : highest;
        fails = fails || point.bytesPerSecond == 0;
    }
    if (highest <= 0)
        return base::Error{base::ErrorCode::InvalidInput, "has no rate that could be drawn", trace.name()};
    SampleStore store(2 * static_cast<std::size_t>(kMostDrawnPoints) + 2);
    fill(store, *drawn, highest);
    TimeView view;
    view.zoomTo({0, trace.durationMs() / 1000});
    const TimeChart chart({QStringLiteral("trace"),
                           QFileInfo(QString::fromStdString(trace.name())).fileName(),
                           QStringLiteral("uplink rate (MB/s)"),
                           QStringLiteral("MB_per_s"),
                           {},
                           !fails,
                           std::nullopt,
                           true,
                           {{QStringLiteral("set"), Column::SetRate, Quantity::Bandwidth, Qt::SolidLine, 1e-6}}},
                          store, view);
    return exportChart(chart, file);
}

}  // namespace splitscope::ui
