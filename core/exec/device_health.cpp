// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exec/device_health.h"

#include "core/base/clock.h"
#include "core/profile/machine.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>
#include <unistd.h>
#include <utility>

namespace splitscope::exec {

namespace fs = std::filesystem;

namespace {

std::string firstLine(const fs::path& path)
{
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

std::optional<double> firstNumber(const fs::path& path)
{
    const auto line = firstLine(path);
    double number = 0;
    const auto [end, ec] = std::from_chars(line.data(), line.data() + line.size(), number);
    if (ec != std::errc() || !std::isfinite(number) || number < 0)
        return std::nullopt;
    return number;
}

/// "MemAvailable:    1234 kB" of proc/meminfo, in bytes.
std::optional<std::uint64_t> memoryLine(const fs::path& path, const std::string& key)
{
    std::ifstream file(path);
    for (std::string name; file >> name;) {
        std::uint64_t kilobytes = 0;
        if (name == key + ":" && file >> kilobytes)
            return kilobytes * 1024;
        file.clear();
        file.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
    }
    return std::nullopt;
}

/// Of the folders in `parent` whose name begins so.
template <typename Visit>
void eachFolder(const fs::path& parent, std::string_view prefix, const Visit& visit)
{
    std::error_code failure;
    for (const auto& entry : fs::directory_iterator(parent, failure))
        if (entry.path().filename().string().starts_with(prefix))
            visit(entry.path());
}

}  // namespace

DeviceHealth::DeviceHealth(fs::path root) : m_root(std::move(root)), m_meter(profile::findEnergyMeter(m_root)) {}

wire::Health DeviceHealth::read()
{
    wire::Health health;
    health.load = firstNumber(m_root / "proc/loadavg");
    health.busy = busySinceLast();
    readMemory(health);
    readClock(health);
    health.powerWatts = wattsSinceLast();
    return health;
}

std::optional<DeviceHealth::Ticks> DeviceHealth::readTicks() const
{
    std::istringstream line(firstLine(m_root / "proc/stat"));
    std::string name;
    line >> name;
    if (name != "cpu")
        return std::nullopt;
    constexpr int kIdle = 3, kWaiting = 4;  // places of idle and iowait
    constexpr int kCounted = 8;  // guests' time, behind these, is part of user's
    Ticks ticks;
    double value = 0;
    int place = 0;
    for (; place < kCounted && line >> value; ++place) {
        ticks.all += value;
        if (place != kIdle && place != kWaiting)
            ticks.busy += value;
    }
    return place > kWaiting ? std::optional(ticks) : std::nullopt;
}

std::optional<double> DeviceHealth::busySinceLast()
{
    const auto now = readTicks();
    const auto before = std::exchange(m_last, now);
    if (!now || !before || now->all <= before->all)
        return std::nullopt;
    return std::clamp((now->busy - before->busy) / (now->all - before->all), 0.0, 1.0);
}

std::optional<double> DeviceHealth::wattsSinceLast()
{
    const auto joules
        = m_meter ? m_meter->joules() : base::Result<double>(base::Error{base::ErrorCode::NotFound, "no meter", ""});
    const auto now = joules ? std::optional(Counted{base::nowNs(), *joules}) : std::nullopt;
    const auto before = std::exchange(m_lastCounted, now);
    if (!now || !before || now->atNs <= before->atNs || now->joules < before->joules)
        return std::nullopt;
    return (now->joules - before->joules) / (base::toMs(now->atNs - before->atNs) * 1e-3);
}

void DeviceHealth::readMemory(wire::Health& health) const
{
    const auto total = memoryLine(m_root / "proc/meminfo", "MemTotal");
    const auto available = memoryLine(m_root / "proc/meminfo", "MemAvailable");
    health.memoryBytes = total;
    if (total && available && *available <= *total)
        health.memoryUsedBytes = *total - *available;
    // A container's limit is what counts in it.
    const auto limit = firstNumber(m_root / "sys/fs/cgroup/memory.max");
    const auto used = firstNumber(m_root / "sys/fs/cgroup/memory.current");
    if (limit && used && (!total || *limit < static_cast<double>(*total))) {
        health.memoryBytes = static_cast<std::uint64_t>(*limit);
        health.memoryUsedBytes = static_cast<std::uint64_t>(*used);
    }
    std::istringstream pages(firstLine(m_root / "proc/self/statm"));
    std::uint64_t size = 0, resident = 0;
    if (pages >> size >> resident)
        health.daemonMemoryBytes = resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

void DeviceHealth::readClock(wire::Health& health) const
{
    const auto state = profile::readMachineState(m_root);
    health.temperatureC = state.temperatureC;
    health.clockHz = state.clockHz;
    eachFolder(m_root / "sys/devices/system/cpu", "cpu", [&](const fs::path& cpu) {
        if (const auto kilohertz = firstNumber(cpu / "cpufreq/cpuinfo_max_freq"))
            health.fullClockHz = std::max(health.fullClockHz.value_or(0), *kilohertz * 1e3);
    });
    health.underVoltage = state.underVoltage;
    health.throttled = state.throttled;
    if (coolingHoldsBack())
        health.throttled = true;
    else if (!health.throttled && health.temperatureC && health.fullClockHz)
        health.throttled = false;  // it would tell
}

/// The kernel's thermal governors slow a processor down through cooling devices named after it.
bool DeviceHealth::coolingHoldsBack() const
{
    bool holds = false;
    eachFolder(m_root / "sys/class/thermal", "cooling_device", [&](const fs::path& device) {
        const auto type = firstLine(device / "type");
        const bool slows = type.starts_with("cpufreq-") || type.starts_with("thermal-cpufreq-") || type == "Processor";
        holds = holds || (slows && firstNumber(device / "cur_state").value_or(0) > 0);
    });
    return holds;
}

}  // namespace splitscope::exec
