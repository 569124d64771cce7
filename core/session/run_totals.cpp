// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/run_totals_p.h"

#include "core/base/wilson.h"

#include <algorithm>
#include <cmath>

namespace splitscope::session {

namespace {

/// Nearest rank of sorted values: one that really occurred.
double quantile(const std::vector<float>& sorted, double q)
{
    if (sorted.empty())
        return 0;
    const auto rank = static_cast<std::size_t>(std::ceil(q * static_cast<double>(sorted.size())));
    return static_cast<double>(sorted[std::clamp<std::size_t>(rank, 1, sorted.size()) - 1]);
}

/// The median between those order statistics that enclose it in 95 % of samples: no distribution is assumed, but independence.
Bounded medianOf(const std::vector<float>& sorted)
{
    if (sorted.empty())
        return {};
    constexpr double z = 1.959963984540054;
    const auto n = static_cast<double>(sorted.size());
    const auto at
        = [&](double rank) { return static_cast<double>(sorted[static_cast<std::size_t>(std::clamp(rank, 1.0, n)) - 1]); };
    const double half = z * std::sqrt(n) / 2;
    return {quantile(sorted, 0.5), at(std::floor(n / 2 - half)), at(std::ceil(n / 2 + half) + 1)};
}

}  // namespace

void TotalsBuilder::append(const RunPart& part)
{
    const auto& count = part.wholes(Field::Count);
    const auto& total = part.reals(Field::Total);
    const auto& captured = part.reals(Field::CapturedAt);
    const auto& reward = part.reals(Field::Reward);
    std::size_t frame = 0;
    for (std::size_t i = 0; i < part.size(); ++i) {
        const auto frames = static_cast<std::uint64_t>(count[i]);
        const auto firstLabel = frame;
        frame += frames;
        ++m_totals.requests;
        m_totals.frames += frames;
        const auto& outcome = part.text(Field::Outcome, i);
        if (outcome == "lost") {
            m_totals.lost += frames;
            continue;
        }
        (outcome == "done" ? m_totals.done : m_totals.fallback) += frames;
        for (auto k = firstLabel; k < frame; ++k)
            m_correct += part.labels()[k] >= 0 && part.labels()[k] == part.truths()[k] ? 1 : 0;
        m_latencies.push_back(static_cast<float>(total[i]));
        m_totals.deadlineMisses += m_totals.deadlineMs > 0 && total[i] > m_totals.deadlineMs ? 1 : 0;
        m_bytes += static_cast<double>(part.wholes(Field::WireBytes)[i]);
        m_energy += part.reals(Field::Energy)[i] * static_cast<double>(frames);
        if (!std::isnan(reward[i])) {
            ++m_priced;
            m_reward += reward[i];
            m_regret += part.reals(Field::Regret)[i];
        }
        m_firstMs = std::min(m_firstMs, captured[i]);
        m_lastMs = std::max(m_lastMs, captured[i] + total[i]);
    }
}

RunTotals TotalsBuilder::take()
{
    const auto finished = m_totals.done + m_totals.fallback;
    const auto perFrame = [finished](double sum) { return finished ? sum / static_cast<double>(finished) : 0; };
    std::sort(m_latencies.begin(), m_latencies.end());
    const auto interval = base::wilsonInterval(m_correct, finished);
    m_totals.accuracy = {perFrame(static_cast<double>(m_correct)), interval.low, interval.high};
    m_totals.p50Ms = quantile(m_latencies, 0.5);
    m_totals.p95Ms = quantile(m_latencies, 0.95);
    m_totals.p99Ms = quantile(m_latencies, 0.99);
    m_totals.medianMs = medianOf(m_latencies);
    m_totals.bytesPerFrame = perFrame(m_bytes);
    m_totals.energyPerFrame = perFrame(m_energy);
    if (m_priced > 0) {
        m_totals.reward = m_reward / static_cast<double>(m_priced);
        m_totals.regret = m_regret / static_cast<double>(m_priced);
    }
    m_totals.durationMs = std::max(0.0, m_lastMs - m_firstMs);
    m_totals.framesPerSecond = m_totals.durationMs > 0 ? static_cast<double>(finished) / m_totals.durationMs * 1000 : 0;
    return m_totals;
}

}  // namespace splitscope::session
