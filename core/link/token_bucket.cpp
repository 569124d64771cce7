// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/link/token_bucket.h"

#include <algorithm>
#include <cmath>

namespace splitscope::link {

namespace {

constexpr std::int64_t kMaxLateNs = 20'000'000;
constexpr double kNsPerSecond = 1e9;

static_assert(codec::kMaxChunkBytes == wire::kChunkBytes, "what is counted must be what is sent");

}  // namespace

void TokenBucket::setRate(double bytesPerSecond, double burstBytes, std::int64_t nowNs, double waitingBytes)
{
    double tokens = burstBytes;
    if (m_rate > 0) {
        const double earned = m_tokens + m_rate * static_cast<double>(std::max<std::int64_t>(nowNs - m_atNs, 0)) / kNsPerSecond;
        tokens = std::min(earned, std::max(burstBytes, waitingBytes));
    }
    m_rate = bytesPerSecond;
    m_burst = burstBytes;
    m_tokens = tokens;
    m_atNs = std::max(m_atNs, nowNs);
}

double TokenBucket::tokensAt(std::int64_t nowNs) const
{
    // More than the burst is there only where a waiting message had earned it before the rate changed.
    const double earned = m_tokens + m_rate * static_cast<double>(std::max<std::int64_t>(nowNs - m_atNs, 0)) / kNsPerSecond;
    return std::min(earned, std::max(m_burst, m_tokens));
}

std::int64_t TokenBucket::startNs(std::int64_t readyNs) const { return m_rate > 0 ? std::max(readyNs, m_atNs) : readyNs; }

std::int64_t TokenBucket::leaveNs(double bytes, std::int64_t readyNs) const
{
    const auto start = startNs(readyNs);
    if (m_rate <= 0)
        return start;
    const double missing = bytes - tokensAt(start);
    return missing <= 0 ? start : start + static_cast<std::int64_t>(std::ceil(missing / m_rate * kNsPerSecond));
}

void TokenBucket::take(double bytes, std::int64_t readyNs, std::int64_t nowNs)
{
    if (m_rate <= 0) {
        m_atNs = nowNs;
        return;
    }
    const auto start = startNs(readyNs);
    const auto leave = leaveNs(bytes, readyNs);
    m_tokens = leave > start ? 0 : tokensAt(start) - bytes;
    m_atNs = std::max(leave, nowNs - kMaxLateNs);
}

}  // namespace splitscope::link
