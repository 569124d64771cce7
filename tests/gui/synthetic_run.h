// SPDX-License-Identifier: GPL-3.0-or-later
// A made-up run, for tests of what draws.
#pragma once

#include "ui/models/sample_store.h"

#include <functional>

namespace splitscope::ui {

inline session::Sample syntheticSample(int i)
{
    session::Sample sample;
    auto& record = sample.record;
    record.firstFrame = static_cast<std::uint64_t>(i);
    record.capturedAtMs = 40.0 * i;
    record.decision = {1 + i / 100 % 3, 4, {codec::CodingKind::Quantized, i / 50 % 2 ? 8 : 4}};
    record.stages.deviceSegment = 5 + i % 7 * 0.2;
    record.stages.transfer = 9 + i % 5;
    record.stages.edgeSegment = 1;
    record.stages.total = record.stages.deviceSegment + record.stages.transfer + 1;
    record.payloadBytes = 4096;
    record.wireBytes = 4400;
    record.setBytesPerSecond = 731'250;
    record.achievedBytesPerSecond = 600'000 + i % 11 * 1e4;
    record.labels = {3};
    record.truths = {i % 4 ? 3 : 2};
    sample.runningAccuracy = 0.75;
    sample.energyJoules = 0.012;
    sample.rttMs = 10.5;
    sample.priced = true;
    sample.expectedAccuracy = i % 2 ? 0.9 : 0.7;
    sample.reward = 0.5 + i % 10 * 0.01;
    sample.regret = i % 10 * 0.02;
    return sample;
}

inline std::vector<session::Sample> syntheticRun(int count, const std::function<void(session::Sample&, int)>& change = {})
{
    std::vector<session::Sample> samples;
    for (int i = 0; i < count; ++i) {
        samples.push_back(syntheticSample(i));
        if (change)
            change(samples.back(), i);
    }
    return samples;
}

inline void fillStore(SampleStore& store, int count, const std::function<void(session::Sample&, int)>& change = {})
{
    for (const auto& sample : syntheticRun(count, change))
        store.append(sample);
}

}  // namespace splitscope::ui
