// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/bootstrap.h"

#include "core/base/random.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace splitscope::session {

namespace {

constexpr double kTail = 0.025;
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// The bounds between which 95 % of the resamples' values lie.
Estimate withInterval(double value, std::vector<double> resampled)
{
    if (resampled.empty())
        return {value, kNone, kNone};
    std::sort(resampled.begin(), resampled.end());
    const auto last = static_cast<double>(resampled.size() - 1);
    return {value, resampled[static_cast<std::size_t>(std::floor(kTail * last))],
            resampled[static_cast<std::size_t>(std::ceil((1 - kTail) * last))]};
}

double ratioOf(double above, double below)
{
    if (below == 0)
        return above == 0 ? 1 : kNone;
    return above / below;
}

struct Sample {
    float value;
    std::uint32_t episode;
};

/// The value of nearest rank among samples in order, each counted as often as its episode.
template <typename CountOf>
void ranks(const std::vector<Sample>& samples, std::span<const double> shares, CountOf countOf, std::vector<double>& values)
{
    std::uint64_t all = 0;
    for (const auto& sample : samples)
        all += countOf(sample.episode);
    values.assign(shares.size(), 0);
    for (std::size_t i = 0; i < shares.size(); ++i) {
        const auto rank = static_cast<std::uint64_t>(std::max(1.0, std::ceil(shares[i] * static_cast<double>(all))));
        std::uint64_t below = 0;
        for (const auto& sample : samples) {
            below += countOf(sample.episode);
            values[i] = sample.value;
            if (below >= rank)
                break;
        }
    }
}

}  // namespace

Bootstrap::Bootstrap(std::size_t episodes, int resamples, std::uint64_t seed) : m_episodes(episodes)
{
    if (episodes < 2)
        return;
    base::Random random(seed);
    m_counts.assign(static_cast<std::size_t>(resamples), std::vector<std::uint32_t>(episodes, 0));
    for (auto& counts : m_counts)
        for (std::size_t i = 0; i < episodes; ++i)
            ++counts[static_cast<std::size_t>(random.below(static_cast<int>(episodes)))];
}

/// `statistic` takes how often each episode counts.
template <typename Statistic>
Estimate Bootstrap::estimate(Statistic statistic) const
{
    std::vector<double> resampled;
    resampled.reserve(m_counts.size());
    for (const auto& counts : m_counts)
        resampled.push_back(statistic(counts));
    return withInterval(statistic(std::vector<std::uint32_t>(m_episodes, 1)), std::move(resampled));
}

Estimate Bootstrap::mean(std::span<const double> values) const
{
    return estimate([&](const std::vector<std::uint32_t>& counts) {
        double sum = 0;
        for (std::size_t i = 0; i < m_episodes; ++i)
            sum += counts[i] * values[i];
        return m_episodes > 0 ? sum / static_cast<double>(m_episodes) : 0;
    });
}

Estimate Bootstrap::median(std::span<const double> values) const
{
    std::vector<std::size_t> order(m_episodes);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
    return estimate([&](const std::vector<std::uint32_t>& counts) {
        const auto valueOfRank = [&](std::size_t rank) {
            std::size_t i = 0;
            for (std::size_t below = counts[order[0]]; below <= rank; below += counts[order[i]])
                ++i;
            return values[order[i]];
        };
        return m_episodes > 0 ? (valueOfRank((m_episodes - 1) / 2) + valueOfRank(m_episodes / 2)) / 2 : 0;
    });
}

Estimate Bootstrap::difference(std::span<const double> values, std::span<const double> baseline) const
{
    std::vector<double> differences;
    for (std::size_t i = 0; i < m_episodes; ++i)
        differences.push_back(values[i] - baseline[i]);
    return mean(differences);
}

Estimate Bootstrap::ratio(std::span<const double> values, std::span<const double> baseline) const
{
    return estimate([&](const std::vector<std::uint32_t>& counts) {
        double above = 0, below = 0;
        for (std::size_t i = 0; i < m_episodes; ++i) {
            above += counts[i] * values[i];
            below += counts[i] * baseline[i];
        }
        return ratioOf(above, below);
    });
}

std::vector<Estimate> Bootstrap::quantiles(const std::vector<std::vector<float>>& episodes, std::span<const double> shares) const
{
    std::vector<Sample> samples;
    for (std::size_t i = 0; i < episodes.size(); ++i)
        for (const float value : episodes[i])
            samples.push_back({value, static_cast<std::uint32_t>(i)});
    std::sort(samples.begin(), samples.end(), [](const Sample& a, const Sample& b) { return a.value < b.value; });
    std::vector<double> whole, values;
    ranks(
        samples, shares, [](std::uint32_t) { return 1U; }, whole);
    std::vector<std::vector<double>> resampled(shares.size());
    for (const auto& counts : m_counts) {
        ranks(
            samples, shares, [&](std::uint32_t episode) { return counts[episode]; }, values);
        for (std::size_t i = 0; i < shares.size(); ++i)
            resampled[i].push_back(values[i]);
    }
    std::vector<Estimate> estimates;
    for (std::size_t i = 0; i < shares.size(); ++i)
        estimates.push_back(withInterval(whole[i], std::move(resampled[i])));
    return estimates;
}

}  // namespace splitscope::session
