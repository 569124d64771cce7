// SPDX-License-Identifier: GPL-3.0-or-later
// Runs with gates, and what each frame must be answered, whichever half evaluates them.
#pragma once

#include "core/base/softmax.h"
#include "tests/core/exec/device_rig.h"

#include <algorithm>

namespace splitscope::exec::samples {

inline constexpr int kFrames = 24;

/// What an exit's whole path answers to frames of a run.
inline base::Tensor whole(const wire::StartRun& run, const wire::FrameRecord& record, int exit)
{
    FrameSource source(std::make_shared<Noise>(), run.seed);
    const auto input = model::toInput(spec(), *source.read(record.firstFrame, record.count));
    return *executor()->run(exit, 0, decision::onDevice(spec(), exit).partition, *input);
}

/// The entropy that this share of the run's frames lies below at exit 1.
inline double entropyQuantile(double share)
{
    FrameSource source(std::make_shared<Noise>(), 5);
    const auto input = model::toInput(spec(), *source.read(0, kFrames));
    const auto logits = *executor()->run(1, 0, decision::onDevice(spec(), 1).partition, *input);
    std::vector<float> entropies;
    for (int row = 0; row < logits.batch; ++row)
        entropies.push_back(base::softmaxEntropy(logits.row(row)));
    std::sort(entropies.begin(), entropies.end());
    return static_cast<double>(entropies[static_cast<std::size_t>(share * (kFrames - 1))]) + 1e-9;
}

inline wire::StartRun gatedRun(const decision::Decision& decision, int batch)
{
    auto run = startRun(kFrames, decision);
    run.batch = batch;
    run.recordLogits = true;
    run.minFailoverMs = kForever;
    return run;
}

/// Labels and logits are those of the exit that answered, and the right frames were answered early.
inline void verifyAnswer(const wire::StartRun& run, const wire::FrameRecord& record)
{
    const auto& gate = *record.decision.gate;
    const auto head = whole(run, record, gate.exit), rest = whole(run, record, record.decision.exit);
    QVERIFY(record.answeredEarly.has_value());
    for (int frame = 0; frame < record.count; ++frame) {
        QCOMPARE(!record.goesOn(frame), static_cast<double>(base::softmaxEntropy(head.row(frame))) < gate.threshold);
        const auto answer = record.goesOn(frame) ? rest.row(frame) : head.row(frame);
        const auto classes = answer.size();
        QCOMPARE(record.labels[static_cast<std::size_t>(frame)], base::argmax(answer));
        QVERIFY(std::equal(answer.begin(), answer.end(),
                           record.logits.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(frame) * classes)));
    }
}

/// The same of a whole run's records.
inline void verifyAnswers(const wire::StartRun& run, const std::vector<wire::FrameRecord>& records)
{
    QVERIFY(coverExactly(records, kFrames));
    for (const auto& record : records)
        verifyAnswer(run, record);
}

}  // namespace splitscope::exec::samples
