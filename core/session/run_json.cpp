// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/run_json.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace splitscope::session {

namespace {

QString text(const std::string& value) { return QString::fromStdString(value); }
qint64 whole(std::uint64_t value) { return static_cast<qint64>(value); }
QJsonObject objectOf(const std::string& json) { return QJsonDocument::fromJson(QByteArray::fromStdString(json)).object(); }
QJsonValue orNull(const std::optional<double>& value) { return value ? QJsonValue(*value) : QJsonValue(); }
QJsonArray bounds(const Bounded& value) { return {value.low, value.high}; }

QJsonObject toObject(const RunTotals& totals)
{
    return {
        {"requests", whole(totals.requests)},
        {"frames", whole(totals.frames)},
        {"done", whole(totals.done)},
        {"fallback", whole(totals.fallback)},
        {"lost", whole(totals.lost)},
        {"accuracy", totals.accuracy.value},
        {"accuracy_interval", bounds(totals.accuracy)},
        {"latency_ms",
         QJsonObject{
             {"p50", totals.p50Ms}, {"p95", totals.p95Ms}, {"p99", totals.p99Ms}, {"median_interval", bounds(totals.medianMs)}}},
        {"bytes_per_frame", totals.bytesPerFrame},
        {"energy_j_per_frame", totals.energyPerFrame},
        {"deadline_ms", totals.deadlineMs},
        {"deadline_misses", whole(totals.deadlineMisses)},
        {"reward", orNull(totals.reward)},
        {"regret", orNull(totals.regret)},
        {"duration_ms", totals.durationMs},
        {"fps", totals.framesPerSecond}};
}

}  // namespace

std::string toJson(const RunRow& row)
{
    QJsonArray tags;
    for (const auto& tag : row.tags)
        tags.append(text(tag));
    const QJsonObject object{{"run", whole(row.key.run)},
                             {"records", text(row.key.records.string())},
                             {"state", text(toString(row.ending))},
                             {"started_ms", static_cast<qint64>(row.startedMs)},
                             {"ended_ms", row.endedMs ? QJsonValue(static_cast<qint64>(row.endedMs)) : QJsonValue()},
                             {"resumes", row.resumes},
                             {"scenario_name", text(row.scenarioName)},
                             {"totals", toObject(row.totals)},
                             {"tags", tags},
                             {"notes", text(row.notes)},
                             {"program_version", text(row.programVersion)},
                             {"model_hash", text(row.modelHash)},
                             {"weights_hash", text(row.weightsHash)},
                             {"codebook_hash", text(row.codebookHash)},
                             {"table_hash", text(row.tableHash)},
                             {"environment", objectOf(row.environment)},
                             {"scenario", objectOf(row.scenarioJson)}};
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

}  // namespace splitscope::session
