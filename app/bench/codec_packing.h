// SPDX-License-Identifier: GPL-3.0-or-later
// Coders that need no codebook, over copying the same floats.
#pragma once

#include "app/bench/bench_report.h"
#include "app/bench/codec_writers.h"

namespace splitscope::app {

/// One picture at every cut after the other; copying, encoding and decoding in turns, for `seconds` in all.
base::Status measurePacking(const CodecSubject& subject, const std::vector<int>& widths, double seconds,
                            const std::stop_token& stop, BenchReport& report);

}  // namespace splitscope::app
