// SPDX-License-Identifier: GPL-3.0-or-later
// What a run leaves in a database, made up.
#pragma once

#include "core/session/recorder.h"
#include "core/session/run_environment.h"
#include "core/session/scenario.h"
#include "tests/core/session/session_samples.h"

#include <QFile>
#include <QTest>

namespace recorded {

using namespace splitscope;

constexpr std::uint64_t kRun = 42;

inline session::RunInfo infoOf(std::uint64_t run, std::uint64_t frames)
{
    session::Scenario scenario;
    scenario.frames = frames;
    scenario.seed = 7;
    scenario.coder = codec::EntropyCoder::Huffman;
    scenario.objective.deadlineMs = 12;
    return {.run = run,
            .scenarioJson = session::toJson(scenario),
            .programVersion = "0.0.0",
            .modelHash = "hash",
            .startedMs = static_cast<std::int64_t>(run),
            .scenarioName = "office",
            .weightsHash = "w",
            .codebookHash = "c",
            .tableHash = "t",
            .environmentJson = session::environmentJson("a board")};
}

/// Of a system that does not tell its load.
inline wire::Health machineHealth()
{
    wire::Health health;
    health.temperatureC = 61.5;
    health.memoryBytes = 4'000'000'000;
    health.clockHz = 1.5e9;
    health.throttled = false;
    health.powerWatts = 3.5;
    return health;
}

/// As requests hold it.
inline wire::Health requestHealth()
{
    wire::Health health;
    health.temperatureC = 61.5;
    health.memoryUsedBytes = 1'200'000'000;
    health.clockHz = 1.5e9;
    health.throttled = false;
    health.underVoltage = true;
    health.powerWatts = 4.25;
    return health;
}

inline session::Sample pricedSample(std::uint64_t frame)
{
    auto sample = makeSample(frame, 1, 10 + static_cast<double>(frame % 7) / 8, frame % 4 == 0 ? 1 : 0);
    sample.priced = true;
    sample.reward = 0.75;
    sample.regret = static_cast<double>(frame % 3) / 4;
    sample.expectedAccuracy = 0.875;
    sample.optimum = {3, 9, {codec::CodingKind::Quantized, 4}};
    sample.uplinkChanged = frame % 5 == 0;
    sample.strategyReason = frame % 2 ? "no plan meets 12 ms" : "";
    if (frame % 4 == 1) {
        sample.record.decision.gate = decision::Gate{1, 0.5};
        sample.record.answeredEarly = frame % 8 == 1 ? 1 : 0;
        sample.optimum.gate = decision::Gate{2, 0.25};
    }
    if (frame % 3 > 0)
        sample.health = requestHealth();
    return sample;
}

/// What a run of so many frames leaves; lost frames come last, as they do, and out of order.
inline void record(const std::string& path, std::uint64_t run, std::uint64_t frames, bool ends = true)
{
    auto recorder = session::Recorder::open(path, {});
    QVERIFY2(recorder.ok(), recorder.ok() ? "" : recorder.error().message().c_str());
    (*recorder)->beginRun(infoOf(run, frames));
    for (std::uint64_t frame = 0; frame < frames; ++frame)
        if (frame != 5)
            (*recorder)->add(run, pricedSample(frame));
    if (frames > 5)
        (*recorder)->add(run, makeLost(5, 1));
    (*recorder)->add(run, session::RunEvent{12.5, 1000, "slider", "s 10 → 20 MB/s", "{\"s\":20}"});
    session::RunHealth health;
    health.atMs = 250;
    health.link = "connected";
    health.done = 3;
    health.machine = machineHealth();
    (*recorder)->add(run, health);
    if (ends)
        (*recorder)->endRun(run, "finished");
    QVERIFY((*recorder)->flush(60'000));
}

inline QByteArray contentsOf(const std::string& path)
{
    QFile file(QString::fromStdString(path));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

}  // namespace recorded
