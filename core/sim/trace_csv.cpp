// SPDX-License-Identifier: GPL-3.0-or-later
// The project's own format, and plain tables of two columns whose header names the units.
#include "core/sim/trace_lines_p.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>
#include <span>

namespace splitscope::sim {

namespace {

struct Column {
    std::string_view header;
    double factor;  ///< to ms, or to bytes/s
};

constexpr std::array<Column, 8> kTimes{{{"ms", 1},
                                        {"time_ms", 1},
                                        {"milliseconds", 1},
                                        {"s", 1000},
                                        {"seconds", 1000},
                                        {"sec", 1000},
                                        {"time_s", 1000},
                                        {"time_seconds", 1000}}};
constexpr std::array<Column, 18> kRates{{{"bytes_per_second", 1},
                                         {"bytes/s", 1},
                                         {"b/s", 1},
                                         {"kb/s", 1e3},
                                         {"mb/s", 1e6},
                                         {"gb/s", 1e9},
                                         {"bits_per_second", 1. / 8},
                                         {"bit/s", 1. / 8},
                                         {"bps", 1. / 8},
                                         {"kbit/s", 1e3 / 8},
                                         {"kbps", 1e3 / 8},
                                         {"kilobits_per_second", 1e3 / 8},
                                         {"mbit/s", 1e6 / 8},
                                         {"mbps", 1e6 / 8},
                                         {"mbit_per_second", 1e6 / 8},
                                         {"megabits_per_second", 1e6 / 8},
                                         {"gbit/s", 1e9 / 8},
                                         {"gbps", 1e9 / 8}}};
constexpr std::string_view kUnlimited = "unlimited";

std::string expected()
{
    return "; expected the header `ms,bytes_per_second` (or s; KB/s, MB/s, Kbit/s, Mbit/s) and rows of two numbers, 0 or more, "
           "times ascending";
}

std::optional<double> factorOf(std::string_view header, std::span<const Column> columns)
{
    std::string lower(header);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
    for (const auto& column : columns)
        if (lower == column.header)
            return column.factor;
    return std::nullopt;
}

std::optional<double> readRate(std::string_view field)
{
    return field == kUnlimited ? std::numeric_limits<double>::infinity() : readNumber(field);
}

/// Exactly, with as few digits as that takes; whole numbers without an exponent.
std::string shortest(double value)
{
    constexpr double kMostDigits = 1e15;
    std::array<char, 32> text{};
    const auto [end, ec] = std::abs(value) < kMostDigits && value == std::floor(value)
        ? std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed)
        : std::to_chars(text.data(), text.data() + text.size(), value);
    return {text.data(), end};
}

/// Two columns in either order.
struct Layout {
    std::size_t time = 0;
    double timeFactor = 1, rateFactor = 1;
};

base::Result<Layout> readHeader(Lines& lines)
{
    if (!lines.next())
        return lines.wrongFile("has no rows" + expected());
    const auto fields = splitFields(lines.line(), ',');
    if (fields.size() != 2)
        return lines.wrong("is no header of two columns" + expected());
    for (const std::size_t time : {0U, 1U}) {
        const auto timeFactor = factorOf(fields[time], kTimes);
        const auto rateFactor = factorOf(fields[1 - time], kRates);
        if (timeFactor && rateFactor)
            return Layout{time, *timeFactor, *rateFactor};
    }
    return lines.wrong("does not name a time and a rate with their units" + expected());
}

}  // namespace

base::Result<Trace> readCsv(Lines& lines)
{
    const auto layout = readHeader(lines);
    if (!layout)
        return layout.error();
    std::vector<RatePoint> points;
    std::optional<double> endMs;
    double startMs = 0;
    while (lines.next()) {
        if (endMs)
            return lines.wrong("follows a row without a rate, which ends the trace" + expected());
        const auto fields = splitFields(lines.line(), ',');
        const auto at = fields.size() == 2 ? readNumber(fields[layout->time]) : std::nullopt;
        const bool ends = fields.size() == 2 && fields[1 - layout->time].empty() && !points.empty();
        const auto rate = fields.size() == 2 ? readRate(fields[1 - layout->time]) : std::nullopt;
        if (!at || !(rate || ends))
            return lines.wrong("is not two numbers, 0 or more" + expected());
        if (points.empty())
            startMs = *at * layout->timeFactor;
        const double atMs = *at * layout->timeFactor - startMs;
        if (!points.empty() && atMs <= points.back().atMs)
            return lines.wrong("goes back in time" + expected());
        if (ends)
            endMs = atMs;
        else if (points.size() == kMaxTracePoints)
            return tooManyPoints(lines);
        else
            points.push_back({atMs, *rate * layout->rateFactor});
    }
    if (points.empty())
        return lines.wrongFile("has no rows" + expected());
    constexpr double kLoneRowMs = 1000;
    if (!endMs)
        endMs = points.size() > 1 ? 2 * points.back().atMs - points[points.size() - 2].atMs : kLoneRowMs;
    auto trace = Trace::create({}, std::move(points), *endMs, true);
    if (!trace)
        return lines.wrongFile(trace.error().message());
    return trace;
}

std::string toCsv(const Trace& trace, const std::vector<std::string>& comments)
{
    std::string text;
    for (const auto& comment : comments) {
        text += "# ";
        std::transform(comment.begin(), comment.end(), std::back_inserter(text), [](char c) { return c == '\n' ? ' ' : c; });
        text += '\n';
    }
    text += "ms,bytes_per_second\n";
    for (const auto& point : trace.points()) {
        text += shortest(point.atMs) + ',';
        text += (std::isfinite(point.bytesPerSecond) ? shortest(point.bytesPerSecond) : std::string(kUnlimited)) + '\n';
    }
    return text + shortest(trace.durationMs()) + ",\n";
}

}  // namespace splitscope::sim
