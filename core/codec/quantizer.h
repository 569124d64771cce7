// SPDX-License-Identifier: GPL-3.0-or-later
// Linear quantization of one frame's feature map (the paper's eq. 4).
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <span>

namespace splitscope::codec {

/// The frame's own extremes over its finite values; sent with the levels. A frame never shares them with its batch mates.
/// A zero extreme is always +0, so that the bytes depend on the values alone.
struct ValueRange {
    float low = 0;
    float high = 0;

    bool operator==(const ValueRange&) const = default;
};

ValueRange rangeOf(std::span<const float> values);

/// Eq. 4 with levels 0 .. 2^bits − 1: level = round((x − low)·(2^bits − 1)/(high − low)), rounding to nearest even.
/// Every step is one IEEE double operation, in the order written and never fused, so that x86-64 and arm64 agree on
/// every level, and no range of floats overflows (not even −3e38 .. 3e38). Denormal floats count as what they are.
/// Defined cases: constant tensor → all level 0; NaN → level 0; −Inf → 0; +Inf → 2^bits − 1; no finite value → {0, 0}.
/// levels.size() == values.size(); 2 <= bits <= 16.
ValueRange quantize(std::span<const float> values, int bits, std::span<std::uint16_t> levels);

/// The same for a part of a frame, of the whole frame's range.
void quantize(std::span<const float> values, int bits, ValueRange range, std::span<std::uint16_t> levels);

/// value = low + level·((high − low)/(2^bits − 1)), computed in double and rounded once to float; levels beyond
/// 2^bits − 1 are the caller's error. The range must be finite.
void dequantize(std::span<const std::uint16_t> levels, int bits, ValueRange range, std::span<float> values);

}  // namespace splitscope::codec
