// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/figure.h"

#include "core/base/text.h"
#include "core/base/units.h"

#include <array>
#include <cmath>
#include <cstdio>

namespace splitscope::session {

namespace {

constexpr std::size_t kTextWidth = 110;

struct KindNames {
    std::string_view key, name;
};
constexpr std::array<KindNames, kDecisionKinds> kKindNames{{{"on_device", "all on the device"},
                                                            {"interior_cut", "interior cut"},
                                                            {"raw_frame", "raw frame"},
                                                            {"lossless_frame", "lossless frame"},
                                                            {"jpeg_frame", "JPEG frame"}}};

std::string number(double value)
{
    if (!std::isfinite(value))
        return {};
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.7g", value);
    return text.data();
}

std::string categoriesCsv(const Figure& figure)
{
    std::string csv = "category,kind,group";
    for (const auto& series : figure.series) {
        const std::string column = series.key + "_" + figure.y.key;
        csv += "," + column;
        if (!series.low.empty())
            csv += "," + column + "_low," + column + "_high";
    }
    csv += "\r\n";
    for (std::size_t i = 0; i < figure.categories.size(); ++i) {
        const auto& category = figure.categories[i];
        csv += base::csvField(category.name) + "," + base::csvField(category.kind) + "," + base::csvField(category.group);
        for (const auto& series : figure.series) {
            csv += "," + number(series.values[i]);
            if (!series.low.empty())
                csv += "," + number(series.low[i]) + "," + number(series.high[i]);
        }
        csv += "\r\n";
    }
    return csv;
}

std::string regionsCsv(const Figure& figure)
{
    std::string csv = "network,rtt_ms,bytes_per_second,slowdown,kind,decision,latency_ms,accuracy\r\n";
    for (const auto& map : figure.maps) {
        for (std::size_t row = 0; row < map.slowdowns.size(); ++row) {
            for (std::size_t column = 0; column < map.bytesPerSecond.size(); ++column) {
                const auto& cell = map.at(row, column);
                csv += base::csvField(map.network) + "," + number(map.rttMs) + "," + number(map.bytesPerSecond[column]) + ","
                    + number(map.slowdowns[row]) + "," + std::string(key(cell.kind)) + "," + base::csvField(cell.decision) + ","
                    + number(cell.totalMs) + "," + number(cell.accuracy) + "\r\n";
            }
        }
    }
    return csv;
}

std::string panelsCsv(const Figure& figure)
{
    std::string csv = "panel,x,x_key,series,y_key,value,name,low,high\r\n";
    for (const auto& panel : figure.panels) {
        for (const auto& series : panel.series) {
            for (std::size_t i = 0; i < panel.xs.size(); ++i) {
                const double value = series.values[i];
                const auto level = std::isfinite(value) && value >= 0 ? static_cast<std::size_t>(value) : panel.levels.size();
                csv += base::csvField(panel.title) + "," + number(panel.xs[i]) + "," + panel.x.key + "," + series.key + ","
                    + panel.y.key + "," + number(value) + ","
                    + base::csvField(level < panel.levels.size() ? panel.levels[level] : std::string()) + ","
                    + (series.low.empty() ? "," : number(series.low[i]) + "," + number(series.high[i])) + "\r\n";
            }
        }
    }
    return csv;
}

std::string plotsCsv(const Figure& figure)
{
    std::string csv = "panel,series,x_key,x,x_name,y_key,y,low,high,label\r\n";
    for (const auto& panel : figure.plots) {
        for (const auto& series : panel.series) {
            for (std::size_t i = 0; i < series.xs.size(); ++i) {
                const auto level = series.xs[i] >= 0 ? static_cast<std::size_t>(series.xs[i] + 0.5) : panel.xLevels.size();
                csv += base::csvField(panel.title) + "," + series.key + "," + panel.x.key + "," + number(series.xs[i]) + ","
                    + base::csvField(level < panel.xLevels.size() ? panel.xLevels[level] : std::string()) + "," + panel.y.key
                    + "," + number(series.ys[i]) + ","
                    + (series.low.empty() ? "," : number(series.low[i]) + "," + number(series.high[i])) + ","
                    + base::csvField(i < series.labels.size() ? series.labels[i] : series.name) + "\r\n";
            }
        }
    }
    return csv;
}

std::string rowsCsv(const Figure& figure)
{
    std::string csv = "panel,category,series,key,value,low,high\r\n";
    for (const auto& panel : figure.rowPanels) {
        const auto add = [&](const std::string& category, const std::string& series, double value, const std::string& interval) {
            csv += base::csvField(panel.title) + "," + base::csvField(category) + "," + base::csvField(series) + "," + panel.x.key
                + "," + number(value) + "," + interval + "\r\n";
        };
        for (const auto& mark : panel.marks)
            add(mark.key, "", mark.value, ",");
        for (const auto& series : panel.series)
            for (std::size_t i = 0; i < figure.categories.size(); ++i)
                add(figure.categories[i].name, series.key, series.values[i],
                    series.low.empty() ? "," : number(series.low[i]) + "," + number(series.high[i]));
    }
    return csv;
}

/// Columns that a UTF-8 text takes: bytes that begin a character.
std::size_t columns(std::string_view text)
{
    std::size_t count = 0;
    for (const char c : text)
        count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
    return count;
}

/// Lines of at most kTextWidth columns, all but the first indented.
std::string wrapped(const std::string& text, const std::string& first, const std::string& indent)
{
    std::string lines, line = first;
    bool empty = true;
    for (std::size_t from = 0; from < text.size();) {
        const std::size_t to = std::min(text.find(' ', from), text.size());
        const std::string word = text.substr(from, to - from);
        if (!empty && columns(line) + 1 + columns(word) > kTextWidth) {
            lines += line + "\n";
            line = indent;
            empty = true;
        }
        line += (empty ? "" : " ") + word;
        empty = false;
        from = to + 1;
    }
    return lines + line + "\n";
}

}  // namespace

std::string_view name(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Holds: return "holds";
    case Verdict::DoesNotHold: return "does not hold";
    case Verdict::Unknown: break;
    }
    return "cannot be said";
}

std::string_view key(DecisionKind kind) { return kKindNames[static_cast<std::size_t>(kind)].key; }
std::string_view name(DecisionKind kind) { return kKindNames[static_cast<std::size_t>(kind)].name; }

std::string toCsv(const Figure& figure)
{
    if (figure.kind == FigureKind::Curves)
        return panelsCsv(figure);
    if (figure.kind == FigureKind::Rows)
        return rowsCsv(figure);
    if (figure.kind == FigureKind::Plots || figure.kind == FigureKind::Front)
        return plotsCsv(figure);
    return figure.kind == FigureKind::Regions ? regionsCsv(figure) : categoriesCsv(figure);
}

std::string toText(const Figure& figure)
{
    std::string text = wrapped(figure.title, "", "") + wrapped(figure.subtitle, "", "");
    if (!figure.statements.empty())
        text += "\nWhat the paper says, and what is so here:\n";
    for (const auto& statement : figure.statements) {
        text += "\n" + wrapped("“" + statement.claim + "”", "  ", "  ");
        text += wrapped(std::string(name(statement.verdict)) + ": " + statement.evidence, "    → ", "      ");
    }
    if (!figure.notes.empty())
        text += "\nNotes:\n";
    for (const auto& note : figure.notes)
        text += wrapped(note, "  – ", "    ");
    return text;
}

}  // namespace splitscope::session
