// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/exports.h"

#include "core/session/export_rows_p.h"
#include "core/session/record_store_p.h"
#include "core/session/run_json.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <array>
#include <cstdio>
#include <deque>
#include <future>
#include <limits>

namespace splitscope::session {

namespace {

constexpr std::array kTables{ExportTable::Requests, ExportTable::Frames, ExportTable::Events, ExportTable::Health};
constexpr std::size_t kAtOnce = 4;  ///< parts that are formatted beside each other

std::vector<RecordColumn> columnsOf(ExportTable table)
{
    const auto all = [](const auto& columns) { return std::vector<RecordColumn>(columns.begin(), columns.end()); };
    switch (table) {
    case ExportTable::Requests: {
        auto columns = all(kRequestColumns);
        columns.insert(columns.end(), kGatheredColumns.begin(), kGatheredColumns.end());
        return columns;
    }
    case ExportTable::Frames: return all(kFrameColumns);
    case ExportTable::Events: return all(kEventColumns);
    case ExportTable::Health: break;
    }
    return all(kHealthColumns);
}

base::Result<std::string> eventRows(const RunKey& key, RowStyle style)
{
    const auto events = readEvents(key);
    if (!events)
        return events.error();
    RowWriter rows(style);
    for (const auto& event : *events) {
        rows.beginRow();
        rows.real(event.atMs, kEventColumns[0]);
        rows.whole(event.wallMs);
        for (const auto& text : {event.kind, event.text, event.detail})
            rows.text(text);
        rows.endRow();
    }
    return std::move(rows.out);
}

/// A cell each; empty where it was not told.
void machineCells(RowWriter& rows, const wire::Health& machine)
{
    constexpr std::size_t kFirst = 15;
    std::size_t column = kFirst;
    const auto cell = [&](const auto& value) {
        rows.real(value ? static_cast<double>(*value) : std::numeric_limits<double>::quiet_NaN(), kHealthColumns[column++]);
    };
    cell(machine.temperatureC);
    cell(machine.load);
    cell(machine.busy);
    cell(machine.memoryUsedBytes);
    cell(machine.memoryBytes);
    cell(machine.daemonMemoryBytes);
    cell(machine.clockHz);
    cell(machine.fullClockHz);
    cell(machine.throttled);
    cell(machine.underVoltage);
}

base::Result<std::string> healthRows(const RunKey& key, RowStyle style)
{
    const auto beats = readHealth(key);
    if (!beats)
        return beats.error();
    RowWriter rows(style);
    for (const auto& beat : *beats) {
        rows.beginRow();
        rows.real(beat.atMs, kHealthColumns[0]);
        rows.whole(beat.wallMs);
        rows.text(beat.link);
        rows.real(beat.rttMs, kHealthColumns[3]);
        for (auto count : {beat.nextFrame, beat.done, beat.fallback, beat.lost, beat.discarded, beat.unacknowledged})
            rows.whole(static_cast<std::int64_t>(count));
        rows.whole(beat.paused ? 1 : 0);
        for (double rate : {beat.estimatedBytesPerSecond, beat.estimateLow, beat.estimateHigh})
            rows.real(rate, kHealthColumns[11]);
        rows.text(beat.device);
        machineCells(rows, beat.machine);
        rows.endRow();
    }
    return std::move(rows.out);
}

/// Parts are read in turn, formatted beside each other, and written in turn.
base::Status writeParts(const RunKey& key, std::uint64_t requests, std::string (*rowsOf)(const RunPart&, RowStyle),
                        RowStyle style, const std::stop_token& stop, const ExportProgress& progress,
                        const std::function<void(std::string)>& write)
{
    const auto database = openRecords(key.records, Database::Mode::ReadOnly);
    if (!database)
        return database.error();
    const auto schema = schemaOf(*database);
    if (!schema)
        return schema.error();
    std::deque<std::future<std::string>> formatted;
    std::uint64_t done = 0;
    const auto writeFirst = [&] {
        write(formatted.front().get());
        formatted.pop_front();
    };
    const auto read = forEachPart(*database, *schema, key.run, stop, [&](RunPart& part) {
        const auto requestsHere = part.size();
        formatted.push_back(std::async(std::launch::async, rowsOf, std::move(part), style));
        if (formatted.size() >= kAtOnce)
            writeFirst();
        done += requestsHere;
        if (progress && requests > 0)
            progress(static_cast<double>(done) / static_cast<double>(requests));
    });
    while (!formatted.empty())
        writeFirst();
    return read;
}

base::Status writeTable(const RunKey& key, std::uint64_t requests, ExportTable table, RowStyle style, const std::stop_token& stop,
                        const ExportProgress& progress, const std::function<void(std::string)>& write)
{
    if (table == ExportTable::Requests || table == ExportTable::Frames)
        return writeParts(key, requests, table == ExportTable::Requests ? requestRows : frameRows, style, stop, progress, write);
    auto rows = table == ExportTable::Events ? eventRows(key, style) : healthRows(key, style);
    if (!rows)
        return rows.error();
    write(*std::move(rows));
    return {};
}

QJsonArray columnsJson(ExportTable table)
{
    QJsonArray array;
    for (const auto& column : columnsOf(table))
        array.append(QJsonObject{{"name", QString::fromUtf8(column.name)},
                                 {"unit", QString::fromUtf8(column.unit)},
                                 {"about", QString::fromUtf8(column.about)}});
    return array;
}

base::Error unwritable(const std::filesystem::path& path)
{
    return {base::ErrorCode::Io, "cannot be written; is the folder there and writable?", path.string()};
}

/// How many there are, for progress; and whether the run is there at all.
base::Result<std::uint64_t> requestsOf(const RunKey& key)
{
    const auto row = findRun(key);
    if (!row)
        return row.error();
    return row->totals.requests;
}

}  // namespace

std::string toString(ExportTable table)
{
    switch (table) {
    case ExportTable::Requests: return "requests";
    case ExportTable::Frames: return "frames";
    case ExportTable::Events: return "events";
    case ExportTable::Health: break;
    }
    return "health";
}

base::Result<ExportTable> parseExportTable(const std::string& text)
{
    for (auto table : kTables)
        if (text == toString(table))
            return table;
    return base::Error{base::ErrorCode::InvalidInput, "'" + text + "' is none of requests, frames, events, health", "table"};
}

std::string describeColumns(ExportTable table)
{
    std::string text;
    for (const auto& column : columnsOf(table)) {
        std::array<char, 256> line{};
        std::snprintf(line.data(), line.size(), "  %-27s %-9s %s\n", column.name, column.unit, column.about);
        text += line.data();
    }
    return text;
}

std::string csvHeader(ExportTable table) { return columnList(columnsOf(table), kSchemaVersion); }

base::Status exportCsv(const RunKey& key, ExportTable table, const std::filesystem::path& csv, const std::stop_token& stop,
                       const ExportProgress& progress)
{
    const auto requests = requestsOf(key);
    if (!requests)
        return requests.error();
    WholeFile file(csv);
    if (!file.ok())
        return unwritable(csv);
    file.write(csvHeader(table) + "\n");
    const auto written = writeTable(key, *requests, table, RowStyle::Csv, stop, progress,
                                    [&file](const std::string& rows) { file.write(rows); });
    return written ? file.commit() : written;
}

base::Status exportJson(const RunKey& key, const std::filesystem::path& json, const std::stop_token& stop,
                        const ExportProgress& progress)
{
    const auto row = findRun(key);
    if (!row)
        return row.error();
    WholeFile file(json);
    if (!file.ok())
        return unwritable(json);
    QJsonObject columns;
    for (auto table : kTables)
        columns[QString::fromStdString(toString(table))] = columnsJson(table);
    file.write("{\"format\":\"splitscope-run\",\"version\":1,\n\"run\":" + toJson(*row)
               + ",\n\"columns\":" + QJsonDocument(columns).toJson(QJsonDocument::Compact).toStdString());
    for (auto table : kTables) {
        file.write(",\n\"" + toString(table) + "\":[\n");
        std::string last;  // its comma is too many
        const auto written = writeTable(key, row->totals.requests, table, RowStyle::Json, stop, progress, [&](std::string rows) {
            file.write(last);
            last = std::move(rows);
        });
        if (!written)
            return written;
        file.write(last.empty() ? last : last.substr(0, last.size() - 2));
        file.write("]");
    }
    file.write("}\n");
    return file.commit();
}

std::string requestsCsvHeader() { return csvHeader(ExportTable::Requests); }

base::Status exportRequestsCsv(const std::filesystem::path& records, std::uint64_t run, const std::filesystem::path& csv)
{
    return exportCsv({records, run}, ExportTable::Requests, csv);
}

}  // namespace splitscope::session
