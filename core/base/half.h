// SPDX-License-Identifier: GPL-3.0-or-later
// IEEE binary16, for values whose third digit does not matter: 11 bits of precision, up to 65504.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace splitscope::base {

/// The nearest half, ties to even; beyond 65504 infinity.
inline std::uint16_t toHalf(float value)
{
    constexpr float kSmallestNormal = 0x1p-14F, kFirstInfinite = 65520.0F;
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const auto sign = static_cast<std::uint16_t>(bits >> 16 & 0x8000U);
    const float magnitude = std::fabs(value);
    if (std::isnan(value))
        return static_cast<std::uint16_t>(sign | 0x7e00U);
    if (magnitude >= kFirstInfinite)
        return static_cast<std::uint16_t>(sign | 0x7c00U);
    if (magnitude < kSmallestNormal)
        return static_cast<std::uint16_t>(sign | static_cast<std::uint16_t>(std::nearbyint(magnitude * 0x1p24F)));
    const std::uint32_t normal = bits & 0x7fffffffU;
    const std::uint32_t rounded = normal + 0xfffU + (normal >> 13 & 1U);
    return static_cast<std::uint16_t>(sign | (rounded - (112U << 23)) >> 13);
}

inline float fromHalf(std::uint16_t half)
{
    const bool negative = (half & 0x8000U) != 0;
    const unsigned exponent = half >> 10 & 0x1fU;
    const unsigned mantissa = half & 0x3ffU;
    float magnitude = 0;
    if (exponent == 0)
        magnitude = static_cast<float>(mantissa) * 0x1p-24F;
    else if (exponent == 0x1fU)
        magnitude = mantissa == 0 ? std::numeric_limits<float>::infinity() : std::numeric_limits<float>::quiet_NaN();
    else
        magnitude = std::bit_cast<float>((exponent + 112U) << 23 | mantissa << 13);
    return negative ? -magnitude : magnitude;
}

}  // namespace splitscope::base
