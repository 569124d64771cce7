// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stop_token>
#include <string>

namespace splitscope::base {

/// Names the calling thread (15 characters are shown by the system's tools).
void nameThisThread(const std::string& name);

/// Lets every other thread of the machine go first: for training beside inference.
void lowerThisThreadsPriority();

/// SIGINT and SIGTERM request a stop of the returned token instead of killing the process; a second one kills.
/// Call once, from main, before any thread starts.
std::stop_token stopOnSignals();

}  // namespace splitscope::base
