// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bench/bare_transfer.h"
#include "app/bench/bench_run.h"
#include "app/bench/decision_bench.h"
#include "app/bench/decision_plan.h"
#include "app/bench/link_plan.h"
#include "core/base/clock.h"
#include "core/base/files.h"
#include "core/base/units.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace splitscope::app {

namespace {

constexpr double kRates[] = {0.1e6, 0.5e6, 1e6, 5e6, 10e6};

/// A decision at a rate: what was predicted, and what frames took, in medians.
struct Cell {
    std::string network;
    decision::Decision decision;
    double rate = 0;  ///< as set
    double achievedRate = 0;  ///< as a bare TCP connection gets it: what the prediction was made with
    std::size_t frames = 0;
    profile::Prediction predicted;
    profile::Prediction atSetRate;
    wire::StageTimes measured;
    double wireBytes = 0;

    [[nodiscard]] double error() const { return predicted.totalMs / measured.total - 1; }
    [[nodiscard]] double errorAtSetRate() const { return atSetRate.totalMs / measured.total - 1; }
    [[nodiscard]] bool isSmall() const { return predicted.payloadBytes > 0 && predicted.payloadBytes < kSmallPayloadBytes; }
};

wire::StageTimes mediansOf(const std::vector<wire::FrameRecord>& records)
{
    wire::StageTimes medians;
    for (auto member :
         {&wire::StageTimes::capture, &wire::StageTimes::deviceSegment, &wire::StageTimes::encode, &wire::StageTimes::sendQueue,
          &wire::StageTimes::transfer, &wire::StageTimes::edgeQueue, &wire::StageTimes::decode, &wire::StageTimes::edgeSegment,
          &wire::StageTimes::reply, &wire::StageTimes::total})
        medians.*member = medianOf(records, [member](const wire::FrameRecord& record) { return record.stages.*member; });
    return medians;
}

/// Measures run after run.
class PredictionBench {
public:
    PredictionBench(link::HostPair& hosts, const BareTransfer& bare, double slowdown, const std::stop_token& stop)
        : m_hosts(hosts), m_bare(bare), m_slowdown(slowdown), m_stop(stop)
    {
    }
    /// Ends by then as far as the least number of frames allows.
    base::Status run(const profile::CostTable& table, const DecisionRun& planned, std::int64_t deadlineNs);
    [[nodiscard]] const std::vector<Cell>& cells() const { return m_cells; }
    [[nodiscard]] std::size_t leftOut() const { return m_leftOut; }

private:
    base::Status measure(BenchRun& run, const profile::CostTable& table, std::size_t row, double rate, std::size_t samples,
                         std::int64_t deadlineNs);
    bool linkWasIdle(const wire::FrameRecord& before, const wire::FrameRecord& record, double rate) const;

