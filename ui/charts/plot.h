// SPDX-License-Identifier: GPL-3.0-or-later
// Lines over a quantity that is not time: what is drawn, apart from how.
#pragma once

#include "core/base/result.h"
#include "ui/charts/axis_ticks.h"
#include "ui/charts/chart_export.h"
#include "ui/charts/panel_zoom.h"
#include "ui/style/theme.h"

#include <QPointF>

#include <optional>

namespace splitscope::ui {

struct PlotAxis {
    QString title;  ///< with the unit
    QString key;  ///< CSV: "uplink_MB_per_s"
    QString unit;  ///< of values told under the pointer
    bool logarithmic = false;
    std::optional<double> low, high;  ///< none: round values around what is shown
};

struct PlotLine {
    QString name;
    QString key;  ///< CSV
    std::vector<QPointF> points;  ///< by rising x; a y that is NaN interrupts the line
    Quantity quantity = Quantity::Decision;
    Qt::PenStyle style = Qt::SolidLine;
    double width = 1.5;
    bool steps = false;  ///< each value holds until the next point
    std::size_t lane = 0;
};

/// A strip of its own within the plot, with its own scale; plots with lanes have no common y axis.
struct PlotLane {
    QString name;
    double low = 0, high = 1;
    std::vector<Tick> ticks;
};

/// A line across, with a caption.
struct PlotMark {
    double value = 0;
    QString caption;

    bool operator==(const PlotMark&) const = default;
};

struct Plot {
    QString key;  ///< file names: "policy-loss"
    QString title;
    PlotAxis x, y;
    std::vector<PlotLine> lines;
    std::vector<PlotLane> lanes;
    std::optional<PlotMark> xMark, yMark;
    QString emptyText;  ///< what would fill it
    PanelWindow window{};  ///< what is in sight of it
    bool compact = false;  ///< narrow margins, for a plot among controls

    [[nodiscard]] bool empty() const;
};

/// The values as CSV: one row per x that any line has, a column per line.
std::string toCsv(const Plot& plot);

/// Writes the plot for paper, or its values: .png, .svg, .pdf, .csv. An Error names the file.
base::Status exportPlot(const Plot& plot, const QString& path, const ExportOptions& options = {});

}  // namespace splitscope::ui
