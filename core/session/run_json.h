// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/run_library.h"

#include <string>

namespace splitscope::session {

/// A row of the table of runs as one JSON object: run, records, state, started_ms, …, totals{…}, tags, notes, scenario{…},
/// environment{…}.
std::string toJson(const RunRow& row);

}  // namespace splitscope::session
