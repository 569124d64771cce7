// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sqlite3.h>
#include <string>

/// SQL on a database file; its own connection. False where SQLite refused.
inline bool execute(const std::string& path, const std::string& sql)
{
    sqlite3* db = nullptr;
    bool ok = sqlite3_open(path.c_str(), &db) == SQLITE_OK;
    ok = ok && sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK;
    sqlite3_close(db);
    return ok;
}

/// The first value of a query's first row; −1: none.
inline std::int64_t query(const std::string& path, const std::string& sql)
{
    sqlite3* db = nullptr;
    sqlite3_open_v2(path.c_str(), &db, SQLITE_OPEN_READONLY, nullptr);
    sqlite3_stmt* statement = nullptr;
    std::int64_t value = -1;
    if (sqlite3_prepare_v2(db, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW)
        value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return value;
}

/// A database as an earlier version of the program left it (schema 1 to 3): run 42, of two frames, the second one wrong.
inline bool writeOldRecords(const std::string& path, int schema)
{
    std::string sql = R"(
PRAGMA journal_mode = WAL;
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
INSERT INTO runs VALUES(42, '{"model": "alexnet3", "frames": 2, "seed": 7}', '0.0.1', 'hash', 1000, NULL, 'running');
)";
    std::string later;
    if (schema >= 2) {
        sql += "ALTER TABLE requests ADD COLUMN estimated_bytes_per_second REAL NOT NULL DEFAULT 0;"
               "ALTER TABLE requests ADD COLUMN estimate_low REAL NOT NULL DEFAULT 0;"
               "ALTER TABLE requests ADD COLUMN estimate_high REAL NOT NULL DEFAULT 0;";
        later += ", 5e5, 4e5, 6e5";
    }
    if (schema >= 3) {
        sql += "ALTER TABLE requests ADD COLUMN reward REAL; ALTER TABLE requests ADD COLUMN regret REAL;";
        later += ", 0.5, 0.25";
    }
    for (const char* frame : {"0", "1"})
        sql += "INSERT INTO requests VALUES(42, " + std::string(frame)
            + ", 1, 'done', '', 2, 6, '8', 1, 0.25, 3.5, 0.1, 0, 2.125, 0, 0.1, 1, 0.1, 0, 10.5, " + frame
            + "0, 1000, 1200, 1e6, 9.5e5, 0.002, 1.5" + later + ");";
    sql += "INSERT INTO frames VALUES(42, 0, 0, 3, 3); INSERT INTO frames VALUES(42, 1, 1, 4, 5); PRAGMA user_version = "
        + std::to_string(schema);
    return execute(path, sql);
}
