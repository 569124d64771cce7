// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/softmax.h"

#include "core/base/half.h"

#include <algorithm>
#include <cmath>

namespace splitscope::base {

float softmaxEntropy(std::span<const float> logits)
{
    const double largest = *std::max_element(logits.begin(), logits.end());
    double sum = 0, weighted = 0;
    for (const float logit : logits) {
        const double below = logit - largest;
        const double weight = std::exp(below);
        sum += weight;
        weighted += weight * below;
    }
    // −Σ y ln y with y = e^below / sum
    const double entropy = std::log(sum) - weighted / sum;
    return fromHalf(toHalf(static_cast<float>(entropy > 0 ? entropy : 0)));
}

}  // namespace splitscope::base
