// SPDX-License-Identifier: GPL-3.0-or-later
// A fleet over time: throughput and latency of each device and of all, and what happens at the edge that they share. A selected
// device's line is broader, and always named.
#pragma once

#include "ui/charts/plot.h"
#include "ui/models/fleet_history.h"

namespace splitscope::ui {

enum class Percentile { P50, P95, P99 };

Plot fleetThroughputPlot(const FleetHistory& history, std::optional<std::size_t> selected = {});
Plot fleetLatencyPlot(const FleetHistory& history, Percentile percentile, std::optional<std::size_t> selected = {});
/// Rows of a batch, as a mean since the look before; requests that wait.
Plot fleetEdgePlot(const FleetHistory& history);

}  // namespace splitscope::ui
