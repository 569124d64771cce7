// SPDX-License-Identifier: GPL-3.0-or-later
// Sixteen floats at once, by whatever registers the instruction set has. For layer_kernels.cpp alone.
#pragma once

#include <cstddef>
#include <cstring>

#pragma GCC diagnostic ignored "-Wpsabi"  // vectors are passed to inlined functions only

// Inlined into one function per instruction set, and compiled for it there.
#define SPLITSCOPE_INLINE [[gnu::always_inline]] inline

namespace splitscope::model {

constexpr int kLanes = 16;
using Lanes [[gnu::vector_size(kLanes * sizeof(float))]] = float;

SPLITSCOPE_INLINE Lanes load(const float* from)
{
    Lanes value;
    std::memcpy(&value, from, sizeof value);
    return value;
}

SPLITSCOPE_INLINE void store(float* to, const Lanes& value) { std::memcpy(to, &value, sizeof value); }

SPLITSCOPE_INLINE Lanes larger(const Lanes& a, const Lanes& b) { return a > b ? a : b; }

/// NaN stays NaN.
SPLITSCOPE_INLINE float rectified(float x) { return x < 0 ? 0 : x; }

SPLITSCOPE_INLINE std::size_t at(int index, int stride)
{
    return static_cast<std::size_t>(index) * static_cast<std::size_t>(stride);
}

}  // namespace splitscope::model
