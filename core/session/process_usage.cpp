// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/process_usage.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <unistd.h>

namespace splitscope::session {

namespace {

std::filesystem::path folderOf(pid_t pid) { return "/proc/" + std::to_string(pid); }

struct Stat {
    char state = 0;  ///< 0: there is no such process
    pid_t parent = 0;
};

/// "pid (name) state parent …"; a name may hold anything, so the last bracket counts.
Stat statOf(pid_t pid)
{
    std::ifstream file(folderOf(pid) / "stat");
    const std::string line(std::istreambuf_iterator<char>(file), {});
    const auto bracket = line.rfind(')');
    Stat stat;
    if (bracket == std::string::npos || bracket + 4 >= line.size())
        return stat;
    stat.state = line[bracket + 2];
    stat.parent = static_cast<pid_t>(std::atol(line.c_str() + bracket + 4));
    return stat;
}

}  // namespace

std::optional<ProcessUsage> usageOf(pid_t pid)
{
    std::ifstream memory(folderOf(pid) / "statm");
    std::uint64_t allPages = 0, residentPages = 0;
    std::error_code failed;
    const std::filesystem::directory_iterator open(folderOf(pid) / "fd", failed);
    if (!(memory >> allPages >> residentPages) || failed || residentPages == 0)
        return std::nullopt;
    ProcessUsage usage;
    usage.residentBytes = residentPages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    for (auto each = open; each != std::filesystem::directory_iterator() && !failed; each.increment(failed))
        ++usage.descriptors;
    return usage;
}

bool isStopped(pid_t pid) { return statOf(pid).state == 'T'; }

pid_t childOf(pid_t parent)
{
    std::error_code failed;
    const std::filesystem::directory_iterator processes("/proc", failed);
    for (auto each = processes; !failed && each != std::filesystem::directory_iterator(); each.increment(failed)) {
        const auto name = each->path().filename().string();
        const bool isProcess = std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
        const auto pid = isProcess ? static_cast<pid_t>(std::atol(name.c_str())) : 0;
        if (pid > 0 && statOf(pid).parent == parent && statOf(pid).state != 'Z')
            return pid;
    }
    return 0;
}

}  // namespace splitscope::session
