// SPDX-License-Identifier: GPL-3.0-or-later
// A device that is not at hand, made from one that is: stated as emulated wherever it is shown.
#pragma once

#include "core/profile/compute_profile.h"

#include <map>

namespace splitscope::profile {

/// How many times slower than the machine at hand a device is, per layer type.
struct DeviceFactors {
    std::string name;  ///< "pi3"
    std::string statement;  ///< where the factors come from, for people
    std::map<model::LayerType, double> layers;  ///< of the types that the network has; ≥ 1
    double coding = 1;  ///< quantizing, coding, reading frames
    std::string codingStatement;  ///< where that one comes from
    EnergyProfile energy;
};

/// "pi3": Raspberry Pi 3b over a desktop, from Edgent's Table 2 evaluated at the network's own layers.
base::Result<DeviceFactors> deviceFactors(const std::string& name, const model::NetworkSpec& spec);
std::vector<std::string> emulatedDevices();

/// Layers times their type's factor; a segment times the factor of its layers, weighted by their measured times.
/// source says "emulated: …" and never "measured".
base::Result<ComputeProfile> emulate(const model::NetworkSpec& spec, const ComputeProfile& measured,
                                     const DeviceFactors& factors);

}  // namespace splitscope::profile
