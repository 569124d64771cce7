// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace splitscope::app {

/// printf into a string, of 511 characters at most.
[[gnu::format(printf, 1, 2)]] std::string format(const char* pattern, ...);

}  // namespace splitscope::app
