// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/energy_model.h"

#include <algorithm>
#include <cmath>

namespace splitscope::profile {

double channelBitsPerSecond(const RadioChannel& channel, double transmitWatts)
{
    return channel.bandwidthHz * std::log2(1 + transmitWatts * channel.sinrPerWatt);
}

EnergyModel::EnergyModel(const model::NetworkSpec& spec, const EnergyProfile& profile) : m_profile(profile)
{
    for (int exit = 1; exit <= spec.exitCount(); ++exit) {
        const model::Path path(spec, exit);
        m_branch.push_back(spec.exits[static_cast<std::size_t>(exit - 1)].after);
        m_branchCut.push_back(path.canonicalCut(m_branch.back()));
        auto& joules = m_cumulative.emplace_back(1, 0.0);
        for (const auto& layer : path.layers()) {
            const double cyclesPerByte = layer.flops / profile.flopsPerCycle / layer.inputBytes;  // O_i
            const double energy
                = profile.k0 * profile.frequencyHz * profile.frequencyHz * cyclesPerByte * layer.inputBytes;  // eq. 1
            joules.push_back(joules.back() + energy);
        }
    }
}

double EnergyModel::compute(int exit, int layers) const
{
    return m_cumulative[static_cast<std::size_t>(exit - 1)][static_cast<std::size_t>(layers)];
}

double EnergyModel::transmission(double bytes, double bytesPerSecond) const
{
    if (m_profile.channel)
        bytesPerSecond = channelBitsPerSecond(*m_profile.channel, m_profile.transmitWatts) / 8;
    return bytesPerSecond > 0 ? m_profile.transmitWatts * bytes / bytesPerSecond : 0;  // eq. 2
}

double EnergyModel::computeGated(const decision::Decision& decision, double goingOn) const
{
    const auto gate = static_cast<std::size_t>(decision.gate->exit - 1);
    const int branch = m_branch[gate];
    const double rest = compute(decision.exit, std::max(decision.partition, branch)) - compute(decision.exit, branch);
    return m_cumulative[gate].back() + goingOn * rest;
}

double EnergyModel::perFrame(const decision::Decision& decision, double bytes, double bytesPerSecond, double goingOn) const
{
    const bool onDevice = decision.gate && decision.partition >= m_branchCut[static_cast<std::size_t>(decision.gate->exit - 1)];
    const double joules = onDevice ? computeGated(decision, goingOn) : compute(decision.exit, decision.partition);
    return joules + transmission(bytes, bytesPerSecond);  // eq. 3
}

}  // namespace splitscope::profile
