// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace splitscope::base {

/// The wall clock as ISO 8601, UTC, to the second: "2026-11-21T20:06:14Z". For documents; durations come from clock.h.
std::string utcNow();

}  // namespace splitscope::base
