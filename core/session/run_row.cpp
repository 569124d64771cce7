// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/run_row_p.h"

#include "core/session/run_environment.h"
#include "core/session/summary.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>

namespace splitscope::session {

namespace {

constexpr std::size_t kLongestTag = 64;
constexpr int kSchemaOfNotes = 4;

RunEnding endingOf(const std::string& state, const std::string& writer)
{
    for (auto ending : {RunEnding::Finished, RunEnding::Stopped, RunEnding::Failed})
        if (state == toString(ending))
            return ending;
    return state == "running" && isAlive(writer) ? RunEnding::Running : RunEnding::Interrupted;
}

QJsonObject objectOf(const std::string& json) { return QJsonDocument::fromJson(QByteArray::fromStdString(json)).object(); }

/// Read leniently: scenarios of other versions have other keys.
void describe(RunRow& row)
{
    const auto scenario = objectOf(row.scenarioJson);
    const auto text = [&scenario](const char* key) { return scenario.value(QLatin1String(key)).toString().toStdString(); };
    row.model = text("model");
    row.data = text("data");
    row.split = text("split");
    row.device = text("device");
    row.strategy = text("strategy");
    row.coder = text("entropy_coder");
    row.bandwidth = text("bandwidth");
    row.seed = static_cast<std::uint64_t>(scenario.value(QStringLiteral("seed")).toInteger());
    row.framesWanted = static_cast<std::uint64_t>(scenario.value(QStringLiteral("frames")).toInteger());
    row.batch = scenario.value(QStringLiteral("batch")).toInt(1);
    row.slowdown = scenario.value(QStringLiteral("slowdown")).toDouble(1);
    const auto decision = scenario.value(QStringLiteral("decision")).toObject();
    row.decision = "exit " + std::to_string(decision.value(QStringLiteral("exit")).toInt()) + ", cut "
        + std::to_string(decision.value(QStringLiteral("partition")).toInt()) + ", "
        + decision.value(QStringLiteral("coding")).toString().toStdString();
    if (const auto gate = gateOf(decision.value(QStringLiteral("gate")).toString().toStdString()))
        row.decision += ", gate " + decision::toString(*gate);
}

void readTags(const Database& database, RunRow& row)
{
    auto tags = database.prepare("SELECT tag FROM tags WHERE run = ?1 ORDER BY tag");
    if (!tags.ok())
        return;
    tags.bind(1, static_cast<std::int64_t>(row.key.run));
    while (tags.next())
        row.tags.push_back(tags.text(0));
}

}  // namespace

base::Result<std::vector<RunRow>> readRunRows(const Database& database, int schema, const std::filesystem::path& records,
                                              std::optional<std::uint64_t> only)
{
    std::string sql = "SELECT run, scenario, program_version, model_hash, started_ms, ended_ms, state";
    const bool hasNotes = schema >= kSchemaOfNotes;
    sql += hasNotes ? ", scenario_name, weights_hash, codebook_hash, table_hash, environment, writer, notes, "
                      "(SELECT count(*) FROM events WHERE events.run = runs.run AND kind = 'resume')"
                    : ", '', '', '', '', '', '', '', 0";
    sql += " FROM runs WHERE ?1 < 0 OR run = ?1 ORDER BY started_ms, run";
    auto runs = database.prepare(sql.c_str());
    if (!runs.ok())
        return database.lastError("cannot be read");
    runs.bind(1, only ? static_cast<std::int64_t>(*only) : std::int64_t{-1});
    std::vector<RunRow> rows;
    while (runs.next()) {
        RunRow row;
        row.key = {records, static_cast<std::uint64_t>(runs.integer(0))};
        row.scenarioJson = runs.text(1);
        row.programVersion = runs.text(2);
        row.modelHash = runs.text(3);
        row.startedMs = runs.integer(4);
        row.endedMs = runs.integer(5);
        row.ending = endingOf(runs.text(6), runs.text(12));
        row.scenarioName = runs.text(7);
        row.weightsHash = runs.text(8);
        row.codebookHash = runs.text(9);
        row.tableHash = runs.text(10);
        row.environment = runs.text(11);
        row.notes = runs.text(13);
        row.resumes = static_cast<int>(runs.integer(14));
        describe(row);
        rows.push_back(std::move(row));
    }
    if (!runs.atEnd())
        return database.lastError("cannot be read");
    for (auto& row : rows)
        if (hasNotes)
            readTags(database, row);
    return rows;
}

double deadlineOf(const std::string& scenarioJson)
{
    const auto scenario = objectOf(scenarioJson);
    const auto key = QStringLiteral("deadline_ms");
    const double ofReward = scenario.value(QStringLiteral("reward")).toObject().value(key).toDouble(0);
    return ofReward > 0 ? ofReward : scenario.value(key).toDouble(0);
}

bool loadTotals(const Database& database, int schema, std::uint64_t run, RunTotals& totals)
{
    if (schema < kSchemaOfNotes)
        return false;
    auto kept = database.prepare("SELECT * FROM totals WHERE run = ?1");
    if (!kept.ok() || !kept.bind(1, static_cast<std::int64_t>(run)).next())
        return false;
    int column = 0;
    for (auto* count : {&totals.requests, &totals.frames, &totals.done, &totals.fallback, &totals.lost})
        *count = static_cast<std::uint64_t>(kept.integer(++column));
    for (auto* value : {&totals.accuracy.value, &totals.accuracy.low, &totals.accuracy.high, &totals.p50Ms, &totals.p95Ms,
                        &totals.p99Ms, &totals.medianMs.value, &totals.medianMs.low, &totals.medianMs.high, &totals.bytesPerFrame,
                        &totals.energyPerFrame, &totals.deadlineMs})
        *value = kept.real(++column);
    totals.deadlineMisses = static_cast<std::uint64_t>(kept.integer(++column));
    for (auto* value : {&totals.reward, &totals.regret})
        if (++column; !kept.isNull(column))
            *value = kept.real(column);
    totals.durationMs = kept.real(++column);
    totals.framesPerSecond = kept.real(++column);
    return true;
}

int storeTotals(const Database& database, std::uint64_t run, const RunTotals& totals)
{
    auto store = database.prepare("INSERT OR REPLACE INTO totals VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, "
                                  "?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23)");
    if (!store.ok())
        return SQLITE_ERROR;
    int column = 0;
    for (auto count : {run, totals.requests, totals.frames, totals.done, totals.fallback, totals.lost})
        store.bind(++column, static_cast<std::int64_t>(count));
    for (double value : {totals.accuracy.value, totals.accuracy.low, totals.accuracy.high, totals.p50Ms, totals.p95Ms,
                         totals.p99Ms, totals.medianMs.value, totals.medianMs.low, totals.medianMs.high, totals.bytesPerFrame,
                         totals.energyPerFrame, totals.deadlineMs})
        store.bind(++column, value);
    store.bind(++column, static_cast<std::int64_t>(totals.deadlineMisses));
    for (const auto& value : {totals.reward, totals.regret}) {
        ++column;
        value ? store.bind(column, *value) : store.bindNull(column);
    }
    store.bind(++column, totals.durationMs);
    store.bind(++column, totals.framesPerSecond);
    return store.run();
}

base::Result<std::vector<std::string>> cleanTags(const std::vector<std::string>& tags)
{
    std::vector<std::string> clean;
    for (const auto& tag : tags) {
        const auto text = QString::fromStdString(tag).trimmed();
        if (text.isEmpty() || static_cast<std::size_t>(text.size()) > kLongestTag || text.contains(QLatin1Char(','))
            || text.contains(QLatin1Char('\n')) || text.contains(QLatin1Char('\r')))
            return base::Error{base::ErrorCode::InvalidInput,
                               "'" + tag + "' is no tag: 1 to 64 characters without commas and line breaks", "tags"};
        clean.push_back(text.toStdString());
    }
    std::sort(clean.begin(), clean.end());
    clean.erase(std::unique(clean.begin(), clean.end()), clean.end());
    return clean;
}

}  // namespace splitscope::session
