// SPDX-License-Identifier: GPL-3.0-or-later
// How the device is doing: temperature, load, memory, clock, throttling, as far as its system tells.
#pragma once

#include "core/wire/messages.h"

#include <filesystem>
#include <optional>

namespace splitscope::exec {

/// Reads below `root` ("/" but in tests): proc/loadavg, proc/stat, proc/meminfo, proc/self/statm, sys/fs/cgroup,
/// sys/class/thermal, sys/devices/system/cpu/*/cpufreq, and a Raspberry Pi's firmware flags. Never fails: what cannot be read is
/// not there. One thread at a time.
class DeviceHealth {
public:
    explicit DeviceHealth(std::filesystem::path root = "/") : m_root(std::move(root)) {}

    /// `busy` is of the time since the last call: not there in the first one.
    wire::Health read();

private:
    /// Of all cores, in the kernel's ticks.
    struct Ticks {
        double busy = 0;
        double all = 0;
    };
    std::optional<Ticks> readTicks() const;
    std::optional<double> busySinceLast();
    void readMemory(wire::Health& health) const;
    void readClock(wire::Health& health) const;
    [[nodiscard]] bool coolingHoldsBack() const;

    const std::filesystem::path m_root;
    std::optional<Ticks> m_last;
};

}  // namespace splitscope::exec
