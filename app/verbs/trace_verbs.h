// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stop_token>
#include <string>
#include <vector>

namespace splitscope::app {

/// splitscope-cli trace states
int traceStates(const std::vector<std::string>& arguments, std::stop_token stop);

}  // namespace splitscope::app
