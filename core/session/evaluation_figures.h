// SPDX-License-Identifier: GPL-3.0-or-later
// An evaluation as figures: strategies below each other, a panel per quantity, with 95 % intervals.
#pragma once

#include "core/session/evaluation.h"
#include "core/session/figure.h"

namespace splitscope::session {

/// One figure per scenario and source ("queue-walk") with all quantities; where a scenario has several sources, one more before
/// them ("queue") with the reward on each as a share of the bound. The best strategy stands first.
std::vector<Figure> evaluationFigures(const Evaluation& evaluation);

}  // namespace splitscope::session
