// SPDX-License-Identifier: GPL-3.0-or-later
// Recorded bandwidth from files: the formats of the public collections, and the project's own.
#pragma once

#include "core/sim/trace.h"

#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

namespace splitscope::sim {

enum class TraceFormat {
    Csv,  ///< ours: see toCsv(); the header names the units
    GhentLog,  ///< Ghent/Belgium 4G: ms since epoch, ms since start, latitude, longitude, bytes since the last row, ms since it
    GhentJson,  ///< the same as a list of {"duration_ms", "bandwidth_kbps"}
    Mahimahi,  ///< one number a line: a millisecond at which one packet of 1500 bytes may leave
    Oboe,  ///< pairs of lines, `t1 kbit/s` and `t2 kbit/s`: a chunk's download; between chunks the rate is interpolated
    NyuMets  ///< `value,unit`: one row a second
};

/// "csv", "ghent-log", "ghent-json", "mahimahi", "oboe", "nyu-mets".
std::string_view name(TraceFormat format);
base::Result<TraceFormat> parseTraceFormat(std::string_view text);

inline constexpr std::uintmax_t kMaxTraceFileBytes = 64ULL << 20;
inline constexpr double kMahimahiBinMs = 100;

struct ImportOptions {
    std::optional<TraceFormat> format;  ///< told by the content if it is not given
    double binMs = 0;  ///< 0: as recorded, and mahimahi's packets in bins of kMahimahiBinMs
};

/// The trace in a file's content. `where` names it in errors, followed by the line: what is wrong there and what was expected.
/// Rows that say how fast it was since the row before begin where that one ends; the first row is at 0.
base::Result<Trace> parseTrace(std::string_view content, const std::string& where, const ImportOptions& options = {});

/// Reads at most kMaxTraceFileBytes. The trace is named after the file and repeats.
base::Result<Trace> importTrace(const std::filesystem::path& path, const ImportOptions& options = {});

/// The project's format: `#` comments, the header `ms,bytes_per_second`, a row where the rate changes (`unlimited` for no limit),
/// and a last row without a rate where the trace ends. Reading also takes the columns `s` and `KB/s`, `MB/s`, `Kbit/s`, `Mbit/s`
/// and their usual spellings, and files without the last row: their last rate holds as long as the one before.
std::string toCsv(const Trace& trace, const std::vector<std::string>& comments = {});
base::Status saveTrace(const Trace& trace, const std::filesystem::path& path, const std::vector<std::string>& comments = {});

/// The traces that ship (resources/traces), by name.
std::vector<std::string> shippedTraces();
/// A shipped trace's file by its bare name ("walk"), else the file of that name. An Error lists the names.
base::Result<std::filesystem::path> findTrace(const std::string& nameOrFile);

}  // namespace splitscope::sim
