// SPDX-License-Identifier: GPL-3.0-or-later
// Runs as files for other programs.
#pragma once

#include "core/session/summary.h"

#include "core/base/result.h"

#include <filesystem>

namespace splitscope::session {

/// The columns of a run's CSV, in order: the header line. One row per request, RFC 4180, '.' decimals. Times in ms
/// (captured_at_ms since the run started), rates in bytes a second (0: unshaped, or nothing crossed), modelled energy in
/// joules a frame; labels and truths hold one number a frame, separated by spaces; correct counts the frames whose
/// label is their truth.
std::string requestsCsvHeader();

/// Writes a recorded run, in order of first frame, in one step: an earlier file stays intact on failure.
base::Status exportRequestsCsv(const std::filesystem::path& records, std::uint64_t run, const std::filesystem::path& csv);

/// Reads what exportRequestsCsv() wrote. An Error names the line.
base::Result<std::vector<Sample>> readRequestsCsv(const std::filesystem::path& csv);

}  // namespace splitscope::session
