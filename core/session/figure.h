// SPDX-License-Identifier: GPL-3.0-or-later
// A figure as data: what is drawn, how its axes are called, and what may be said about it. Drawing is somebody else's.
#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace splitscope::session {

inline constexpr double kNoValue = std::numeric_limits<double>::quiet_NaN();

enum class FigureKind {
    Bars,  ///< one group of bars per category
    Points,  ///< one marker per category and series, joined within a series
    Regions,  ///< coloured maps of rate × slowdown
    Curves,  ///< lines over a number, in one or more panels
    Rows,  ///< a row per category, its values along x, in one or more panels
    Plots,  ///< lines, points and bars with x values of their own, in one or more panels
    Front  ///< one plot: points, the line of their front, and names of those that nothing beats
};

enum class Verdict { Holds, DoesNotHold, Unknown };

/// "holds", "does not hold", "cannot be said".
std::string_view name(Verdict verdict);

/// Something the paper says, and what these data say to it.
struct Statement {
    std::string claim;  ///< close to the paper's words
    Verdict verdict = Verdict::Unknown;
    std::string evidence;  ///< with the numbers

    bool operator==(const Statement&) const = default;
};

/// A place on the x axis of bars and points.
struct FigureCategory {
    std::string name;  ///< "conv1"
    std::string kind;  ///< what it is: "conv"
    std::string group;  ///< neighbours of one group are bracketed: "trunk"

    bool operator==(const FigureCategory&) const = default;
};

/// One value per category, kNoValue where there is none.
struct FigureSeries {
    std::string key;  ///< "device", "bits8": for colours, toggles and CSV
    std::string name;  ///< for the legend
    std::vector<double> values;
    std::vector<double> low;  ///< 95 % interval; empty: none
    std::vector<double> high;
};

struct FigureAxis {
    std::string title;  ///< with the unit
    std::string key;  ///< CSV: "latency_ms"
    std::string unit;  ///< for hover values: "ms"
    bool logarithmic = false;
    double logFloor = 0;  ///< on a logarithmic axis smaller values lie here; 0: below the smallest
};

/// Which sort of decision wins.
enum class DecisionKind { OnDevice, InteriorCut, RawFrame, LosslessFrame, JpegFrame };
inline constexpr int kDecisionKinds = 5;
std::string_view key(DecisionKind kind);  ///< "on_device"
std::string_view name(DecisionKind kind);  ///< "all on the device"

struct RegionCell {
    DecisionKind kind = DecisionKind::OnDevice;
    std::string decision;  ///< "exit 2, cut 6 (relu2), 8 bits"
    double totalMs = 0;
    double accuracy = 0;
};

/// The fastest decision of one network at one round trip, cell by cell: rows are slowdowns, columns rates.
struct RegionMap {
    std::string network;
    double rttMs = 0;
    std::vector<double> bytesPerSecond;
    std::vector<double> slowdowns;
    std::vector<RegionCell> cells;

    [[nodiscard]] const RegionCell& at(std::size_t slowdown, std::size_t rate) const
    {
        return cells[slowdown * bytesPerSecond.size() + rate];
    }
};

/// One pair of axes with lines: a value of each series at each x.
struct CurvePanel {
    std::string title;  ///< "alexnet3, batch 8"
    int row = 0, column = 0;  ///< where it stands among the others
    FigureAxis x, y;
    std::vector<std::string> levels;  ///< what y = 0, 1, 2, … are called; empty: y is a number
    std::vector<double> xs;  ///< ascending
    std::vector<FigureSeries> series;  ///< one value per x
    bool steps = false;  ///< a value holds up to the middle between two x, instead of straight lines
};

enum class PlotMark {
    Line,  ///< with low and high: a band around it
    Steps,  ///< each value holds until the next x
    Points,  ///< low and high: whiskers
    JoinedPoints,
    Bars
};

/// Values with x values of their own.
struct PlotSeries {
    std::string key;  ///< CSV: "run7"
    std::string name;  ///< for the legend; empty: not in it
    std::string look;  ///< a strategy, whose colour and marker these are; "run:2": the third run's; empty: neutral
    PlotMark mark = PlotMark::Line;
    std::vector<double> xs;  ///< ascending for lines and steps
    std::vector<double> ys;  ///< as many; kNoValue interrupts a line
    std::vector<double> low;  ///< around each y, as the figure's notes say; empty: none
    std::vector<double> high;
    std::vector<std::string> labels;  ///< what each value is told as; empty: the name
};

/// One pair of axes.
struct PlotPanel {
    std::string title;
    int row = 0, column = 0;  ///< where it stands among the others
    FigureAxis x, y;
    std::vector<std::string> xLevels;  ///< what x = 0, 1, 2, … are called; empty: x is a number
    std::vector<PlotSeries> series;
    bool diagonal = false;  ///< both axes have one range, and a line where y = x
    bool fromZero = false;  ///< the y axis begins at 0
};

/// A value that all rows of a panel are held against: a line across them.
struct FigureMark {
    std::string key, name;
    double value = 0;

    bool operator==(const FigureMark&) const = default;
};

/// The figure's categories below each other, with a value per series along x.
struct RowPanel {
    std::string title;  ///< "latency"
    int row = 0, column = 0;  ///< where it stands among the others
    FigureAxis x;
    std::vector<FigureSeries> series;  ///< one value per category; several are told apart by their markers
    std::vector<FigureMark> marks;
    bool fromZero = false;  ///< the axis begins at 0, with bars
};

struct Figure {
    std::string key;  ///< "3", "5a", "5b", "6a", "6b", "6c", "regions", "paper-walk"
    std::string title;
    std::string subtitle;  ///< network, data, machine
    FigureKind kind = FigureKind::Bars;
    std::string xTitle;
    FigureAxis y;
    std::vector<FigureCategory> categories;
    std::vector<FigureSeries> series;
    std::vector<RegionMap> maps;
    std::vector<Statement> statements;
    std::vector<std::string> notes;  ///< where the numbers come from, and what else they show
    std::vector<CurvePanel> panels{};  ///< of curves
    std::vector<RowPanel> rowPanels{};  ///< of rows
    std::vector<PlotPanel> plots{};
};

/// JSON: format "splitscope-figure", version 1. parse gives back what was written; sizes that do not fit are Errors.
std::string toJson(const Figure& figure);
base::Result<Figure> parseFigure(std::string_view json, const std::string& where);
base::Result<Figure> loadFigure(const std::filesystem::path& path);

/// The values, RFC 4180: one row per category, per cell of a map, per x of a panel and series, or per point of a plot.
std::string toCsv(const Figure& figure);
/// Title, statements with verdicts, notes: plain text of at most 110 columns.
std::string toText(const Figure& figure);

}  // namespace splitscope::session
