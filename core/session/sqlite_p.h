// SPDX-License-Identifier: GPL-3.0-or-later
// A thin hold on SQLite: handles that close themselves, errors as values.
#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <memory>
#include <sqlite3.h>
#include <string>
#include <string_view>

namespace splitscope::session {

/// A prepared statement. Bind, run (or step through rows), and it is ready for the next use.
class Statement {
public:
    Statement() = default;
    Statement(sqlite3* db, const char* sql);

    [[nodiscard]] bool ok() const { return m_statement != nullptr; }
    Statement& bind(int index, std::int64_t value);
    Statement& bind(int index, double value);
    Statement& bind(int index, const std::string& value);
    Statement& bindNull(int index);
    Statement& bindBlob(int index, const std::string& bytes);
    /// Runs to the end and resets; SQLITE_OK or SQLite's error.
    int run();
    /// True while there is a row; false resets.
    bool next();
    /// After next() was false: there were no more rows. False: SQLite failed, and says why.
    [[nodiscard]] bool atEnd() const { return m_code == SQLITE_DONE; }
    [[nodiscard]] std::int64_t integer(int column) const { return sqlite3_column_int64(m_statement.get(), column); }
    [[nodiscard]] double real(int column) const { return sqlite3_column_double(m_statement.get(), column); }
    [[nodiscard]] bool isNull(int column) const { return sqlite3_column_type(m_statement.get(), column) == SQLITE_NULL; }
    [[nodiscard]] std::string text(int column) const;
    /// Of a text or blob; valid until the next step.
    [[nodiscard]] std::string_view view(int column) const;

private:
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
    };
    std::unique_ptr<sqlite3_stmt, Finalize> m_statement;
    int m_code = SQLITE_OK;  ///< of the last step
};

/// An open database. One thread at a time.
class Database {
public:
    enum class Mode { ReadOnly, ReadWrite };
    /// Waits for other processes' locks for `busyMs` before a call fails with SQLITE_BUSY.
    static base::Result<Database> open(const std::filesystem::path& path, Mode mode, int busyMs);

    [[nodiscard]] sqlite3* handle() const { return m_db.get(); }
    [[nodiscard]] const std::string& path() const { return m_path; }
    /// SQLITE_OK or SQLite's error.
    int execute(const char* sql) const { return sqlite3_exec(m_db.get(), sql, nullptr, nullptr, nullptr); }
    [[nodiscard]] Statement prepare(const char* sql) const { return {m_db.get(), sql}; }
    /// What SQLite said last, as an Error that says what to do.
    [[nodiscard]] base::Error lastError(const std::string& doing) const;

private:
    struct Close {
        void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
    };
    std::unique_ptr<sqlite3, Close> m_db;
    std::string m_path;
};

}  // namespace splitscope::session
