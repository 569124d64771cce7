// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bench/bench_samples.h"

#include "core/base/clock.h"
#include "core/session/recorder.h"
#include "core/session/run_environment.h"
#include "core/session/scenario.h"

namespace splitscope::app {

session::Sample benchSample(std::uint64_t frame, base::Random& random)
{
    const auto real
        = [&random](double low, double high) { return low + (high - low) * static_cast<double>(random.bits() >> 11) * 0x1p-53; };
    session::Sample sample;
    auto& record = sample.record;
    record.firstFrame = frame;
    record.decision
        = {1 + static_cast<int>(frame / 50 % 3), 4, {codec::CodingKind::Quantized, 4 + static_cast<int>(frame / 20 % 5)}};
    record.decisionAge = 1;
    auto& s = record.stages;
    for (auto* ms : {&s.capture, &s.deviceSegment, &s.encode, &s.transfer, &s.edgeQueue, &s.decode, &s.edgeSegment, &s.reply}) {
        *ms = real(0.01, 4);
        s.total += *ms;
    }
    record.capturedAtMs = static_cast<double>(frame) * 86.4 + real(0, 1);  // 1 M of them: a day
    record.payloadBytes = 1800 + frame % 97;
    record.wireBytes = record.payloadBytes + 120;
    record.setBytesPerSecond = 1e6;
    record.achievedBytesPerSecond = real(8e5, 1e6);
    record.labels = {static_cast<int>(frame % 10)};
    record.truths = {static_cast<int>(frame * 7 / 9 % 10)};
    sample.energyJoules = real(0.001, 0.004);
    sample.rttMs = real(1, 2);
    sample.estimatedBytesPerSecond = real(8e5, 1e6);
    sample.estimateLow = real(7e5, 8e5);
    sample.estimateHigh = real(1e6, 1.1e6);
    sample.priced = true;
    sample.reward = real(0, 2);
    sample.regret = real(0, 0.2);
    sample.expectedAccuracy = 0.8;
    sample.optimum = record.decision;
    return sample;
}

base::Status writeBenchRun(const session::RunKey& key, std::uint64_t frames, const std::stop_token& stop)
{
    auto recorder = session::Recorder::open(key.records, {});
    if (!recorder)
        return recorder.error();
    session::Scenario scenario;
    scenario.frames = frames;
    session::RunInfo info;
    info.run = key.run;
    info.scenarioJson = session::toJson(scenario);
    info.environmentJson = session::environmentJson({});
    (*recorder)->beginRun(std::move(info));
    base::Random random(1);
    constexpr std::uint64_t kAtOnce = 20'000;  // in memory
    for (std::uint64_t frame = 0; frame < frames; ++frame) {
        (*recorder)->add(key.run, benchSample(frame, random));
        constexpr double kPatienceMs = 60'000;
        if (frame % kAtOnce != kAtOnce - 1)
            continue;
        if (stop.stop_requested())
            return base::Error{base::ErrorCode::Cancelled, "stopped", "bench"};
        if (!(*recorder)->flush(kPatienceMs))
            return base::Error{base::ErrorCode::Io, "cannot be written fast enough to be measured", key.records.string()};
    }
    (*recorder)->endRun(key.run, "finished");
    return {};  // the recorder's destructor writes the rest
}

BenchFolder::BenchFolder(std::filesystem::path named) : m_isOurs(named.empty())
{
    std::error_code ec;
    m_path = m_isOurs ? std::filesystem::temp_directory_path() / ("splitscope-bench-" + std::to_string(base::nowNs()))
                      : std::move(named);
    std::filesystem::create_directories(m_path, ec);
}

BenchFolder::~BenchFolder()
{
    std::error_code ec;
    if (m_isOurs)
        std::filesystem::remove_all(m_path, ec);
}

}  // namespace splitscope::app
