// SPDX-License-Identifier: GPL-3.0-or-later
// Random draws finer than base::Random's own, which are exact as floats: too coarse for long exponential times.
#pragma once

#include "core/base/random.h"

#include <cmath>

namespace splitscope::sim {

/// 53 random bits in [0, 1).
inline double drawUnit(base::Random& random) { return static_cast<double>(random.bits() >> 11) * 0x1p-53; }

/// Standard normal, nearly (Irwin-Hall): sums are exact alike everywhere, which logarithms and cosines are not.
inline double drawNormal(base::Random& random)
{
    constexpr int kTerms = 12;
    double sum = -kTerms / 2.;
    for (int i = 0; i < kTerms; ++i)
        sum += drawUnit(random);
    return sum;
}

/// Round it: mathematical libraries differ in the last bit.
inline double drawExponential(base::Random& random, double mean) { return -std::log1p(-drawUnit(random)) * mean; }

}  // namespace splitscope::sim
