// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-cli runs export, runs report
#include "app/verbs/runs.h"
#include "core/session/exports.h"
#include "core/session/report.h"

#include <cstdio>

namespace splitscope::app {

namespace {

constexpr session::ExportTable kTables[]{session::ExportTable::Requests, session::ExportTable::Frames,
                                         session::ExportTable::Events, session::ExportTable::Health};

int printColumns()
{
    for (auto table : kTables)
        std::printf("%s\n%s\n", toString(table).c_str(), session::describeColumns(table).c_str());
    return kDone;
}

int wrote(const base::Status& written, const std::filesystem::path& file)
{
    if (!written)
        return fail(written.error());
    std::printf("%s\n", file.c_str());
    return kDone;
}

}  // namespace

int runsExport(const std::vector<std::string>& arguments, std::stop_token stop)
{
    RunsOptions runs;
    std::filesystem::path out;
    auto table = session::ExportTable::Requests;
    bool columns = false;
    Options options("runs export [RUN] --out FILE.csv|FILE.json [options]",
                    "Writes a run for other programs: one table as CSV, or everything as JSON.");
    addRun(options, runs);
    options.path("--out", "FILE", "its suffix says what is written: .csv or .json", out);
    options.custom("--table", "TABLE", "of CSV: requests (the default), frames, events or health",
                   [&table](const std::string& text) -> base::Status {
                       const auto parsed = session::parseExportTable(text);
                       if (!parsed)
                           return base::Error{parsed.error().code, parsed.error().text, "--table"};
                       table = *parsed;
                       return {};
                   });
    options.flag("--columns", "prints what every column means, and ends", columns);
    if (const auto answered = parseOrAnswer(options, "runs export", arguments))
        return *answered;
    if (columns)
        return printColumns();
    const auto suffix = out.extension();
    if (suffix != ".csv" && suffix != ".json")
        return wrongUsage("runs export",
                          {base::ErrorCode::InvalidInput, "--out wants a file that ends in .csv or .json", "runs export"});
    const auto row = chosen(runs);
    if (!row)
        return fail(row.error());
    return wrote(suffix == ".csv" ? session::exportCsv(row->key, table, out, stop) : session::exportJson(row->key, out, stop),
                 out);
}

int runsReport(const std::vector<std::string>& arguments, std::stop_token stop)
{
    RunsOptions runs;
    std::filesystem::path out;
    Options options("runs report [RUN] [--out FILE.html]",
                    "Writes a run as one HTML file: charts, tables, scenario, environment. It needs no other file.");
    addRun(options, runs);
    options.path("--out", "FILE", "(run-<number>.html)", out);
    if (const auto answered = parseOrAnswer(options, "runs report", arguments))
        return *answered;
    const auto row = chosen(runs);
    if (!row)
        return fail(row.error());
    if (out.empty())
        out = "run-" + std::to_string(row->key.run) + ".html";
    return wrote(session::writeReport(row->key, out, stop), out);
}

}  // namespace splitscope::app
