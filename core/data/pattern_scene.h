// SPDX-License-Identifier: GPL-3.0-or-later
// One picture of the built-in set: a textured shape on a textured ground, with clutter and strokes over it.
#pragma once

#include "core/data/image.h"
#include "core/data/pattern_shapes.h"

#include <cstdint>

namespace splitscope::data {

/// Draws the scene that `seed` describes, with `shape` as its subject. The composition depends on the seed alone, so
/// that the same scene can be drawn at any size; only the noise is per pixel. Every byte is equal on every platform.
Image drawPattern(Shape shape, std::uint64_t seed, ImageSize size);

}  // namespace splitscope::data
