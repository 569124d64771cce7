// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>

namespace splitscope::base {

/// Monotonic nanoseconds of this machine. Two machines' values are never compared (DESIGN §1).
inline std::int64_t nowNs()
{
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Wall-clock milliseconds since 1970, for records that people read.
inline std::int64_t wallClockMs()
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

inline double toMs(std::int64_t ns) { return static_cast<double>(ns) * 1e-6; }
inline std::int64_t fromMs(double ms) { return static_cast<std::int64_t>(ms * 1e6); }

}  // namespace splitscope::base
