// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/record_store_p.h"

#include <array>

namespace splitscope::session {

namespace {

/// Runs and rows by name; times in ms, rates in bytes a second, energy in joules a frame.
constexpr const char* kSchema1 = R"(
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE runs(
  run INTEGER PRIMARY KEY, scenario TEXT NOT NULL, program_version TEXT NOT NULL, model_hash TEXT NOT NULL,
  started_ms INTEGER NOT NULL, ended_ms INTEGER, state TEXT NOT NULL);
CREATE TABLE requests(
  run INTEGER NOT NULL, first_frame INTEGER NOT NULL, count INTEGER NOT NULL, outcome TEXT NOT NULL, reason TEXT NOT NULL,
  exit INTEGER NOT NULL, partition INTEGER NOT NULL, coding TEXT NOT NULL, decision_age INTEGER NOT NULL,
  capture_ms REAL NOT NULL, device_segment_ms REAL NOT NULL, encode_ms REAL NOT NULL, send_queue_ms REAL NOT NULL,
  transfer_ms REAL NOT NULL, edge_queue_ms REAL NOT NULL, decode_ms REAL NOT NULL, edge_segment_ms REAL NOT NULL,
  reply_ms REAL NOT NULL, fallback_ms REAL NOT NULL, total_ms REAL NOT NULL, captured_at_ms REAL NOT NULL,
  payload_bytes INTEGER NOT NULL, wire_bytes INTEGER NOT NULL,
  set_bytes_per_second REAL NOT NULL, achieved_bytes_per_second REAL NOT NULL, energy_j_per_frame REAL NOT NULL,
  rtt_ms REAL NOT NULL,
  PRIMARY KEY(run, first_frame)) WITHOUT ROWID;
CREATE TABLE frames(
  run INTEGER NOT NULL, id INTEGER NOT NULL, first_frame INTEGER NOT NULL, label INTEGER NOT NULL, truth INTEGER NOT NULL,
  PRIMARY KEY(run, id)) WITHOUT ROWID;
INSERT INTO meta VALUES('format', 'splitscope records');
)";

/// What was believed about the uplink when the record came.
constexpr const char* kSchema2 = R"(
ALTER TABLE requests ADD COLUMN estimated_bytes_per_second REAL NOT NULL DEFAULT 0;
ALTER TABLE requests ADD COLUMN estimate_low REAL NOT NULL DEFAULT 0;
ALTER TABLE requests ADD COLUMN estimate_high REAL NOT NULL DEFAULT 0;
)";

/// What the cost table says of a request; null where there was none.
constexpr const char* kSchema3 = R"(
ALTER TABLE requests ADD COLUMN reward REAL;
ALTER TABLE requests ADD COLUMN regret REAL;
)";

/// Step i brings a database of version i to version i + 1. Released steps are never changed.
constexpr std::array kMigrations{kSchema1, kSchema2, kSchema3};
static_assert(kMigrations.size() == kSchemaVersion);

constexpr const char* kBegin = "INSERT INTO runs VALUES(?1, ?2, ?3, ?4, ?5, NULL, 'running') "
                               "ON CONFLICT(run) DO UPDATE SET state = 'running', ended_ms = NULL";
constexpr const char* kEnd = "UPDATE runs SET state = ?2, ended_ms = ?3 WHERE run = ?1";
constexpr const char* kRequest
    = "INSERT OR REPLACE INTO requests VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, "
      "?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32)";
constexpr const char* kFrame = "INSERT OR REPLACE INTO frames VALUES(?1, ?2, ?3, ?4, ?5)";

std::int64_t toInteger(std::uint64_t value) { return static_cast<std::int64_t>(value); }

base::Status migrate(const Database& database)
{
    auto pragma = database.prepare("PRAGMA user_version");
    if (!pragma.ok() || !pragma.next())
        return database.lastError("cannot be read");
    const auto version = static_cast<std::size_t>(pragma.integer(0));
    pragma = {};
    if (version > kMigrations.size())
        return base::Error{base::ErrorCode::Unsupported,
                           "was written by a later version of this program (schema " + std::to_string(version)
                               + "); update, or record into another folder",
                           sqlite3_db_filename(database.handle(), "main")};
    for (std::size_t i = version; i < kMigrations.size(); ++i) {
        const std::string sql
            = std::string("BEGIN IMMEDIATE;") + kMigrations[i] + "PRAGMA user_version = " + std::to_string(i + 1) + "; COMMIT;";
        if (database.execute(sql.c_str()) != SQLITE_OK) {
            const auto error = database.lastError("its tables cannot be made");
            database.execute("ROLLBACK");
            return error;
        }
    }
    return {};
}

}  // namespace

base::Result<Database> openRecords(const std::filesystem::path& path, Database::Mode mode)
{
    constexpr int kBusyMs = 1000;
    auto database = Database::open(path, mode, kBusyMs);
    if (!database)
        return database.error();
    if (mode == Database::Mode::ReadOnly)
        return database;
    // FULL: a commit survives a power cut, since the device forgets what has been acknowledged.
    if (database->execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL") != SQLITE_OK)
        return database->lastError("cannot be used");
    if (const auto status = migrate(*database); !status)
        return status.error();
    return database;
}

RecordWriter::RecordWriter(const Database& database)
    : m_begin(database.prepare(kBegin)), m_end(database.prepare(kEnd)), m_request(database.prepare(kRequest)),
      m_frame(database.prepare(kFrame))
{
}

int RecordWriter::beginRun(const RunInfo& info)
{
    return m_begin.bind(1, toInteger(info.run))
        .bind(2, info.scenarioJson)
        .bind(3, info.programVersion)
        .bind(4, info.modelHash)
        .bind(5, info.startedMs)
        .run();
}

int RecordWriter::endRun(std::uint64_t run, const std::string& state, std::int64_t endedMs)
{
    return m_end.bind(1, toInteger(run)).bind(2, state).bind(3, endedMs).run();
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
    for (double value : {sample.reward, sample.regret}) {
        if (sample.priced)
            put(value);
        else
            m_request.bindNull(++column);
    }
    int code = m_request.run();
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

}  // namespace splitscope::session
