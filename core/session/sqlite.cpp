// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/sqlite_p.h"

namespace splitscope::session {

Statement::Statement(sqlite3* db, const char* sql)
{
    sqlite3_stmt* statement = nullptr;
    sqlite3_prepare_v2(db, sql, -1, &statement, nullptr);
    m_statement.reset(statement);
}

Statement& Statement::bind(int index, std::int64_t value)
{
    sqlite3_bind_int64(m_statement.get(), index, value);
    return *this;
}

Statement& Statement::bind(int index, double value)
{
    sqlite3_bind_double(m_statement.get(), index, value);
    return *this;
}

Statement& Statement::bind(int index, const std::string& value)
{
    sqlite3_bind_text(m_statement.get(), index, value.data(), static_cast<int>(value.size()), SQLITE_TRANSIENT);
    return *this;
}

Statement& Statement::bindNull(int index)
{
    sqlite3_bind_null(m_statement.get(), index);
    return *this;
}

Statement& Statement::bindBlob(int index, const std::string& bytes)
{
    sqlite3_bind_blob64(m_statement.get(), index, bytes.data(), bytes.size(), SQLITE_TRANSIENT);
    return *this;
}

int Statement::run()
{
    int code = SQLITE_ROW;
    while (code == SQLITE_ROW)
        code = sqlite3_step(m_statement.get());
    sqlite3_reset(m_statement.get());
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

bool Statement::next()
{
    m_code = sqlite3_step(m_statement.get());
    if (m_code == SQLITE_ROW)
        return true;
    sqlite3_reset(m_statement.get());
    return false;
}

std::string Statement::text(int column) const
{
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(m_statement.get(), column));
    return text ? std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(m_statement.get(), column))) : std::string();
}

std::string_view Statement::view(int column) const
{
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(m_statement.get(), column));
    return bytes ? std::string_view(bytes, static_cast<std::size_t>(sqlite3_column_bytes(m_statement.get(), column)))
                 : std::string_view();
}

base::Result<Database> Database::open(const std::filesystem::path& path, Mode mode, int busyMs)
{
    Database database;
    database.m_path = path.string();
    sqlite3* db = nullptr;
    const int flags = mode == Mode::ReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    const int code = sqlite3_open_v2(path.c_str(), &db, flags | SQLITE_OPEN_NOMUTEX, nullptr);
    database.m_db.reset(db);
    if (code != SQLITE_OK)
        return database.lastError("cannot be opened");
    sqlite3_busy_timeout(db, busyMs);
    return database;
}

base::Error Database::lastError(const std::string& doing) const
{
    const int code = m_db ? sqlite3_errcode(m_db.get()) & 0xff : SQLITE_NOMEM;
    const std::string said = m_db ? sqlite3_errmsg(m_db.get()) : "out of memory";
    std::string advice;
    if (code == SQLITE_FULL)
        advice = "; free some disk space";
    else if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
        advice = "; another program holds it: close that, or record into another folder";
    else if (code == SQLITE_CANTOPEN || code == SQLITE_READONLY || code == SQLITE_PERM || code == SQLITE_IOERR)
        advice = "; is the folder there and writable, and the disk not full?";
    else if (code == SQLITE_NOTADB || code == SQLITE_CORRUPT)
        advice = "; it is not a database of this program, or damaged: move it away";
    const auto kind = code == SQLITE_BUSY || code == SQLITE_LOCKED ? base::ErrorCode::Busy : base::ErrorCode::Io;
    return {kind, doing + ": " + said + advice, m_path};
}

}  // namespace splitscope::session
