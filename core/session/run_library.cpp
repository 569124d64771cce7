// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/run_library.h"

#include "core/session/record_store_p.h"
#include "core/session/run_columns_p.h"
#include "core/session/run_environment.h"
#include "core/session/run_row_p.h"
#include "core/session/run_totals_p.h"

#include <QStandardPaths>
#include <algorithm>
#include <charconv>
#include <future>

namespace splitscope::session {

namespace {

constexpr const char* kFileName = "records.sqlite";
/// Of runs with fewer, rows are as fast.
constexpr std::size_t kWorthPacking = 20'000;

std::int64_t toInteger(std::uint64_t value) { return static_cast<std::int64_t>(value); }

base::Error noSuchRun(const RunKey& key)
{
    return {base::ErrorCode::NotFound,
            "holds no run " + std::to_string(key.run) + "; `splitscope-cli runs list` says which there are",
            key.records.string()};
}

/// A database opened to read, and its schema.
struct Opened {
    Database database;
    int schema;
};

base::Result<Opened> openToRead(const std::filesystem::path& records)
{
    auto database = openRecords(records, Database::Mode::ReadOnly);
    if (!database)
        return database.error();
    const auto schema = schemaOf(*database);
    if (!schema)
        return schema.error();
    return Opened{*std::move(database), *schema};
}

bool holds(const Database& database, std::uint64_t run)
{
    auto found = database.prepare("SELECT 1 FROM runs WHERE run = ?1");
    return found.ok() && found.bind(1, toInteger(run)).next();
}

/// Of a packed run; 0: not known without counting.
std::size_t countRequests(const Database& database, int schema, std::uint64_t run)
{
    constexpr int kSchemaOfPacked = 4;
    if (schema < kSchemaOfPacked)
        return 0;
    auto packed = database.prepare("SELECT packed_requests FROM runs WHERE run = ?1");
    if (!packed.ok() || !packed.bind(1, toInteger(run)).next() || packed.integer(0) < 0)
        return 0;
    constexpr std::int64_t kMost = 100'000'000;  // a damaged number is not to take all memory
    return static_cast<std::size_t>(std::min(packed.integer(0), kMost));
}

/// Opened to write and made sure that the run is there.
base::Result<Database> openToChange(const RunKey& key)
{
    auto database = openExistingRecords(key.records, Database::Mode::ReadWrite);
    if (database && !holds(*database, key.run))
        return noSuchRun(key);
    return database;
}

/// The totals of runs that have ended are worth keeping; failing is no harm.
void keepTotals(const std::filesystem::path& records, const std::vector<RunRow>& rows)
{
    if (rows.empty())
        return;
    const auto reading = openToRead(records);
    if (!reading || reading->schema < kSchemaVersion)
        return;  // looking at an old database does not change it
    const auto database = openExistingRecords(records, Database::Mode::ReadWrite);
    if (!database || database->execute("BEGIN IMMEDIATE") != SQLITE_OK)
        return;
    for (const auto& row : rows)
        storeTotals(*database, row.key.run, row.totals);
    database->execute("COMMIT");
}

base::Result<std::vector<RunRow>> readRows(const std::filesystem::path& records, const std::stop_token& stop,
                                           std::optional<std::uint64_t> only)
{
    const auto opened = openToRead(records);
    if (!opened)
        return opened.error();
    auto rows = readRunRows(opened->database, opened->schema, records, only);
    if (!rows)
        return rows.error();
    std::vector<RunRow> fresh;
    for (auto& row : *rows) {
        if (row.ending != RunEnding::Running && loadTotals(opened->database, opened->schema, row.key.run, row.totals))
            continue;
        TotalsBuilder totals(deadlineOf(row.scenarioJson));
        const auto read = forEachPart(opened->database, opened->schema, row.key.run, stop,
                                      [&totals](const RunPart& part) { totals.append(part); });
        if (!read)
            return read.error();
        row.totals = totals.take();
        if (row.ending != RunEnding::Running)
            fresh.push_back(row);
    }
    keepTotals(records, fresh);
    return rows;
}

/// Databases of a place: the file itself, or those of a folder and its folders.
base::Result<std::vector<std::filesystem::path>> databasesOf(const std::filesystem::path& place)
{
    std::error_code ec;
    if (std::filesystem::is_regular_file(place, ec))
        return std::vector{place};
    if (!std::filesystem::is_directory(place, ec))
        return base::Error{base::ErrorCode::NotFound, "there is no such file or folder", place.string()};
    std::vector<std::filesystem::path> found;
    const auto look = [&](const std::filesystem::path& folder) {
        if (std::filesystem::is_regular_file(folder / kFileName, ec))
            found.push_back(folder / kFileName);
    };
    look(place);
    for (std::filesystem::directory_iterator it(place, std::filesystem::directory_options::skip_permission_denied, ec), end;
         !ec && it != end; it.increment(ec))
        if (it->is_directory(ec))
            look(it->path());
    return found;
}

}  // namespace

std::string toString(RunEnding ending)
{
    switch (ending) {
    case RunEnding::Running: return "running";
    case RunEnding::Finished: return "finished";
    case RunEnding::Stopped: return "stopped";
    case RunEnding::Failed: return "failed";
    case RunEnding::Interrupted: break;
    }
    return "interrupted";
}

std::filesystem::path runsFolder()
{
    return (QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + QStringLiteral("/splitscope/runs"))
        .toStdString();
}

base::Result<RunList> listRuns(const std::filesystem::path& place, std::stop_token stop)
{
    const auto databases = databasesOf(place);
    if (!databases)
        return databases.error();
    RunList list;
    for (const auto& records : *databases) {
        auto rows = readRows(records, stop, {});
        if (stop.stop_requested())
            return base::Error{base::ErrorCode::Cancelled, "stopped", place.string()};
        if (rows)
            list.runs.insert(list.runs.end(), std::make_move_iterator(rows->begin()), std::make_move_iterator(rows->end()));
        else
            list.troubles.push_back(rows.error());
    }
    if (list.runs.empty() && databases->size() == 1 && !list.troubles.empty())
        return list.troubles.front();
    std::stable_sort(list.runs.begin(), list.runs.end(),
                     [](const RunRow& a, const RunRow& b) { return a.startedMs > b.startedMs; });
    return list;
}

base::Result<RunRow> findRun(const RunKey& key)
{
    auto rows = readRows(key.records, {}, key.run);
    if (!rows)
        return rows.error();
    if (rows->empty())
        return noSuchRun(key);
    return rows->front();
}

base::Result<RunRow> chooseRun(const std::filesystem::path& place, const std::string& text)
{
    const auto list = listRuns(place);
    if (!list)
        return list.error();
    if (list->runs.empty())
        return base::Error{base::ErrorCode::NotFound, "there are no recorded runs", place.string()};
    if (text == "latest")
        return list->runs.front();
    std::uint64_t run = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), run);
    if (ec != std::errc() || end != text.data() + text.size())
        return base::Error{base::ErrorCode::InvalidInput, "'" + text + "' is neither a run's number nor \"latest\"", "run"};
    const auto found
        = std::find_if(list->runs.begin(), list->runs.end(), [run](const RunRow& row) { return row.key.run == run; });
    if (found != list->runs.end())
        return *found;
    constexpr std::size_t kNamed = 5;
    std::string known;
    for (std::size_t i = 0; i < std::min(kNamed, list->runs.size()); ++i)
        known += (i ? ", " : "") + std::to_string(list->runs[i].key.run);
    if (list->runs.size() > kNamed)
        known += ", … (" + std::to_string(list->runs.size()) + " in all)";
    return base::Error{base::ErrorCode::NotFound, "there is no run " + text + "; there are " + known, place.string()};
}

