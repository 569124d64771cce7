// SPDX-License-Identifier: GPL-3.0-or-later
// An evaluation as JSON, CSV and text.
#include "core/session/evaluation.h"

#include "core/session/figure_text.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <array>
#include <cmath>
#include <cstdarg>
#include <cstdio>

namespace splitscope::session {

namespace {

/// Keys as everywhere: units in the name.
struct Column {
    const char* key;
    Estimate EvaluationRow::*value;
};
constexpr Column kColumns[] = {
    {"reward", &EvaluationRow::reward},
    {"regret", &EvaluationRow::regret},
    {"reward_below_optimum", &EvaluationRow::belowOptimum},
    {"reward_over_optimum", &EvaluationRow::overOptimum},
    {"reward_over_bound", &EvaluationRow::overBound},
    {"accuracy", &EvaluationRow::accuracy},
    {"latency_mean_ms", &EvaluationRow::latencyMeanMs},
    {"deadline_met", &EvaluationRow::deadlineMet},
    {"infeasible", &EvaluationRow::infeasible},
    {"energy_j_per_frame", &EvaluationRow::energyJoules},
    {"bytes_per_frame", &EvaluationRow::bytesPerFrame},
    {"switches", &EvaluationRow::switches},
    {"fallback", &EvaluationRow::fallbacks},
    {"turned_away", &EvaluationRow::turnedAway},
};
constexpr Column kDecideTimes[] = {{"p50", &EvaluationRow::decideP50Us}, {"p99", &EvaluationRow::decideP99Us}};
constexpr Column kLatencies[]
    = {{"p50", &EvaluationRow::latencyP50Ms}, {"p95", &EvaluationRow::latencyP95Ms}, {"p99", &EvaluationRow::latencyP99Ms}};

QString text(const std::string& value) { return QString::fromStdString(value); }
QJsonValue number(double value) { return std::isfinite(value) ? QJsonValue(value) : QJsonValue(); }

/// All of a row's estimates by one of their numbers.
QJsonObject numbersOf(const EvaluationRow& row, double Estimate::*which)
{
    QJsonObject object, latency, decide;
    for (const auto& column : kColumns)
        object[QLatin1String(column.key)] = number(row.*column.value.*which);
    for (const auto& column : kLatencies)
        latency[QLatin1String(column.key)] = number(row.*column.value.*which);
    object["latency_ms"] = latency;
    for (const auto& column : kDecideTimes)
        decide[QLatin1String(column.key)] = number(row.*column.value.*which);
    object["decide_us"] = decide;
    return object;
}

QJsonObject rowObject(const EvaluationRow& row, const EvaluationReference* reference)
{
    QJsonObject object = numbersOf(row, &Estimate::mean);
    object["low"] = numbersOf(row, &Estimate::low);
    object["high"] = numbersOf(row, &Estimate::high);
    object["strategy"] = text(row.strategy);
    object["scenario"] = text(row.scenario);
    object["source"] = text(row.source);
    object["episodes"] = row.episodes;
    object["requests"] = static_cast<qint64>(row.requests);
    if (reference) {
        object["optimum"] = reference->optimum.mean;
        object["bound"] = reference->bound.mean;
    }
    return object;
}

QJsonObject referenceObject(const EvaluationReference& reference)
{
    const auto estimate = [](const Estimate& value) {
        return QJsonObject{{"reward", number(value.mean)}, {"low", number(value.low)}, {"high", number(value.high)}};
    };
    return {{"scenario", text(reference.scenario)},
            {"source", text(reference.source)},
            {"optimum", estimate(reference.optimum)},
            {"bound", estimate(reference.bound)},
            {"bound_kind", text(reference.boundKind)}};
}

[[gnu::format(printf, 1, 2)]] std::string format(const char* pattern, ...)
{
    std::array<char, 256> line{};
    va_list arguments;
    va_start(arguments, pattern);
    std::vsnprintf(line.data(), line.size(), pattern, arguments);
    va_end(arguments);
    return line.data();
}

std::string cell(double value) { return std::isfinite(value) ? format("%.7g", value) : std::string(); }

std::string quoted(const std::string& text)
{
    std::string result = "\"";
    for (const char letter : text)
        result += letter == '"' ? std::string("\"\"") : std::string(1, letter);
    return result + '"';
}

/// "0.8123 ±0.0004": half of the interval.
std::string withHalf(const Estimate& value)
{
    if (!value.hasInterval())
        return format("%.4f        ", value.mean);
    return format("%.4f ±%.4f", value.mean, (value.high - value.low) / 2);
}

std::string line(const EvaluationRow& row)
{
    return format("  %-20.20s %s %6.2f %6.2f %7.4f %6.2f %8.2f %8.2f %8.2f %6.1f %7.3f %6.1f %6.1f\n", row.strategy.c_str(),
                  withHalf(row.reward).c_str(), 100 * row.overOptimum.mean, 100 * row.overBound.mean, row.regret.mean,
                  100 * row.accuracy.mean, row.latencyP50Ms.mean, row.latencyP95Ms.mean, row.latencyP99Ms.mean,
                  100 * row.deadlineMet.mean, 1000 * row.energyJoules.mean, 100 * row.switches.mean, row.decideP99Us.mean);
}

}  // namespace

std::string toJson(const Evaluation& evaluation)
{
    QJsonArray results, references, leftOut;
    for (const auto& row : evaluation.rows)
        results << rowObject(row, evaluation.reference(row.scenario, row.source));
    for (const auto& reference : evaluation.references)
        references << referenceObject(reference);
    for (const auto& problem : evaluation.leftOut)
        leftOut << text(problem.message());
    const QJsonObject object{{"format", "splitscope-evaluation"},
                             {"version", 1},
                             {"network", text(evaluation.network)},
                             {"data", text(evaluation.data)},
                             {"batch", evaluation.batch},
                             {"seed", static_cast<qint64>(evaluation.seed)},
                             {"energy", "modelled"},
                             {"interval", "95 %, bootstrap over episodes"},
                             {"references", references},
                             {"results", results},
                             {"left_out", leftOut}};
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

std::string toCsv(const Evaluation& evaluation)
{
    std::string csv = "strategy,scenario,source,episodes,requests,optimum,bound";
    const auto heading = [&csv](const std::string& key) { csv += "," + key + "," + key + "_low," + key + "_high"; };
    for (const auto& column : kColumns)
        heading(column.key);
    for (const auto& column : kLatencies)
        heading(std::string("latency_") + column.key + "_ms");
    for (const auto& column : kDecideTimes)
        heading(std::string("decide_us_") + column.key);
    csv += "\r\n";
    for (const auto& row : evaluation.rows) {
        const auto* reference = evaluation.reference(row.scenario, row.source);
        csv += row.strategy + "," + row.scenario + "," + quoted(row.source) + "," + std::to_string(row.episodes) + ","
            + std::to_string(row.requests) + "," + (reference ? cell(reference->optimum.mean) : std::string()) + ","
            + (reference ? cell(reference->bound.mean) : std::string());
        const auto add = [&](const Column& column) {
            const auto& value = row.*column.value;
            csv += "," + cell(value.mean) + "," + cell(value.low) + "," + cell(value.high);
        };
        for (const auto& column : kColumns)
            add(column);
        for (const auto& column : kLatencies)
            add(column);
        for (const auto& column : kDecideTimes)
            add(column);
        csv += "\r\n";
    }
    return csv;
}

std::string toText(const Evaluation& evaluation)
{
    std::string lines = evaluation.network + ", accuracy on " + evaluation.data + ", batch " + std::to_string(evaluation.batch)
        + ", seed " + std::to_string(evaluation.seed) + "; energy is modelled; ± is half of a 95 % interval over episodes\n";
    for (const auto& reference : evaluation.references) {
        lines += "\n" + reference.scenario + " on " + reference.source + ": optimum of every step "
            + decimal(reference.optimum.mean, 4) + ", bound " + decimal(reference.bound.mean, 4) + " (" + reference.boundKind
            + ")\n";
        lines += "  strategy             reward          % opt. %bound  regret  acc. %   p50 ms   p95 ms   p99 ms  met % "
                 "mJ/frame switch% p99 µs\n";
        for (const auto& row : evaluation.rows)
            if (row.scenario == reference.scenario && row.source == reference.source)
                lines += line(row);
    }
    for (const auto& problem : evaluation.leftOut)
        lines += "\nleft out: " + problem.message();
    return lines + (evaluation.leftOut.empty() ? "" : "\n");
}

}  // namespace splitscope::session
