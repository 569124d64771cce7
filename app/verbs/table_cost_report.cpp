// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bench/bench_report.h"
#include "app/verbs/table_cost.h"
#include "core/base/units.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <cmath>

namespace splitscope::app {

namespace {

constexpr double kLowBytesPerSecond = 10e3, kHighBytesPerSecond = 20e6;
constexpr int kRates = 331;  ///< a hundred a decade

QString text(const std::string& value) { return QString::fromStdString(value); }

std::string rateText(double bytesPerSecond)
{
    return std::isinf(bytesPerSecond) ? "no limit" : base::formatBytesPerSecond(bytesPerSecond);
}

profile::Conditions conditionsOf(const CostView& view, double slowdown)
{
    return {.bytesPerSecond = view.bytesPerSecond, .rttMs = view.rttMs, .deviceSlowdown = slowdown};
}

std::vector<profile::OptimalDecision> optimal(const profile::CostTable& table, const CostView& view, int batch, double slowdown)
{
    return everFastest(table, batch, view.accuracyLoss, conditionsOf(view, slowdown), kLowBytesPerSecond, kHighBytesPerSecond,
                       kRates);
}

std::string describe(const profile::ComputeProfile& profile)
{
    return profile.machine.name + ", " + profile.source + (profile.date.empty() ? "" : ", " + profile.date);
}

std::string rowsText(const profile::CostTable& table, const CostView& view, int batch, double slowdown)
{
    std::string lines
        = format("\nbatch %d, device %g times slower, %s:\n", batch, slowdown, rateText(view.bytesPerSecond).c_str());
    lines += "  exit  cut  coding     tensor          bytes       T ms  =  device   encode transfer   decode     edge   accuracy "
             "(95 %)         energy mJ\n";
    for (std::size_t row = 0; row < table.rows().size(); ++row) {
        const auto& [decision, tensor, accuracy] = table.rows()[row];
        const auto p = table.predict(row, batch, conditionsOf(view, slowdown));
        lines += format("  %4d %4d  %-9s  %-12s %8.0f %10.3f    %8.3f %8.3f %8.3f %8.3f %8.3f   ", decision.exit,
                        decision.partition, codec::toString(decision.coding).c_str(), tensor.c_str(), p.payloadBytes, p.totalMs,
                        p.captureMs + p.deviceMs, p.encodeMs, p.transferMs, p.decodeMs, p.edgeMs);
        lines += accuracy.images > 0
            ? format("%6.2f %% (%.2f to %.2f)", 100 * p.accuracy, 100 * p.accuracyLow, 100 * p.accuracyHigh)
            : std::string("  not counted         ");
        lines += format("  %8.3f", p.energyJoules * 1e3);
        if (decision.gate)
            lines += format("  gate %d below %g: %.1f %% go on", decision.gate->exit, decision.gate->threshold,
                            100 * accuracy.goesOn);
        lines += "\n";
    }
    return lines;
}

QJsonObject decisionObject(const decision::Decision& decision)
{
    QJsonObject object{
        {"exit", decision.exit}, {"partition", decision.partition}, {"coding", text(codec::toString(decision.coding))}};
    if (decision.gate)
        object["gate"] = text(decision::toString(*decision.gate));
    return object;
}

QJsonObject rowObject(const profile::CostTable& table, std::size_t row, const CostView& view, int batch, double slowdown)
{
    const auto& [decision, tensor, accuracy] = table.rows()[row];
    const auto p = table.predict(row, batch, conditionsOf(view, slowdown));
    auto object = decisionObject(decision);
    const QJsonObject costs{{"tensor", text(tensor)},
                            {"batch", batch},
                            {"slowdown", slowdown},
                            {"payload_bytes", p.payloadBytes},
                            {"wire_bytes", p.wireBytes},
                            {"latency_ms", std::isfinite(p.totalMs) ? QJsonValue(p.totalMs) : QJsonValue()},
                            {"capture_ms", p.captureMs},
                            {"device_ms", p.deviceMs},
                            {"encode_ms", p.encodeMs},
                            {"transfer_ms", std::isfinite(p.transferMs) ? QJsonValue(p.transferMs) : QJsonValue()},
                            {"decode_ms", p.decodeMs},
                            {"edge_ms", p.edgeMs},
                            {"accuracy", accuracy.images > 0 ? QJsonValue(p.accuracy) : QJsonValue()},
                            {"low", accuracy.images > 0 ? QJsonValue(p.accuracyLow) : QJsonValue()},
                            {"high", accuracy.images > 0 ? QJsonValue(p.accuracyHigh) : QJsonValue()},
                            {"energy_j_per_frame", p.energyJoules},
                            {"goes_on", accuracy.goesOn}};
    for (auto cost = costs.begin(); cost != costs.end(); ++cost)
        object[cost.key()] = cost.value();
    return object;
}

QJsonObject optimalObject(const profile::CostTable& table, const CostView& view, int batch, double slowdown)
{
    const auto ranges = optimal(table, view, batch, slowdown);
    QJsonArray list;
    for (const auto& range : ranges) {
        const auto& decision = table.rows()[range.row].decision;
        auto object = decisionObject(decision);
        object["from_bytes_per_second"] = range.fromBytesPerSecond;
        object["to_bytes_per_second"] = range.toBytesPerSecond;
        list << object;
    }
    return {
        {"batch", batch}, {"slowdown", slowdown}, {"decisions", static_cast<qint64>(countDistinct(ranges))}, {"ranges", list}};
}

}  // namespace

void addCostView(Options& options, CostView& view)
{
    options.integer("--batch", "N", "of a cost table: frames in a request (1)", view.batches.front(), 1,
                    profile::CostTable::kMaxBatch);
    options.real("--slowdown", "X", "of a cost table: of the device (1)", view.slowdowns.front(), 1, 10'000);
    options.custom("--bandwidth", "RATE", "of a cost table: of the uplink, e.g. 300KB/s (1MB/s)",
                   [&view](const std::string& text) -> base::Status {
                       const auto rate = base::parseBytesPerSecond(text);
                       if (!rate)
                           return rate.error();
                       view.bytesPerSecond = *rate > 0 ? *rate : INFINITY;
                       return {};
                   });
    options.custom("--rtt", "TIME", "of a cost table: round trip, e.g. 10ms (as measured)",
                   [&view](const std::string& text) -> base::Status {
                       const auto ms = base::parseMilliseconds(text);
                       if (!ms)
                           return ms.error();
                       view.rttMs = *ms;
                       return {};
                   });
}

std::string costTableText(const profile::CostTable& table, const CostView& view)
{
    const auto& link = table.link();
    std::string lines = table.spec().name + (table.data().empty() ? "" : ", accuracy on " + table.data()) + ", model "
        + table.modelHash().substr(0, 12) + ", " + table.date() + "\n";
    lines += "  device   " + describe(table.device()) + "\n  edge     " + describe(table.edge()) + "\n";
    lines += format("  link     round trip %.3f ms, %.3f ms more per request, %.3f ms per further chunk\n", link.rttMs,
                    link.requestOverheadMs, link.perChunkMs);
    lines += format("  %zu distinct decisions; energy is modelled: %s\n", table.rows().size(),
                    table.device().energy.source.c_str());
    for (const int batch : view.batches)
        for (const double slowdown : view.slowdowns)
            lines += rowsText(table, view, batch, slowdown);
    lines += format("\never the fastest within %g points of the best accuracy, %s to %s:\n", 100 * view.accuracyLoss,
                    base::formatBytesPerSecond(kLowBytesPerSecond).c_str(),
                    base::formatBytesPerSecond(kHighBytesPerSecond).c_str());
    for (const int batch : view.batches)
        for (const double slowdown : view.slowdowns) {
            const auto ranges = optimal(table, view, batch, slowdown);
            lines += format("  batch %d, device %g times slower: %zu of %zu decisions\n", batch, slowdown, countDistinct(ranges),
                            table.rows().size());
            for (const auto& range : ranges)
                lines += format("    %11s to %-11s  ", base::formatBytesPerSecond(range.fromBytesPerSecond).c_str(),
                                base::formatBytesPerSecond(range.toBytesPerSecond).c_str())
                    + decision::toString(table.rows()[range.row].decision) + "\n";
        }
    return lines;
}

std::string costTableSummary(const profile::CostTable& table, const CostView& view)
{
    QJsonArray decisions, everOptimal;
    for (const int batch : view.batches)
        for (const double slowdown : view.slowdowns) {
            for (std::size_t row = 0; row < table.rows().size(); ++row)
                decisions << rowObject(table, row, view, batch, slowdown);
            everOptimal << optimalObject(table, view, batch, slowdown);
        }
    const auto& link = table.link();
    const QJsonObject object{
        {"network", text(table.spec().name)},
        {"model_hash", text(table.modelHash())},
        {"data", text(table.data())},
        {"date", text(table.date())},
        {"device", text(describe(table.device()))},
        {"edge", text(describe(table.edge()))},
        {"rtt_ms", link.rttMs},
        {"request_overhead_ms", link.requestOverheadMs},
        {"per_chunk_ms", link.perChunkMs},
        {"bytes_per_second", std::isinf(view.bytesPerSecond) ? QJsonValue() : QJsonValue(view.bytesPerSecond)},
        {"energy", "modelled"},
        {"decisions", decisions},
        {"ever_optimal", everOptimal}};
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

}  // namespace splitscope::app
