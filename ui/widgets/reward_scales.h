// SPDX-License-Identifier: GPL-3.0-or-later
// How the reward's sliders stand for their values.
#pragma once

#include "ui/widgets/slider_field.h"

namespace splitscope::ui {

/// s: 0.1 to 100 MB/s in equal ratios.
ValueScale sensitivityScale();
/// n: 0.05 to 2 in equal ratios; the left end is automatic (0).
ValueScale weightScale();
/// ê: 0.1 mJ to 10 J in equal ratios; the right end is no limit (infinity).
ValueScale energyLimitScale();
/// 1 ms to 10 s in equal ratios; the right end is no limit (infinity).
ValueScale deadlineScale();
/// 0 (none) to 0.99.
ValueScale accuracyFloorScale();
/// Whole numbers from 0 to `layers`; above `layers`, if `open`, everything (the largest int).
ValueScale layerScale(int layers, bool open);

}  // namespace splitscope::ui
