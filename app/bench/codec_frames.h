// SPDX-License-Identifier: GPL-3.0-or-later
// Whole frames, the cut before the first layer: pixels as they are, without loss, and as JPEG.
#pragma once

#include "app/bench/bench_report.h"
#include "app/bench/codec_subject.h"

namespace splitscope::app {

/// `<model>_frame_<coding>_…`; rates count pixels' bytes. The frame model's size has a goal where `goals`.
base::Status measureFrames(const CodecSubject& subject, bool goals, const std::stop_token& stop, BenchReport& report);

}  // namespace splitscope::app
