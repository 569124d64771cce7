// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace splitscope::base {

struct Interval {
    double low = 0;
    double high = 1;
};

/// The Wilson score interval at 95 % of a share, `right` of `count`: unlike the normal one it stays within [0, 1] and
/// has a width where all or none are right. Without any observation it is [0, 1].
inline Interval wilsonInterval(std::size_t right, std::size_t count)
{
    if (count == 0)
        return {};
    constexpr double z = 1.959963984540054;
    const auto n = static_cast<double>(count);
    const double p = static_cast<double>(right) / n;
    const double centre = (p + z * z / (2 * n)) / (1 + z * z / n);
    const double half = z / (1 + z * z / n) * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    return {std::max(0.0, centre - half), std::min(1.0, centre + half)};
}

}  // namespace splitscope::base
