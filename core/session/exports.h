// SPDX-License-Identifier: GPL-3.0-or-later
// Runs as files for other programs. RECORDS.md says what every column means, as does describeColumns().
#pragma once

#include "core/session/run_library.h"
#include "core/session/summary.h"

#include "core/base/result.h"

#include <filesystem>
#include <functional>
#include <stop_token>

namespace splitscope::session {

enum class ExportTable { Requests, Frames, Events, Health };
std::string toString(ExportTable table);  ///< "requests", "frames", "events", "health"
base::Result<ExportTable> parseExportTable(const std::string& text);

/// The columns in the order in which they are written, one line each: name, unit, meaning.
std::string describeColumns(ExportTable table);
/// The header line: names separated by commas.
std::string csvHeader(ExportTable table);

/// Shares of the work, 0 … 1; called on the calling thread.
using ExportProgress = std::function<void(double)>;

/// One row a request, frame, event or heartbeat: RFC 4180 but for lines that end in a line feed, '.' decimals, no line breaks
/// within fields. Times in ms are rounded to the nanosecond, rates to 0.001 B/s, energy to the picojoule, other reals to nine
/// decimals. In order of frame or time, in one step: an earlier file stays intact on failure.
base::Status exportCsv(const RunKey& key, ExportTable table, const std::filesystem::path& csv, const std::stop_token& stop = {},
                       const ExportProgress& progress = {});

/// All tables in one JSON object: format "splitscope-run", version, run (what runs list tells, with scenario, environment,
/// totals), columns (name, unit, about of every column of every table), and each table as an array of rows in that order.
base::Status exportJson(const RunKey& key, const std::filesystem::path& json, const std::stop_token& stop = {},
                        const ExportProgress& progress = {});

/// The columns of a run's CSV, in order: csvHeader(ExportTable::Requests).
std::string requestsCsvHeader();
/// exportCsv() of requests.
base::Status exportRequestsCsv(const std::filesystem::path& records, std::uint64_t run, const std::filesystem::path& csv);

/// Reads what exportCsv() of requests wrote, of this version or an earlier one: columns are found by their names. An Error names
/// the line.
base::Result<std::vector<Sample>> readRequestsCsv(const std::filesystem::path& csv);

}  // namespace splitscope::session
