// SPDX-License-Identifier: GPL-3.0-or-later
// Made-up runs in a real records file, for tests of what reads them.
#pragma once

#include "core/session/recorder.h"
#include "core/session/scenario.h"
#include "tests/gui/synthetic_run.h"

#include <filesystem>

namespace splitscope::ui {

struct RecordedRun {
    std::uint64_t run = 0;
    std::string strategy;
    std::uint64_t seed = 1;
    double extraMs = 0;  ///< of every request's latency
    std::int64_t startedMs = 1'700'000'000'000;
    int requests = 300;
};

/// A step down and up again, so that there are two rates.
inline session::Sample recordedSample(const RecordedRun& run, int i)
{
    session::Sample sample = syntheticSample(i);
    auto& record = sample.record;
    const bool slow = i * 3 / run.requests == 1;
    record.setBytesPerSecond = slow ? 250'000 : 1'000'000;
    record.achievedBytesPerSecond = 0.93 * record.setBytesPerSecond;
    record.stages.transfer += run.extraMs + static_cast<double>((i + static_cast<int>(run.seed) * 3) % 9) * 0.2 + (slow ? 9 : 0);
    record.stages.total = record.stages.deviceSegment + record.stages.transfer + 1;
    record.labels = {(i + static_cast<int>(run.seed)) % 10 < 7 ? 3 : 4};
    record.truths = {3};
    sample.energyJoules = 0.012 + run.extraMs * 1e-4;
    sample.reward = 12 / record.stages.total;
    return sample;
}

/// Records runs one after the other; false where the file could not be written.
inline bool recordRuns(const std::filesystem::path& records, const std::vector<RecordedRun>& runs)
{
    auto recorder = session::Recorder::open(records, {});
    if (!recorder)
        return false;
    for (const auto& run : runs) {
        session::Scenario scenario = session::Scenario::demonstration();
        scenario.model = "alexnet3";
        scenario.strategy = run.strategy;
        scenario.seed = run.seed;
        scenario.bandwidth = "1MB/s";
        scenario.frames = static_cast<std::uint64_t>(run.requests);
        (*recorder)->beginRun({run.run, session::toJson(scenario), "1.0", "hash", run.startedMs});
        for (int i = 0; i < run.requests; ++i)
            (*recorder)->add(run.run, recordedSample(run, i));
        (*recorder)->endRun(run.run, "finished");
    }
    return (*recorder)->flush(20'000);
}

/// Three strategies with three seeds each, an hour apart; one whole run is slower by its strategy.
inline std::vector<RecordedRun> threeStrategies(int requests = 300)
{
    std::vector<RecordedRun> runs;
    std::uint64_t id = 1;
    for (std::uint64_t seed = 1; seed <= 3; ++seed)
        for (const auto& [strategy, extraMs] : {std::pair("on-device", 12.0), {"sacd", 0.0}, {"dqn", 1.5}}) {
            runs.push_back(
                {id, strategy, seed, extraMs, 1'700'000'000'000 + static_cast<std::int64_t>(id) * 3'600'000, requests});
            ++id;
        }
    return runs;
}

}  // namespace splitscope::ui
