// SPDX-License-Identifier: GPL-3.0-or-later
// `bench policy`: how near learned policies come to what is possible, how fast they learn and decide.
#pragma once

#include "app/bench/bench_report.h"
#include "app/verbs/ground.h"

#include <stop_token>

namespace splitscope::app {

struct PolicyBenchOptions {
    Ground ground;
    bool full = false;  ///< five seeds of everything; otherwise three of SAC-d in `paper` and one of the rest, within 45 s
    std::filesystem::path python;  ///< sacd_update.py, which trains with Python's PyTorch; dqn_update.py lies beside it
};

base::Status runPolicyBench(const PolicyBenchOptions& options, const std::stop_token& stop, BenchReport& report);

/// Updates of SAC-d and DQN per second over Python's PyTorch in the same run (policy_speed.cpp). Without it a note says so.
base::Status reportUpdateSpeed(const PolicyBenchOptions& options, const OpenGround& ground, const std::stop_token& stop,
                               BenchReport& report);

}  // namespace splitscope::app
