// SPDX-License-Identifier: GPL-3.0-or-later
// `bench codec`: what feature maps and frames come to in bytes, and how fast, on one thread.
#pragma once

#include "app/bench/bench_report.h"
#include "core/base/result.h"

#include <stop_token>

namespace splitscope::app {

struct CodecBenchOptions {
    bool full = false;  ///< every width from 2 to 16 bits, more pictures, and tables of each cut; otherwise within 45 s
    std::vector<std::string> models;  ///< empty: alexnet3 and alexnet3-128
    double seconds = 8;  ///< for packing over copying
};

/// All cuts × bits × coders of each network; the goals are those of the first.
base::Status runCodecBench(const CodecBenchOptions& options, const std::stop_token& stop, BenchReport& report);

}  // namespace splitscope::app
