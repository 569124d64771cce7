// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/report.h"

#include "core/base/files.h"
#include "core/base/units.h"
#include "core/session/report_charts_p.h"
#include "core/session/report_page_p.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <bit>
#include <map>

namespace splitscope::session {

namespace {

constexpr std::size_t kMostEvents = 200;

std::string when(std::int64_t ms)
{
    return ms == 0 ? std::string("–")
                   : QDateTime::fromMSecsSinceEpoch(ms).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss t")).toStdString();
}

std::string rowOf(const std::string& name, const std::string& value)
{
    return value.empty() ? std::string() : "<tr><th>" + name + "</th><td>" + value + "</td></tr>\n";
}

std::string share(std::uint64_t part, std::uint64_t all)
{
    return all == 0 ? std::string("–") : threeDigits(100 * static_cast<double>(part) / static_cast<double>(all)) + " %";
}

std::string percent(const Bounded& value)
{
    return threeDigits(100 * value.value) + " % <small>(95 %: " + threeDigits(100 * value.low) + " to "
        + threeDigits(100 * value.high) + ")</small>";
}

std::string totalsTable(const RunTotals& totals)
{
    std::string html = "<table>";
    html += rowOf("Frames", std::to_string(totals.frames) + " in " + std::to_string(totals.requests) + " requests");
    html += rowOf("Outcomes",
                  std::to_string(totals.done) + " done, " + std::to_string(totals.fallback) + " fallback ("
                      + share(totals.fallback, totals.frames) + "), " + std::to_string(totals.lost) + " lost");
    html += rowOf("Accuracy", percent(totals.accuracy));
    html += rowOf("Latency T",
                  "median " + threeDigits(totals.medianMs.value) + " ms <small>(95 %: " + threeDigits(totals.medianMs.low)
                      + " to " + threeDigits(totals.medianMs.high) + ")</small>, p95 " + threeDigits(totals.p95Ms) + " ms, p99 "
                      + threeDigits(totals.p99Ms) + " ms");
    if (totals.deadlineMs > 0)
        html += rowOf("Deadline",
                      threeDigits(totals.deadlineMs) + " ms, missed by " + std::to_string(totals.deadlineMisses) + " requests ("
                          + share(totals.deadlineMisses, totals.requests) + ")");
    html += rowOf("Throughput",
                  threeDigits(totals.framesPerSecond) + " frames/s over " + threeDigits(totals.durationMs / 1000) + " s");
    html += rowOf("On the link", escaped(base::formatBytes(totals.bytesPerFrame)) + " a frame");
    html += rowOf("Energy <small>modelled</small>", threeDigits(totals.energyPerFrame * 1000) + " mJ a frame");
    if (totals.reward)
        html += rowOf("Reward, regret",
                      threeDigits(*totals.reward) + ", " + threeDigits(totals.regret.value_or(0)) + " <small>means</small>");
    return html + "</table>\n";
}

/// How often each decision was taken, and what it brought; the most frequent first.
std::string decisionsTable(const RunColumns& columns)
{
    struct Taken {
        std::uint64_t requests = 0, frames = 0, correct = 0, early = 0;
        std::vector<float> latencies;
        double bytes = 0;
    };
    std::map<std::tuple<int, int, int, int>, Taken> byDecision;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (columns.outcome[i] == wire::Outcome::Lost)
            continue;
        auto& taken = byDecision[{columns.exit[i], columns.partition[i], columns.coding[i], columns.gate[i]}];
        ++taken.requests;
        taken.frames += columns.count[i];
        taken.early += static_cast<std::uint64_t>(std::popcount(columns.answeredEarly[i]));
        for (std::size_t k = columns.firstLabel[i]; k < columns.firstLabel[i] + columns.count[i]; ++k)
            taken.correct += columns.labels[k] >= 0 && columns.labels[k] == columns.truths[k] ? 1 : 0;
        taken.latencies.push_back(columns.total[i]);
        taken.bytes += columns.wireBytes[i];
    }
    std::vector<std::pair<std::tuple<int, int, int, int>, Taken>> rows(byDecision.begin(), byDecision.end());
    std::stable_sort(rows.begin(), rows.end(),
                     [](const auto& a, const auto& b) { return a.second.requests > b.second.requests; });
    constexpr std::size_t kMost = 25;
    std::string html = "<table><tr><th class=\"n\">exit</th><th class=\"n\">cut</th><th>coding</th><th>gate</th><th "
                       "class=\"n\">answered early</th><th class=\"n\">requests</th>"
                       "<th class=\"n\">share</th><th class=\"n\">median T, ms</th><th class=\"n\">accuracy</th>"
                       "<th class=\"n\">bytes a frame</th></tr>\n";
    for (std::size_t i = 0; i < std::min(kMost, rows.size()); ++i) {
        auto& [decision, taken] = rows[i];
        const auto middle = taken.latencies.begin() + static_cast<std::ptrdiff_t>(taken.latencies.size() / 2);
        std::nth_element(taken.latencies.begin(), middle, taken.latencies.end());
        const auto cell = [](const std::string& text) { return "<td class=\"n\">" + text + "</td>"; };
        const auto& coding = columns.codings[static_cast<std::size_t>(std::get<2>(decision))];
        const auto& gate = columns.gates[static_cast<std::size_t>(std::get<3>(decision))];
        html += "<tr>" + cell(std::to_string(std::get<0>(decision))) + cell(std::to_string(std::get<1>(decision))) + "<td>"
            + escaped(codec::toString(coding)) + "</td><td>" + escaped(gate ? decision::toString(*gate) : "") + "</td>"
            + cell(gate ? share(taken.early, taken.frames) : "") + cell(std::to_string(taken.requests))
            + cell(share(taken.requests, columns.size())) + cell(threeDigits(static_cast<double>(*middle)))
            + cell(share(taken.correct, taken.frames)) + cell(threeDigits(taken.bytes / static_cast<double>(taken.frames)))
            + "</tr>\n";
    }
    html += "</table>";
    if (rows.size() > kMost)
        html += "<p class=\"sub\">and " + std::to_string(rows.size() - kMost) + " more decisions</p>";
    return html;
}

std::string eventsTable(const std::vector<RunEvent>& events)
{
    if (events.empty())
        return "<p class=\"sub\">none were recorded</p>";
    std::string html = "<table><tr><th class=\"n\">s</th><th>kind</th><th>what happened</th></tr>\n";
    for (std::size_t i = 0; i < std::min(events.size(), kMostEvents); ++i)
        html += "<tr><td class=\"n\">" + threeDigits(events[i].atMs / 1000) + "</td><td>" + escaped(events[i].kind) + "</td><td>"
            + escaped(events[i].text) + "</td></tr>\n";
    html += "</table>";
    if (events.size() > kMostEvents)
        html += "<p class=\"sub\">and " + std::to_string(events.size() - kMostEvents) + " more; `runs export --table events`</p>";
    return html;
}

std::string madeWith(const RunRow& row)
{
    const auto code = [](const std::string& text) { return text.empty() ? text : "<code>" + escaped(text) + "</code>"; };
    std::string html = "<table>" + rowOf("Program", escaped(row.programVersion)) + rowOf("Model, SHA-256", code(row.modelHash))
        + rowOf("Weights", code(row.weightsHash)) + rowOf("Codebook", code(row.codebookHash))
        + rowOf("Cost table", code(row.tableHash));
    const auto environment = QJsonDocument::fromJson(QByteArray::fromStdString(row.environment)).object();
    for (auto it = environment.begin(); it != environment.end(); ++it)
        html += rowOf(escaped(it.key().toStdString()), escaped(it.value().toVariant().toString().toStdString()));
    return html + rowOf("Records", code(row.key.records.string())) + "</table>\n";
}

std::string indented(const std::string& json)
{
    const auto document = QJsonDocument::fromJson(QByteArray::fromStdString(json));
    return document.isNull() ? json : document.toJson(QJsonDocument::Indented).toStdString();
}

}  // namespace

