// SPDX-License-Identifier: GPL-3.0-or-later
// How the device is doing: temperature, load, memory, clock, throttling, as far as its system tells.
#pragma once

#include "core/profile/energy_meter.h"
#include "core/wire/messages.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace splitscope::exec {

/// Reads below `root` ("/" but in tests): proc/loadavg, proc/stat, proc/meminfo, proc/self/statm, sys/fs/cgroup,
/// sys/class/thermal, sys/devices/system/cpu/*/cpufreq, a Raspberry Pi's firmware flags, and a power meter. Never fails: what
/// cannot be read is not there. One thread at a time.
class DeviceHealth {
public:
    explicit DeviceHealth(std::filesystem::path root = "/");

    /// `busy` and `powerWatts` are of the time since the last call: not there in the first one.
    wire::Health read();
    /// "hwmon ina226 power1"; empty: there is none, or it may not be read.
    [[nodiscard]] std::string meterName() const { return m_meter ? m_meter->name() : std::string(); }

private:
    /// Of all cores, in the kernel's ticks.
    struct Ticks {
        double busy = 0;
        double all = 0;
    };
    std::optional<Ticks> readTicks() const;
    /// What a meter has counted until a moment.
    struct Counted {
        std::int64_t atNs = 0;
        double joules = 0;
    };
    std::optional<double> busySinceLast();
    std::optional<double> wattsSinceLast();
    void readMemory(wire::Health& health) const;
    void readClock(wire::Health& health) const;
    [[nodiscard]] bool coolingHoldsBack() const;

    const std::filesystem::path m_root;
    const std::unique_ptr<profile::EnergyMeter> m_meter;  ///< null: there is none
    std::optional<Ticks> m_last;
    std::optional<Counted> m_lastCounted;
};

}  // namespace splitscope::exec
