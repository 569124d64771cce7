// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace splitscope::profile {

/// How many times as much as predicted, on average of late: an exponentially weighted mean that forgets in steps of requests, not
/// of time. Logarithms are averaged, so that half and double weigh the same.
class Drift {
public:
    /// `weight`: of the newest measurement, in (0, 1].
    explicit Drift(double weight) : m_weight(weight) {}
    /// Nothing is learnt where either is not known: zero, negative or infinite. A single measurement is believed up to 64 times
    /// off.
    void learn(double measured, double predicted);
    [[nodiscard]] double times() const;

private:
    double m_weight;
    double m_log = 0;
};

}  // namespace splitscope::profile
