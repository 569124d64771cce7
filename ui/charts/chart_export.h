// SPDX-License-Identifier: GPL-3.0-or-later
// Charts as files that fit a paper as they are: white, fonts embedded, one or two columns wide.
#pragma once

#include "core/base/result.h"

#include <QSizeF>
#include <QString>

#include <functional>
#include <stop_token>
#include <vector>

class QPainter;

namespace splitscope::ui {

class TimeChart;
struct ChartValues;

/// Anything that can be painted for paper. `paint` gets a painter in the units of a layout of this size.
struct Drawing {
    QString title;
    std::function<void(QPainter& painter, const QSizeF& layout)> paint;
};

/// Layout happens in these: 11-pixel labels come out at 7 points.
inline constexpr double kLayoutUnitMm = 25.4 / 113;
inline constexpr double kOneColumnMm = 85;
inline constexpr double kTwoColumnsMm = 178;

struct ExportOptions {
    double widthMm = kTwoColumnsMm;
    double heightMm = 0;  ///< 0: by the width
    int dpi = 300;  ///< PNG
};

/// What the chart shows, recorded for these options: the drawing can be written on any thread, whatever the chart does meanwhile.
Drawing drawingOf(const TimeChart& chart, const ExportOptions& options);

/// Writes the drawing; the suffix decides: .png, .svg, .pdf. An Error names the file.
base::Status exportDrawing(const Drawing& drawing, const QString& path, const ExportOptions& options = {});

/// Writes what the chart shows; the suffix decides: .png, .svg, .pdf, .csv. An Error names the file.
base::Status exportChart(const TimeChart& chart, const QString& path, const ExportOptions& options = {});

/// As .csv, whatever the suffix; on any thread.
base::Status writeCsv(const ChartValues& values, const QString& path, const std::stop_token& stop = {});

/// prefix, the chart's key, suffix.
QString exportedName(const QString& prefix, const TimeChart& chart, const QString& suffix);

/// Each chart to folder/prefix-key.suffix for each suffix. Returns the files written.
base::Result<std::vector<QString>> exportCharts(const std::vector<const TimeChart*>& charts, const QString& folder,
                                                const QString& prefix, const QStringList& suffixes,
                                                const ExportOptions& options = {});

}  // namespace splitscope::ui
