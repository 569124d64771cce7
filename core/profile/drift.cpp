// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/drift.h"

#include <algorithm>
#include <cmath>

namespace splitscope::profile {

void Drift::learn(double measured, double predicted)
{
    constexpr double kMostTimes = 64;
    if (!(measured > 0) || !(predicted > 0) || !std::isfinite(measured) || !std::isfinite(predicted))
        return;
    const double most = std::log(kMostTimes);
    m_log += m_weight * (std::clamp(std::log(measured / predicted), -most, most) - m_log);
}

double Drift::times() const { return std::exp(m_log); }

}  // namespace splitscope::profile
