// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/verbs/run_fleet.h"

#include "app/text_format.h"
#include "app/verbs/verbs.h"
#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/units.h"
#include "core/session/exports.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <cstdio>

namespace splitscope::app {

namespace {

constexpr double kLookMs = 100;
constexpr double kTellMs = 2'000;

/// Says on standard error what goes wrong, and with which device.
class Troubles final : public session::FleetObserver {
public:
    explicit Troubles(const std::vector<session::FleetMember>& members)
    {
        for (const auto& member : members)
            m_names.push_back(member.name);
    }
    void onSample(std::size_t, const session::Sample&) override {}
    void onStatus(std::size_t, const session::ExperimentStatus&) override {}
    void onTrouble(std::size_t device, const base::Error& error) override
    {
        std::fprintf(stderr, "%s: %s\n", m_names[device].c_str(), error.message().c_str());
    }

private:
    std::vector<std::string> m_names;
};

/// One line while it runs.
std::string progress(const session::FleetStatistics& now)
{
    std::size_t working = 0;
    for (const auto& device : now.devices)
        working += device.phase == session::Phase::Running ? 1 : 0;
    return format("%zu of %zu devices run, %llu frames, %.0f frames/s, T p50 %s p99 %s, %llu fallbacks\n", working,
                  now.devices.size(), static_cast<unsigned long long>(now.frames), now.framesPerSecond,
                  base::formatMs(now.p50Ms).c_str(), base::formatMs(now.p99Ms).c_str(),
                  static_cast<unsigned long long>(now.fallback));
}

double meanBatchRows(const exec::EdgeServiceStatistics& edge)
{
    std::uint64_t batches = 0;
    for (std::size_t rows = 1; rows < edge.batchesOfRows.size(); ++rows)
        batches += edge.batchesOfRows[rows];
    return batches ? static_cast<double>(edge.rows) / static_cast<double>(batches) : 0;
}

std::string table(const session::Fleet& fleet, const session::FleetStatistics& end)
{
    auto lines = format("%-20s %-9s %9s %9s %7s %10s %10s %10s %9s %6s %9s\n", "device", "state", "frames", "frames/s", "share",
                        "T p50", "p95", "p99", "fallback", "batch", "accuracy");
    for (std::size_t i = 0; i < fleet.size(); ++i) {
        const auto& device = end.devices[i];
        const auto summary = fleet.experiment(i).summary();
        lines += format("%-20s %-9s %9llu %9.1f %6.1f%% %10s %10s %10s %9llu %6.1f %8.2f%%\n", device.name.c_str(),
                        session::toString(device.phase).c_str(), static_cast<unsigned long long>(device.frames),
                        summary.framesPerSecond(), 100 * device.share, base::formatMs(summary.latencyMs(0.5)).c_str(),
                        base::formatMs(summary.latencyMs(0.95)).c_str(), base::formatMs(summary.latencyMs(0.99)).c_str(),
                        static_cast<unsigned long long>(device.fallback), device.edge.meanBatchRows, 100 * summary.accuracy());
    }
    return lines
        + format("all: %llu frames, %llu fallbacks, %llu lost; largest share over smallest %.2f; %.1f rows a batch, the edge's "
                 "half "
                 "busy for %s\n",
                 static_cast<unsigned long long>(end.frames), static_cast<unsigned long long>(end.fallback),
                 static_cast<unsigned long long>(end.lost), end.shareMaxOverMin, meanBatchRows(end.edge),
                 base::formatMs(end.edge.busyMs).c_str());
}

QJsonObject edgeJson(const exec::EdgeDeviceStatistics& edge)
{
    return {{"served", static_cast<qint64>(edge.served)},
            {"crowded_out", static_cast<qint64>(edge.crowdedOut)},
            {"compute_ms", edge.computeMs},
            {"mean_batch_rows", edge.meanBatchRows}};
}

std::string toJson(const session::Fleet& fleet, const session::FleetStatistics& end)
{
    QJsonArray devices;
    double fps = 0;
    for (std::size_t i = 0; i < fleet.size(); ++i) {
        const auto summary = fleet.experiment(i).summary();
        auto device = QJsonDocument::fromJson(QByteArray::fromStdString(summary.toJson())).object();
        fps += summary.framesPerSecond();
        device.insert("name", QString::fromStdString(end.devices[i].name));
        device.insert("state", QString::fromStdString(session::toString(end.devices[i].phase)));
        device.insert("share", end.devices[i].share);
        device.insert("edge", edgeJson(end.devices[i].edge));
        devices.append(device);
    }
    const QJsonObject fleetObject{{"devices", devices},
                                  {"frames", static_cast<qint64>(end.frames)},
                                  {"done", static_cast<qint64>(end.done)},
                                  {"fallback", static_cast<qint64>(end.fallback)},
                                  {"lost", static_cast<qint64>(end.lost)},
                                  {"fps", fps},
                                  {"latency_ms", QJsonObject{{"p50", end.p50Ms}, {"p95", end.p95Ms}, {"p99", end.p99Ms}}},
                                  {"share_max_over_min", end.shareMaxOverMin},
                                  {"edge",
                                   QJsonObject{{"requests", static_cast<qint64>(end.edge.requests)},
                                               {"rows", static_cast<qint64>(end.edge.rows)},
                                               {"busy_ms", end.edge.busyMs},
                                               {"mean_batch_rows", meanBatchRows(end.edge)}}}};
    return QJsonDocument(fleetObject).toJson(QJsonDocument::Compact).toStdString();
}

void follow(session::Fleet& fleet, const std::stop_token& stop)
{
    bool stopping = false;
    auto toldNs = base::nowNs();
    while (!fleet.waitUntilEnded(kLookMs)) {
        if (stop.stop_requested() && !stopping) {
            stopping = true;
            fleet.stop();
        }
        if (base::toMs(base::nowNs() - toldNs) < kTellMs)
            continue;
        toldNs = base::nowNs();
        std::fputs(progress(fleet.statistics()).c_str(), stderr);
    }
}

base::Status exportFrames(const session::Fleet& fleet, const std::filesystem::path& out)
{
    for (std::size_t i = 0; i < fleet.size(); ++i) {
        const auto file = out / ("frames-" + fleet.member(i).name + ".csv");
        if (auto written = session::exportRequestsCsv(out / "records.sqlite", fleet.experiment(i).run(), file); !written)
            return written;
    }
    return {};
}

}  // namespace

int runFleet(std::vector<session::FleetMember> members, const std::filesystem::path& out, bool json, const std::stop_token& stop)
{
    base::setLogLevel(base::LogLevel::Warning);
    Troubles troubles(members);
    auto started = session::Fleet::start(std::move(members), &troubles);
    if (!started)
        return fail(started.error());
    auto& fleet = **started;
    follow(fleet, stop);
    const auto end = fleet.statistics();
    std::puts((json ? toJson(fleet, end) : table(fleet, end)).c_str());
    if (!out.empty())
        if (const auto written = exportFrames(fleet, out); !written)
            return fail(written.error());
    for (const auto& device : end.devices)
        if (device.phase == session::Phase::Failed)
            return kFailed;
    return kDone;
}

}  // namespace splitscope::app
