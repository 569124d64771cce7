// SPDX-License-Identifier: GPL-3.0-or-later
// The built-in generated set, so that the first run needs no download.
#pragma once

#include "core/data/data_set.h"

namespace splitscope::data {

inline constexpr int kSmallestPattern = 16;  ///< pixels along the shorter side
inline constexpr int kLargestPattern = 2048;

/// Ten classes told apart by their outline as a whole: textures, colours, clutter and noise say nothing about them.
/// 20,000 training images and 2,000 in each other split, drawn on demand, equal on every platform. An Error if the
/// size is not 3 channels of kSmallestPattern to kLargestPattern pixels.
base::Result<std::unique_ptr<DataSet>> openPatterns(ImageSize size, Split split);

}  // namespace splitscope::data
