// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/wire/frame_record.h"

#include <map>

namespace splitscope::session {

/// Which of a device's reports of itself was its newest when a frame was captured. Only the first record after a report carries
/// it, and records come in any order. Single-threaded.
class ReportedHealth {
public:
    /// Of this record, whose own report it keeps for those behind it. Nothing where none was made before it.
    std::optional<wire::Health> at(const wire::FrameRecord& record);

private:
    std::map<std::uint64_t, wire::Health> m_reports;  ///< by the first frame that each is of
};

}  // namespace splitscope::session
