// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/codec/level_kernels.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

namespace splitscope::codec {

namespace {

// Plain loops that compilers turn into vector code for whatever a function around them is compiled for.
#define SPLITSCOPE_INLINE [[gnu::always_inline]] inline

SPLITSCOPE_INLINE ValueRange extremesBody(const float* values, std::size_t count)
{
    constexpr std::size_t kLanes = 32;  // independent chains of comparisons: the compiler may not reorder a single one
    float low[kLanes];
    float high[kLanes];
    std::fill_n(low, kLanes, std::numeric_limits<float>::infinity());
    std::fill_n(high, kLanes, -std::numeric_limits<float>::infinity());
    const auto include = [&](std::size_t lane, float value) {
        low[lane] = value < low[lane] ? value : low[lane];
        high[lane] = value > high[lane] ? value : high[lane];
    };
    const std::size_t whole = count / kLanes * kLanes;
    for (std::size_t i = 0; i < whole; i += kLanes)
        for (std::size_t lane = 0; lane < kLanes; ++lane)
            include(lane, values[i + lane]);
    for (std::size_t i = whole; i < count; ++i)
        include(i - whole, values[i]);
    return {*std::min_element(low, low + kLanes), *std::max_element(high, high + kLanes)};
}

SPLITSCOPE_INLINE float clamped(float value, ValueRange range)
{
    value = value > range.low ? value : range.low;  // NaN and −Inf too
    return value < range.high ? value : range.high;
}

/// The definition. Adding 1.5 · 2^52 to a double in [0, 2^51) leaves it, rounded to nearest even, in the low bits.
SPLITSCOPE_INLINE void quantizeByDivision(const float* values, std::size_t count, int bits, ValueRange range,
                                          std::uint16_t* levels)
{
    constexpr double kRoundingShift = 6755399441055744.0;
    const double low = range.low;
    const double span = static_cast<double>(range.high) - low;
    const int maxLevel = (1 << bits) - 1;
    for (std::size_t i = 0; i < count; ++i) {
        const double scaled = (static_cast<double>(clamped(values[i], range)) - low) * maxLevel / span;
        levels[i] = static_cast<std::uint16_t>(std::bit_cast<std::uint64_t>(scaled + kRoundingShift));
    }
}

/// Division takes most of the time, and multiplying by the inverse gives the same level unless the quotient lies within
/// 2^-34 of the middle between two. So blocks are multiplied, and those with a value near a middle are divided again.
/// A sum with 1.5 · 2^20 has the level in its upper 32 bits and the fraction in the lower; what is added besides makes a
/// fraction near a half one near 0.
SPLITSCOPE_INLINE void quantizeBody(const float* values, std::size_t count, int bits, ValueRange range, std::uint16_t* levels)
{
    constexpr std::size_t kBlock = 512;
    constexpr std::uint32_t kNear = 8;  // of 2^-32
    constexpr double kFixedPoint = 1.5 * (1 << 20) + 0.5 + kNear / 4294967296.0;
    const double low = range.low;
    const double factor = ((1 << bits) - 1) / (static_cast<double>(range.high) - low);
    for (std::size_t at = 0; at < count; at += kBlock) {
        const std::size_t end = std::min(at + kBlock, count);
        std::uint32_t nearest = std::numeric_limits<std::uint32_t>::max();
        for (std::size_t i = at; i < end; ++i) {
            const double scaled = (static_cast<double>(clamped(values[i], range)) - low) * factor;
            const auto fixed = std::bit_cast<std::uint64_t>(scaled + kFixedPoint);
            levels[i] = static_cast<std::uint16_t>(fixed >> 32);
            nearest = std::min(nearest, static_cast<std::uint32_t>(fixed));
        }
        if (nearest < 2 * kNear)
            quantizeByDivision(values + at, end - at, bits, range, levels + at);
    }
}

SPLITSCOPE_INLINE void dequantizeBody(const std::uint16_t* levels, std::size_t count, int bits, ValueRange range, float* values)
{
    const double low = range.low;
    const double step = (static_cast<double>(range.high) - low) / ((1 << bits) - 1);
    for (std::size_t i = 0; i < count; ++i)
        values[i] = static_cast<float>(low + levels[i] * step);
}

/// Half a group, 4 levels, becomes one word of 4 · bits bits. A group's second word begins at the byte in which the first
/// ends, so many bits behind that byte's first: 4 if bits is odd.
struct GroupLayout {
    explicit GroupLayout(int bits) : secondShift(4 * bits % 8), secondByte(4 * bits / 8) {}
    int secondShift;
    int secondByte;
};

constexpr std::size_t kGroupsInBlock = 64;

SPLITSCOPE_INLINE void packGroupsBody(const std::uint16_t* levels, std::size_t groups, int bits, std::uint8_t* out)
{
    constexpr std::uint64_t kEvenLevels = 0x0000FFFF0000FFFF;
    constexpr std::uint64_t kEvenPairs = 0x00000000FFFFFFFF;
    const GroupLayout layout(bits);
    std::uint64_t words[2 * kGroupsInBlock];
    for (std::size_t at = 0; at < groups; at += kGroupsInBlock) {
        const std::size_t count = std::min(kGroupsInBlock, groups - at);
        for (std::size_t i = 0; i < 2 * count; ++i) {
            std::uint64_t word;
            std::memcpy(&word, levels + 8 * at + 4 * i, sizeof word);
            word = (word & kEvenLevels) | (word >> 16 & kEvenLevels) << bits;
            words[i] = (word & kEvenPairs) | word >> 32 << 2 * bits;
        }
        for (std::size_t i = 0; i < count; ++i, out += bits) {
            const std::uint64_t first = words[2 * i];
            const std::uint64_t rest = first >> 1 >> (8 * layout.secondByte - 1);  // by 64 in all if bits is 16
            const std::uint64_t second = words[2 * i + 1] << layout.secondShift | rest;
            std::memcpy(out, &first, sizeof first);
            std::memcpy(out + layout.secondByte, &second, sizeof second);
        }
    }
}

SPLITSCOPE_INLINE void unpackGroupsBody(const std::uint8_t* in, std::size_t groups, int bits, std::uint16_t* levels)
{
    const std::uint64_t pair = 0xFFFFFFFF >> (32 - 2 * bits);
    const std::uint64_t evenLevels = ((std::uint64_t{1} << bits) - 1) * 0x0000000100000001;
    const GroupLayout layout(bits);
    std::uint64_t words[2 * kGroupsInBlock];
    for (std::size_t at = 0; at < groups; at += kGroupsInBlock) {
        const std::size_t count = std::min(kGroupsInBlock, groups - at);
        for (std::size_t i = 0; i < count; ++i, in += bits) {
            std::uint64_t second;
            std::memcpy(&words[2 * i], in, sizeof second);
            std::memcpy(&second, in + layout.secondByte, sizeof second);
            words[2 * i + 1] = second >> layout.secondShift;
        }
        for (std::size_t i = 0; i < 2 * count; ++i) {
            std::uint64_t word = words[i];
            word = (word & pair) | (word >> 2 * bits & pair) << 32;
            word = (word & evenLevels) | (word >> bits & evenLevels) << 16;
            std::memcpy(levels + 8 * at + 4 * i, &word, sizeof word);
        }
    }
}

// --- Instruction sets --------------------------------------------------------------------------------------------------

// NOLINTBEGIN(bugprone-macro-parentheses)
#define SPLITSCOPE_KERNELS(NAME, TARGET)                                                                                         \
    struct NAME {                                                                                                                \
        TARGET static ValueRange extremes(const float* values, std::size_t count) { return extremesBody(values, count); }        \
        TARGET static void quantize(const float* values, std::size_t count, int bits, ValueRange range, std::uint16_t* levels)   \
        {                                                                                                                        \
            quantizeBody(values, count, bits, range, levels);                                                                    \
        }                                                                                                                        \
        TARGET static void dequantize(const std::uint16_t* levels, std::size_t count, int bits, ValueRange range, float* values) \
        {                                                                                                                        \
            dequantizeBody(levels, count, bits, range, values);                                                                  \
        }                                                                                                                        \
        TARGET static void packGroups(const std::uint16_t* levels, std::size_t groups, int bits, std::uint8_t* out)              \
        {                                                                                                                        \
            packGroupsBody(levels, groups, bits, out);                                                                           \
        }                                                                                                                        \
        TARGET static void unpackGroups(const std::uint8_t* in, std::size_t groups, int bits, std::uint16_t* levels)             \
        {                                                                                                                        \
            unpackGroupsBody(in, groups, bits, levels);                                                                          \
        }                                                                                                                        \
        static constexpr LevelKernels table() { return {extremes, quantize, dequantize, packGroups, unpackGroups}; }             \
    };
// NOLINTEND(bugprone-macro-parentheses)

SPLITSCOPE_KERNELS(Baseline, )
#if defined(__x86_64__)
SPLITSCOPE_KERNELS(Avx2, [[gnu::target("avx2,bmi2")]])
SPLITSCOPE_KERNELS(Avx512, [[gnu::target("avx512f,avx512vl,avx512dq,avx512bw,bmi2")]])
#endif

}  // namespace

std::vector<LevelKernels> availableLevelKernels()
{
    std::vector<LevelKernels> result;
#if defined(__x86_64__)
    const bool bmi2 = __builtin_cpu_supports("bmi2");
    if (bmi2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq")
        && __builtin_cpu_supports("avx512bw"))
        result.push_back(Avx512::table());
    if (bmi2 && __builtin_cpu_supports("avx2"))
        result.push_back(Avx2::table());
#endif
    result.push_back(Baseline::table());
    return result;
}

const LevelKernels& levelKernels()
{
    static const LevelKernels kernels = availableLevelKernels().front();
    return kernels;
}

}  // namespace splitscope::codec
