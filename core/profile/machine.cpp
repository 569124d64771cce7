// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/machine.h"

#include "core/base/files.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <sstream>
#include <string_view>
#include <sys/utsname.h>
#include <utility>
#include <vector>

namespace splitscope::profile {

namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t kMostBytes = 1 << 20;  // proc/cpuinfo of a few hundred cores

/// The file's text without white space and NULs at its end (the device tree ends its strings with one); empty where
/// there is none.
std::string readText(const fs::path& path)
{
    std::ifstream file(path, std::ios::binary);
    std::string text;
    for (char c = 0; text.size() < kMostBytes && file.get(c);)
        text += c;
    text.erase(text.find_last_not_of(std::string_view(" \t\r\n\0", 5)) + 1);
    return text;
}

std::optional<double> readNumber(const fs::path& path)
{
    const auto text = readText(path);
    double number = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || ec != std::errc() || !std::isfinite(number))
        return std::nullopt;
    return number;
}

/// Values of "key : value" lines, in their order.
std::vector<std::string> valuesOf(const std::string& text, std::string_view key, char separator = ':')
{
    std::vector<std::string> values;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        const auto at = line.find(separator);
        if (at == std::string::npos)
            continue;
        const auto end = line.find_last_not_of(" \t", at == 0 ? 0 : at - 1);
        if (end == std::string::npos || line.substr(0, end + 1) != key)
            continue;
        const auto begin = line.find_first_not_of(" \t\"", at + 1);
        const auto last = line.find_last_not_of(" \t\"\r");
        values.push_back(begin == std::string::npos || last < begin ? "" : line.substr(begin, last + 1 - begin));
    }
    return values;
}

std::string firstOf(const std::vector<std::string>& values) { return values.empty() ? std::string() : values.front(); }

/// Folders in `parent` that are named `prefix` and a number, in the numbers' order.
std::vector<fs::path> numbered(const fs::path& parent, std::string_view prefix)
{
    std::vector<std::pair<int, fs::path>> found;
    std::error_code failure;
    for (const auto& entry : fs::directory_iterator(parent, failure)) {
        const auto name = entry.path().filename().string();
        int number = 0;
        if (!name.starts_with(prefix) || name.size() == prefix.size())
            continue;
        const auto [end, ec] = std::from_chars(name.data() + prefix.size(), name.data() + name.size(), number);
        if (ec == std::errc() && end == name.data() + name.size())
            found.emplace_back(number, entry.path());
    }
    std::sort(found.begin(), found.end());
    std::vector<fs::path> paths;
    for (auto& [number, path] : found)
        paths.push_back(std::move(path));
    return paths;
}

/// Arm processors tell numbers only; these are the ones on boards that people use.
std::string armCore(const std::string& cpuinfo)
{
    constexpr std::pair<std::string_view, const char*> kParts[]{
        {"0xb76", "ARM1176"},     {"0xc07", "Cortex-A7"},   {"0xc08", "Cortex-A8"},   {"0xc09", "Cortex-A9"},
        {"0xc0f", "Cortex-A15"},  {"0xd03", "Cortex-A53"},  {"0xd04", "Cortex-A35"},  {"0xd05", "Cortex-A55"},
        {"0xd07", "Cortex-A57"},  {"0xd08", "Cortex-A72"},  {"0xd09", "Cortex-A73"},  {"0xd0a", "Cortex-A75"},
        {"0xd0b", "Cortex-A76"},  {"0xd0c", "Neoverse-N1"}, {"0xd41", "Cortex-A78"},  {"0xd42", "Cortex-A78AE"},
        {"0xd40", "Neoverse-V1"}, {"0xd44", "Cortex-X1"},   {"0xd49", "Neoverse-N2"}, {"0xd4f", "Neoverse-V2"}};
    if (firstOf(valuesOf(cpuinfo, "CPU implementer")) != "0x41")
        return {};
    const auto parts = valuesOf(cpuinfo, "CPU part");
    for (const auto& [part, core] : kParts)
        if (!parts.empty() && parts.back() == part)  // big cores come last
            return core;
    return {};
}

std::string processorName(const std::string& cpuinfo)
{
    for (const char* key : {"model name", "Processor", "cpu model", "uarch"})
        if (const auto value = firstOf(valuesOf(cpuinfo, key)); !value.empty())
            return value;
    if (const auto core = armCore(cpuinfo); !core.empty())
        return core;
    return firstOf(valuesOf(cpuinfo, "Hardware"));
}

/// Cores in a list as the kernel writes it, "0-3,8".
int countCores(const std::string& list)
{
    int count = 0;
    std::istringstream parts(list);
    for (std::string part; std::getline(parts, part, ',');) {
        int first = 0, last = 0;
        const char* end = part.data() + part.size();
        const auto [dash, ec] = std::from_chars(part.data(), end, first);
        if (ec != std::errc())
            return 0;
        last = first;
        if (dash != end && (*dash != '-' || std::from_chars(dash + 1, end, last).ec != std::errc() || last < first))
            return 0;
        count += last - first + 1;
    }
    return count;
}

double memoryOf(const fs::path& root)
{
    double bytes = 0;
    const auto total = firstOf(valuesOf(readText(root / "proc/meminfo"), "MemTotal"));  // "3884360 kB"
    if (std::from_chars(total.data(), total.data() + total.size(), bytes).ec == std::errc())
        bytes *= 1024;
    if (const auto limit = readNumber(root / "sys/fs/cgroup/memory.max"); limit && *limit > 0)  // a container's
        bytes = bytes > 0 ? std::min(bytes, *limit) : *limit;
    return bytes;
}

