// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/run_library.h"
#include "core/session/run_part_p.h"

#include <limits>

namespace splitscope::session {

/// Adds up a run, part by part.
class TotalsBuilder {
public:
    explicit TotalsBuilder(double deadlineMs) { m_totals.deadlineMs = deadlineMs; }
    void append(const RunPart& part);
    [[nodiscard]] RunTotals take();

private:
    RunTotals m_totals;
    std::vector<float> m_latencies;
    std::uint64_t m_correct = 0, m_priced = 0;
    double m_bytes = 0, m_energy = 0, m_reward = 0, m_regret = 0;
    double m_firstMs = std::numeric_limits<double>::infinity(), m_lastMs = -std::numeric_limits<double>::infinity();
};

}  // namespace splitscope::session
