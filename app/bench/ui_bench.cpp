// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bench/ui_bench.h"

#include "app/bench/bench_samples.h"
#include "core/base/clock.h"
#include "core/base/files.h"
#include "core/base/process.h"
#include "core/session/exports.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <cstdlib>

namespace splitscope::app {

namespace {

namespace fs = std::filesystem;

constexpr double kFrameGoalMs = 4, kBlockGoalMs = 16, kWindowGoalMs = 1000, kSampleGoalMs = 2000, kBytesGoal = 12;
constexpr double kOpenGoal = 1, kExportGoal = 3;  // seconds for 1 M frames
constexpr double kStartPatienceMs = 60'000, kPatienceMs = 900'000;

fs::path dashboardProgram()
{
    std::error_code failure;
    return fs::read_symlink("/proc/self/exe", failure).parent_path() / "splitscope";
}

std::optional<Goal> goalOf(const QString& metric)
{
    if (metric.startsWith(QLatin1String("follow_")) && metric.endsWith(QLatin1String("_p99_ms")))
        return Goal{kFrameGoalMs, true};
    if (metric.startsWith(QLatin1String("block_")))
        return Goal{kBlockGoalMs, true};
    if (metric == QLatin1String("bytes_per_value"))
        return Goal{kBytesGoal, true};
    if (metric == QLatin1String("open_long_run_s"))
        return Goal{kOpenGoal, true};
    return metric == QLatin1String("export_chart_csv_s") ? std::optional(Goal{kExportGoal, true}) : std::nullopt;
}

/// What the dashboard program measures of itself with these arguments.
base::Result<QJsonObject> measured(std::vector<std::string> arguments, const fs::path& json, double patienceMs)
{
    arguments.insert(arguments.begin(), dashboardProgram().string());
    if (const auto done = base::runProcessOrFail(arguments, patienceMs); !done)
        return done.error();
    const auto bytes = base::readFile(json, 1 << 20);
    if (!bytes)
        return bytes.error();
    return QJsonDocument::fromJson(QByteArray::fromStdString(std::string(base::asText(*bytes)))).object();
}

base::Status benchStarts(int starts, const fs::path& folder, BenchReport& report)
{
    std::vector<double> windows, samples;
    for (int i = 0; i <= starts; ++i) {
        const auto json = folder / "start.json";
        const auto start
            = measured({"--out", (folder / "start").string(), "--bench-start", json.string()}, json, kStartPatienceMs);
        if (!start)
            return start.error();
        if (i == 0)
            continue;  // warms the caches
        const QJsonObject metrics = (*start)[QLatin1String("metrics")].toObject();
        windows.push_back(metrics[QLatin1String("window_ms")].toDouble());
        samples.push_back(metrics[QLatin1String("sample_ms")].toDouble());
    }
    report.add("start_to_window_ms", quantile(windows, 0.5), Goal{kWindowGoalMs, true});
    report.add("start_to_first_sample_ms", quantile(samples, 0.5), Goal{kSampleGoalMs, true});
    return {};
}

}  // namespace

base::Status runUiBench(const UiBenchOptions& options, std::stop_token stop, BenchReport& report)
{
    if (std::error_code failure; !fs::exists(dashboardProgram(), failure))
        return base::Error{base::ErrorCode::NotFound, "the dashboard program is not installed: nothing can be measured",
                           dashboardProgram().string()};
    ::setenv("QT_QPA_PLATFORM", "offscreen", 0);
    const BenchFolder folder(options.folder);
    const session::RunKey key{folder.path() / "records.sqlite", kBenchRun};
    std::error_code ec;
    for (const char* suffix : {"", "-wal", "-shm"})
        fs::remove(key.records.string() + suffix, ec);
    if (const auto written = writeBenchRun(key, options.frames, stop); !written)
        return written;
    const auto exportStart = base::nowNs();
    if (const auto done = session::exportCsv(key, session::ExportTable::Requests, folder.path() / "bench.csv", stop); !done)
        return done;
    report.add("export_run_csv_s", base::toMs(base::nowNs() - exportStart) / 1000, Goal{kExportGoal, true});
    if (const auto started = benchStarts(options.starts, folder.path(), report); !started)
        return started;
    const auto json = folder.path() / "ui.json";
    const auto ui = measured(
        {"--out", folder.path().string(), "--bench-samples", std::to_string(options.frames), "--bench-ui", json.string()}, json,
        kPatienceMs);
    if (!ui)
        return ui.error();
    const QJsonObject metrics = (*ui)[QLatin1String("metrics")].toObject();
    for (auto metric = metrics.begin(); metric != metrics.end(); ++metric)
        report.add(metric.key().toStdString(), metric.value().toDouble(), goalOf(metric.key()));
    for (const auto& note : (*ui)[QLatin1String("notes")].toArray())
        report.note(note.toString().toStdString());
    report.note("goals are of 1,000,000 frames; drawn by the platform " + std::string(std::getenv("QT_QPA_PLATFORM")));
    return {};
}

}  // namespace splitscope::app
