// SPDX-License-Identifier: GPL-3.0-or-later
// How a context model's contexts are learned: their bounds, and their distributions in few steps.
#pragma once

#include "core/codec/context_tables.h"
#include "core/codec/context_training_p.h"

namespace splitscope::codec {

ContextBounds learnBounds(const SymbolFrames& frames, const Predictor& predictor);

std::vector<ContextShape> learnContexts(const SymbolFrames& frames, const Predictor& predictor, const ContextBounds& bounds);

/// A distribution in so few steps that leaving out another would cost more than `leastBits` over all that was counted.
ContextShape shapeOf(std::span<const std::uint32_t> counts, double leastBits, double& cost);

}  // namespace splitscope::codec
