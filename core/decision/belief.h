// SPDX-License-Identifier: GPL-3.0-or-later
// What filters make of observations that are late, noisy or indirect: of nothing but what has been observed by now.
#pragma once

#include <array>
#include <limits>

namespace splitscope::decision {

/// Each part says by itself whether anything is known.
struct Belief {
    // the uplink
    static constexpr int kMostRates = 8;
    int rateCount = 0;  ///< 0: the reported rate, with its interval, is all there is
    std::array<double, kMostRates> bytesPerSecond{};  ///< rising; each as likely as the others to be the rate now, if it is up
    double down = 0;  ///< probability that it is down
    double reportAgeMs = 0;  ///< how old the report is; 0: fresh

    // the load of the two halves
    double deviceSlow = 0, edgeSlow = 0;  ///< probability that the half is in its slow state …
    double deviceFactor = 1, edgeFactor = 1;  ///< … in which it takes so many times as long
    double deviceRatio = 1, edgeRatio = 1;  ///< measured over predicted times, the latest requests weighing most
    double lastDeviceRatio = 1, lastEdgeRatio = 1;  ///< of the last one that was measured
    double edgeUnseen = 0;  ///< requests since then

    // an energy that must last
    double budgetJoules = std::numeric_limits<double>::infinity();  ///< left for all requests to come
    double budgetShare = 1;  ///< of the whole
    double stepsShare = 1;  ///< of the requests: still to come
    double joulePrice = 0;  ///< reward that a joule is worth, so that the rest lasts

    /// The rate in the middle; 0 where no rates are known.
    [[nodiscard]] double medianRate() const
    {
        return rateCount > 0 ? bytesPerSecond[static_cast<std::size_t>(rateCount / 2)] : 0;
    }

    bool operator==(const Belief&) const = default;
};

}  // namespace splitscope::decision
