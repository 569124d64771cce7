// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/process_usage.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <unistd.h>

namespace splitscope::session {

namespace {

std::filesystem::path folderOf(pid_t pid) { return "/proc/" + std::to_string(pid); }

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

std::vector<std::string> statFields(const std::string& pid)
{
    std::ifstream file("/proc/" + pid + "/stat");
    std::string line;
    std::getline(file, line);
    const auto name = line.rfind(')');  // it may hold blanks and brackets itself
    if (name == std::string::npos)
        return {};
    std::istringstream fields(line.substr(name + 1));
    return {std::istream_iterator<std::string>(fields), {}};
}

bool isStopped(pid_t pid)
{
    const auto stat = statFields(std::to_string(pid));
    return !stat.empty() && stat[0] == "T";
}

pid_t childOf(pid_t parent)
{
    std::error_code failed;
    const std::filesystem::directory_iterator processes("/proc", failed);
    for (auto each = processes; !failed && each != std::filesystem::directory_iterator(); each.increment(failed)) {
        const auto name = each->path().filename().string();
        const bool isProcess = std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
        const auto stat = isProcess ? statFields(name) : std::vector<std::string>();
        if (stat.size() > 1 && stat[0] != "Z" && stat[1] == std::to_string(parent))
            return static_cast<pid_t>(std::atol(name.c_str()));
    }
    return 0;
}

}  // namespace splitscope::session
