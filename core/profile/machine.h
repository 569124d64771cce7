// SPDX-License-Identifier: GPL-3.0-or-later
// The machine that a measurement was made on, as far as its system tells.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace splitscope::profile {

/// What does not change while the machine runs. Empty or 0 where the system does not tell.
struct Machine {
    std::string name;  ///< the board's model ("Raspberry Pi 4 Model B Rev 1.4"), else the processor's
    std::string processor;
    std::string architecture;  ///< "x86_64", "aarch64"
    std::string system;  ///< distribution and kernel
    int cores = 0;  ///< that this program may use
    double memoryBytes = 0;  ///< the machine's, or its container's limit
    std::string program;  ///< "splitscope 0.1.0"

    bool operator==(const Machine&) const = default;
};

/// What does. Nothing where the system does not tell.
struct MachineState {
    std::optional<std::string> governor;  ///< "performance", "ondemand"
    std::optional<double> clockHz;  ///< the fastest core's
    std::optional<double> temperatureC;  ///< the warmest zone's
    std::optional<bool> throttled;  ///< slowed now, for heat or a weak supply
    std::optional<bool> underVoltage{};  ///< the supply is too weak now

    bool operator==(const MachineState&) const = default;
};

/// Reads below `root` ("/" but in tests): proc/cpuinfo, proc/device-tree/model, etc/os-release, …
Machine describeMachine(const std::filesystem::path& root = "/");

/// Reads sys/devices/system/cpu/*/cpufreq, sys/class/thermal, and where there is one the Raspberry Pi firmware's flags
/// (sys/devices/platform/soc/soc:firmware/get_throttled). Slowed is also a clock below 0.8 of what the processor holds
/// while the governor is to keep it up. Never fails: what cannot be read is not there.
MachineState readMachineState(const std::filesystem::path& root = "/");

/// "governor performance, 1500 MHz, 62 °C, not slowed", for people.
std::string toString(const MachineState& state);

}  // namespace splitscope::profile
