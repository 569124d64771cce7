// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/summary.h"

/// A finished request whose labels are all right but the first `wrong` ones.
inline splitscope::session::Sample makeSample(std::uint64_t firstFrame, int count, double totalMs = 10, int wrong = 0)
{
    using namespace splitscope;
    session::Sample sample;
    auto& record = sample.record;
    record.firstFrame = firstFrame;
    record.count = count;
    record.decision = {2, 6, {codec::CodingKind::Quantized, 8}};
    record.decisionAge = 1;
    record.stages.capture = 0.25;
    record.stages.deviceSegment = 3.5;
    record.stages.transfer = 2.125;
    record.stages.total = totalMs;
    record.capturedAtMs = static_cast<double>(firstFrame) * 10;
    record.payloadBytes = 1000;
    record.wireBytes = 1200;
    record.setBytesPerSecond = 1e6;
    record.achievedBytesPerSecond = 9.5e5;
    for (int i = 0; i < count; ++i) {
        record.truths.push_back(i % 10);
        record.labels.push_back(i < wrong ? (i + 1) % 10 : i % 10);
    }
    sample.energyJoules = 0.002;
    sample.rttMs = 1.5;
    return sample;
}

inline splitscope::session::Sample makeLost(std::uint64_t firstFrame, int count)
{
    auto sample = makeSample(firstFrame, count);
    sample.record.outcome = splitscope::wire::Outcome::Lost;
    sample.record.reason = "the daemon was restarted, \"hard\"";
    sample.record.labels.assign(static_cast<std::size_t>(count), -1);
    return sample;
}
