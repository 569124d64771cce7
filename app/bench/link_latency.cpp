// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bench/bare_transfer.h"
#include "app/bench/bench_run.h"
#include "app/bench/echo.h"
#include "app/bench/link_bench.h"
#include "app/bench/link_plan.h"
#include "core/base/clock.h"
#include "core/base/units.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <map>
#include <thread>

namespace splitscope::app {

namespace {

const char* const kModels[] = {"alexnet3", "alexnet3-128", "alexnet5"};

/// One frame: what it took, and what it could not have gone below.
struct LatencySample {
    double rate = 0;
    bool small = false;
    double floorMs = 0;
    wire::StageTimes stages;
    double linkFloorMs = 0;  ///< of it, round trip and bytes over the rate
    double bareMs = 0;  ///< the same, with a bare TCP connection's time in the link
};

/// Measures cell after cell.
class LatencyBench {
public:
    LatencyBench(link::HostPair& hosts, double baseRttMs, const BareTransfer& bare, const std::stop_token& stop)
        : m_hosts(hosts), m_baseRttMs(baseRttMs), m_bare(bare), m_stop(stop)
    {
    }
    /// Ends by then as far as the least number of samples allows.
    base::Status run(const LatencyCell& cell, std::int64_t deadlineNs);
    [[nodiscard]] const std::vector<LatencySample>& samples() const { return m_samples; }
    [[nodiscard]] std::size_t leftOut() const { return m_leftOut; }

private:
    base::Status measure(BenchRun& run, const LatencyCell& cell, const PlannedDecision& planned, double rate,
                         std::int64_t deadlineNs);
    base::Result<double> countOneFrame(BenchRun& run, double intervalMs);
    base::Result<double> kernelRatio(BenchRun& run, const LatencyCell& cell, const PlannedDecision& planned);
    void take(const wire::FrameRecord& before, const wire::FrameRecord& record, double rate, double ratio);

