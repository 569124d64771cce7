// SPDX-License-Identifier: GPL-3.0-or-later
// What begins and ends while a run goes on: frames that the device finishes alone, a silent edge, a lost link, a slowed device.
#pragma once

#include "core/base/log.h"
#include "core/link/edge_link.h"
#include "core/profile/prediction_watch.h"
#include "core/wire/messages.h"

#include <optional>
#include <string>
#include <vector>

namespace splitscope::session {

/// A beginning or an end, for records and log.
struct Incident {
    std::string kind;  ///< "fallback", "edge-silent", "link", "throttling", "under-voltage", "prediction"
    std::string text;  ///< for people
    std::string
        detail;  ///< JSON: `state` is "begin" or "end" (of links "connecting", "connected", "silent"), and what goes with it
    std::optional<double> atMs;  ///< on the run's clock, where it is not now
    base::LogLevel level = base::LogLevel::Info;  ///< a beginning is a warning
};

/// Tells each stretch once when it begins and once when it is over, however often it is reported meanwhile. One thread at a time.
class Incidents {
public:
    std::vector<Incident> onHealth(const wire::Health& health, std::int64_t nowNs);
    std::vector<Incident> onLink(link::LinkState state, const std::string& why, std::int64_t nowNs);
    /// A request's outcome. A stretch of fallback is over when a request that began a second after its end was done.
    std::vector<Incident> onRecord(const wire::FrameRecord& record);
    /// A stage whose times the cost table does not tell any more.
    std::vector<Incident> onFits(const profile::StageFits& fits, std::int64_t nowNs);
    /// Nothing more comes: what goes on ends here.
    std::vector<Incident> onEnd(std::int64_t nowNs);

private:
    /// Requests that the device finished alone, because of one thing.
    struct Stretch {
        const char* kind;
        std::uint64_t firstFrame = 0, lastFrame = 0, frames = 0;
        double beginMs = 0, endMs = 0;
        std::string reason{};  ///< of the first
        bool open = false;
    };
    /// A condition that the device reports.
    struct Condition {
        const char* kind;
        std::int64_t sinceNs = 0;  ///< 0: it is not so
    };

    static std::array<Condition, profile::kStageCount> offConditions();
    static std::optional<Incident> grow(Stretch& stretch, const wire::FrameRecord& record);
    static Incident close(Stretch& stretch);
    static std::optional<Incident> follow(Condition& condition, std::optional<bool> now, const std::string& text,
                                          std::int64_t nowNs);

    Stretch m_fallback{"fallback"}, m_edgeSilent{"edge-silent"};
    Condition m_throttling{"throttling"}, m_underVoltage{"under-voltage"};
    std::array<Condition, profile::kStageCount> m_off = offConditions();
    std::int64_t m_silentSinceNs = 0;
};

}  // namespace splitscope::session
