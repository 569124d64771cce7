// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sim/trace.h"
#include "core/wire/messages.h"

#include <memory>
#include <optional>
#include <string>

namespace splitscope::daemon {

/// The rate over time that a run's uplink is to follow, put together from its pieces. One at a time: a piece of another run or
/// edge begins anew. One thread.
class ScheduleInbox {
public:
    struct Whole {
        std::shared_ptr<const sim::Trace> rate;
        double startMs = 0;
    };
    /// The schedule if this piece completed it, nothing if more is to come, an Error if the piece does not belong.
    base::Result<std::optional<Whole>> add(const std::string& peer, const wire::Schedule& piece);
    /// The last whole schedule of this edge's run; nothing where there is none.
    [[nodiscard]] std::optional<Whole> find(const std::string& peer, std::uint64_t run) const;

private:
    std::string m_peer;
    std::uint64_t m_run = 0;
    std::vector<sim::RatePoint> m_points;
    std::optional<Whole> m_whole;
};

}  // namespace splitscope::daemon
