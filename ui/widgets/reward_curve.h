// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/decision/reward.h"
#include "ui/charts/plot.h"

namespace splitscope::ui {

/// The weights a and b over bandwidth (eq. 13), small, with a mark at the present one.
Plot rewardCurve(const decision::Objective& objective, const decision::RewardScale& scale, double bytesPerSecond);
/// "now 0.73 MB/s"; none for a rate that is unknown or without limit.
std::optional<PlotMark> bandwidthMark(double bytesPerSecond);

}  // namespace splitscope::ui
