// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/report_chart.h"
#include "core/session/run_library.h"

namespace splitscope::session {

/// Bandwidth, latency by stage, accuracy, energy, reward and decisions over time, in a few hundred means each; of decisions the
/// last one of each stretch. The run must not be empty.
std::vector<ReportChart> reportCharts(const RunRow& row, const RunColumns& columns);

}  // namespace splitscope::session
