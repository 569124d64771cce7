// SPDX-License-Identifier: GPL-3.0-or-later
// The tables of the records, schema by schema, and how a database of an earlier one becomes one of this.
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

/// What the dashboard compares, replays and reports: the whole of a sample, events and health, what a run was made with, tags and
/// notes; totals and parts are made of the rows, and may be made again.
constexpr const char* kSchema4 = R"(
ALTER TABLE requests ADD COLUMN expected_accuracy REAL;
ALTER TABLE requests ADD COLUMN optimum_exit INTEGER NOT NULL DEFAULT 0;
ALTER TABLE requests ADD COLUMN optimum_partition INTEGER NOT NULL DEFAULT 0;
ALTER TABLE requests ADD COLUMN optimum_coding TEXT NOT NULL DEFAULT '';
ALTER TABLE requests ADD COLUMN uplink_changed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE requests ADD COLUMN strategy_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN scenario_name TEXT NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN weights_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN codebook_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN table_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN environment TEXT NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN writer TEXT NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN notes TEXT NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN packed_requests INTEGER NOT NULL DEFAULT -1;
CREATE TABLE tags(run INTEGER NOT NULL, tag TEXT NOT NULL, PRIMARY KEY(run, tag)) WITHOUT ROWID;
CREATE TABLE events(
  id INTEGER PRIMARY KEY, run INTEGER NOT NULL, at_ms REAL NOT NULL, wall_ms INTEGER NOT NULL, kind TEXT NOT NULL,
  text TEXT NOT NULL, detail TEXT NOT NULL);
CREATE INDEX events_by_run ON events(run);
CREATE TABLE health(
  id INTEGER PRIMARY KEY, run INTEGER NOT NULL, at_ms REAL NOT NULL, wall_ms INTEGER NOT NULL, link TEXT NOT NULL,
  rtt_ms REAL NOT NULL, next_frame INTEGER NOT NULL, done INTEGER NOT NULL, fallback INTEGER NOT NULL, lost INTEGER NOT NULL,
  discarded INTEGER NOT NULL, unacknowledged INTEGER NOT NULL, paused INTEGER NOT NULL,
  estimated_bytes_per_second REAL NOT NULL, estimate_low REAL NOT NULL, estimate_high REAL NOT NULL, device TEXT NOT NULL);
CREATE INDEX health_by_run ON health(run);
CREATE TABLE totals(
  run INTEGER PRIMARY KEY, requests INTEGER NOT NULL, frames INTEGER NOT NULL, done INTEGER NOT NULL, fallback INTEGER NOT NULL,
  lost INTEGER NOT NULL, accuracy REAL NOT NULL, accuracy_low REAL NOT NULL, accuracy_high REAL NOT NULL, p50_ms REAL NOT NULL,
  p95_ms REAL NOT NULL, p99_ms REAL NOT NULL, median_ms REAL NOT NULL, median_low_ms REAL NOT NULL,
  median_high_ms REAL NOT NULL, bytes_per_frame REAL NOT NULL, energy_j_per_frame REAL NOT NULL, deadline_ms REAL NOT NULL,
  deadline_misses INTEGER NOT NULL, reward REAL, regret REAL, duration_ms REAL NOT NULL, frames_per_second REAL NOT NULL);
CREATE TABLE parts(
  run INTEGER NOT NULL, part INTEGER NOT NULL, first_frame INTEGER NOT NULL, requests INTEGER NOT NULL, data BLOB NOT NULL,
  PRIMARY KEY(run, part));
)";

/// What the device's system tells of it; null where it does not.
constexpr const char* kSchema5 = R"(
ALTER TABLE health ADD COLUMN temperature_c REAL;
ALTER TABLE health ADD COLUMN load REAL;
ALTER TABLE health ADD COLUMN busy REAL;
ALTER TABLE health ADD COLUMN memory_used_bytes INTEGER;
ALTER TABLE health ADD COLUMN memory_bytes INTEGER;
ALTER TABLE health ADD COLUMN daemon_memory_bytes INTEGER;
ALTER TABLE health ADD COLUMN clock_hz REAL;
ALTER TABLE health ADD COLUMN full_clock_hz REAL;
ALTER TABLE health ADD COLUMN throttled INTEGER;
ALTER TABLE health ADD COLUMN under_voltage INTEGER;
)";

/// Which frames of a request were answered early, and by what gate.
constexpr const char* kSchema6 = R"(
ALTER TABLE requests ADD COLUMN gate TEXT NOT NULL DEFAULT '';
ALTER TABLE requests ADD COLUMN answered_early INTEGER NOT NULL DEFAULT 0;
ALTER TABLE requests ADD COLUMN optimum_gate TEXT NOT NULL DEFAULT '';
)";

/// How the device was when a request was captured; null where its system does not tell.
constexpr const char* kSchema7 = R"(
ALTER TABLE requests ADD COLUMN device_temperature_c REAL;
ALTER TABLE requests ADD COLUMN device_load REAL;
ALTER TABLE requests ADD COLUMN device_busy REAL;
ALTER TABLE requests ADD COLUMN device_memory_used_bytes REAL;
ALTER TABLE requests ADD COLUMN device_clock_hz REAL;
ALTER TABLE requests ADD COLUMN device_throttled REAL;
ALTER TABLE requests ADD COLUMN device_under_voltage REAL;
ALTER TABLE requests ADD COLUMN device_power_w REAL;
ALTER TABLE health ADD COLUMN power_w REAL;
)";

