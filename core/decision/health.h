// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

namespace splitscope::decision {

/// What the device's system tells of it at a moment; what it does not tell is not there.
struct Health {
    std::optional<double> temperatureC;  ///< the warmest zone's
    std::optional<double> load;  ///< processes that run or wait to, a minute's mean
    std::optional<double> busy;  ///< share of all cores' time since the last report
    std::optional<std::uint64_t> memoryUsedBytes, memoryBytes;  ///< of the machine
    std::optional<std::uint64_t> daemonMemoryBytes;  ///< resident
    std::optional<double> clockHz, fullClockHz;  ///< of the fastest core: now, and at most
    std::optional<bool> throttled;  ///< slowed now, for heat or a weak supply
    std::optional<bool> underVoltage;  ///< the supply is too weak now
    std::optional<double> powerWatts;  ///< by its meter: the mean since the last report

    bool operator==(const Health&) const = default;

    /// So many times longer than at full clock its computation takes while it is throttled; 1 while it is not, or does not say.
    /// A clock that is low because there is nothing to do rises when there is: it slows nothing.
    [[nodiscard]] double heldBack() const
    {
        const bool isKnown = clockHz && fullClockHz && *clockHz > 0;
        return throttled.value_or(false) && isKnown ? std::max(1.0, *fullClockHz / *clockHz) : 1;
    }
};

}  // namespace splitscope::decision
