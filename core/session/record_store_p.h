// SPDX-License-Identifier: GPL-3.0-or-later
// The records database: its schema, and writing to it. Single-threaded; recorder.h gives it a thread and a queue. RECORDS.md says
// what its tables and columns mean.
#pragma once

#include "core/session/recorder.h"
#include "core/session/run_part_p.h"
#include "core/session/sqlite_p.h"

namespace splitscope::session {

inline constexpr int kSchemaVersion = 7;

/// Opens the database. To write: creates it, or brings an earlier version's schema up to date in one transaction, after a copy
/// was made beside it (<file>.schema-<version>.bak). To read: earlier versions stay as they are. An Error: it is not there, no
/// database, another program's, or a later version's.
base::Result<Database> openRecords(const std::filesystem::path& path, Database::Mode mode);
/// The same, but never creates.
base::Result<Database> openExistingRecords(const std::filesystem::path& path, Database::Mode mode);
/// Of an open database: 1 to kSchemaVersion; an Error as openRecords() has.
base::Result<int> schemaOf(const Database& database);

/// Writes inside a transaction that the caller begins and ends. Every call gives SQLITE_OK or SQLite's error.
class RecordWriter {
public:
    explicit RecordWriter(const Database& database);
    int beginRun(const RunInfo& info);
    int endRun(std::uint64_t run, const std::string& state, std::int64_t endedMs);
    /// Replaces what was recorded for the same frames of the run before.
    int write(std::uint64_t run, const Sample& sample);
    int write(std::uint64_t run, const RunEvent& event);
    int write(std::uint64_t run, const RunHealth& health);
    /// The transaction was rolled back.
    void rolledBack() { m_parts.abandon(); }

private:
    int writeFrames(std::uint64_t run, const wire::FrameRecord& record);

    Statement m_begin, m_end, m_request, m_frame, m_event, m_health, m_forgetTotals;
    PartWriter m_parts;
    std::uint64_t m_current = 0;  ///< the run under way
};

/// Of a database of schema 4 at least, in time's order.
std::vector<RunHealth> readHealthRows(const Database& database, int schema, std::uint64_t run);

}  // namespace splitscope::session