/// Step i brings a database of version i to version i + 1. Released steps are never changed.
constexpr std::array kMigrations{kSchema1, kSchema2, kSchema3, kSchema4, kSchema5, kSchema6, kSchema7};
static_assert(kMigrations.size() == kSchemaVersion);

base::Result<int> versionOf(const Database& database)
{
    auto pragma = database.prepare("PRAGMA user_version");
    if (!pragma.ok() || !pragma.next())
        return database.lastError("cannot be read");
    return static_cast<int>(pragma.integer(0));
}

bool hasTables(const Database& database)
{
    auto tables = database.prepare("SELECT 1 FROM sqlite_master LIMIT 1");
    return tables.ok() && tables.next();
}

/// Whether it is ours: the first schema left its name.
bool isRecords(const Database& database)
{
    auto format = database.prepare("SELECT value FROM meta WHERE key = 'format'");
    return format.ok() && format.next() && format.text(0) == "splitscope records";
}

base::Error later(const Database& database, int version)
{
    return {base::ErrorCode::Unsupported,
            "was written by a later version of this program (schema " + std::to_string(version) + ", this one knows "
                + std::to_string(kSchemaVersion) + "); update this program, or use another folder",
            database.path()};
}

base::Error notRecords(const Database& database)
{
    return {base::ErrorCode::InvalidInput, "holds no records of this program", database.path()};
}

/// A copy of the database as it is, WAL included, beside it: records.sqlite.schema-3.bak.
base::Status backUp(const Database& database, int version)
{
    const std::filesystem::path target = database.path() + ".schema-" + std::to_string(version) + ".bak";
    const std::filesystem::path partial = target.string() + ".partial";
    std::error_code ec;
    std::filesystem::remove(partial, ec);
    auto copy = Database::open(partial, Database::Mode::ReadWrite, 0);
    if (!copy)
        return copy.error();
    auto* backup = sqlite3_backup_init(copy->handle(), "main", database.handle(), "main");
    if (!backup)
        return copy->lastError("the copy before the migration cannot be made");
    sqlite3_backup_step(backup, -1);
    if (sqlite3_backup_finish(backup) != SQLITE_OK) {
        auto error = copy->lastError("the copy before the migration cannot be made");
        std::filesystem::remove(partial, ec);
        return error;
    }
    copy = base::Error{};  // closes it
    std::filesystem::rename(partial, target, ec);
    if (ec)
        return base::Error{base::ErrorCode::Io, "cannot be made: " + ec.message(), target.string()};
    return {};
}

/// All steps in one transaction, after a copy was made: what was there is there again whatever happens.
base::Status migrate(const Database& database)
{
    const auto version = versionOf(database);
    if (!version)
        return version.error();
    if (*version > kSchemaVersion)
        return later(database, *version);
    if (*version == kSchemaVersion)
        return {};
    if (*version == 0 ? hasTables(database) : !isRecords(database))
        return notRecords(database);
    if (*version > 0)
        if (const auto copied = backUp(database, *version); !copied)
            return copied;
    // Another process may have migrated it meanwhile: asked again under the lock.
    int code = database.execute("BEGIN IMMEDIATE");
    const auto locked = code == SQLITE_OK ? versionOf(database) : base::Result<int>(*version);
    for (auto i = static_cast<std::size_t>(locked ? *locked : *version); i < kMigrations.size() && code == SQLITE_OK; ++i)
        code = database.execute((kMigrations[i] + ("PRAGMA user_version = " + std::to_string(i + 1))).c_str());
    if (code == SQLITE_OK)
        code = database.execute("COMMIT");
    if (code == SQLITE_OK)
        return {};
    const auto error = database.lastError("its tables cannot be made");
    database.execute("ROLLBACK");
    return error;
}

}  // namespace

base::Result<Database> openRecords(const std::filesystem::path& path, Database::Mode mode)
{
    constexpr int kBusyMs = 1000;
    std::error_code ec;
    if (mode == Database::Mode::ReadOnly && !std::filesystem::is_regular_file(path, ec))
        return base::Error{base::ErrorCode::NotFound, "there is no such file", path.string()};
    auto database = Database::open(path, mode, kBusyMs);
    if (!database)
        return database.error();
    if (mode == Database::Mode::ReadOnly) {
        if (const auto version = schemaOf(*database); !version)
            return version.error();
        return database;
    }
    // FULL: a commit survives a power cut, since the device forgets what has been acknowledged.
    if (database->execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL") != SQLITE_OK)
        return database->lastError("cannot be used");
    if (const auto status = migrate(*database); !status)
        return status.error();
    return database;
}

base::Result<Database> openExistingRecords(const std::filesystem::path& path, Database::Mode mode)
{
    std::error_code ec;
    if (!std::filesystem::is_regular_file(path, ec))
        return base::Error{base::ErrorCode::NotFound, "there is no such file", path.string()};
    return openRecords(path, mode);
}

base::Result<int> schemaOf(const Database& database)
{
    const auto version = versionOf(database);
    if (!version)
        return version;
    if (*version > kSchemaVersion)
        return later(database, *version);
    if (*version == 0 || !isRecords(database))
        return notRecords(database);
    return version;
}

}  // namespace splitscope::session
