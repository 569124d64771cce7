// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bench/records_bench.h"

#include "app/bench/bench_samples.h"

#include "core/base/clock.h"
#include "core/session/exports.h"
#include "core/session/report.h"

#include <algorithm>
#include <cmath>

namespace splitscope::app {

namespace {

constexpr double kExportGoal = 3, kOpenGoal = 1;  // seconds for 1 M frames
constexpr std::uint64_t kGoalFrames = 1'000'000;

}  // namespace

base::Status runRecordsBench(const RecordsBenchOptions& options, std::stop_token stop, BenchReport& report)
{
    const BenchFolder folder(options.folder);
    const session::RunKey key{folder.path() / "bench-records.sqlite", kBenchRun};
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
    const double writing = measure(1, [&] { return writeBenchRun(key, options.frames, stop); });
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
