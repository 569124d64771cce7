// SPDX-License-Identifier: GPL-3.0-or-later
// Quantities as people type and read them.
#pragma once

#include "core/base/result.h"

#include <string>
#include <string_view>

namespace splitscope::base {

/// "2MB/s", "300KB/s", "5.85Mbit/s", "1000B/s", "unlimited" (0) → bytes per second. 1 KB is 1,000 bytes.
Result<double> parseBytesPerSecond(std::string_view text);

/// "10ms", "0.5s", "250us" → milliseconds.
Result<double> parseMilliseconds(std::string_view text);

/// A whole decimal number within [low, high]; `what` names it in the error.
Result<long long> parseInteger(std::string_view text, long long low, long long high, const std::string& what);

/// Three significant digits and an SI prefix: formatBytesPerSecond(2.5e6) == "2.50 MB/s"; 0 is "unlimited".
std::string formatBytesPerSecond(double bytesPerSecond);
/// "1.93 KB", "512 B".
std::string formatBytes(double bytes);
/// "8.12 ms", always milliseconds.
std::string formatMs(double ms);

}  // namespace splitscope::base
