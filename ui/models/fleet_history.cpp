// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/fleet_history.h"

#include <numeric>

namespace splitscope::ui {

namespace {

template <typename Statistics>
FleetHistory::Fares faresOf(const Statistics& of)
{
    return {of.framesPerSecond, of.p50Ms, of.p95Ms, of.p99Ms};
}

FleetHistory::Look lookAt(double seconds, const session::FleetStatistics& statistics)
{
    FleetHistory::Look look{seconds, {}, faresOf(statistics), 0, statistics.edge.rows, 0};
    for (const auto& device : statistics.devices) {
        look.devices.push_back(faresOf(device));
        look.waiting += static_cast<double>(device.edge.waiting);
    }
    const auto& batches = statistics.edge.batchesOfRows;
    if (!batches.empty())  // [0]: requests that had nothing to compute
        look.batches = std::accumulate(batches.begin() + 1, batches.end(), std::uint64_t{0});
    return look;
}

}  // namespace

void FleetHistory::add(double seconds, const session::FleetStatistics& statistics)
{
    if (m_looks.empty())
        for (const auto& device : statistics.devices)
            m_names << QString::fromStdString(device.name);
    if (m_seen++ % m_every != 0)
        return;
    m_looks.push_back(lookAt(seconds, statistics));
    if (m_looks.size() < kCapacity)
        return;
    for (std::size_t i = 0; 2 * i < m_looks.size(); ++i)
        m_looks[i] = std::move(m_looks[2 * i]);
    m_looks.resize((m_looks.size() + 1) / 2);
    m_every *= 2;
}

}  // namespace splitscope::ui
