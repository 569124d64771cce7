// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/wire/messages.h"

#include <deque>

namespace splitscope::ui {

/// A device's last minutes: what it reported, and the round trip to it. What it does not tell is not a number.
class HealthHistory {
public:
    static constexpr std::size_t kCapacity = 600;  ///< ten minutes of a report a second

    struct Point {
        double seconds = 0;  ///< since the first one
        double temperatureC = 0;
        double busyPercent = 0;  ///< of all cores
        double loadPercent = 0;  ///< the minute's load, of as many processes as there are cores
        double powerWatts = 0;  ///< by its meter
        double rttMs = 0;
    };

    /// `cores`: of the device, where it tells; 0: it does not.
    void add(std::int64_t nowMs, const wire::Health& health, double rttMs, int cores);
    void clear() { m_points.clear(); }
    [[nodiscard]] const std::deque<Point>& points() const { return m_points; }

private:
    std::deque<Point> m_points;
    std::int64_t m_beganMs = 0;
};

}  // namespace splitscope::ui
