// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/files.h"
#include "core/session/figure.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <cmath>

namespace splitscope::session {

namespace {

constexpr const char* kFormat = "splitscope-figure";
constexpr int kVersion = 1;
constexpr std::uintmax_t kMostBytes = 64 << 20;
constexpr const char* kFigureKinds[] = {"bars", "points", "regions", "curves", "rows", "plots", "front"};
constexpr const char* kPlotMarks[] = {"line", "steps", "points", "joined_points", "bars"};
constexpr const char* kVerdicts[] = {"holds", "does_not_hold", "unknown"};

QString text(std::string_view value) { return QString::fromUtf8(value.data(), static_cast<qsizetype>(value.size())); }
std::string text(const QJsonValue& value) { return value.toString().toStdString(); }

QJsonArray numbers(const std::vector<double>& values)
{
    QJsonArray array;
    for (const double value : values)
        array << (std::isfinite(value) ? QJsonValue(value) : QJsonValue());
    return array;
}

std::vector<double> numbers(const QJsonValue& value)
{
    std::vector<double> values;
    for (const auto& item : value.toArray())
        values.push_back(item.isDouble() ? item.toDouble() : kNoValue);
    return values;
}

QJsonObject axisJson(const FigureAxis& axis)
{
    return {{"title", text(axis.title)},
            {"key", text(axis.key)},
            {"unit", text(axis.unit)},
            {"logarithmic", axis.logarithmic},
            {"log_floor", axis.logFloor}};
}

FigureAxis parseAxis(const QJsonObject& axis)
{
    return {text(axis["title"]), text(axis["key"]), text(axis["unit"]), axis["logarithmic"].toBool(),
            axis["log_floor"].toDouble()};
}

QJsonArray seriesJson(const std::vector<FigureSeries>& series)
{
    QJsonArray array;
    for (const auto& one : series)
        array << QJsonObject{{"key", text(one.key)},
                             {"name", text(one.name)},
                             {"values", numbers(one.values)},
                             {"low", numbers(one.low)},
                             {"high", numbers(one.high)}};
    return array;
}

/// Series of `size` values each; the key of the first that is not.
std::optional<std::string> parseSeries(const QJsonArray& array, std::size_t size, std::vector<FigureSeries>& list)
{
    for (const auto& item : array) {
        const auto entry = item.toObject();
        FigureSeries series{text(entry["key"]), text(entry["name"]), numbers(entry["values"]), numbers(entry["low"]),
                            numbers(entry["high"])};
        const auto fits = [&](const std::vector<double>& values) { return values.size() == size; };
        const bool intervals = !series.low.empty() || !series.high.empty();
        if (!fits(series.values) || (intervals && !(fits(series.low) && fits(series.high))))
            return series.key;
        list.push_back(std::move(series));
    }
    return std::nullopt;
}

QJsonArray texts(const std::vector<std::string>& values)
{
    QJsonArray array;
    for (const auto& value : values)
        array << text(value);
    return array;
}

std::vector<std::string> texts(const QJsonValue& value)
{
    std::vector<std::string> values;
    for (const auto& item : value.toArray())
        values.push_back(text(item));
    return values;
}

QJsonObject plotJson(const PlotPanel& panel)
{
    QJsonArray series;
    for (const auto& one : panel.series)
        series << QJsonObject{
            {"key", text(one.key)},       {"name", text(one.name)},
            {"look", text(one.look)},     {"mark", QLatin1String(kPlotMarks[static_cast<std::size_t>(one.mark)])},
            {"xs", numbers(one.xs)},      {"ys", numbers(one.ys)},
            {"low", numbers(one.low)},    {"high", numbers(one.high)},
            {"labels", texts(one.labels)}};
    return {{"title", text(panel.title)}, {"row", panel.row},       {"column", panel.column},
            {"x", axisJson(panel.x)},     {"y", axisJson(panel.y)}, {"x_levels", texts(panel.xLevels)},
            {"diagonal", panel.diagonal}, {"series", series},       {"from_zero", panel.fromZero}};
}

constexpr const char* kMisplaced = "its row or column is not in 0..63";

bool placed(int row, int column)
{
    constexpr int kMostPlaces = 64;
    return row >= 0 && row < kMostPlaces && column >= 0 && column < kMostPlaces;
}

QJsonObject panelJson(const CurvePanel& panel)
{
    return {{"title", text(panel.title)}, {"row", panel.row},        {"column", panel.column},
            {"x", axisJson(panel.x)},     {"y", axisJson(panel.y)},  {"levels", texts(panel.levels)},
            {"steps", panel.steps},       {"xs", numbers(panel.xs)}, {"series", seriesJson(panel.series)}};
}

base::Result<CurvePanel> parsePanel(const QJsonObject& object, const std::string& where)
{
    const auto wrong = [&](const std::string& what) {
        return base::Error{base::ErrorCode::InvalidInput, "panel '" + text(object["title"]) + "': " + what, where};
    };
    CurvePanel panel{text(object["title"]),
                     object["row"].toInt(),
                     object["column"].toInt(),
                     parseAxis(object["x"].toObject()),
                     parseAxis(object["y"].toObject()),
                     {},
                     numbers(object["xs"]),
                     {},
                     object["steps"].toBool()};
    panel.levels = texts(object["levels"]);
    if (!placed(panel.row, panel.column))
        return wrong(kMisplaced);
    for (std::size_t i = 0; i < panel.xs.size(); ++i)
        if (!std::isfinite(panel.xs[i]) || (i > 0 && panel.xs[i] <= panel.xs[i - 1]) || (panel.x.logarithmic && panel.xs[i] <= 0))
            return wrong("its xs do not ascend, or are not above 0 on a logarithmic axis");
    if (panel.xs.empty())
        return wrong("it has no xs");
    if (const auto misfit = parseSeries(object["series"].toArray(), panel.xs.size(), panel.series))
        return wrong("series '" + *misfit + "' has not one value per x");
    return panel;
}

QJsonObject rowPanelJson(const RowPanel& panel)
{
    QJsonArray marks;
    for (const auto& mark : panel.marks)
        marks << QJsonObject{{"key", text(mark.key)}, {"name", text(mark.name)}, {"value", mark.value}};
    return {{"title", text(panel.title)}, {"row", panel.row}, {"column", panel.column},
            {"x", axisJson(panel.x)},     {"marks", marks},   {"series", seriesJson(panel.series)},
            {"from_zero", panel.fromZero}};
}

base::Result<RowPanel> parseRowPanel(const QJsonObject& object, std::size_t categories, const std::string& where)
{
    RowPanel panel{
        text(object["title"]),       object["row"].toInt(), object["column"].toInt(), parseAxis(object["x"].toObject()), {}, {},
        object["from_zero"].toBool()};
    const auto wrong = [&](const std::string& what) {
        return base::Error{base::ErrorCode::InvalidInput, "panel '" + panel.title + "': " + what, where};
    };
    if (!placed(panel.row, panel.column))
        return wrong(kMisplaced);
    for (const auto& item : object["marks"].toArray()) {
        const auto mark = item.toObject();
        panel.marks.push_back({text(mark["key"]), text(mark["name"]), mark["value"].toDouble(kNoValue)});
    }
    if (const auto misfit = parseSeries(object["series"].toArray(), categories, panel.series))
        return wrong("series '" + *misfit + "' has not one value per category");
    return panel;
}

QJsonObject mapJson(const RegionMap& map)
{
    QJsonArray cells;
    for (const auto& cell : map.cells)
        cells << QJsonObject{{"kind", text(key(cell.kind))},
                             {"decision", text(cell.decision)},
                             {"latency_ms", cell.totalMs},
                             {"accuracy", cell.accuracy}};
    return {{"network", text(map.network)},
            {"rtt_ms", map.rttMs},
            {"bytes_per_second", numbers(map.bytesPerSecond)},
            {"slowdown", numbers(map.slowdowns)},
            {"cells", cells}};
}

std::optional<RegionMap> parseMap(const QJsonObject& object)
{
    RegionMap map{text(object["network"]),
                  object["rtt_ms"].toDouble(),
                  numbers(object["bytes_per_second"]),
                  numbers(object["slowdown"]),
                  {}};
    for (const auto& item : object["cells"].toArray()) {
        const auto cell = item.toObject();
        int kind = 0;
        while (kind < kDecisionKinds && key(static_cast<DecisionKind>(kind)) != text(cell["kind"]))
            ++kind;
        if (kind == kDecisionKinds)
            return std::nullopt;
        map.cells.push_back({static_cast<DecisionKind>(kind), text(cell["decision"]), cell["latency_ms"].toDouble(),
                             cell["accuracy"].toDouble()});
    }
    const bool fits = !map.cells.empty() && map.cells.size() == map.bytesPerSecond.size() * map.slowdowns.size();
    return fits ? std::optional(map) : std::nullopt;
}

/// The position of a name in a list, or its length.
template <std::size_t N>
std::size_t indexOf(const char* const (&names)[N], const QJsonValue& value)
{
    std::size_t i = 0;
    while (i < N && value.toString() != QLatin1String(names[i]))
        ++i;
    return i;
}

base::Result<PlotPanel> parsePlot(const QJsonObject& object, const std::string& where)
{
    const auto wrong = [&](const std::string& what) {
        return base::Error{base::ErrorCode::InvalidInput, "plot '" + text(object["title"]) + "': " + what, where};
    };
    PlotPanel panel;
    panel.title = text(object["title"]);
    panel.row = object["row"].toInt();
    panel.column = object["column"].toInt();
    panel.x = parseAxis(object["x"].toObject());
    panel.y = parseAxis(object["y"].toObject());
    panel.xLevels = texts(object["x_levels"]);
    panel.diagonal = object["diagonal"].toBool();
    panel.fromZero = object["from_zero"].toBool();
    if (!placed(panel.row, panel.column))
        return wrong(kMisplaced);
    for (const auto& item : object["series"].toArray()) {
        const auto entry = item.toObject();
        const auto mark = indexOf(kPlotMarks, entry["mark"]);
        if (mark == std::size(kPlotMarks))
            return wrong("series '" + text(entry["key"]) + "' has an unknown mark");
        PlotSeries series{text(entry["key"]),          text(entry["name"]),    text(entry["look"]),
                          static_cast<PlotMark>(mark), numbers(entry["xs"]),   numbers(entry["ys"]),
                          numbers(entry["low"]),       numbers(entry["high"]), texts(entry["labels"])};
        const auto fits = [&](std::size_t size) { return size == 0 || size == series.xs.size(); };
        if (series.ys.size() != series.xs.size() || series.low.size() != series.high.size() || !fits(series.low.size())
            || !fits(series.labels.size()))
            return wrong("series '" + series.key + "' has not one value per x");
        if (std::any_of(series.xs.begin(), series.xs.end(), [](double x) { return !std::isfinite(x); }))
            return wrong("series '" + series.key + "' has an x that is no number");
        panel.series.push_back(std::move(series));
    }
    return panel;
}

base::Status parseContents(const QJsonObject& object, Figure& figure, const std::string& where)
{
    const auto wrong = [&](const std::string& what) { return base::Error{base::ErrorCode::InvalidInput, what, where}; };
    for (const auto& item : object["categories"].toArray()) {
        const auto entry = item.toObject();
        figure.categories.push_back({text(entry["name"]), text(entry["kind"]), text(entry["group"])});
    }
    if (const auto misfit = parseSeries(object["series"].toArray(), figure.categories.size(), figure.series))
        return wrong("series '" + *misfit + "' has not one value per category");
    for (const auto& item : object["panels"].toArray()) {
        auto panel = parsePanel(item.toObject(), where);
        if (!panel)
            return panel.error();
        figure.panels.push_back(*std::move(panel));
    }
    for (const auto& item : object["plots"].toArray()) {
        auto plot = parsePlot(item.toObject(), where);
        if (!plot)
            return plot.error();
        figure.plots.push_back(*std::move(plot));
    }
    for (const auto& item : object["row_panels"].toArray()) {
        auto panel = parseRowPanel(item.toObject(), figure.categories.size(), where);
        if (!panel)
            return panel.error();
        figure.rowPanels.push_back(*std::move(panel));
    }
    for (const auto& item : object["maps"].toArray()) {
        auto map = parseMap(item.toObject());
        if (!map)
            return wrong("a map has unknown kinds, or not one cell per rate and slowdown");
        figure.maps.push_back(*std::move(map));
    }
    for (const auto& item : object["statements"].toArray()) {
        const auto entry = item.toObject();
        const auto verdict = indexOf(kVerdicts, entry["verdict"]);
        if (verdict == std::size(kVerdicts))
            return wrong("a statement's verdict is not holds, does_not_hold or unknown");
        figure.statements.push_back({text(entry["claim"]), static_cast<Verdict>(verdict), text(entry["evidence"])});
    }
    for (const auto& item : object["notes"].toArray())
        figure.notes.push_back(text(item));
    return {};
}

}  // namespace

std::string toJson(const Figure& figure)
{
    QJsonArray categories, panels, rowPanels, plots, maps, statements, notes;
    for (const auto& category : figure.categories)
        categories << QJsonObject{{"name", text(category.name)}, {"kind", text(category.kind)}, {"group", text(category.group)}};
    for (const auto& panel : figure.panels)
        panels << panelJson(panel);
    for (const auto& panel : figure.rowPanels)
        rowPanels << rowPanelJson(panel);
    for (const auto& plot : figure.plots)
        plots << plotJson(plot);
    for (const auto& map : figure.maps)
        maps << mapJson(map);
    for (const auto& statement : figure.statements)
        statements << QJsonObject{{"claim", text(statement.claim)},
                                  {"verdict", QLatin1String(kVerdicts[static_cast<std::size_t>(statement.verdict)])},
                                  {"evidence", text(statement.evidence)}};
    for (const auto& note : figure.notes)
        notes << text(note);
    const QJsonObject object{{"format", QLatin1String(kFormat)},
                             {"version", kVersion},
                             {"figure", text(figure.key)},
                             {"title", text(figure.title)},
                             {"subtitle", text(figure.subtitle)},
                             {"kind", QLatin1String(kFigureKinds[static_cast<std::size_t>(figure.kind)])},
                             {"x_title", text(figure.xTitle)},
                             {"y", axisJson(figure.y)},
                             {"categories", categories},
                             {"series", seriesJson(figure.series)},
                             {"panels", panels},
                             {"row_panels", rowPanels},
                             {"plots", plots},
                             {"maps", maps},
                             {"statements", statements},
                             {"notes", notes}};
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

base::Result<Figure> parseFigure(std::string_view json, const std::string& where)
{
    QJsonParseError syntax{};
    const auto document = QJsonDocument::fromJson({json.data(), static_cast<qsizetype>(json.size())}, &syntax);
    if (syntax.error != QJsonParseError::NoError)
        return base::Error{base::ErrorCode::InvalidInput,
                           "not JSON: " + syntax.errorString().toStdString() + " at byte " + std::to_string(syntax.offset),
                           where};
    const QJsonObject object = document.object();
    if (object["format"].toString() != QLatin1String(kFormat) || object["version"].toInt() != kVersion)
        return base::Error{base::ErrorCode::Unsupported,
                           std::string("not a figure of this program (format ") + kFormat + ", version "
                               + std::to_string(kVersion) + ")",
                           where};
    const auto kind = indexOf(kFigureKinds, object["kind"]);
    if (kind == std::size(kFigureKinds))
        return base::Error{base::ErrorCode::InvalidInput, "its kind is not bars, points, regions, curves, rows, plots or front",
                           where};
    Figure figure;
    figure.key = text(object["figure"]);
    figure.title = text(object["title"]);
    figure.subtitle = text(object["subtitle"]);
    figure.kind = static_cast<FigureKind>(kind);
    figure.xTitle = text(object["x_title"]);
    figure.y = parseAxis(object["y"].toObject());
    if (const auto parsed = parseContents(object, figure, where); !parsed)
        return parsed.error();
    return figure;
}

base::Result<Figure> loadFigure(const std::filesystem::path& path)
{
    const auto bytes = base::readFile(path, kMostBytes);
    if (!bytes)
        return bytes.error();
    return parseFigure(base::asText(*bytes), path.string());
}

}  // namespace splitscope::session
