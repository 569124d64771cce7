// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/record_store_p.h"

#include "core/session/record_columns_p.h"
#include "core/session/run_environment.h"

#include <cmath>

namespace splitscope::session {

namespace {

constexpr const char* kBegin
    = "INSERT INTO runs(run, scenario, program_version, model_hash, started_ms, state, scenario_name, weights_hash, "
      "codebook_hash, table_hash, environment, writer) VALUES(?1, ?2, ?3, ?4, ?5, 'running', ?6, ?7, ?8, ?9, ?10, ?11) "
      "ON CONFLICT(run) DO UPDATE SET state = 'running', ended_ms = NULL, writer = excluded.writer, environment = "
      "CASE excluded.environment WHEN '' THEN environment ELSE excluded.environment END";
constexpr const char* kEnd = "UPDATE runs SET state = ?2, ended_ms = ?3 WHERE run = ?1";
constexpr const char* kFrame = "INSERT OR REPLACE INTO frames VALUES(?1, ?2, ?3, ?4, ?5)";
constexpr const char* kForgetTotals = "DELETE FROM totals WHERE run = ?1";

/// "INSERT … INTO table(run, a, b) VALUES(?1, ?2, ?3)".
std::string insertInto(const char* how, const char* table, std::span<const RecordColumn> columns)
{
    std::string places = "?1";
    for (std::size_t i = 0; i < columns.size(); ++i)
        places += ",?" + std::to_string(i + 2);
    return std::string(how) + " INTO " + table + "(run," + columnList(columns, kSchemaVersion) + ") VALUES(" + places + ")";
}

std::int64_t toInteger(std::uint64_t value) { return static_cast<std::int64_t>(value); }

}  // namespace

RecordWriter::RecordWriter(const Database& database)
    : m_begin(database.prepare(kBegin)), m_end(database.prepare(kEnd)),
      m_request(database.prepare(insertInto("INSERT OR REPLACE", "requests", kRequestColumns).c_str())),
      m_frame(database.prepare(kFrame)), m_event(database.prepare(insertInto("INSERT", "events", kEventColumns).c_str())),
      m_health(database.prepare(insertInto("INSERT", "health", kHealthColumns).c_str())),
      m_forgetTotals(database.prepare(kForgetTotals)), m_parts(database)
{
}

int RecordWriter::beginRun(const RunInfo& info)
{
    const int code = m_begin.bind(1, toInteger(info.run))
                         .bind(2, info.scenarioJson)
                         .bind(3, info.programVersion)
                         .bind(4, info.modelHash)
                         .bind(5, info.startedMs)
                         .bind(6, info.scenarioName)
                         .bind(7, info.weightsHash)
                         .bind(8, info.codebookHash)
                         .bind(9, info.tableHash)
                         .bind(10, info.environmentJson)
                         .bind(11, thisWriter())
                         .run();
    if (code != SQLITE_OK)
        return code;
    m_current = info.run;
    const int forgotten = m_forgetTotals.bind(1, toInteger(info.run)).run();
    return forgotten == SQLITE_OK ? m_parts.begin(info.run) : forgotten;
}

int RecordWriter::endRun(std::uint64_t run, const std::string& state, std::int64_t endedMs)
{
    int code = m_end.bind(1, toInteger(run)).bind(2, state).bind(3, endedMs).run();
    if (code == SQLITE_OK)
        code = m_forgetTotals.bind(1, toInteger(run)).run();
    if (code == SQLITE_OK)
        code = m_parts.end(run);
    if (run == m_current)
        m_current = 0;
    return code;
}

int RecordWriter::write(std::uint64_t run, const RunEvent& event)
{
    return m_event.bind(1, toInteger(run))
        .bind(2, event.atMs)
        .bind(3, event.wallMs)
        .bind(4, event.kind)
        .bind(5, event.text)
        .bind(6, event.detail)
        .run();
}

int RecordWriter::writeFrames(std::uint64_t run, const wire::FrameRecord& record)
{
    int code = SQLITE_OK;
    for (int i = 0; i < record.count && code == SQLITE_OK; ++i) {
        const auto at = static_cast<std::size_t>(i);
        code = m_frame.bind(1, toInteger(run))
                   .bind(2, toInteger(record.firstFrame + at))
                   .bind(3, toInteger(record.firstFrame))
                   .bind(4, std::int64_t{at < record.labels.size() ? record.labels[at] : -1})
                   .bind(5, std::int64_t{at < record.truths.size() ? record.truths[at] : -1})
                   .run();
    }
    return code;
}

int RecordWriter::write(std::uint64_t run, const Sample& sample)
{
    const auto& record = sample.record;
    const auto& stages = record.stages;
    int column = 0;
    const auto put = [&](const auto& value) { m_request.bind(++column, value); };
    put(toInteger(run));
    put(toInteger(record.firstFrame));
    put(std::int64_t{record.count});
    put(toString(record.outcome));
    put(record.reason);
    put(std::int64_t{record.decision.exit});
    put(std::int64_t{record.decision.partition});
    put(codec::toString(record.decision.coding));
    put(std::int64_t{record.decisionAge});
    for (double ms : {stages.capture, stages.deviceSegment, stages.encode, stages.sendQueue, stages.transfer, stages.edgeQueue,
                      stages.decode, stages.edgeSegment, stages.reply, stages.fallback, stages.total, record.capturedAtMs})
        put(ms);
    put(toInteger(record.payloadBytes));
    put(toInteger(record.wireBytes));
    for (double value : {record.setBytesPerSecond, record.achievedBytesPerSecond, sample.energyJoules, sample.rttMs,
                         sample.estimatedBytesPerSecond, sample.estimateLow, sample.estimateHigh})
        put(value);
    for (double value : {sample.reward, sample.regret, sample.expectedAccuracy}) {
        if (sample.priced)
            put(value);
        else
            m_request.bindNull(++column);
    }
    put(std::int64_t{sample.priced ? sample.optimum.exit : 0});
    put(std::int64_t{sample.priced ? sample.optimum.partition : 0});
    put(sample.priced ? codec::toString(sample.optimum.coding) : std::string());
    put(std::int64_t{sample.uplinkChanged ? 1 : 0});
    put(sample.strategyReason);
    put(gateText(record.decision));
    put(toInteger(record.answeredEarly.value_or(0)));
    put(sample.priced ? gateText(sample.optimum) : std::string());
    for (const double value : healthOf(sample)) {
        if (std::isnan(value))
            m_request.bindNull(++column);
        else
            put(value);
    }
    int code = m_request.run();
    if (code == SQLITE_OK)
        code = writeFrames(run, record);
    if (code == SQLITE_OK)
        code = m_parts.add(run, sample);
    if (code == SQLITE_OK && run != m_current)
        code = m_forgetTotals.bind(1, toInteger(run)).run();  // of a run that had ended
    return code;
}

}  // namespace splitscope::session
