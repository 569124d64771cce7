// SPDX-License-Identifier: GPL-3.0-or-later
// The records database: its schema, and writing to it. Single-threaded; recorder.h gives it a thread and a queue.
#pragma once

#include "core/session/recorder.h"
#include "core/session/sqlite_p.h"

namespace splitscope::session {

inline constexpr int kSchemaVersion = 3;

/// Opens the database; creates it, or brings an earlier version's schema up to date, when asked to write.
base::Result<Database> openRecords(const std::filesystem::path& path, Database::Mode mode);

/// Writes inside a transaction that the caller begins and ends. Every call gives SQLITE_OK or SQLite's error.
class RecordWriter {
public:
    explicit RecordWriter(const Database& database);
    int beginRun(const RunInfo& info);
    int endRun(std::uint64_t run, const std::string& state, std::int64_t endedMs);
    /// Replaces what was recorded for the same frames of the run before.
    int write(std::uint64_t run, const Sample& sample);

private:
    Statement m_begin, m_end, m_request, m_frame;
};

}  // namespace splitscope::session
