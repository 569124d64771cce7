// SPDX-License-Identifier: GPL-3.0-or-later
// What the readers of trace files share: lines, fields, numbers, and errors that name the line.
#pragma once

#include "core/sim/trace_import.h"

#include <string>
#include <string_view>
#include <vector>

namespace splitscope::sim {

/// Goes through a text line by line; blank lines and `#` comments are skipped, a carriage return at the end is dropped.
class Lines {
public:
    Lines(std::string_view text, std::string where) : m_text(text), m_where(std::move(where)) {}

    /// False at the end.
    bool next();
    [[nodiscard]] std::string_view line() const { return m_line; }

    /// "FILE:LINE: '…' is wrong; expected …": about the current line.
    [[nodiscard]] base::Error wrong(const std::string& what) const;
    /// About the file as a whole.
    [[nodiscard]] base::Error wrongFile(const std::string& what) const;

private:
    std::string_view m_text;
    std::string m_where;
    std::string_view m_line;
    std::size_t m_at = 0;
    std::size_t m_number = 0;
};

/// Fields between separators; blanks around them are dropped. ' ' stands for any run of blanks.
std::vector<std::string_view> splitFields(std::string_view line, char separator);

/// A whole field as a finite number ≥ 0; empty otherwise.
std::optional<double> readNumber(std::string_view field);

/// Points that follow each other without a gap: how long, how fast. The total may not exceed kMaxTracePoints.
class Spans {
public:
    /// False when there are too many.
    bool add(double durationMs, double bytesPerSecond);
    [[nodiscard]] bool empty() const { return m_points.empty(); }
    /// Named later; repeats.
    base::Result<Trace> trace(const Lines& lines) &&;

private:
    std::vector<RatePoint> m_points;
    double m_endMs = 0;
};

base::Error tooManyPoints(const Lines& lines);

// One reader for each format.
base::Result<Trace> readCsv(Lines& lines);
base::Result<Trace> readGhentLog(Lines& lines);
base::Result<Trace> readGhentJson(std::string_view content, const Lines& lines, const std::string& where);
base::Result<Trace> readMahimahi(Lines& lines, double binMs);
base::Result<Trace> readOboe(Lines& lines);
base::Result<Trace> readNyuMets(Lines& lines);

}  // namespace splitscope::sim
