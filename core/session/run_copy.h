// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <filesystem>

namespace splitscope::session {

/// Copies what a records database holds of runs that finished, and that the other one does not hold yet, in one transaction; how
/// many runs. The other one is made where it is not there; an earlier schema of either is brought up to date. Any thread.
base::Result<std::size_t> copyFinishedRuns(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace splitscope::session
