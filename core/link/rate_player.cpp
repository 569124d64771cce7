// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/link/rate_player.h"

#include "core/base/clock.h"
#include "core/wire/messages.h"

#include <algorithm>
#include <cmath>

namespace splitscope::link {

namespace {

constexpr std::int64_t kSoonestNs = 1000;  ///< a change is never before this: rounding must not make it now, again and again

bool isLimit(double bytesPerSecond) { return bytesPerSecond < wire::kMaxRate; }

}  // namespace

void RatePlayer::hold(double bytesPerSecond)
{
    m_trace.reset();
    m_held = bytesPerSecond;
}

void RatePlayer::play(std::shared_ptr<const sim::Trace> trace, double startMs, std::int64_t nowNs)
{
    m_trace = std::move(trace);
    m_startedNs = nowNs - base::fromMs(startMs);
}

double RatePlayer::traceMs(std::int64_t ns) const { return std::max(0.0, base::toMs(ns - m_startedNs)); }

double RatePlayer::rateAt(std::int64_t nowNs) const
{
    if (!m_trace)
        return m_held;
    const double rate = m_trace->rateAt(traceMs(nowNs));
    return isLimit(rate) ? std::max(rate, kOutageBytesPerSecond) : 0;
}

std::int64_t RatePlayer::nextChangeNs(std::int64_t nowNs) const
{
    if (!m_trace)
        return kNever;
    const double nextMs = m_trace->nextChangeMs(traceMs(nowNs));
    if (!std::isfinite(nextMs))
        return kNever;
    return std::max(m_startedNs + base::fromMs(nextMs), nowNs + kSoonestNs);
}

double RatePlayer::meanRate(std::int64_t fromNs, std::int64_t toNs) const
{
    if (!m_trace)
        return m_held;
    const double rate = toNs > fromNs ? m_trace->meanRate(traceMs(fromNs), traceMs(toNs)) : m_trace->rateAt(traceMs(fromNs));
    return isLimit(rate) ? std::max(rate, kOutageBytesPerSecond) : 0;
}

}  // namespace splitscope::link
