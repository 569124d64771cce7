// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bench/records_bench.h"

#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/session/exports.h"
#include "core/session/recorder.h"
#include "core/session/report.h"
#include "core/session/run_environment.h"
#include "core/session/scenario.h"

#include <algorithm>
#include <cmath>

namespace splitscope::app {

namespace {

constexpr std::uint64_t kRun = 1;
constexpr double kExportGoal = 3, kOpenGoal = 1;  // seconds for 1 M frames
constexpr std::uint64_t kGoalFrames = 1'000'000;

/// As a run of changing decisions leaves it: no value is the one before.
session::Sample sampleOf(std::uint64_t frame, base::Random& random)
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

base::Status writeRun(const std::filesystem::path& records, std::uint64_t frames, const std::stop_token& stop)
{
    auto recorder = session::Recorder::open(records, {});
    if (!recorder)
        return recorder.error();
    session::Scenario scenario;
    scenario.frames = frames;
    session::RunInfo info;
    info.run = kRun;
    info.scenarioJson = session::toJson(scenario);
    info.environmentJson = session::environmentJson({});
    (*recorder)->beginRun(std::move(info));
    base::Random random(1);
    constexpr std::uint64_t kAtOnce = 20'000;  // in memory
    for (std::uint64_t frame = 0; frame < frames; ++frame) {
        (*recorder)->add(kRun, sampleOf(frame, random));
        constexpr double kPatienceMs = 60'000;
        if (frame % kAtOnce != kAtOnce - 1)
            continue;
        if (stop.stop_requested())
            return base::Error{base::ErrorCode::Cancelled, "stopped", "bench records"};
        if (!(*recorder)->flush(kPatienceMs))
            return base::Error{base::ErrorCode::Io, "cannot be written fast enough to be measured", records.string()};
    }
    (*recorder)->endRun(kRun, "finished");
    return {};  // the recorder's destructor writes the rest
}

/// A folder that goes when it is not needed any more.
class Folder {
public:
    explicit Folder(std::filesystem::path named) : m_isOurs(named.empty())
    {
        std::error_code ec;
        m_path = m_isOurs ? std::filesystem::temp_directory_path() / ("splitscope-bench-" + std::to_string(base::nowNs()))
                          : std::move(named);
        std::filesystem::create_directories(m_path, ec);
    }
    ~Folder()
    {
        std::error_code ec;
        if (m_isOurs)
            std::filesystem::remove_all(m_path, ec);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
    bool m_isOurs;
};

}  // namespace

base::Status runRecordsBench(const RecordsBenchOptions& options, std::stop_token stop, BenchReport& report)
{
    const Folder folder(options.folder);
    const session::RunKey key{folder.path() / "bench-records.sqlite", kRun};
    const bool hasGoals = options.frames == kGoalFrames;
    const auto goal = [hasGoals](double limit) { return hasGoals ? std::optional<Goal>(Goal{limit, true}) : std::nullopt; };
    base::Status done;
    /// Best of `times`: what the machine does beside it is not what is measured.
    const auto measure = [&](int times, const std::function<base::Status()>& work) {
        double best = 1e300;
        for (int i = 0; i < times && done.ok() && !stop.stop_requested(); ++i) {
            const auto start = base::nowNs();
            done = work();
            best = std::min(best, base::toMs(base::nowNs() - start) / 1000);
        }
        return best;
    };
    std::error_code ec;
    for (const char* suffix : {"", "-wal", "-shm"})
        std::filesystem::remove(key.records.string() + suffix, ec);
    const auto frames = static_cast<double>(options.frames);
    const double writing = measure(1, [&] { return writeRun(key.records, options.frames, stop); });
    constexpr int kTimes = 3;
    const double opening = measure(kTimes, [&]() -> base::Status {
        const auto run = session::readRun(key, stop);
        if (!run)
            return run.error();
        if (run->size() != options.frames)
            return base::Error{base::ErrorCode::Internal, "not all requests were read", key.records.string()};
        return {};
    });
    const double listing = measure(1, [&]() -> base::Status {
        const auto list = session::listRuns(key.records, stop);
        return list ? base::Status() : list.error();
    });
    const auto csv = folder.path() / "bench-records.csv";
    const double exporting = measure(kTimes, [&] { return session::exportCsv(key, session::ExportTable::Requests, csv, stop); });
    const auto csvBytes = static_cast<double>(std::filesystem::file_size(csv, ec));
    const double reporting = measure(1, [&] { return session::writeReport(key, folder.path() / "bench-records.html", stop); });
    if (!done)
        return done;
    if (stop.stop_requested())
        return base::Error{base::ErrorCode::Cancelled, "stopped", "bench records"};
    report.add("frames", frames);
    report.add("write_frames_per_second", frames / writing);
    report.add("open_s", opening, goal(kOpenGoal));
    report.add("list_first_s", listing);
    report.add("export_csv_s", exporting, goal(kExportGoal));
    report.add("report_s", reporting);
    report.add("database_bytes_per_frame", static_cast<double>(std::filesystem::file_size(key.records, ec)) / frames);
    report.add("csv_bytes_per_frame", csvBytes / frames);
    report.note("batch 1: a request a frame; opening reads all series into memory; best of three for opening and exporting");
    return {};
}

}  // namespace splitscope::app
