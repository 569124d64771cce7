// SPDX-License-Identifier: GPL-3.0-or-later
// Random numbers that are the same on every platform and with every standard library.
#pragma once

#include <cstdint>

namespace splitscope::base {

/// SplitMix64's output function: scrambles a counter or joins seeds.
constexpr std::uint64_t mixBits(std::uint64_t x)
{
    x += 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

/// A small generator (SplitMix64). Draw into named variables: the order in which arguments are evaluated differs
/// between compilers.
class Random {
public:
    explicit constexpr Random(std::uint64_t seed) : m_state(mixBits(seed)) {}

    constexpr std::uint64_t bits()
    {
        m_state += 0x9e3779b97f4a7c15ULL;
        return mixBits(m_state);
    }

    /// In [0, 1), a multiple of 2^-24: exact as a float.
    constexpr float unit() { return static_cast<float>(bits() >> 40) * (1.0F / 16777216.0F); }

    constexpr float between(float low, float high) { return low + (high - low) * unit(); }

    /// In [0, count).
    constexpr int below(int count) { return static_cast<int>(((bits() >> 32) * static_cast<std::uint64_t>(count)) >> 32); }

private:
    std::uint64_t m_state;
};

}  // namespace splitscope::base
