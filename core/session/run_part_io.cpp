// SPDX-License-Identifier: GPL-3.0-or-later
// Parts to and from a database.
#include "core/session/record_store_p.h"
#include "core/session/run_part_p.h"

#include <limits>

namespace splitscope::session {

namespace {

constexpr int kSchemaOfParts = 4;
constexpr std::size_t kRowsBetweenLooks = 4096;  // at the stop token

std::int64_t toInteger(std::uint64_t value) { return static_cast<std::int64_t>(value); }

base::Error cancelled(const std::string& where) { return {base::ErrorCode::Cancelled, "stopped", where}; }

void takeRow(const Statement& row, RunPart& part)
{
    for (std::size_t i = 0; i < kFieldCount; ++i) {
        const auto field = static_cast<Field>(i);
        const int column = static_cast<int>(i);
        switch (kRequestColumns[i].kind) {
        case ColumnKind::Real:
            part.addReal(field, row.isNull(column) ? std::numeric_limits<double>::quiet_NaN() : row.real(column));
            break;
        case ColumnKind::Whole: part.addWhole(field, row.integer(column)); break;
        case ColumnKind::Text: {
            const auto text = row.view(column);
            part.addText(field, text.data(), text.size());
            break;
        }
        }
    }
    part.endRow();
}

/// Goes through the table of frames beside that of requests.
class FrameCursor {
public:
    FrameCursor(const Database& database, std::uint64_t run, std::uint64_t from)
        : m_frames(database.prepare("SELECT id, label, truth FROM frames WHERE run = ?1 AND id >= ?2 ORDER BY id"))
    {
        if (m_frames.ok())
            m_frames.bind(1, toInteger(run)).bind(2, toInteger(from));
        m_any = m_frames.ok() && m_frames.next();
    }
    /// Those of one request; −1 for frames that are not there.
    void addTo(RunPart& part, std::int64_t first, std::int64_t count)
    {
        while (m_any && m_frames.integer(0) < first)
            m_any = m_frames.next();
        for (std::int64_t id = first; id < first + count; ++id) {
            const bool here = m_any && m_frames.integer(0) == id;
            part.addFrame(here ? m_frames.integer(1) : -1, here ? m_frames.integer(2) : -1);
            if (here)
                m_any = m_frames.next();
        }
    }

private:
    Statement m_frames;
    bool m_any = false;
};

base::Status forEachRow(const Database& database, int schema, std::uint64_t run, std::uint64_t from, const std::stop_token& stop,
                        const PartTaker& take)
{
    const std::string sql = "SELECT " + columnList(kRequestColumns, schema)
        + " FROM requests WHERE run = ?1 AND first_frame >= ?2 ORDER BY first_frame";
    auto rows = database.prepare(sql.c_str());
    if (!rows.ok())
        return database.lastError("cannot be read");
    rows.bind(1, toInteger(run)).bind(2, toInteger(from));
    FrameCursor frames(database, run, from);
    RunPart part;
    while (rows.next()) {
        takeRow(rows, part);
        frames.addTo(part, part.wholes(Field::FirstFrame).back(), part.wholes(Field::Count).back());
        if (part.size() % kRowsBetweenLooks == 0 && stop.stop_requested())
            return cancelled(database.path());
        if (part.size() < kPartRequests)
            continue;
        take(part);
        part = RunPart();
    }
    if (!rows.atEnd())
        return database.lastError("cannot be read to its end");
    if (part.size() > 0)
        take(part);
    return {};
}

/// Whether the run's parts hold all that its rows do.
bool hasParts(const Database& database, int schema, std::uint64_t run)
{
    if (schema < kSchemaOfParts)
        return false;
    auto packed = database.prepare("SELECT packed_requests, (SELECT sum(requests) FROM parts WHERE run = ?1) FROM runs "
                                   "WHERE run = ?1");
    if (!packed.ok())
        return false;
    packed.bind(1, toInteger(run));
    return packed.next() && packed.integer(0) >= 0 && packed.integer(0) == packed.integer(1);
}

}  // namespace

base::Status forEachPart(const Database& database, int schema, std::uint64_t run, const std::stop_token& stop,
                         const PartTaker& take, bool* isPacked)
{
    const bool packed = hasParts(database, schema, run);
    if (isPacked)
        *isPacked = packed;
    if (!packed)
        return forEachRow(database, schema, run, 0, stop, take);
    auto parts = database.prepare("SELECT data FROM parts WHERE run = ?1 ORDER BY part");
    if (!parts.ok())
        return database.lastError("cannot be read");
    parts.bind(1, toInteger(run));
    std::uint64_t next = 0;
    while (parts.next()) {
        RunPart part;
        const auto blob = parts.view(0);
        if (stop.stop_requested())
            return cancelled(database.path());
        if (!part.decode(blob.data(), blob.size()) || part.firstFrame() < next)
            return forEachRow(database, schema, run, next, stop, take);  // the rows are the truth
        next = part.lastFrame() + 1;
        take(part);
    }
    return parts.atEnd() ? base::Status() : database.lastError("cannot be read to its end");
}

base::Status packRun(const Database& database, std::uint64_t run, const std::stop_token& stop)
{
    if (hasParts(database, kSchemaOfParts, run))
        return {};
    if (database.execute("BEGIN IMMEDIATE") != SQLITE_OK)
        return database.lastError("cannot be written");
    auto clear = database.prepare("DELETE FROM parts WHERE run = ?1");
    auto insert = database.prepare("INSERT INTO parts VALUES(?1, ?2, ?3, ?4, ?5)");
    auto mark = database.prepare("UPDATE runs SET packed_requests = ?2 WHERE run = ?1");
    int code = clear.bind(1, toInteger(run)).run();
    std::int64_t parts = 0, requests = 0;
    const auto read = forEachRow(database, kSchemaVersion, run, 0, stop, [&](const RunPart& part) {
        if (code != SQLITE_OK)
            return;
        code = insert.bind(1, toInteger(run))
                   .bind(2, parts++)
                   .bind(3, toInteger(part.firstFrame()))
                   .bind(4, static_cast<std::int64_t>(part.size()))
                   .bindBlob(5, part.encode())
                   .run();
        requests += static_cast<std::int64_t>(part.size());
    });
    if (code == SQLITE_OK && read.ok())
        code = mark.bind(1, toInteger(run)).bind(2, requests).run();
    if (code == SQLITE_OK && read.ok())
        code = database.execute("COMMIT");
    if (code == SQLITE_OK && read.ok())
        return {};
    const auto error = read.ok() ? database.lastError("cannot be written") : read.error();
    database.execute("ROLLBACK");
    return error;
}

PartWriter::PartWriter(const Database& database)
    : m_insert(database.prepare("INSERT INTO parts VALUES(?1, ?2, ?3, ?4, ?5)")),
      m_delete(database.prepare("DELETE FROM parts WHERE run = ?1")),
      m_mark(database.prepare("UPDATE runs SET packed_requests = ?2 WHERE run = ?1")),
      m_any(database.prepare("SELECT EXISTS(SELECT 1 FROM requests WHERE run = ?1)"))
{
}

int PartWriter::forget(std::uint64_t run)
{
    if (m_active && run == m_run)
        m_active = false;
    int code = m_delete.bind(1, toInteger(run)).run();
    if (code == SQLITE_OK)
        code = m_mark.bind(1, toInteger(run)).bind(2, std::int64_t{-1}).run();
    return code;
}

int PartWriter::begin(std::uint64_t run)
{
    const int code = forget(run);
    m_part.clear();
    m_run = run;
    m_nextFrame = 0;
    m_parts = m_requests = 0;
    m_active = !(m_any.bind(1, toInteger(run)).next() && m_any.integer(0) != 0);
    m_any.next();  // ends the reading
    return code;
}

int PartWriter::writePart(const RunPart& part)
{
    if (part.firstFrame() < m_nextFrame)
        return forget(m_run);
    const auto& first = part.wholes(Field::FirstFrame);
    for (std::size_t i = 1; i < first.size(); ++i)
        if (first[i] == first[i - 1])
            return forget(m_run);
    m_nextFrame = part.lastFrame() + 1;
    m_requests += static_cast<std::int64_t>(part.size());
    return m_insert.bind(1, toInteger(m_run))
        .bind(2, m_parts++)
        .bind(3, toInteger(part.firstFrame()))
        .bind(4, static_cast<std::int64_t>(part.size()))
        .bindBlob(5, part.encode())
        .run();
}

int PartWriter::add(std::uint64_t run, const Sample& sample)
{
    if (!m_active || run != m_run)
        return forget(run);
    m_part.append(sample);
    if (m_part.size() < 2 * kPartRequests)
        return SQLITE_OK;
    m_part.sort();
    return writePart(m_part.takeFirst(kPartRequests));
}

int PartWriter::end(std::uint64_t run)
{
    if (!m_active || run != m_run)
        return forget(run);
    m_part.sort();
    int code = SQLITE_OK;
    while (code == SQLITE_OK && m_active && m_part.size() > 0)
        code = writePart(m_part.takeFirst(kPartRequests));
    if (code == SQLITE_OK && m_active)
        code = m_mark.bind(1, toInteger(run)).bind(2, m_requests).run();
    m_active = false;
    return code;
}

}  // namespace splitscope::session