    link::HostPair& m_hosts;
    const BareTransfer& m_bare;
    const double m_slowdown;
    const std::stop_token& m_stop;
    std::vector<Cell> m_cells;
    std::size_t m_leftOut = 0;
};

base::Status PredictionBench::run(const profile::CostTable& table, const DecisionRun& planned, std::int64_t deadlineNs)
{
    if (auto status = m_hosts.shape(INFINITY); !status)  // the handshake is not what is measured
        return status;
    auto scenario = benchScenario(table.spec().name, table.rows()[planned.rows.front()].decision);
    scenario.coder = table.coder();
    scenario.minIntervalMs = planned.intervalMs;
    scenario.slowdown = m_slowdown;
    session::ExperimentOptions options;
    options.daemonPlace.commandPrefix = m_hosts.deviceCommandPrefix();
    options.daemonPlace.address = m_hosts.deviceAddress();
    const auto edge = m_hosts.enterEdge();
    if (!edge)
        return edge.error();
    BenchRun run(scenario, options, m_stop);
    if (auto status = run.waitForRecords(3); !status)
        return status;
    auto turns = static_cast<std::int64_t>(planned.rates.size() * planned.rows.size());
    for (const double rate : planned.rates) {
        if (auto status = m_hosts.shape(rate); !status)
            return status;
        for (const auto row : planned.rows) {
            const auto nowNs = base::nowNs();
            const auto untilNs = nowNs + (deadlineNs - nowNs) / turns--;
            if (auto status = measure(run, table, row, rate, planned.samples, untilNs); !status)
                return status;
        }
    }
    return {};
}

bool PredictionBench::linkWasIdle(const wire::FrameRecord& before, const wire::FrameRecord& record, double rate) const
{
    if (record.payloadBytes == 0)
        return true;
    const double idleMs = record.capturedAtMs + record.stages.deviceSegment - (before.capturedAtMs + before.stages.total);
    return idleMs >= 1.5 * link::KernelShaper::kLeastBurstBytes / rate * 1e3;
}

base::Status PredictionBench::measure(BenchRun& run, const profile::CostTable& table, std::size_t row, double rate,
                                      std::size_t samples, std::int64_t deadlineNs)
{
    constexpr std::size_t kLeastFrames = 3;
    const auto& decision = table.rows()[row].decision;
    if (const auto first = run.decide(decision); !first)
        return first.error();
    auto last = run.records().back();
    std::vector<wire::FrameRecord> frames;
    for (std::size_t i = 0; i < samples && (frames.size() < kLeastFrames || base::nowNs() < deadlineNs); ++i) {
        auto record = run.nextRecord();
        if (!record)
            return record.error();
        const bool counts = record->outcome == wire::Outcome::Done && record->decision == decision
            && record->firstFrame == last.firstFrame + 1 && linkWasIdle(last, *record, rate);
        if (counts)
            frames.push_back(*record);
        else
            ++m_leftOut;
        last = *std::move(record);
    }
    if (frames.empty())
        return {};
    Cell cell{table.spec().name, decision, rate, rate * m_bare.rateOverSet(rate), frames.size(), {}, {}, mediansOf(frames), 0};
    profile::Conditions conditions{.bytesPerSecond = cell.achievedRate, .deviceSlowdown = m_slowdown};
    conditions.pacedByDevice = false;
    cell.predicted = table.predict(row, 1, conditions);
    conditions.bytesPerSecond = rate;
    cell.atSetRate = table.predict(row, 1, conditions);
    cell.wireBytes = meanOf(frames, [](const auto& record) { return static_cast<double>(record.wireBytes); });
    m_cells.push_back(std::move(cell));
    return {};
}

void reportErrors(const std::vector<const Cell*>& cells, const std::string& suffix, bool withGoals, BenchReport& report)
{
    if (cells.empty())
        return;
    std::vector<double> errors, signedErrors;
    for (const auto* cell : cells) {
        errors.push_back(std::abs(cell->error()));
        signedErrors.push_back(cell->error());
    }
    const auto goal = [withGoals](double limit) { return withGoals ? std::optional(Goal{limit}) : std::nullopt; };
    report.add("prediction_abs_error_median" + suffix, quantile(errors, 0.5), goal(0.05));
    report.add("prediction_abs_error_p95" + suffix, quantile(errors, 0.95), goal(0.12));
    report.add("prediction_error_median" + suffix, quantile(signedErrors, 0.5));
}

/// Predicted less measured, stage by stage, in medians.
std::string explain(const std::vector<const Cell*>& cells, const std::string& what)
{
    const auto us = [&](auto value) {
        std::vector<double> values;
        values.reserve(cells.size());
        for (const auto* cell : cells)
            values.push_back(value(*cell) * 1e3);
        return quantile(std::move(values), 0.5);
    };
    const auto transfer = [](const Cell& cell) {
        const auto& s = cell.measured;
        return s.sendQueue + s.transfer + s.edgeQueue + s.reply;
    };
    return format("%s: %zu decisions, of %.2f ms; predicted less measured in us: total %.0f = capture %.0f, device %.0f, "
                  "encode %.0f, link %.0f, decode %.0f, edge %.0f",
                  what.c_str(), cells.size(), us([](const Cell& c) { return c.measured.total; }) / 1e3,
                  us([](const Cell& c) { return c.predicted.totalMs - c.measured.total; }),
                  us([](const Cell& c) { return c.predicted.captureMs - c.measured.capture; }),
                  us([](const Cell& c) { return c.predicted.deviceMs - c.measured.deviceSegment; }),
                  us([](const Cell& c) { return c.predicted.encodeMs - c.measured.encode; }),
                  us([&](const Cell& c) { return c.predicted.payloadBytes > 0 ? c.predicted.transferMs - transfer(c) : 0; }),
                  us([](const Cell& c) { return c.predicted.decodeMs - c.measured.decode; }),
                  us([](const Cell& c) { return c.predicted.edgeMs - c.measured.edgeSegment; }));
}

void reportCells(const std::vector<Cell>& all, BenchReport& report)
{
    std::vector<const Cell*> every, counted, small;
    std::map<double, std::vector<const Cell*>> byRate;
    std::vector<double> atSetRate, bytes;
    std::size_t frames = 0;
    for (const auto& cell : all) {
        every.push_back(&cell);
        frames += cell.frames;
        (cell.isSmall() ? small : counted).push_back(&cell);
        if (cell.isSmall())
            continue;
        byRate[cell.rate].push_back(&cell);
        atSetRate.push_back(std::abs(cell.errorAtSetRate()));
        if (cell.wireBytes > 0)
            bytes.push_back(cell.predicted.wireBytes / cell.wireBytes);
    }
    reportErrors(counted, "", true, report);
    reportErrors(every, "_with_payloads_below_10_bursts", false, report);
    reportErrors(small, "_payloads_below_10_bursts", false, report);
    report.add("prediction_abs_error_median_by_set_rate", quantile(atSetRate, 0.5));
    report.add("predicted_wire_bytes_over_counted", quantile(bytes, 0.5));
    report.add("predicted_decisions", static_cast<double>(every.size()));
    report.add("predicted_frames", static_cast<double>(frames));
    for (const auto& [rate, cells] : byRate) {
        reportErrors(cells, format("_at_%gMBps", rate / 1e6), false, report);
        report.note(explain(cells, base::formatBytesPerSecond(rate)));
    }
    if (!small.empty())
        report.note(explain(small, "payloads below 10 bursts"));
}

base::Status writeCells(const std::vector<Cell>& cells, const std::filesystem::path& path)
{
    std::string csv = "network,exit,partition,coding,set_bytes_per_second,achieved_bytes_per_second,frames,payload_bytes,"
                      "wire_bytes,predicted_wire_bytes,total_ms,predicted_ms,predicted_at_set_rate_ms,capture_ms,"
                      "predicted_capture_ms,device_ms,predicted_device_ms,encode_ms,predicted_encode_ms,send_queue_ms,"
                      "transfer_ms,edge_queue_ms,reply_ms,predicted_transfer_ms,decode_ms,predicted_decode_ms,edge_ms,"
                      "predicted_edge_ms\n";
    for (const auto& c : cells) {
        const auto& p = c.predicted;
        const auto& m = c.measured;
        csv += format("%s,%d,%d,%s,%g,%g,%zu,%.0f,%.0f,%.0f,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f,", c.network.c_str(),
                      c.decision.exit, c.decision.partition, codec::toString(c.decision.coding).c_str(), c.rate, c.achievedRate,
                      c.frames, p.payloadBytes, c.wireBytes, p.wireBytes, m.total, p.totalMs, c.atSetRate.totalMs, m.capture,
                      p.captureMs, m.deviceSegment, p.deviceMs);
        csv += format("%.4f,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f\n", m.encode, p.encodeMs, m.sendQueue, m.transfer,
                      m.edgeQueue, m.reply, p.transferMs, m.decode, p.decodeMs, m.edgeSegment, p.edgeMs);
    }
    return base::writeFileAtomically(path, base::asBytes(csv));
}

}  // namespace

