// SPDX-License-Identifier: GPL-3.0-or-later
// How fast long runs are written, opened, exported and reported.
#pragma once

#include "app/bench/bench_report.h"
#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <stop_token>

namespace splitscope::app {

struct RecordsBenchOptions {
    std::uint64_t frames = 1'000'000;
    std::filesystem::path folder;  ///< for the database and the files; empty: a temporary one
};

base::Status runRecordsBench(const RecordsBenchOptions& options, std::stop_token stop, BenchReport& report);

}  // namespace splitscope::app
