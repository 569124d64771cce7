// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-cli run, of several devices at once.
#pragma once

#include "core/session/fleet.h"

#include <filesystem>
#include <stop_token>
#include <vector>

namespace splitscope::app {

/// Runs them until all have ended, telling how they fare on standard error; then a table, or with `json` one object:
/// {"devices": [{"name", "state", a run's keys, "share", "edge": {…}}, …], and of the fleet "frames", "done", "fallback", "lost",
/// "fps", "latency_ms", "share_max_over_min", "edge"}. Leaves frames-NAME.csv in `out`, unless that is empty. The exit status.
int runFleet(std::vector<session::FleetMember> members, const std::filesystem::path& out, bool json, const std::stop_token& stop);

}  // namespace splitscope::app