base::Status setTags(const RunKey& key, const std::vector<std::string>& tags)
{
    const auto clean = cleanTags(tags);
    if (!clean)
        return clean.error();
    const auto database = openToChange(key);
    if (!database)
        return database.error();
    int code = database->execute("BEGIN IMMEDIATE");
    auto clear = database->prepare("DELETE FROM tags WHERE run = ?1");
    if (code == SQLITE_OK)
        code = clear.bind(1, toInteger(key.run)).run();
    auto insert = database->prepare("INSERT INTO tags VALUES(?1, ?2)");
    for (const auto& tag : *clean)
        if (code == SQLITE_OK)
            code = insert.bind(1, toInteger(key.run)).bind(2, tag).run();
    if (code == SQLITE_OK)
        code = database->execute("COMMIT");
    if (code == SQLITE_OK)
        return {};
    const auto error = database->lastError("tags cannot be written");
    database->execute("ROLLBACK");
    return error;
}

base::Status setNotes(const RunKey& key, const std::string& notes)
{
    const auto database = openToChange(key);
    if (!database)
        return database.error();
    auto update = database->prepare("UPDATE runs SET notes = ?2 WHERE run = ?1");
    if (update.bind(1, toInteger(key.run)).bind(2, notes).run() != SQLITE_OK)
        return database->lastError("notes cannot be written");
    return {};
}

