// SPDX-License-Identifier: GPL-3.0-or-later
// Levels of distributions that feature maps have, or that coders must survive.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <random>
#include <vector>

namespace splitscope::codec {

using Levels = std::vector<std::uint16_t>;

enum Kind { Uniform, Geometric, Bell, ReluLike, TwoValues };

inline Levels levelsOf(Kind kind, int bits, std::size_t count, unsigned seed = 0)
{
    std::mt19937 random(static_cast<unsigned>(kind * 100 + bits) + 1000 * seed);
    const double top = (1 << bits) - 1;
    std::uniform_real_distribution<double> uniform(0, top + 0.999);
    std::exponential_distribution<double> falling(12 / (top + 1));
    std::normal_distribution<double> bell(top / 2, top / 12);
    Levels levels(count);
    for (auto& level : levels) {
        double x = 0;
        switch (kind) {
        case Uniform: x = uniform(random); break;
        case Geometric: x = falling(random); break;
        case Bell: x = bell(random); break;
        case ReluLike: x = random() % 10 < 7 ? 0 : falling(random); break;
        case TwoValues: x = random() % 8 == 0 ? top : 0; break;
        }
        level = static_cast<std::uint16_t>(std::clamp(x, 0.0, top));
    }
    return levels;
}

inline double entropyBytes(const Levels& levels)
{
    std::map<int, double> counts;
    for (const int level : levels)
        ++counts[level];
    double bits = 0;
    for (const auto& [level, count] : counts)
        bits -= count * std::log2(count / static_cast<double>(levels.size()));
    return bits / 8;
}

}  // namespace splitscope::codec
