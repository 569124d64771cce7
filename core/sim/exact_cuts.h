// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sim/evaluator.h"

namespace splitscope::sim {

/// One action for each cut of an exit, as exact as the table has it: float32 or the most bits, raw frames, the label; no
/// gates. What strategies without a choice of bits choose from.
std::vector<std::size_t> exactCuts(const Evaluator& evaluator, int exit);

}  // namespace splitscope::sim