base::Status measurePredictions(const DecisionBenchOptions& options, const std::vector<profile::CostTable>& tables,
                                link::HostPair& hosts, const std::stop_token& stop, BenchReport& report)
{
    constexpr double kDayMs = 24 * 3600e3;
    const auto bare = BareTransfer::measure(hosts, {std::begin(kRates), std::end(kRates)}, stop);
    if (!bare)
        return bare.error();
    for (const double rate : kRates)
        report.add(format("bare_tcp_rate_over_set_at_%gMBps", rate / 1e6), bare->rateOverSet(rate));
    struct Planned {
        const profile::CostTable* table;
        DecisionRun run;
    };
    std::vector<Planned> runs;
    for (const auto& table : tables)
        for (auto& run : planDecisions(table, options.slowdown, options.full))
            runs.push_back({&table, std::move(run)});
    PredictionBench bench(hosts, *bare, options.slowdown, stop);
    const auto endNs = base::nowNs() + base::fromMs(options.full ? kDayMs : options.seconds * 1e3);
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const auto nowNs = base::nowNs();
        const auto shareNs = (endNs - nowNs) / static_cast<std::int64_t>(runs.size() - i);
        if (auto status = bench.run(*runs[i].table, runs[i].run, nowNs + shareNs); !status)
            return status;
    }
    reportCells(bench.cells(), report);
    report.note(format("predicted with the rate that a bare TCP connection gets through the same link, measured in this run; "
                       "measured latencies are medians of a decision's frames; device %g times slower",
                       options.slowdown));
    if (bench.leftOut() > 0)
        report.note(format("%zu frames left out, before which the link was not idle for long enough", bench.leftOut()));
    return options.cells.empty() ? base::Status() : writeCells(bench.cells(), options.cells);
}

}  // namespace splitscope::app
