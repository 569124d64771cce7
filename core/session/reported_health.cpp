// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/reported_health.h"

#include <iterator>

namespace splitscope::session {

namespace {

constexpr std::size_t kRemembered = 4096;  ///< over an hour's, one a second: what a long silence of the edge may leave behind

}  // namespace

std::optional<wire::Health> ReportedHealth::at(const wire::FrameRecord& record)
{
    if (record.health) {
        m_reports.insert_or_assign(record.firstFrame, *record.health);
        if (m_reports.size() > kRemembered)
            m_reports.erase(m_reports.begin());
    }
    const auto next = m_reports.upper_bound(record.firstFrame);
    if (next == m_reports.begin())
        return std::nullopt;
    return std::prev(next)->second;
}

}  // namespace splitscope::session