base::Status deleteRun(const RunKey& key)
{
    const auto database = openToChange(key);
    if (!database)
        return database.error();
    const auto rows = readRunRows(*database, kSchemaVersion, key.records, {});
    if (!rows)
        return rows.error();
    const auto isRunning = [](const RunRow& row) { return row.ending == RunEnding::Running; };
    const auto self = std::find_if(rows->begin(), rows->end(), [&](const RunRow& row) { return row.key.run == key.run; });
    if (self != rows->end() && isRunning(*self))
        return base::Error{base::ErrorCode::Busy, "is being recorded; stop it first", "run " + std::to_string(key.run)};
    int code = database->execute("BEGIN IMMEDIATE");
    for (const char* sql :
         {"DELETE FROM requests WHERE run = ?1", "DELETE FROM frames WHERE run = ?1", "DELETE FROM events WHERE run = ?1",
          "DELETE FROM health WHERE run = ?1", "DELETE FROM tags WHERE run = ?1", "DELETE FROM totals WHERE run = ?1",
          "DELETE FROM parts WHERE run = ?1", "DELETE FROM runs WHERE run = ?1"})
        if (code == SQLITE_OK)
            code = database->prepare(sql).bind(1, toInteger(key.run)).run();
    if (code == SQLITE_OK)
        code = database->execute("COMMIT");
    if (code != SQLITE_OK) {
        const auto error = database->lastError("cannot be deleted");
        database->execute("ROLLBACK");
        return error;
    }
    if (std::none_of(rows->begin(), rows->end(), isRunning))
        database->execute("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");  // refused: the space is used again instead
    return {};
}

base::Result<RunColumns> readRun(const RunKey& key, std::stop_token stop)
{
    const auto opened = openToRead(key.records);
    if (!opened)
        return opened.error();
    if (!holds(opened->database, key.run))
        return noSuchRun(key);
    ColumnsBuilder columns;
    bool isPacked = false;
    columns.reserve(countRequests(opened->database, opened->schema, key.run));
    // One part is put in its place while the next one is read.
    std::future<void> appending;
    const auto read = forEachPart(
        opened->database, opened->schema, key.run, stop,
        [&](RunPart& part) {
            if (appending.valid())
                appending.get();
            appending = std::async(std::launch::async, [&columns, moved = std::move(part)] { columns.append(moved); });
        },
        &isPacked);
    if (appending.valid())
        appending.get();
    if (!read)
        return read.error();
    auto result = columns.take();
    const auto rows = readRunRows(opened->database, opened->schema, key.records, key.run);
    const bool hasEnded = rows && !rows->empty() && rows->front().ending != RunEnding::Running;
    if (!isPacked && hasEnded && opened->schema == kSchemaVersion && result.size() >= kWorthPacking)
        if (const auto writable = openExistingRecords(key.records, Database::Mode::ReadWrite); writable)
            static_cast<void>(packRun(*writable, key.run, stop));  // the next time it is opened at once
    return result;
}

base::Result<std::vector<RunEvent>> readEvents(const RunKey& key)
{
    const auto opened = openToRead(key.records);
    if (!opened)
        return opened.error();
    if (!holds(opened->database, key.run))
        return noSuchRun(key);
    std::vector<RunEvent> events;
    if (opened->schema < 4)
        return events;
    const std::string sql
        = "SELECT " + columnList(kEventColumns, kSchemaVersion) + " FROM events WHERE run = ?1 ORDER BY at_ms, id";
    auto rows = opened->database.prepare(sql.c_str());
    rows.bind(1, toInteger(key.run));
    while (rows.next())
        events.push_back({rows.real(0), rows.integer(1), rows.text(2), rows.text(3), rows.text(4)});
    return events;
}

base::Result<std::vector<RunHealth>> readHealth(const RunKey& key)
{
    const auto opened = openToRead(key.records);
    if (!opened)
        return opened.error();
    if (!holds(opened->database, key.run))
        return noSuchRun(key);
    constexpr int kSchemaOfHealth = 4;
    return opened->schema < kSchemaOfHealth ? std::vector<RunHealth>()
                                            : readHealthRows(opened->database, opened->schema, key.run);
}

}  // namespace splitscope::session
