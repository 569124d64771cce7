// SPDX-License-Identifier: GPL-3.0-or-later
// Other programs, run without a shell.
#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace splitscope::base {

/// How a program ended and what it wrote.
struct ProcessResult {
    int exitStatus = 0;  ///< 128 + the signal's number where one killed it, as shells count
    std::string output;
    std::string errors;

    [[nodiscard]] bool ok() const { return exitStatus == 0; }
};

/// Where a program is: in PATH, or in the administrators' folders that ordinary users' PATH leaves out. Empty: nowhere.
std::filesystem::path findProgram(const std::string& name);

/// Runs a program found by findProgram() (or named by its path) with its arguments and an empty standard input, in the calling
/// thread's network namespace. An Error: it is not there, cannot be started, or is not done in time and was killed. What it
/// says with its exit status is the caller's to judge. Keeps the first 16 MiB of each stream.
Result<ProcessResult> runProcess(const std::vector<std::string>& command, double timeoutMs = 10'000);

/// What else a program may be given.
struct ProcessOptions {
    double timeoutMs = 10'000;
    std::string input = {};  ///< its whole standard input
    std::stop_token stop = {};  ///< ends the program (SIGTERM, then SIGKILL); the Error is Cancelled
    std::function<void(std::string_view)> heard = {};  ///< gets its output as it comes, which is then not kept
    std::function<void(pid_t)> started = {};  ///< its process id
    std::function<void(std::size_t)> fed = {};  ///< how many bytes of the input it has taken so far
};

/// As above. A program that leaves children behind is done when it has ended itself, whoever still holds its streams.
Result<ProcessResult> runProcess(const std::vector<std::string>& command, const ProcessOptions& options);

/// As runProcess(), where anything but exit status 0 is an Error that quotes what the program said.
Result<ProcessResult> runProcessOrFail(const std::vector<std::string>& command, double timeoutMs = 10'000);

}  // namespace splitscope::base
