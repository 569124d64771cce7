// SPDX-License-Identifier: GPL-3.0-or-later
// How the dashboard keeps up with a day of samples, how soon it is there, and what holds it up.
#pragma once

#include "app/bench/bench_report.h"
#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <stop_token>

namespace splitscope::app {

struct UiBenchOptions {
    std::uint64_t frames = 1'000'000;
    int starts = 3;
    std::filesystem::path folder;  ///< for the database and the files; empty: a temporary one
};

/// Runs the dashboard program, which measures itself; without a screen unless QT_QPA_PLATFORM says otherwise.
base::Status runUiBench(const UiBenchOptions& options, std::stop_token stop, BenchReport& report);

}  // namespace splitscope::app
