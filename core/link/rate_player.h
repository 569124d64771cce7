// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sim/trace.h"

#include <cstdint>
#include <memory>

namespace splitscope::link {

/// The rate that an uplink is to have now: one that is set, or a trace played on the clock that is passed in. Rates are bytes per
/// second; 0 means unshaped, and an outage is a rate at which nothing worth mentioning passes.
class RatePlayer {
public:
    static constexpr std::int64_t kNever = INT64_MAX;
    static constexpr double kOutageBytesPerSecond = 1;

    void hold(double bytesPerSecond);
    /// From startMs of the trace on, beginning now.
    void play(std::shared_ptr<const sim::Trace> trace, double startMs, std::int64_t nowNs);

    [[nodiscard]] double rateAt(std::int64_t nowNs) const;
    /// When the rate next changes; kNever: it does not.
    [[nodiscard]] std::int64_t nextChangeNs(std::int64_t nowNs) const;
    /// Over a stretch of time; 0: unshaped, at least for a part of it. An outage counts as 0 bytes.
    [[nodiscard]] double meanRate(std::int64_t fromNs, std::int64_t toNs) const;

private:
    [[nodiscard]] double traceMs(std::int64_t ns) const;

    double m_held = 0;
    std::shared_ptr<const sim::Trace> m_trace;  ///< null: m_held
    std::int64_t m_startedNs = 0;  ///< the trace's own start, which may lie before anything was played
};

}  // namespace splitscope::link
