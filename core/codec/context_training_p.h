// SPDX-License-Identifier: GPL-3.0-or-later
// How a context model's predictions are learned: by least squares, channel after channel.
#pragma once

#include "core/codec/context_predictor.h"

#include <span>

namespace splitscope::codec {

using SymbolFrames = std::vector<std::vector<std::uint8_t>>;

/// Each channel's value from its neighbours and those neighbours in channels before that tell most.
Predictor learnPredictor(const SymbolFrames& frames, const MapShape& shape, int symbolBits);

/// How far off the predictions are to be expected; sets spread weights.
void learnSpread(const SymbolFrames& frames, Predictor& predictor);

}  // namespace splitscope::codec
