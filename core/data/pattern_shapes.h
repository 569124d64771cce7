// SPDX-License-Identifier: GPL-3.0-or-later
// The ten shapes of the built-in set, as signed distances.
#pragma once

#include <array>

namespace splitscope::data {

enum class Shape { Disc, Ring, Square, Triangle, Cross, Star, Bars, Crescent, Arrow, Hourglass };

inline constexpr std::array kShapeNames{"disc", "ring", "square",   "triangle", "cross",
                                        "star", "bars", "crescent", "arrow",    "hourglass"};

/// The distance of (x, y) from the outline of a shape of radius about 1 around the origin, negative inside it. Near
/// the outline it is exact enough for antialiasing. Adds, multiplies and square roots only: equal on every platform.
float shapeDistance(Shape shape, float x, float y);

}  // namespace splitscope::data
