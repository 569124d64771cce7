// SPDX-License-Identifier: GPL-3.0-or-later
// The device's energy per frame as the paper models it (eqs. 1–3). Always shown as "modelled".
#pragma once

#include "core/base/result.h"
#include "core/decision/decision.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace splitscope::profile {

/// A channel as stated, not measured: eq. 2 then divides by B·log2(1 + P·γ) instead of by the measured rate.
struct RadioChannel {
    double bandwidthHz = 20e6;  ///< B
    double sinrPerWatt = 1;  ///< γ: signal over interference and noise, for each watt sent (P·γ is without unit)

    bool operator==(const RadioChannel&) const = default;
};

/// What the model needs to know of a device. Defaults: a Raspberry Pi 4-like board, stated assumptions, not measured.
struct EnergyProfile {
    std::string source = "assumed: a board like the Raspberry Pi 4";  ///< where the numbers come from, for people
    double k0 = 1e-27;  ///< J·s²/cycle: effective switched capacitance
    double frequencyHz = 1.5e9;  ///< f
    double flopsPerCycle = 4;  ///< turns a layer's FLOPs into cycles
    double transmitWatts = 0.8;  ///< P
    std::optional<RadioChannel> channel{};  ///< none: the measured rate is used

    bool operator==(const EnergyProfile&) const = default;
};

/// Numbers are positive and finite, and there is a source: else an Error that names the key.
base::Status check(const EnergyProfile& profile, const std::string& where);

/// JSON: {"source", "k0_j_s2_per_cycle", "frequency_hz", "flops_per_cycle", "transmit_watts"}, and with a stated channel
/// "channel": {"bandwidth_hz", "sinr_per_watt"}. All but the channel are required; unknown keys are Errors.
std::string toJson(const EnergyProfile& profile);
base::Result<EnergyProfile> parseEnergyProfile(std::string_view json, const std::string& where);
base::Result<EnergyProfile> loadEnergyProfile(const std::string& file);
/// One line for people: numbers, units, source.
std::string describe(const EnergyProfile& profile);

/// Bits per second of a stated channel at this power: B·log2(1 + P·γ).
double channelBitsPerSecond(const RadioChannel& channel, double transmitWatts);

/// e = Σ_{i≤p} k0·f²·O_i·X_i + P·8·X_t/R, with O_i = flops_i/(flopsPerCycle·X_i) cycles per input byte of layer i,
/// X_i its input bytes, X_t the bytes sent and R the measured bits/s.
class EnergyModel {
public:
    EnergyModel(const model::NetworkSpec& spec, const EnergyProfile& profile);

    /// Joules of layers 1..p of an exit's path, per frame (eq. 1).
    [[nodiscard]] double compute(int exit, int layers) const;
    /// Joules to send so many bytes (eq. 2): at this rate, 0 where it is 0; or, where the profile states a channel, at that
    /// channel's, whatever was measured.
    [[nodiscard]] double transmission(double bytes, double bytesPerSecond) const;
    /// Eq. 3, per frame: `bytes` are one frame's share of what crossed. With a gate of the device's every frame runs the trunk to
    /// its branch, and its head; the share `goingOn` of them the layers behind. One of the edge's costs the device nothing.
    [[nodiscard]] double perFrame(const decision::Decision& decision, double bytes, double bytesPerSecond,
                                  double goingOn = 1) const;

private:
    [[nodiscard]] double computeGated(const decision::Decision& decision, double goingOn) const;

    EnergyProfile m_profile;
    std::vector<std::vector<double>> m_cumulative;  ///< [exit − 1][layers], joules
    std::vector<int> m_branch;  ///< [exit − 1]: layers of the trunk before it
    std::vector<int> m_branchCut;  ///< [exit − 1]: the first cut with the tensor that is there
};

}  // namespace splitscope::profile
