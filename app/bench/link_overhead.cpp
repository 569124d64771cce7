// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bench/bench_run.h"
#include "app/bench/echo.h"
#include "app/bench/link_bench.h"
#include "core/wire/encoding.h"

#include <map>

namespace splitscope::app {

namespace {

struct Case {
    const char* name;
    decision::Decision decision;
};

/// On alexnet3: cuts whose tensors are about 2 KB and 16 KB.
const Case kCases[] = {{"2KB", {1, 6, {codec::CodingKind::Quantized, 8}}}, {"16KB", {2, 6, {codec::CodingKind::Quantized, 16}}}};
constexpr std::size_t kWarmUp = 20;

/// The headers that a request with this record, and its answer, travel under.
EchoBytes echoBytesOf(const wire::FrameRecord& record, const decision::Decision& decision)
{
    constexpr std::uint64_t kSomeRun = (1ULL << 53) - 1;
    wire::Request request;
    request.run = kSomeRun;
    request.firstFrame = record.firstFrame;
    request.decision = decision;
    request.sizes = {static_cast<std::uint32_t>(record.payloadBytes)};
    request.payloadBytes = record.payloadBytes;
    request.deadlineMs = 60'000.5;
    wire::Reply reply;
    reply.run = kSomeRun;
    reply.firstFrame = record.firstFrame;
    reply.labels = {1};
    reply.next = decision;
    reply.edgeQueueMs = reply.decodeMs = reply.edgeSegmentMs = reply.replyMs = 0.123;
    return {wire::encode({0, request}).size(), record.payloadBytes, wire::encode({0, reply}).size()};
}

/// What a frame takes beside reading it, its segments and its coding.
double overheadMs(const wire::FrameRecord& record)
{
    const auto& s = record.stages;
    return s.total - (s.capture + s.deviceSegment + s.encode + s.decode + s.edgeSegment);
}

base::Result<std::vector<wire::FrameRecord>> runFrames(BenchRun& run, const decision::Decision& decision, std::size_t frames)
{
    if (const auto first = run.decide(decision); !first)
        return first.error();
    if (const auto warm = run.nextRecords(kWarmUp); !warm)
        return warm.error();
    return run.nextRecords(frames);
}

}  // namespace

base::Status measureOverhead(const LinkBenchOptions& options, const std::stop_token& stop, BenchReport& report)
{
    const std::size_t frames = options.full ? 2'000 : 300;
    std::map<std::string, std::vector<wire::FrameRecord>> recordsOf;
    {
        BenchRun run(benchScenario("alexnet3", kCases[0].decision), {}, stop);
        for (const auto& [name, decision] : kCases) {
            auto records = runFrames(run, decision, frames);
            if (!records)
                return records.error();
            recordsOf[name] = *std::move(records);
        }
    }
    for (const auto& [name, decision] : kCases) {
        const auto* const records = &recordsOf[name];
        const auto bytes = echoBytesOf(records->front(), decision);
        const auto echo = curveEchoMs(bytes, static_cast<int>(frames), stop);
        if (!echo)
            return echo.error();
        const double echoMs = quantile(*echo, 0.5);
        const double ownMs = medianOf(*records, overheadMs);
        report.add(std::string("loopback_overhead_p50_over_echo_") + name, ownMs / echoMs, Goal{3});
        report.add(std::string("loopback_overhead_us_p50_") + name, ownMs * 1e3);
        report.add(std::string("curve_echo_us_p50_") + name, echoMs * 1e3);
        const auto us = [&](double wire::StageTimes::*stage) {
            return 1e3 * medianOf(*records, [stage](const wire::FrameRecord& r) { return r.stages.*stage; });
        };
        report.note(format("loopback %s: overhead %.0f us = link thread %.0f, transfer %.0f, edge queue %.0f, reply %.0f", name,
                           ownMs * 1e3, us(&wire::StageTimes::sendQueue), us(&wire::StageTimes::transfer),
                           us(&wire::StageTimes::edgeQueue), us(&wire::StageTimes::reply)));
    }
    return {};
}

}  // namespace splitscope::app
