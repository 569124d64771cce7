// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/codec/quantizer.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <limits>

namespace splitscope::codec {

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// Several independent extremes at a time: the compiler may not reorder a single chain of comparisons.
constexpr std::size_t kLanes = 8;

struct LaneRange {
    std::array<float, kLanes> low;
    std::array<float, kLanes> high;

    void include(std::size_t lane, float value)
    {
        const bool finite = value - value == 0.0F;
        const float forLow = finite ? value : kInfinity;
        const float forHigh = finite ? value : -kInfinity;
        low[lane] = forLow < low[lane] ? forLow : low[lane];
        high[lane] = forHigh > high[lane] ? forHigh : high[lane];
    }
};

ValueRange finiteRange(std::span<const float> values)
{
    LaneRange lanes;
    lanes.low.fill(kInfinity);
    lanes.high.fill(-kInfinity);
    const std::size_t whole = values.size() / kLanes * kLanes;
    for (std::size_t i = 0; i < whole; i += kLanes)
        for (std::size_t lane = 0; lane < kLanes; ++lane)
            lanes.include(lane, values[i + lane]);
    for (std::size_t i = whole; i < values.size(); ++i)
        lanes.include(i - whole, values[i]);

    const float low = *std::min_element(lanes.low.begin(), lanes.low.end());
    const float high = *std::max_element(lanes.high.begin(), lanes.high.end());
    if (low > high)
        return {};  // no finite value
    return {low + 0.0F, high + 0.0F};  // −0 becomes +0
}

/// Adding this to a double in [0, 2^51) leaves it, rounded to nearest even, in the low bits of the sum: the same on
/// every IEEE machine, and it vectorizes.
constexpr double kRoundingShift = 6755399441055744.0;  // 1.5 · 2^52

}  // namespace

ValueRange quantize(std::span<const float> values, int bits, std::span<std::uint16_t> levels)
{
    assert(values.size() == levels.size() && bits >= 2 && bits <= 16);
    const ValueRange range = finiteRange(values);
    const int maxLevel = (1 << bits) - 1;
    if (range.low == range.high) {
        for (std::size_t i = 0; i < values.size(); ++i)
            levels[i] = static_cast<std::uint16_t>(values[i] == kInfinity ? maxLevel : 0);
        return range;
    }

    const double low = range.low;
    const double span = static_cast<double>(range.high) - low;
    for (std::size_t i = 0; i < values.size(); ++i) {
        float x = values[i];
        x = x > range.low ? x : range.low;  // NaN and −Inf too
        x = x < range.high ? x : range.high;
        const double scaled = (static_cast<double>(x) - low) * maxLevel / span;
        levels[i] = static_cast<std::uint16_t>(std::bit_cast<std::uint64_t>(scaled + kRoundingShift));
    }
    return range;
}

void dequantize(std::span<const std::uint16_t> levels, int bits, ValueRange range, std::span<float> values)
{
    assert(values.size() == levels.size() && bits >= 2 && bits <= 16);
    const double low = range.low;
    const double step = (static_cast<double>(range.high) - low) / ((1 << bits) - 1);
    for (std::size_t i = 0; i < levels.size(); ++i)
        values[i] = static_cast<float>(low + levels[i] * step);
}

}  // namespace splitscope::codec
