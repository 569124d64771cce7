// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/fleet.h"

#include <QStringList>

#include <vector>

namespace splitscope::ui {

/// What charts show of a fleet, from its beginning on. Of a long one every second, fourth, … look is kept.
class FleetHistory {
public:
    static constexpr std::size_t kCapacity = 1200;

    /// Of one device, or of all.
    struct Fares {
        double framesPerSecond = 0;
        double p50Ms = 0, p95Ms = 0, p99Ms = 0;  ///< 0: no request yet
    };
    struct Look {
        double seconds = 0;  ///< since the fleet began
        std::vector<Fares> devices;  ///< in the order of names()
        Fares all;
        double waiting = 0;  ///< requests at the edge, at this moment
        std::uint64_t rows = 0, batches = 0;  ///< that the edge has computed so far
    };

    void clear() { *this = {}; }
    void add(double seconds, const session::FleetStatistics& statistics);

    [[nodiscard]] const QStringList& names() const { return m_names; }
    /// Oldest first.
    [[nodiscard]] const std::vector<Look>& looks() const { return m_looks; }

private:
    QStringList m_names;
    std::vector<Look> m_looks;
    std::size_t m_every = 1, m_seen = 0;
};

}  // namespace splitscope::ui
