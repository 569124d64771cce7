// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/link/host_pair.h"

#include <map>
#include <stop_token>
#include <vector>

namespace splitscope::app {

/// What a bare TCP connection takes for so many bytes through the link as it is shaped: the kernel's token bucket with a burst of
/// one packet wakes up for each, and what its timers are late by is lost, so that a set rate is not always to be had.
class BareTransfer {
public:
    /// Measures a few sizes at each rate, and leaves the link at the last one.
    static base::Result<BareTransfer> measure(link::HostPair& hosts, const std::vector<double>& rates,
                                              const std::stop_token& stop);

    /// Round trip, by interpolation. `wireBytes` count all headers.
    [[nodiscard]] double ms(double rate, double wireBytes) const;
    /// Share of the set rate that further bytes get.
    [[nodiscard]] double rateOverSet(double rate) const;

private:
    std::map<double, std::map<double, double>> m_msOf;  ///< rate → wire bytes → milliseconds
};

}  // namespace splitscope::app
