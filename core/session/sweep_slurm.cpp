// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/sweep.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace splitscope::session {

namespace {

constexpr const char* kScript = R"(#!/bin/bash
# Runs what is left of the sweep @name@: sbatch @script@
# Afterwards, where this folder is seen: splitscope-cli sweep show @folder@
#SBATCH --job-name=splitscope-sweep
#SBATCH --array=0-@last@@limit@
#SBATCH --cpus-per-task=@cpus@
#SBATCH --chdir=@here@
#SBATCH --output=@folder@/slurm-%A_%a.log
status=0
for ((cell = SLURM_ARRAY_TASK_ID; cell < @cells@; cell += @tasks@)); do
  @program@ sweep cell @folder@ "$cell" || status=1
done
exit "$status"
)";

/// One word of a shell.
std::string word(const std::string& text)
{
    const bool plain = std::ranges::all_of(text, [](unsigned char c) {
        return std::isalnum(c) || std::string_view("/._-+").find(static_cast<char>(c)) != std::string_view::npos;
    });
    if (plain && !text.empty())
        return text;
    std::string quoted = "'";
    for (const char c : text)
        quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return quoted + "'";
}

}  // namespace

std::string slurmScript(const Sweep& sweep, const std::filesystem::path& folder, const std::filesystem::path& program, int jobs,
                        int cpus)
{
    constexpr std::size_t kMostTasks = 1000;  // Slurm's usual MaxArraySize is 1001
    const auto tasks = std::clamp<std::size_t>(sweep.cells.size(), 1, kMostTasks);
    const std::pair<std::string, std::string> values[] = {
        {"@name@", word(sweep.name)},
        {"@script@", word((folder / "sweep.sbatch").string())},
        {"@folder@", word(folder.string())},
        {"@last@", std::to_string(tasks - 1)},
        {"@limit@", jobs > 0 ? "%" + std::to_string(jobs) : ""},
        {"@cpus@", std::to_string(cpus)},
        {"@here@", word(std::filesystem::current_path().string())},
        {"@cells@", std::to_string(sweep.cells.size())},
        {"@tasks@", std::to_string(tasks)},
        {"@program@", word(program.string())},
    };
    std::string script = kScript;
    for (const auto& [place, value] : values)
        for (auto at = script.find(place); at != std::string::npos; at = script.find(place, at + value.size()))
            script.replace(at, place.size(), value);
    return script;
}

}  // namespace splitscope::session
