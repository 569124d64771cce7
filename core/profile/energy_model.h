// SPDX-License-Identifier: GPL-3.0-or-later
// The device's energy per frame as the paper models it (eqs. 1–3). Always shown as "modelled".
#pragma once

#include "core/decision/decision.h"

#include <string>
#include <vector>

namespace splitscope::profile {

/// What the model needs to know of a device. Defaults: a Raspberry Pi 4-like board, stated assumptions, not measured.
struct EnergyProfile {
    std::string source = "assumed: a board like the Raspberry Pi 4";  ///< where the numbers come from, for people
    double k0 = 1e-27;  ///< J·s²/cycle: effective switched capacitance
    double frequencyHz = 1.5e9;  ///< f
    double flopsPerCycle = 4;  ///< turns a layer's FLOPs into cycles
    double transmitWatts = 0.8;  ///< P

    bool operator==(const EnergyProfile&) const = default;
};

/// e = Σ_{i≤p} k0·f²·O_i·X_i + P·8·X_t/R, with O_i = flops_i/(flopsPerCycle·X_i) cycles per input byte of layer i,
/// X_i its input bytes, X_t the bytes sent and R the measured bits/s.
class EnergyModel {
public:
    EnergyModel(const model::NetworkSpec& spec, const EnergyProfile& profile);

    /// Joules of layers 1..p of an exit's path, per frame (eq. 1).
    [[nodiscard]] double compute(int exit, int layers) const;
    /// Joules to send so many bytes at this rate (eq. 2 with the measured rate for B·log2(1 + P·γ)); 0 where rate is 0.
    [[nodiscard]] double transmission(double bytes, double bytesPerSecond) const;
    /// Eq. 3, per frame: `bytes` are one frame's share of what crossed.
    [[nodiscard]] double perFrame(const decision::Decision& decision, double bytes, double bytesPerSecond) const;

private:
    EnergyProfile m_profile;
    std::vector<std::vector<double>> m_cumulative;  ///< [exit − 1][layers], joules
};

}  // namespace splitscope::profile