    link::HostPair& m_hosts;
    const double m_baseRttMs;
    const BareTransfer& m_bare;
    const std::stop_token& m_stop;
    std::map<std::string, std::map<double, double>> m_kernelRatios;  ///< model → payload bytes → kernel's count over ours
    std::atomic<bool> m_counting = false;
    std::atomic<std::uint64_t> m_countedBytes = 0;
    std::vector<LatencySample> m_samples;
    std::size_t m_leftOut = 0;  ///< the link was not idle before them
};

base::Status LatencyBench::run(const LatencyCell& cell, std::int64_t deadlineNs)
{
    if (auto status = m_hosts.shape(INFINITY); !status)  // the handshake is not what is measured
        return status;
    auto scenario = benchScenario(cell.model, cell.decisions.front().decision);
    scenario.minIntervalMs = cell.intervalMs;
    session::ExperimentOptions options;
    options.daemonPlace.commandPrefix = m_hosts.deviceCommandPrefix();
    options.daemonPlace.address = m_hosts.deviceAddress();
    const auto edge = m_hosts.enterEdge();
    if (!edge)
        return edge.error();
    BenchRun run(scenario, options, m_stop, [this](std::uint64_t) {
        if (!m_counting)
            return;
        if (const auto bytes = m_hosts.wireBytes())
            m_countedBytes = *bytes;
    });
    if (auto status = run.waitForRecords(2); !status)
        return status;
    auto turns = static_cast<std::int64_t>(cell.rates.size() * cell.decisions.size());
    for (const double rate : cell.rates) {
        if (auto status = m_hosts.shape(rate); !status)
            return status;
        for (const auto& planned : cell.decisions) {
            const auto nowNs = base::nowNs();
            if (auto status = measure(run, cell, planned, rate, nowNs + (deadlineNs - nowNs) / turns--); !status)
                return status;
        }
    }
    return {};
}

/// How many bytes the kernel counts for each that the record of the next frame tells: from the quiet before the frame to its
/// arrival at the edge, so that its own record is not among them.
base::Result<double> LatencyBench::countOneFrame(BenchRun& run, double intervalMs)
{
    constexpr double kBeforeMs = 3;
    const double idleMs = intervalMs - run.records().back().stages.total - kBeforeMs;
    std::this_thread::sleep_for(std::chrono::duration<double, std::milli>(std::max(0.0, idleMs)));
    const auto before = m_hosts.wireBytes();
    if (!before)
        return before.error();
    m_counting = true;
    const auto record = run.nextRecord();
    m_counting = false;
    if (!record)
        return record.error();
    return static_cast<double>(m_countedBytes - *before) / static_cast<double>(std::max<std::uint64_t>(record->wireBytes, 1));
}

/// The same for a network's payload, or the one most like it. Measured where frames are short, so that hardly any heartbeat is
/// among what is counted; the least of some is without.
base::Result<double> LatencyBench::kernelRatio(BenchRun& run, const LatencyCell& cell, const PlannedDecision& planned)
{
    constexpr int kCountedFrames = 2;
    constexpr double kShortMs = 60;
    auto& known = m_kernelRatios[cell.model];
    if (known.contains(planned.payloadBytes))
        return known[planned.payloadBytes];
    if (cell.intervalMs > kShortMs && !known.empty()) {
        const auto nearest = std::min_element(known.begin(), known.end(), [&](const auto& a, const auto& b) {
            return std::abs(a.first - planned.payloadBytes) < std::abs(b.first - planned.payloadBytes);
        });
        return nearest->second;
    }
    double least = INFINITY;
    for (int i = 0; i < kCountedFrames; ++i) {
        const auto ratio = countOneFrame(run, cell.intervalMs);
        if (!ratio)
            return ratio.error();
        least = std::min(least, *ratio);
    }
    return known[planned.payloadBytes] = least;
}

base::Status LatencyBench::measure(BenchRun& run, const LatencyCell& cell, const PlannedDecision& planned, double rate,
                                   std::int64_t deadlineNs)
{
    constexpr std::size_t kLeastSamples = 3;
    if (const auto first = run.decide(planned.decision); !first)
        return first.error();
    const auto ratio = kernelRatio(run, cell, planned);
    if (!ratio)
        return ratio.error();
    auto last = run.records().back();
    for (std::size_t i = 0; i < cell.samples && (i < kLeastSamples || base::nowNs() < deadlineNs); ++i) {
        auto record = run.nextRecord();
        if (!record)
            return record.error();
        take(last, *record, rate, *ratio);
        last = *std::move(record);
    }
    return {};
}

void LatencyBench::take(const wire::FrameRecord& before, const wire::FrameRecord& record, double rate, double ratio)
{
    const double idleMs = record.capturedAtMs + record.stages.deviceSegment - (before.capturedAtMs + before.stages.total);
    const double refillMs = link::KernelShaper::kLeastBurstBytes / rate * 1e3;
    if (record.outcome != wire::Outcome::Done || record.firstFrame != before.firstFrame + 1 || idleMs < 1.5 * refillMs) {
        ++m_leftOut;
        return;
    }
    const double bytes = static_cast<double>(record.wireBytes) * ratio;
    const double rateMs = std::max(0.0, bytes - link::KernelShaper::kLeastBurstBytes) / rate * 1e3;
    LatencySample sample;
    sample.rate = rate;
    sample.small = static_cast<double>(record.payloadBytes) < kSmallPayloadBytes;
    sample.linkFloorMs = m_baseRttMs + rateMs;
    sample.floorMs = record.stages.deviceSegment + record.stages.edgeSegment + sample.linkFloorMs;
    sample.bareMs = record.stages.deviceSegment + record.stages.edgeSegment + m_bare.ms(rate, bytes);
    sample.stages = record.stages;
    m_samples.push_back(sample);
}

/// "latency_p50_over_floor" of these samples, and p99; and over the same with a bare TCP connection instead of a perfect link.
void reportRatios(const std::vector<LatencySample>& samples, const std::string& suffix, bool withGoals, BenchReport& report)
{
    if (samples.empty())
        return;
    std::vector<double> overFloor, overBare;
    for (const auto& sample : samples) {
        overFloor.push_back(sample.stages.total / sample.floorMs);
        overBare.push_back(sample.stages.total / sample.bareMs);
    }
    const auto goal = [withGoals](double limit) { return withGoals ? std::optional(Goal{limit}) : std::nullopt; };
    report.add("latency_p50_over_floor" + suffix, quantile(overFloor, 0.5), goal(1.05));
    report.add("latency_p99_over_floor" + suffix, quantile(overFloor, 0.99), goal(1.2));
    report.add("latency_p50_over_bare_tcp" + suffix, quantile(overBare, 0.5));
    report.add("latency_p99_over_bare_tcp" + suffix, quantile(overBare, 0.99));
}

/// Where the time over the floor goes, in medians.
std::string explain(const std::vector<LatencySample>& samples, const std::string& what)
{
    const auto us = [&](auto value) {
        std::vector<double> values;
        values.reserve(samples.size());
        for (const auto& sample : samples)
            values.push_back(value(sample) * 1e3);
        return quantile(std::move(values), 0.5);
    };
    const auto stage = [&](double wire::StageTimes::*member) { return us([member](const auto& s) { return s.stages.*member; }); };
    return format(
        "%s: %zu frames, floor %.2f ms, over it %.0f us (bare TCP %.0f) = capture %.0f, encode %.0f, send queue %.0f, link %.0f, "
        "edge queue %.0f, decode %.0f, reply %.0f",
        what.c_str(), samples.size(), us([](const auto& s) { return s.floorMs; }) / 1e3,
        us([](const auto& s) { return s.stages.total - s.floorMs; }), us([](const auto& s) { return s.bareMs - s.floorMs; }),
        stage(&wire::StageTimes::capture), stage(&wire::StageTimes::encode), stage(&wire::StageTimes::sendQueue),
        us([](const auto& s) { return s.stages.transfer - s.linkFloorMs; }), stage(&wire::StageTimes::edgeQueue),
        stage(&wire::StageTimes::decode), stage(&wire::StageTimes::reply));
}

void reportLatency(const LatencyBench& bench, BenchReport& report)
{
    std::vector<LatencySample> counted, small;
    std::map<double, std::vector<LatencySample>> byRate;
    for (const auto& sample : bench.samples()) {
        (sample.small ? small : counted).push_back(sample);
        if (!sample.small)
            byRate[sample.rate].push_back(sample);
    }
    reportRatios(counted, "", true, report);
    for (const auto& [rate, samples] : byRate) {
        reportRatios(samples, format("_at_%gMBps", rate / 1e6), false, report);
        report.note(explain(samples, base::formatBytesPerSecond(rate)));
    }
    reportRatios(small, "_payloads_below_10_bursts", false, report);
    if (!small.empty())
        report.note(explain(small, "payloads below 10 bursts"));
    if (bench.leftOut() > 0)
        report.note(format("%zu frames left out, before which the link was not idle for long enough", bench.leftOut()));
}

}  // namespace

base::Status measureLatency(const LinkBenchOptions& options, link::HostPair& hosts, const std::stop_token& stop,
                            BenchReport& report)
{
    constexpr int kEchoRounds = 1'000;
    constexpr double kDayMs = 24 * 3600e3;
    if (auto status = hosts.shape(INFINITY); !status)
        return status;
    const auto echo = tcpRoundTripsMs(hosts, 1, kEchoRounds, 0, stop);
    if (!echo)
        return echo.error();
    const double baseRttMs = quantile(*echo, 0.5);
    report.add("base_rtt_us_p50", baseRttMs * 1e3);
    const std::vector<double> rates{0.1e6, 1e6, 10e6, 100e6};
    const auto bare = BareTransfer::measure(hosts, rates, stop);
    if (!bare)
        return bare.error();
    for (const double rate : rates)
        report.add(format("bare_tcp_rate_over_set_at_%gMBps", rate / 1e6), bare->rateOverSet(rate));

    std::vector<LatencyCell> cells;
    for (const char* model : kModels) {
        const auto planned = planLatency(model, options.full);
        if (!planned)
            return planned.error();
        cells.insert(cells.end(), planned->begin(), planned->end());
    }
    LatencyBench bench(hosts, baseRttMs, *bare, stop);
    const auto endNs = base::nowNs() + base::fromMs(options.full ? kDayMs : options.seconds * 1e3);
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const auto nowNs = base::nowNs();
        const auto shareNs = (endNs - nowNs) / static_cast<std::int64_t>(cells.size() - i);
        if (auto status = bench.run(cells[i], nowNs + shareNs); !status)
            return status;
    }
    reportLatency(bench, report);
    return {};
}

}  // namespace splitscope::app
