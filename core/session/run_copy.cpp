// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/run_copy.h"

#include "core/session/record_store_p.h"

#include <array>

namespace splitscope::session {

namespace {

/// What is kept of runs; `counted`: a row's id is its place in the table, and means nothing elsewhere.
struct RunTable {
    const char* name;
    bool counted;
};
constexpr std::array kTables{RunTable{"runs", false},  RunTable{"requests", false}, RunTable{"frames", false},
                             RunTable{"tags", false},  RunTable{"totals", false},   RunTable{"parts", false},
                             RunTable{"events", true}, RunTable{"health", true}};

/// "a,b,c": by name, for a migrated table's columns may stand in another order.
std::string columnsOf(const Database& database, const RunTable& table)
{
    auto columns = database.prepare("SELECT name FROM pragma_table_info(?1)");
    std::string list;
    for (columns.bind(1, std::string(table.name)); columns.next();)
        if (const auto name = columns.text(0); !(table.counted && name == "id"))
            list += (list.empty() ? "" : ",") + name;
    return list;
}

int copyTables(const Database& database)
{
    int code = database.execute("BEGIN IMMEDIATE; CREATE TEMP TABLE fresh AS SELECT run FROM source.runs "
                                "WHERE state = 'finished' AND run NOT IN (SELECT run FROM main.runs)");
    for (const auto& table : kTables) {
        if (code != SQLITE_OK)
            return code;
        const auto columns = columnsOf(database, table);
        code = database.execute((std::string("INSERT INTO main.") + table.name + "(" + columns + ") SELECT " + columns
                                 + " FROM source." + table.name + " WHERE run IN (SELECT run FROM fresh)")
                                    .c_str());
    }
    return code;
}

}  // namespace

base::Result<std::size_t> copyFinishedRuns(const std::filesystem::path& from, const std::filesystem::path& to)
{
    // Opened to write first, so that both have this program's schema.
    if (const auto source = openExistingRecords(from, Database::Mode::ReadWrite); !source)
        return source.error();
    const auto target = openRecords(to, Database::Mode::ReadWrite);
    if (!target)
        return target.error();
    auto attach = target->prepare("ATTACH DATABASE ?1 AS source");
    if (attach.bind(1, from.string()).run() != SQLITE_OK)
        return target->lastError("'" + from.string() + "' cannot be read beside it");
    std::size_t copied = 0;
    int code = copyTables(*target);
    if (auto count = target->prepare("SELECT count(*) FROM fresh"); code == SQLITE_OK && count.next())
        copied = static_cast<std::size_t>(count.integer(0));
    if (code == SQLITE_OK)
        code = target->execute("COMMIT");
    if (code == SQLITE_OK)
        return copied;
    const auto error = target->lastError("runs cannot be copied into it");
    target->execute("ROLLBACK");
    return error;
}

}  // namespace splitscope::session
