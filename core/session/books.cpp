// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/books.h"

#include "core/session/record_store_p.h"
#include "core/session/scenario.h"

#include <algorithm>

namespace splitscope::session {

bool FrameBooks::add(std::uint64_t first, std::uint64_t count)
{
    const auto end = first + count;
    auto next = m_ranges.lower_bound(first);
    if (next != m_ranges.end() && next->first < end)
        return false;
    const auto before = next == m_ranges.begin() ? m_ranges.end() : std::prev(next);
    if (before != m_ranges.end() && before->second > first)
        return false;
    auto mergedEnd = end;
    if (next != m_ranges.end() && next->first == end) {
        mergedEnd = next->second;
        m_ranges.erase(next);
    }
    if (before != m_ranges.end() && before->second == first)
        before->second = mergedEnd;
    else
        m_ranges.emplace(first, mergedEnd);
    return true;
}

bool FrameBooks::contains(std::uint64_t frame) const
{
    const auto next = m_ranges.upper_bound(frame);
    return next != m_ranges.begin() && std::prev(next)->second > frame;
}

std::vector<FrameBooks::Range> FrameBooks::missing(std::uint64_t end) const
{
    std::vector<Range> gaps;
    std::uint64_t at = 0;
    for (const auto& [first, rangeEnd] : m_ranges) {
        if (first >= end)
            break;
        if (first > at)
            gaps.push_back({at, first});
        at = rangeEnd;
    }
    if (at < end)
        gaps.push_back({at, end});
    return gaps;
}

base::Result<BooksReport> checkBooks(const std::filesystem::path& records, std::uint64_t run)
{
    const auto database = openRecords(records, Database::Mode::ReadOnly);
    if (!database)
        return database.error();
    const auto id = static_cast<std::int64_t>(run);
    auto header = database->prepare("SELECT state, scenario FROM runs WHERE run = ?1");
    if (!header.ok())
        return database->lastError("holds no records of this program");
    header.bind(1, id);
    if (!header.next())
        return base::Error{base::ErrorCode::NotFound, "holds no run " + std::to_string(run), records.string()};
    const bool finished = header.text(0) == "finished";
    const auto scenario = parseScenario(header.text(1), records.string());
    if (!scenario)
        return scenario.error();

    BooksReport report;
    FrameBooks books;
    auto requests = database->prepare("SELECT first_frame, count, outcome FROM requests WHERE run = ?1 ORDER BY first_frame");
    requests.bind(1, id);
    while (requests.next()) {
        const auto outcome = requests.text(2);
        auto& count = outcome == "done" ? report.done : outcome == "fallback" ? report.fallback : report.lost;
        const auto first = static_cast<std::uint64_t>(requests.integer(0));
        for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(requests.integer(1)); ++i) {
            ++count;
            report.doubled += books.add(first + i, 1) ? 0 : 1;
        }
    }
    report.frames = finished ? std::max(scenario->frames, books.highest()) : books.highest();
    for (const auto& gap : books.missing(report.frames))
        report.missing += gap.end - gap.first;
    return report;
}

base::Result<std::vector<RecordedRun>> recordedRuns(const std::filesystem::path& records)
{
    const auto database = openRecords(records, Database::Mode::ReadOnly);
    if (!database)
        return database.error();
    auto rows = database->prepare("SELECT run, state, scenario, started_ms FROM runs ORDER BY started_ms");
    if (!rows.ok())
        return database->lastError("holds no records of this program");
    std::vector<RecordedRun> runs;
    while (rows.next())
        runs.push_back({static_cast<std::uint64_t>(rows.integer(0)), rows.text(1), rows.text(2), rows.integer(3)});
    return runs;
}

}  // namespace splitscope::session
