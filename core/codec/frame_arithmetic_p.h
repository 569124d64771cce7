// SPDX-License-Identifier: GPL-3.0-or-later
// Kinds of arithmetic for frame models; all are exact. Each says what inputs are kept as, how a pair of them is added to a vector
// of sums, and what hidden units times factors are. Nothing is passed by value that needs registers of one instruction set.
#pragma once

#include "core/codec/frame_lanes_p.h"

#include <cstring>

namespace splitscope::codec {

/// Multiplies floats: every processor does that well.
struct FloatArithmetic {
    using Value = float;
    using Sum = Reals;
    using Whole = Integers;
    static constexpr int kPixelsTogether = 2;  ///< that share the loads of weights
    struct Pair {
        float first, second;
    };

    SPLITSCOPE_INLINE static Pair pairAt(const float* inputs) { return {inputs[0], inputs[1]}; }
    SPLITSCOPE_INLINE static Pair pairOf(int first, int second)
    {
        return {static_cast<float>(first), static_cast<float>(second)};
    }
    SPLITSCOPE_INLINE static const void* bias(const FrameWeights& weights, int lane) { return weights.bias + lane; }
    SPLITSCOPE_INLINE static void add(Sum& sum, const Pair& inputs, const FrameWeights& weights, int pair, int lane)
    {
        sum += inputs.first * *reinterpret_cast<const Reals*>(weights.inputs[2 * pair] + lane);
        sum += inputs.second * *reinterpret_cast<const Reals*>(weights.inputs[2 * pair + 1] + lane);
    }
    SPLITSCOPE_INLINE static void toWhole(const Sum& sum, Whole& whole) { whole = __builtin_convertvector(sum, Whole); }
    SPLITSCOPE_INLINE static void multiply(const Whole& hidden, const Whole& factors, Whole& product)
    {
        product = hidden * factors;
    }
};

/// Two numbers of 16 bits in one of 32.
struct PairArithmetic {
    using Value = std::int16_t;
    using Pair = std::int32_t;

    SPLITSCOPE_INLINE static Pair pairAt(const std::int16_t* inputs)
    {
        Pair pair;
        std::memcpy(&pair, inputs, sizeof pair);
        return pair;
    }
    SPLITSCOPE_INLINE static Pair pairOf(int first, int second) { return (first & 0xffff) | second << 16; }
    SPLITSCOPE_INLINE static const void* bias(const FrameWeights& weights, int lane) { return weights.wholeBias + lane; }
};

#if defined(__x86_64__)
// Products of numbers of 16 bits, added by pairs; of hidden units and factors, which are such numbers alone in their pairs, one
// is of zeros. Compilers do not find this instruction by themselves, and have functions for it only in functions for one
// processor; clang does not let it be named here either.
#if defined(__clang__)
#define SPLITSCOPE_MULTIPLY_PAIRS(a, b, sums) ((sums) = (((a) << 16) >> 16) * (((b) << 16) >> 16) + ((a) >> 16) * ((b) >> 16))
#else
#define SPLITSCOPE_MULTIPLY_PAIRS(a, b, sums) asm("vpmaddwd %2, %1, %0" : "=v"(sums) : "v"(a), "vm"(b))
#endif

struct Avx2Arithmetic : PairArithmetic {
    using Sum = Integers;
    using Whole = Integers;
    static constexpr int kPixelsTogether = 2;

    SPLITSCOPE_INLINE static void add(Sum& sum, Pair inputs, const FrameWeights& weights, int pair, int lane)
    {
        Integers products;
        multiply(Integers{} + inputs, *reinterpret_cast<const Integers*>(weights.pairs[pair][lane]), products);
        sum += products;
    }
    SPLITSCOPE_INLINE static void toWhole(const Sum& sum, Whole& whole) { whole = sum; }
    SPLITSCOPE_INLINE static void multiply(const Whole& a, const Whole& b, Whole& sums) { SPLITSCOPE_MULTIPLY_PAIRS(a, b, sums); }
};

struct Avx512Arithmetic : PairArithmetic {
    using Sum = WideIntegers;
    using Whole = WideIntegers;
    static constexpr int kPixelsTogether = 4;

    SPLITSCOPE_INLINE static void add(Sum& sum, Pair inputs, const FrameWeights& weights, int pair, int lane)
    {
        WideIntegers products;
        multiply(WideIntegers{} + inputs, *reinterpret_cast<const WideIntegers*>(weights.pairs[pair][lane]), products);
        sum += products;
    }
    SPLITSCOPE_INLINE static void toWhole(const Sum& sum, Whole& whole) { whole = sum; }
    SPLITSCOPE_INLINE static void multiply(const Whole& a, const Whole& b, Whole& sums) { SPLITSCOPE_MULTIPLY_PAIRS(a, b, sums); }
};

#undef SPLITSCOPE_MULTIPLY_PAIRS

struct Avx512VnniArithmetic : Avx512Arithmetic {
#if !defined(__clang__)
    SPLITSCOPE_INLINE static void add(Sum& sum, Pair inputs, const FrameWeights& weights, int pair, int lane)
    {
        const WideIntegers both = WideIntegers{} + inputs;
        asm("vpdpwssd %2, %1, %0"
            : "+v"(sum)
            : "v"(both), "vm"(*reinterpret_cast<const WideIntegers*>(weights.pairs[pair][lane])));
    }
#endif
};
#endif

}  // namespace splitscope::codec
