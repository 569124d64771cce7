// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/health_history.h"

#include <cmath>

namespace splitscope::ui {

void HealthHistory::add(std::int64_t nowMs, const wire::Health& health, double rttMs, int cores)
{
    if (m_points.empty())
        m_beganMs = nowMs;
    const double unknown = std::nan("");
    Point point;
    point.seconds = static_cast<double>(nowMs - m_beganMs) / 1000;
    point.temperatureC = health.temperatureC.value_or(unknown);
    point.busyPercent = health.busy ? 100 * *health.busy : unknown;
    point.loadPercent = health.load && cores > 0 ? 100 * *health.load / cores : unknown;
    point.powerWatts = health.powerWatts.value_or(unknown);
    point.rttMs = rttMs > 0 ? rttMs : unknown;
    m_points.push_back(point);
    if (m_points.size() > kCapacity)
        m_points.pop_front();
}

}  // namespace splitscope::ui
