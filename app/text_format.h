// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace splitscope::app {

/// printf into a string, of 511 characters at most.
[[gnu::format(printf, 1, 2)]] std::string format(const char* pattern, ...);

/// "a,b,c" in its parts; none of an empty text.
std::vector<std::string> separated(const std::string& text, char by = ',');

}  // namespace splitscope::app
