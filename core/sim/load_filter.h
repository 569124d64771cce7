// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a machine is in its slow state, told from how long it took: the forward filter of a Markov chain of two states.
#pragma once

#include <algorithm>
#include <cmath>

namespace splitscope::sim {

class LoadFilter {
public:
    /// `factor`: how many times as long it takes while slow; mean lengths of both states in requests; `noise`: σ of ln of times.
    LoadFilter(double factor, double fastRequests, double slowRequests, double noise)
        : m_factor(std::log(factor)), m_becomesSlow(1 / fastRequests), m_becomesFast(1 / slowRequests),
          m_noise(std::max(noise, kLeastNoise)), m_slow(m_becomesSlow / (m_becomesSlow + m_becomesFast))
    {
    }

    /// One request on.
    void pass() { m_slow = m_slow * (1 - m_becomesFast) + (1 - m_slow) * m_becomesSlow; }
    /// Measured over predicted.
    void measure(double ratio)
    {
        const double fast = std::log(ratio) / m_noise, slow = (std::log(ratio) - m_factor) / m_noise;
        const double evidence = std::clamp((fast * fast - slow * slow) / 2, -kMostEvidence, kMostEvidence);
        const double odds = m_slow / (1 - m_slow) * std::exp(evidence);
        m_slow = odds / (1 + odds);
    }
    /// Probability that the next request finds it slow, after pass().
    [[nodiscard]] double slow() const { return m_slow; }

private:
    static constexpr double kLeastNoise = 0.02, kMostEvidence = 30;
    double m_factor, m_becomesSlow, m_becomesFast, m_noise, m_slow;
};

}  // namespace splitscope::sim
