// SPDX-License-Identifier: GPL-3.0-or-later
// The charts of a run: the same on the Live page and in a report without a screen.
#pragma once

#include "core/base/result.h"
#include "ui/charts/latency_stack_chart.h"
#include "ui/charts/step_strip.h"

namespace splitscope::ui {

std::unique_ptr<TimeChart> makeBandwidthChart(const SampleStore& store, TimeView& view);
std::unique_ptr<TimeChart> makeAccuracyChart(const SampleStore& store, TimeView& view);
std::unique_ptr<TimeChart> makeEnergyChart(const SampleStore& store, TimeView& view);
std::unique_ptr<TimeChart> makeRewardChart(const SampleStore& store, TimeView& view);

/// Two columns wide, PNG and SVG, for everything in the store. Needs a QApplication (offscreen is enough).
base::Result<std::vector<QString>> renderCharts(const SampleStore& store, const QString& folder);

}  // namespace splitscope::ui
