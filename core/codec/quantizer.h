// SPDX-License-Identifier: GPL-3.0-or-later
// Linear quantization of one frame's feature map (the paper's eq. 4).
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <span>

namespace splitscope::codec {

/// The frame's own extremes over its finite values; sent with the levels. A frame never shares them with its batch mates.
struct ValueRange {
    float low = 0;
    float high = 0;

    bool operator==(const ValueRange&) const = default;
};

/// Eq. 4 with levels 0 .. 2^bits − 1: level = round((2^bits − 1)·(x − low)/(high − low)), rounding to nearest even,
/// plain IEEE float operations in a fixed order, so that x86-64 and arm64 agree on every level.
/// Defined cases: constant tensor → all level 0; NaN → level 0; −Inf → 0; +Inf → 2^bits − 1; no finite value → {0, 0}.
/// levels.size() == values.size(); 2 <= bits <= 16.
ValueRange quantize(std::span<const float> values, int bits, std::span<std::uint16_t> levels);

/// value = low + level·((high − low)/(2^bits − 1)); levels beyond 2^bits − 1 are the caller's error.
void dequantize(std::span<const std::uint16_t> levels, int bits, ValueRange range, std::span<float> values);

}  // namespace splitscope::codec
