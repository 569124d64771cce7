// SPDX-License-Identifier: GPL-3.0-or-later
// `--self-test` of every program: whether what is installed here works, in a table and an exit status.
#pragma once

#include "core/exec/self_check.h"

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

namespace splitscope::session {

struct SelfTestOptions {
    std::string program = "splitscope";  ///< as it calls itself in the table
    std::filesystem::path daemonProgram;  ///< for the link; empty: as LoopbackDaemon finds it
    exec::SelfCheckSink progress = {};  ///< hears of each finding as soon as it is there; may be empty
};

struct SelfTest {
    std::string program;  ///< "splitscoped 0.1.0"
    std::vector<exec::SelfCheck> checks;

    [[nodiscard]] bool passed() const;
};

/// All checks: processor, backends, models, codecs, and a link over which a daemon on this machine runs 20 frames with this
/// process as the edge. Takes some seconds. Once stopped it goes no further, and what is left fails.
SelfTest runSelfTest(const SelfTestOptions& options, const std::stop_token& stop);

/// The link's check alone.
exec::SelfCheck checkLink(const std::filesystem::path& daemonProgram, const std::stop_token& stop);

/// A row a check, and a last line with the verdict.
std::string toText(const SelfTest& test);
/// {"program", "passed", "checks": [{"part", "subject", "passed", "found"}…]}
std::string toJson(const SelfTest& test);

/// What a program does with `--self-test [--json]`: runs it, prints, and gives the exit status (0 passed, 1 failed, 2 for other
/// arguments). `arguments` are those behind --self-test.
int selfTestMain(const std::string& program, const std::vector<std::string>& arguments, const std::stop_token& stop);

}  // namespace splitscope::session
