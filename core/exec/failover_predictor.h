// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/wire/messages.h"

namespace splitscope::exec {

/// How long an answer should take, learned from the answers of this run: 3 times that in silence, and the device
/// finishes by itself.
class FailoverPredictor {
public:
    explicit FailoverPredictor(double minFailoverMs) : m_minFailoverMs(minFailoverMs) {}

    /// An answer, late ones too: without those a network that became slow would never be believed again.
    void observe(std::uint64_t wireBytes, double transferMs, double edgeMs);
    /// The link's rate is another one from now on.
    void forgetRate() { m_bytesPerMs = 0; }

    /// `bytes` counts what waits ahead of the request, too.
    [[nodiscard]] double predictMs(std::uint64_t bytes, const wire::Shaping& shaping) const;
    [[nodiscard]] double failoverMs(std::uint64_t bytes, const wire::Shaping& shaping) const;

private:
    /// Mean and mean deviation, exponentially weighted.
    struct Average {
        double mean = 0, deviation = 0;
        bool known = false;
        void add(double value);
        [[nodiscard]] double high() const { return mean + 2 * deviation; }
    };

    const double m_minFailoverMs;
    Average m_edgeMs;
    Average m_roundTripMs;  ///< of requests too small to tell anything about the rate
    double m_bytesPerMs = 0;  ///< 0: unknown
};

}  // namespace splitscope::exec
