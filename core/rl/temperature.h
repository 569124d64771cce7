// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
#include <cstdint>

namespace splitscope::rl {

/// log α, moved by Adam. The paper's eq. 11 as printed, α·log π + H̄, has the gradient −H(π) ≤ 0 in α: α only grows. What is
/// meant raises α where the entropy is below its target, and lowers it above: L_α = log α · (H(π) − H̄), H held constant.
struct Temperature {
    float logAlpha = 0;
    float first = 0, second = 0;  ///< Adam's moments

    [[nodiscard]] float alpha() const { return std::exp(logAlpha); }
    /// `excess`: the batch's mean of H(π) − H̄. Returns L_α.
    double step(double excess, double rate, std::int64_t index)
    {
        const double loss = static_cast<double>(logAlpha) * excess;
        const auto t = static_cast<double>(index);
        const auto gradient = static_cast<float>(excess);
        first = 0.9F * first + 0.1F * gradient;
        second = 0.999F * second + 0.001F * gradient * gradient;
        const double mean = static_cast<double>(first) / (1 - std::pow(0.9, t));
        const double deviation = std::sqrt(static_cast<double>(second) / (1 - std::pow(0.999, t)));
        logAlpha -= static_cast<float>(rate * mean / (deviation + 1e-8));
        return loss;
    }
};

}  // namespace splitscope::rl
