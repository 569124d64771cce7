// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/trace_lines_p.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace splitscope::sim {

namespace {

constexpr std::string_view kBlanks = " \t\r";
constexpr std::size_t kQuotedChars = 60;

std::string_view trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

/// What a message shows of a line: short, and nothing that a terminal would obey.
std::string quoted(std::string_view line)
{
    std::string text(line.substr(0, kQuotedChars));
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
    return "'" + text + (line.size() > kQuotedChars ? "…'" : "'");
}

}  // namespace

bool Lines::next()
{
    while (m_at < m_text.size()) {
        const auto end = std::min(m_text.find('\n', m_at), m_text.size());
        m_line = trimmed(m_text.substr(m_at, end - m_at));
        m_at = end + 1;
        ++m_number;
        if (!m_line.empty() && m_line.front() != '#')
            return true;
    }
    m_line = {};
    return false;
}

base::Error Lines::wrong(const std::string& what) const
{
    return {base::ErrorCode::InvalidInput, quoted(m_line) + " " + what, m_where + ":" + std::to_string(m_number)};
}

base::Error Lines::wrongFile(const std::string& what) const { return {base::ErrorCode::InvalidInput, what, m_where}; }

std::vector<std::string_view> splitFields(std::string_view line, char separator)
{
    std::vector<std::string_view> fields;
    const std::string_view separators = separator == ' ' ? kBlanks : std::string_view(&separator, 1);
    while (true) {
        if (separator == ' ')
            line = trimmed(line);
        const auto end = line.find_first_of(separators);
        fields.push_back(trimmed(line.substr(0, end)));
        if (end == std::string_view::npos)
            return fields;
        line.remove_prefix(end + 1);
    }
}

std::optional<double> readNumber(std::string_view field)
{
    double number = 0;
    const auto [end, ec] = std::from_chars(field.data(), field.data() + field.size(), number);
    if (ec != std::errc() || end != field.data() + field.size() || !std::isfinite(number) || number < 0)
        return std::nullopt;
    return number;
}

bool Spans::add(double durationMs, double bytesPerSecond)
{
    if (m_points.size() == kMaxTracePoints)
        return false;
    m_points.push_back({m_endMs, bytesPerSecond});
    m_endMs += durationMs;
    return true;
}

base::Result<Trace> Spans::trace(const Lines& lines) &&
{
    auto trace = Trace::create({}, std::move(m_points), m_endMs, true);
    if (!trace)
        return lines.wrongFile(trace.error().message());
    return trace;
}

base::Error tooManyPoints(const Lines& lines)
{
    auto error = lines.wrong("is over the limit of " + std::to_string(kMaxTracePoints) + " rates; split the file");
    error.code = base::ErrorCode::TooLarge;
    return error;
}

}  // namespace splitscope::sim
