// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exec/failover_predictor.h"

#include <algorithm>
#include <cmath>

namespace splitscope::exec {

namespace {

constexpr double kWeight = 0.2;  ///< of the newest answer
constexpr std::uint64_t kTellingBytes = 4096;  ///< smaller requests are round trip, not rate
constexpr double kUnknownMs = 1000;  ///< before the first answer
constexpr double kUnknownBytesPerMs = 1000;  ///< an unshaped link nobody has measured yet: 1 MB/s

}  // namespace

void FailoverPredictor::Average::add(double value)
{
    if (!known) {
        mean = value;
        deviation = value / 2;
        known = true;
        return;
    }
    deviation += kWeight * (std::abs(value - mean) - deviation);
    mean += kWeight * (value - mean);
}

void FailoverPredictor::observe(std::uint64_t wireBytes, double transferMs, double edgeMs)
{
    m_edgeMs.add(edgeMs);
    if (wireBytes < kTellingBytes) {
        m_roundTripMs.add(transferMs);
        return;
    }
    const double rate = static_cast<double>(wireBytes) / std::max(transferMs - m_roundTripMs.mean, 0.1 * transferMs + 0.05);
    m_bytesPerMs = m_bytesPerMs > 0 ? m_bytesPerMs + kWeight * (rate - m_bytesPerMs) : rate;
}

double FailoverPredictor::predictMs(std::uint64_t bytes, const wire::Shaping& shaping) const
{
    double rate = m_bytesPerMs > 0 ? m_bytesPerMs : kUnknownBytesPerMs;
    if (shaping.bytesPerSecond > 0)
        rate = m_bytesPerMs > 0 ? std::min(rate, shaping.bytesPerSecond / 1000) : shaping.bytesPerSecond / 1000;
    const double fixed = m_edgeMs.known ? m_edgeMs.high() + m_roundTripMs.high() : kUnknownMs;
    return fixed + shaping.delayMs + shaping.jitterMs + static_cast<double>(bytes) / rate;
}

double FailoverPredictor::failoverMs(std::uint64_t bytes, const wire::Shaping& shaping) const
{
    return std::max(m_minFailoverMs, 3 * predictMs(bytes, shaping));
}

}  // namespace splitscope::exec
