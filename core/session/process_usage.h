// SPDX-License-Identifier: GPL-3.0-or-later
// What another process of this machine takes, as /proc tells it. Functions may be called from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace splitscope::session {

struct ProcessUsage {
    std::uint64_t residentBytes = 0;
    int descriptors = 0;  ///< open
};

/// Nothing where there is no such process, or it is not ours to look at.
std::optional<ProcessUsage> usageOf(pid_t pid);
/// Its fields of /proc/PID/stat behind the name: state, parent, …; none where there is no such process.
std::vector<std::string> statFields(const std::string& pid);
/// SIGSTOP, until SIGCONT.
bool isStopped(pid_t pid);
/// A process that this one has started; 0: none.
pid_t childOf(pid_t pid);

}  // namespace splitscope::session
