// SPDX-License-Identifier: GPL-3.0-or-later
// `bench codec`: how fast feature maps become bytes and come back, on one thread.
#pragma once

#include "app/bench/bench_report.h"
#include "core/base/result.h"

#include <stop_token>

namespace splitscope::app {

struct CodecBenchOptions {
    bool full = false;  ///< every width from 2 to 16 bits, and each cut's own rates
    double seconds = 20;
};

/// Encoders and decoders on what alexnet3 makes at all of its cuts, over copying the same floats in the same run.
base::Status runCodecBench(const CodecBenchOptions& options, const std::stop_token& stop, BenchReport& report);

}  // namespace splitscope::app
