// SPDX-License-Identifier: GPL-3.0-or-later
// One network's lanes as vectors, for functions that are compiled for several instruction sets.
#pragma once

#include "core/codec/frame_tables.h"

#include <type_traits>
#include <utility>

namespace splitscope::codec {

#define SPLITSCOPE_INLINE [[gnu::always_inline]] inline
#define SPLITSCOPE_INLINED __attribute__((always_inline))  // behind a lambda's parameters

/// Calls `body` with 0 to count − 1 as constants: unrolled before all else, so that arrays of vectors become registers.
template <int count, typename Body>
SPLITSCOPE_INLINE void repeat(const Body& body)
{
    [&]<int... i>(std::integer_sequence<int, i...>) SPLITSCOPE_INLINED { (body(std::integral_constant<int, i>{}), ...); }
    (std::make_integer_sequence<int, count>{});
}

// Eight numbers that compilers keep in whatever vector registers a function around them is compiled for. They are passed by
// reference: by value they would need those registers in baseline code too.
constexpr int kVectorBytes = 32;
using Reals = float __attribute__((vector_size(kVectorBytes), may_alias));
using Integers = std::int32_t __attribute__((vector_size(kVectorBytes), may_alias));
constexpr int kVectorLanes = kVectorBytes / 4;
static_assert(4 * kVectorLanes == kFrameLanes);
using WideIntegers = std::int32_t __attribute__((vector_size(2 * kVectorBytes), may_alias));  ///< where there are such registers

/// One network's sums over its inputs.
struct LaneSums {
    Reals a, b, c, d;
};

SPLITSCOPE_INLINE void load(LaneSums& sums, const float* from)
{
    const auto* vectors = reinterpret_cast<const Reals*>(from);
    sums = {vectors[0], vectors[1], vectors[2], vectors[3]};
}

SPLITSCOPE_INLINE void store(const LaneSums& sums, float* to)
{
    auto* vectors = reinterpret_cast<Reals*>(to);
    vectors[0] = sums.a;
    vectors[1] = sums.b;
    vectors[2] = sums.c;
    vectors[3] = sums.d;
}

SPLITSCOPE_INLINE void addTimes(LaneSums& sums, float input, const float* weights)
{
    const auto* vectors = reinterpret_cast<const Reals*>(weights);
    sums.a += input * vectors[0];
    sums.b += input * vectors[1];
    sums.c += input * vectors[2];
    sums.d += input * vectors[3];
}

}  // namespace splitscope::codec
