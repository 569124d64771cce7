// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of the runs table and kept totals.
#pragma once

#include "core/session/run_library.h"
#include "core/session/sqlite_p.h"

namespace splitscope::session {

/// Without totals, oldest first.
base::Result<std::vector<RunRow>> readRunRows(const Database& database, int schema, const std::filesystem::path& records,
                                              std::optional<std::uint64_t> only);
/// Of a scenario's JSON: the reward's, else its own; 0: none.
double deadlineOf(const std::string& scenarioJson);

/// False: they are not kept yet.
bool loadTotals(const Database& database, int schema, std::uint64_t run, RunTotals& totals);
/// SQLITE_OK or SQLite's error.
int storeTotals(const Database& database, std::uint64_t run, const RunTotals& totals);

/// As setTags() keeps them.
base::Result<std::vector<std::string>> cleanTags(const std::vector<std::string>& tags);

}  // namespace splitscope::session
