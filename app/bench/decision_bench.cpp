// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bench/decision_bench.h"

#include "app/bench/bench_run.h"
#include "app/bench/decision_plan.h"
#include "core/base/clock.h"
#include "core/base/units.h"
#include "core/data/data_set.h"
#include "core/exec/row_coding.h"
#include "core/session/model_package.h"
#include "core/session/run_measurement.h"

#include <cmath>
#include <cstdio>
#include <map>
#include <thread>

namespace splitscope::app {

namespace {

constexpr const char* kData = "patterns";

/// Coded bytes of some frames; what quantizing makes is the same for all of them.
base::Result<std::vector<profile::CodedSize>> measureSizes(const model::Executor& executor, const data::DataSet& images)
{
    constexpr std::size_t kFrames = 40;
    std::vector<data::Image> frames;
    for (std::size_t i = 0; i < std::min(kFrames, images.size()); ++i) {
        auto frame = images.image(i * images.size() / kFrames % images.size());
        if (!frame)
            return frame.error();
        frames.push_back(*std::move(frame));
    }
    const auto input = model::toInput(executor.spec(), std::span(frames).first(1));
    if (!input)
        return input.error();
    std::vector<profile::CodedSize> sizes;
    const decision::DecisionSpace space(executor.spec(), {});
    for (const auto& decision : space.decisions()) {
        if (decision.coding.kind == codec::CodingKind::LabelOnly)
            continue;
        base::Result<exec::CodedRows> rows = base::Error{};
        if (exec::codesFrames(decision.coding)) {
            rows = exec::encodeFrames(frames, decision.coding);
        } else {
            const auto tensor = executor.run(decision.exit, 0, decision.partition, *input);
            if (!tensor)
                return tensor.error();
            rows = exec::encodeRows(*tensor, decision.coding, codec::EntropyCoder::None);
        }
        if (!rows)
            return rows.error();
        const std::vector<double> bytes(rows->sizes.begin(), rows->sizes.end());
        sizes.push_back(
            {decision, static_cast<double>(rows->payload.size()) / static_cast<double>(bytes.size()), quantile(bytes, 0.95)});
    }
    return sizes;
}

/// All decisions in turn, between the hosts where there are some.
base::Result<session::RunMeasurement> measureHalves(const session::Scenario& scenario, link::HostPair* hosts, bool full,
                                                    const std::stop_token& stop)
{
    session::RunMeasurementOptions options;
    options.framesPerDecision = full ? 9 : 2;
    options.minIntervalMs = kLeastIntervalMs;
    if (hosts == nullptr)
        return session::measureRun(scenario, {}, options, stop);
    if (auto status = hosts->shape(INFINITY); !status)
        return status.error();
    session::ExperimentOptions place;
    place.daemonPlace.commandPrefix = hosts->deviceCommandPrefix();
    place.daemonPlace.address = hosts->deviceAddress();
    const auto edge = hosts->enterEdge();
    if (!edge)
        return edge.error();
    return session::measureRun(scenario, place, options, stop);
}

/// Timings are what other programs leave: say how much they take.
void noteLoad(BenchReport& report)
{
    double load = 0;
    if (::getloadavg(&load, 1) == 1)
        report.note(format("measured at a load of %.1f on %u cores", load, std::thread::hardware_concurrency()));
}

}  // namespace

base::Result<profile::CostTable> measureTable(const std::string& model, codec::EntropyCoder coder, link::HostPair* hosts,
                                              bool full, const std::stop_token& stop)
{
    session::Scenario scenario;
    scenario.model = model;
    scenario.data = kData;
    scenario.split = data::toString(data::Split::Table);
    const auto accuracy = profile::loadShippedAccuracyTable(model, kData);
    scenario.coder = coder;
    const auto package = session::loadModelPackage(scenario);
    if (!package)
        return package.error();
    const auto& executor = *package->executor;
    const auto images = data::openDataSet(kData, model::frameSize(executor.spec()), data::Split::Table);
    if (!images)
        return images.error();
    auto halves = measureHalves(scenario, hosts, full, stop);
    if (!halves)
        return halves.error();
    auto& [device, edgeSide, link] = *halves;
    link.burstBytes = link::KernelShaper::kLeastBurstBytes;
    if (accuracy && accuracy->modelHash == package->hash)
        return profile::CostTable::make(executor.spec(), {}, std::move(device), std::move(edgeSide), link, *accuracy);
    const auto sizes = measureSizes(executor, **images);
    if (!sizes)
        return sizes.error();
    return profile::CostTable::makeOfSizes(executor.spec(), {}, std::move(device), std::move(edgeSide), link, *sizes);
}

void reportOptimal(const std::vector<profile::CostTable>& tables, BenchReport& report)
{
    constexpr double kLow = 10e3, kHigh = 20e6, kLoss = 0.01;
    constexpr int kSteps = 331;
    for (const auto& table : tables) {
        const auto& network = table.spec().name;
        if (table.data().empty()) {
            report.note("no accuracy table of " + network + " ships for " + kData
                        + ": its ever optimal decisions are not counted (build one with `splitscope-cli table build`)");
            continue;
        }
        for (const int batch : {1, 8}) {
            for (const double slowdown : {1.0, 8.0}) {
                const auto ranges = everFastest(table, batch, kLoss, {.deviceSlowdown = slowdown}, kLow, kHigh, kSteps);
                report.add("decisions_ever_optimal_" + network + format("_b%d", batch)
                               + (slowdown > 1 ? format("_device_%gx", slowdown) : ""),
                           static_cast<double>(countDistinct(ranges)));
                for (const auto& range : ranges)
                    report.note(format("%s, batch %d, device %g times slower, %s to %s: %s", network.c_str(), batch, slowdown,
                                       base::formatBytesPerSecond(range.fromBytesPerSecond).c_str(),
                                       base::formatBytesPerSecond(range.toBytesPerSecond).c_str(),
                                       decision::toString(table.rows()[range.row].decision).c_str()));
            }
        }
    }
}

void reportPredictTime(const profile::CostTable& table, BenchReport& report)
{
    constexpr int kRounds = 200;
    std::vector<double> us;
    double sum = 0;
    for (int round = 0; round < kRounds; ++round) {
        const auto beganNs = base::nowNs();
        for (std::size_t row = 0; row < table.rows().size(); ++row)
            sum += table.predict(row, 1 + round % 8, {.bytesPerSecond = 1e5 * (1 + round)}).totalMs;
        us.push_back(static_cast<double>(base::nowNs() - beganNs) / 1e3 / static_cast<double>(table.rows().size()));
    }
    report.add("predict_us_p50", sum > 0 ? quantile(us, 0.5) : 0);
}

base::Status runDecisionBench(const DecisionBenchOptions& options, const std::stop_token& stop, BenchReport& report)
{
    noteLoad(report);
    auto hosts = link::HostPair::create();
    if (!hosts)
        report.note("not measured, for want of two hosts: predicted against measured latency (" + hosts.error().message() + ")");
    std::vector<profile::CostTable> tables;
    for (const auto& model : options.models) {
        std::fprintf(stderr, "cost table of %s…\n", model.c_str());
        auto table = measureTable(model, options.coder, hosts ? hosts->get() : nullptr, options.full, stop);
        if (!table)
            return table.error();
        const auto& link = table->link();
        report.note(format("%s: round trip %.0f us, %.0f us more per request, %.0f us per further chunk", model.c_str(),
                           link.rttMs * 1e3, link.requestOverheadMs * 1e3, link.perChunkMs * 1e3));
        tables.push_back(*std::move(table));
    }
    reportPredictTime(tables.front(), report);
    reportOptimal(tables, report);
    if (!hosts)
        return {};
    std::fprintf(stderr, "predicted against measured, between two hosts…\n");
    return measurePredictions(options, tables, **hosts, stop, report);
}

}  // namespace splitscope::app