std::vector<fs::path> frequencyFolders(const fs::path& root)
{
    std::vector<fs::path> folders;
    std::error_code failure;
    for (const auto& cpu : numbered(root / "sys/devices/system/cpu", "cpu"))
        if (fs::is_directory(cpu / "cpufreq", failure))
            folders.push_back(cpu / "cpufreq");
    return folders;
}

std::optional<double> clockOf(const fs::path& root, const std::vector<fs::path>& folders)
{
    std::optional<double> fastest;
    const auto take = [&](double hz) { fastest = std::max(fastest.value_or(0), hz); };
    for (const auto& folder : folders)
        if (const auto khz = readNumber(folder / "scaling_cur_freq"))
            take(*khz * 1e3);
        else if (const auto measured = readNumber(folder / "cpuinfo_cur_freq"))
            take(*measured * 1e3);
    if (fastest)
        return fastest;
    for (const auto& text : valuesOf(readText(root / "proc/cpuinfo"), "cpu MHz")) {
        double mhz = 0;
        if (std::from_chars(text.data(), text.data() + text.size(), mhz).ec == std::errc() && mhz > 0)
            take(mhz * 1e6);
    }
    return fastest;
}

std::optional<double> warmest(const fs::path& root)
{
    constexpr double kLow = -40, kHigh = 150;  // beyond are sensors that are not connected
    std::optional<double> result;
    for (const auto& zone : numbered(root / "sys/class/thermal", "thermal_zone")) {
        const auto milli = readNumber(zone / "temp");
        if (milli && *milli / 1000 > kLow && *milli / 1000 < kHigh)
            result = std::max(result.value_or(kLow), *milli / 1000);
    }
    return result;
}

// The Raspberry Pi's firmware tells under-voltage, clock capped, throttled, soft temperature limit, all of them now. (The same
// 16 bits higher say that it was so since it started.)
constexpr unsigned kSlowedNow = 0xF, kUnderVoltageNow = 1;

std::optional<unsigned> firmwareFlags(const fs::path& root)
{
    auto text = readText(root / "sys/devices/platform/soc/soc:firmware/get_throttled");
    if (text.starts_with("0x"))
        text.erase(0, 2);
    unsigned flags = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), flags, 16);
    if (text.empty() || ec != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return flags;
}

/// Where the governor is to keep the clock up, a clock well below the most that the processor holds means that something
/// slows it. A boost that is not reached does not count where the system tells the clock without it.
std::optional<bool> clockIsHeldDown(const MachineState& state, const std::vector<fs::path>& folders)
{
    constexpr double kShare = 0.8;
    if (state.governor != "performance" || !state.clockHz)
        return std::nullopt;
    std::optional<double> sustained;
    for (const auto& folder : folders) {
        auto khz = readNumber(folder / "base_frequency");
        if (!khz)
            khz = readNumber(folder / "cpuinfo_max_freq");
        if (khz && *khz > 0)
            sustained = std::max(sustained.value_or(0), *khz * 1e3);
    }
    if (!sustained)
        return std::nullopt;
    return *state.clockHz < kShare * *sustained;
}

}  // namespace

Machine describeMachine(const fs::path& root)
{
    Machine machine;
    const auto cpuinfo = readText(root / "proc/cpuinfo");
    machine.processor = processorName(cpuinfo);
    machine.name = readText(root / "proc/device-tree/model");
    if (machine.name.empty())
        machine.name = firstOf(valuesOf(cpuinfo, "Model"));
    if (machine.name.empty())
        machine.name = machine.processor.empty() ? "unknown" : machine.processor;

    machine.architecture = readText(root / "proc/sys/kernel/arch");  // since Linux 6.1
    utsname names{};
    if (machine.architecture.empty() && ::uname(&names) == 0)
        machine.architecture = names.machine;

    machine.system = firstOf(valuesOf(readText(root / "etc/os-release"), "PRETTY_NAME", '='));
    if (const auto kernel = readText(root / "proc/sys/kernel/osrelease"); !kernel.empty())
        machine.system += (machine.system.empty() ? "Linux " : ", Linux ") + kernel;

    machine.cores = countCores(firstOf(valuesOf(readText(root / "proc/self/status"), "Cpus_allowed_list")));
    if (machine.cores == 0)
        machine.cores = static_cast<int>(valuesOf(cpuinfo, "processor").size());
    machine.memoryBytes = memoryOf(root);
    machine.program = "splitscope " + base::programVersion();
    return machine;
}

MachineState readMachineState(const fs::path& root)
{
    MachineState state;
    const auto folders = frequencyFolders(root);
    for (const auto& folder : folders)
        if (const auto governor = readText(folder / "scaling_governor"); !governor.empty() && !state.governor)
            state.governor = governor;
    state.clockHz = clockOf(root, folders);
    state.temperatureC = warmest(root);
    const auto flags = firmwareFlags(root);
    if (flags)
        state.underVoltage = (*flags & kUnderVoltageNow) != 0;
    const auto clock = clockIsHeldDown(state, folders);
    if (flags || clock)
        state.throttled = (flags && (*flags & kSlowedNow) != 0) || clock.value_or(false);
    return state;
}

std::string toString(const MachineState& state)
{
    std::string text;
    const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
    if (state.governor)
        add("governor " + *state.governor);
    if (state.clockHz)
        add(std::to_string(std::lround(*state.clockHz / 1e6)) + " MHz");
    if (state.temperatureC)
        add(std::to_string(std::lround(*state.temperatureC)) + " °C");
    if (state.throttled)
        add(*state.throttled ? "slowed for heat or a weak supply" : "not slowed");
    return text.empty() ? "the system does not tell clock, temperature or throttling" : text;
}

}  // namespace splitscope::profile
