// SPDX-License-Identifier: GPL-3.0-or-later
#include "device_daemon/schedule_inbox.h"

namespace splitscope::daemon {

base::Result<std::optional<ScheduleInbox::Whole>> ScheduleInbox::add(const std::string& peer, const wire::Schedule& piece)
{
    if (peer != m_peer || piece.run != m_run || piece.offset == 0) {
        m_points.clear();
        if (peer != m_peer || piece.run != m_run)
            m_whole.reset();
        m_peer = peer;
        m_run = piece.run;
    }
    if (piece.offset != m_points.size()) {
        const auto have = m_points.size();
        m_points.clear();
        return base::Error{base::ErrorCode::Mismatch,
                           "begins at point " + std::to_string(piece.offset) + " where " + std::to_string(have)
                               + " was due; send it from the start",
                           "schedule: offset"};
    }
    for (std::size_t i = 0; i < piece.atMicros.size(); ++i)
        m_points.push_back({static_cast<double>(piece.atMicros[i]) * 1e-3, piece.bytesPerSecond[i]});
    if (m_points.size() < piece.totalPoints)
        return std::optional<Whole>();
    auto trace = sim::Trace::create("schedule", std::move(m_points), piece.durationMs, piece.repeats);
    m_points.clear();
    if (!trace)
        return trace.error();
    m_whole = Whole{std::make_shared<const sim::Trace>(std::move(*trace)), piece.startMs};
    return m_whole;
}

std::optional<ScheduleInbox::Whole> ScheduleInbox::find(const std::string& peer, std::uint64_t run) const
{
    return peer == m_peer && run == m_run ? m_whole : std::nullopt;
}

}  // namespace splitscope::daemon
