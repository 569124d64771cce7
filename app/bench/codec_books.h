// SPDX-License-Identifier: GPL-3.0-or-later
// What coders with a shipped codebook make of feature maps that it was not trained on: bytes, and time.
#pragma once

#include "app/bench/codec_bench.h"

namespace splitscope::app {

/// On frames of the data set that a codebook of alexnet3 is shipped for; where none is, a note says so and nothing is measured.
base::Status measureBooks(const CodecBenchOptions& options, double seconds, const std::stop_token& stop, BenchReport& report);

}  // namespace splitscope::app
