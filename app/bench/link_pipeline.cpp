// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bench/bench_run.h"
#include "app/bench/link_bench.h"

#include <algorithm>
#include <cmath>

namespace splitscope::app {

namespace {

/// A run in which one stage is by far the slowest.
struct PipelineCase {
    const char* slowest;
    decision::Decision decision;
    double bytesPerSecond;
    double slowdown;
    std::size_t frames;
};

constexpr int kDepth = 4;
constexpr std::size_t kWarmUp = 10;

// Small pictures: reading larger ones takes the device about as long as the edge computes.
const PipelineCase kCases[] = {{"device", {2, 6, {codec::CodingKind::Quantized, 8}}, INFINITY, 8, 120},
                               {"link", {3, 3, {codec::CodingKind::Quantized, 8}}, 1e6, 1, 100},
                               {"edge", {3, 0, {codec::CodingKind::Raw, 0}}, INFINITY, 1, 200}};

base::Result<std::vector<wire::FrameRecord>> runCase(BenchRun& run, const PipelineCase& one, std::size_t frames,
                                                     link::HostPair& hosts)
{
    if (auto status = hosts.shape(one.bytesPerSecond); !status)
        return status.error();
    run.setSlowdown(one.slowdown);
    if (const auto first = run.decide(one.decision); !first)
        return first.error();
    if (const auto filled = run.nextRecords(kWarmUp); !filled)
        return filled.error();
    return run.nextRecords(frames);
}

/// Frames per second from the first label to the last.
double throughput(const std::vector<wire::FrameRecord>& records)
{
    std::vector<double> doneAtMs;
    doneAtMs.reserve(records.size());
    for (const auto& record : records)
        doneAtMs.push_back(record.capturedAtMs + record.stages.total);
    const auto [first, last] = std::minmax_element(doneAtMs.begin(), doneAtMs.end());
    return static_cast<double>(records.size() - 1) / (*last - *first) * 1e3;
}

struct StageMeans {
    double deviceMs, linkMs, edgeMs;
    [[nodiscard]] double slowest() const { return std::max({deviceMs, linkMs, edgeMs}); }
};

/// What each stage spends on a frame. The link: the request's own bytes over the rate, nothing else that crosses.
StageMeans stagesOf(const std::vector<wire::FrameRecord>& records, double bytesPerSecond)
{
    return {meanOf(records, [](const auto& r) { return r.stages.capture + r.stages.deviceSegment + r.stages.encode; }),
            meanOf(records, [=](const auto& r) { return static_cast<double>(r.wireBytes) / bytesPerSecond * 1e3; }),
            meanOf(records, [](const auto& r) { return r.stages.decode + r.stages.edgeSegment + r.stages.reply; })};
}

}  // namespace

base::Status measurePipeline(const LinkBenchOptions& options, link::HostPair& hosts, const std::stop_token& stop,
                             BenchReport& report)
{
    constexpr Goal kGoal{0.95, false};
    if (auto status = hosts.shape(INFINITY); !status)
        return status;
    auto scenario = benchScenario("alexnet3", kCases[0].decision);
    scenario.depth = kDepth;
    session::ExperimentOptions place;
    place.daemonPlace.commandPrefix = hosts.deviceCommandPrefix();
    place.daemonPlace.address = hosts.deviceAddress();
    const auto edge = hosts.enterEdge();
    if (!edge)
        return edge.error();
    BenchRun run(scenario, place, stop);
    double least = INFINITY;
    for (const auto& one : kCases) {
        const auto records = runCase(run, one, options.full ? 5 * one.frames : one.frames, hosts);
        if (!records)
            return records.error();
        const auto stages = stagesOf(*records, one.bytesPerSecond);
        const double perSecond = throughput(*records);
        const double share = perSecond * stages.slowest() / 1e3;
        least = std::min(least, share);
        report.add(std::string("pipelined_throughput_over_slowest_stage_") + one.slowest, share, kGoal);
        report.note(format("pipeline of %d, slow %s: %.1f frames/s; device %.2f ms, link %.2f ms, edge %.2f ms a frame", kDepth,
                           one.slowest, perSecond, stages.deviceMs, stages.linkMs, stages.edgeMs));
    }
    report.add("pipelined_throughput_over_slowest_stage", least, kGoal);
    return {};
}

}  // namespace splitscope::app
