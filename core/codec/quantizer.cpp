// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/codec/quantizer.h"

#include "core/codec/level_kernels.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

namespace splitscope::codec {

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

ValueRange finiteExtremes(std::span<const float> values)
{
    ValueRange range{kInfinity, -kInfinity};
    for (const float value : values) {
        if (!std::isfinite(value))
            continue;
        range.low = std::min(range.low, value);
        range.high = std::max(range.high, value);
    }
    return range;
}

}  // namespace

ValueRange rangeOf(std::span<const float> values)
{
    ValueRange range = levelKernels().extremes(values.data(), values.size());
    if (!std::isfinite(range.low) || !std::isfinite(range.high))  // rare, and the way without this question is short
        range = finiteExtremes(values);
    if (range.low > range.high)
        return {};  // no finite value
    return {range.low + 0.0F, range.high + 0.0F};  // −0 becomes +0
}

void quantize(std::span<const float> values, int bits, ValueRange range, std::span<std::uint16_t> levels)
{
    assert(values.size() == levels.size() && bits >= 2 && bits <= 16);
    if (range.low < range.high) {
        levelKernels().quantize(values.data(), values.size(), bits, range, levels.data());
        return;
    }
    const auto maxLevel = static_cast<std::uint16_t>((1 << bits) - 1);
    std::transform(values.begin(), values.end(), levels.begin(),
                   [maxLevel](float value) { return value == kInfinity ? maxLevel : std::uint16_t{0}; });
}

ValueRange quantize(std::span<const float> values, int bits, std::span<std::uint16_t> levels)
{
    const ValueRange range = rangeOf(values);
    quantize(values, bits, range, levels);
    return range;
}

void dequantize(std::span<const std::uint16_t> levels, int bits, ValueRange range, std::span<float> values)
{
    assert(values.size() == levels.size() && bits >= 2 && bits <= 16);
    levelKernels().dequantize(levels.data(), levels.size(), bits, range, values.data());
}

}  // namespace splitscope::codec