std::string reportHtml(const ReportInputs& inputs)
{
    const auto& row = inputs.row;
    const std::string name = row.scenarioName.empty() ? row.model + " on " + row.data : row.scenarioName;
    std::string html = "<h1>" + escaped(name) + "</h1><p class=\"sub\">run " + std::to_string(row.key.run) + ", "
        + toString(row.ending) + "; " + when(row.startedMs) + " to " + when(row.endedMs) + "</p>\n";
    html += "<table>" + rowOf("Network, data", escaped(row.model + ", " + row.data + " (" + row.split + ")"))
        + rowOf("Device", escaped(row.device) + ", slowed " + threeDigits(row.slowdown) + " times")
        + rowOf("Strategy", escaped(row.strategy)) + rowOf("Uplink", escaped(row.bandwidth))
        + rowOf("Coder, batch, seed", escaped(row.coder) + ", " + std::to_string(row.batch) + ", " + std::to_string(row.seed));
    std::string tags;
    for (const auto& tag : row.tags)
        tags += (tags.empty() ? "" : ", ") + escaped(tag);
    html += rowOf("Tags", tags) + rowOf("Notes", escaped(row.notes)) + "</table>\n";
    html += "<h2>Totals</h2>\n" + totalsTable(row.totals) + "<h2>Over time</h2>\n";
    if (inputs.columns.empty())
        html += "<p class=\"none\">no request was recorded</p>\n";
    else
        for (const auto& chart : reportCharts(row, inputs.columns))
            html += toHtml(chart);
    html += "<h2>Decisions</h2>\n" + decisionsTable(inputs.columns) + "<h2>Events</h2>\n" + eventsTable(inputs.events)
        + "<h2>Made with</h2>\n" + madeWith(row) + "<h2>Scenario</h2>\n<pre>" + escaped(indented(row.scenarioJson)) + "</pre>\n";
    return reportPage(name + ", run " + std::to_string(row.key.run), html);
}

base::Status writeReport(const RunKey& key, const std::filesystem::path& html, const std::stop_token& stop,
                         const ExportProgress& progress)
{
    const auto tell = [&progress](double share) {
        if (progress)
            progress(share);
    };
    auto row = findRun(key);
    if (!row)
        return row.error();
    tell(0.2);
    auto columns = readRun(key, stop);
    if (!columns)
        return columns.error();
    tell(0.6);
    auto events = readEvents(key);
    if (!events)
        return events.error();
    auto health = readHealth(key);
    if (!health)
        return health.error();
    const auto text = reportHtml({*std::move(row), *std::move(columns), *std::move(events), *std::move(health)});
    tell(0.9);
    if (stop.stop_requested())
        return base::Error{base::ErrorCode::Cancelled, "stopped", html.string()};
    const auto written = base::writeFileAtomically(html, base::asBytes(text));
    tell(1);
    return written;
}

}  // namespace splitscope::session
