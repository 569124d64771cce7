// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exec/journal.h"

#include "core/base/clock.h"

#include <iterator>

namespace splitscope::exec {

namespace {

/// due() looks past so many records that wait for their acknowledgement: bounds both its own time and how much is under way.
constexpr std::size_t kMaxUnderWay = 2048;

}  // namespace

bool Journal::add(wire::FrameRecord record)
{
    if (record.count <= 0)
        return false;
    auto first = record.firstFrame;
    auto end = first + static_cast<std::uint64_t>(record.count);

    const std::lock_guard lock(m_mutex);
    auto after = m_covered.lower_bound(first);  // the first range that begins at or behind the record's first frame
    if (after != m_covered.end() && after->first < end)
        return false;
    if (after != m_covered.begin()) {
        const auto before = std::prev(after);
        if (before->second > first)
            return false;
        if (before->second == first) {
            first = before->first;
            m_covered.erase(before);
        }
    }
    if (after != m_covered.end() && after->first == end) {
        end = after->second;
        m_covered.erase(after);
    }
    m_covered[first] = end;

    const auto frames = static_cast<std::uint64_t>(record.count);
    switch (record.outcome) {
    case wire::Outcome::Done: m_done += frames; break;
    case wire::Outcome::Fallback: m_fallback += frames; break;
    case wire::Outcome::Lost: m_lost += frames; break;
    }
    const auto key = record.firstFrame;
    m_open[key].record = std::move(record);
    return true;
}

void Journal::acknowledge(const std::vector<std::uint64_t>& firstFrames)
{
    const std::lock_guard lock(m_mutex);
    for (auto first : firstFrames) {
        // Only what was sent can have been written: an acknowledgement of anything else must not lose a record.
        const auto entry = m_open.find(first);
        if (entry != m_open.end() && entry->second.everSent)
            m_open.erase(entry);
    }
}

void Journal::countDiscarded()
{
    const std::lock_guard lock(m_mutex);
    ++m_discarded;
}

std::vector<wire::FrameRecord> Journal::due(std::int64_t nowNs, double resendAfterMs, std::size_t limit)
{
    std::vector<wire::FrameRecord> records;
    const auto patienceNs = base::fromMs(resendAfterMs);
    std::size_t underWay = 0;
    const std::lock_guard lock(m_mutex);
    for (auto& [first, entry] : m_open) {
        if (records.size() == limit || underWay == kMaxUnderWay)
            break;
        if (!entry.due && nowNs - entry.sentNs < patienceNs) {
            ++underWay;
            continue;
        }
        entry.due = false;
        entry.everSent = true;
        entry.sentNs = nowNs;
        records.push_back(entry.record);
    }
    return records;
}

void Journal::resendAll()
{
    const std::lock_guard lock(m_mutex);
    for (auto& [first, entry] : m_open)
        entry.due = true;
}

std::size_t Journal::unacknowledged() const
{
    const std::lock_guard lock(m_mutex);
    return m_open.size();
}

void Journal::count(wire::RunState& state) const
{
    const std::lock_guard lock(m_mutex);
    state.done = m_done;
    state.fallback = m_fallback;
    state.lost = m_lost;
    state.discarded = m_discarded;
    state.unacknowledged = m_open.size();
}

}  // namespace splitscope::exec
