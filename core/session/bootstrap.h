// SPDX-License-Identifier: GPL-3.0-or-later
// How sure a number over episodes is: 95 % intervals by resampling whole episodes, without assuming a distribution.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace splitscope::session {

/// A number and its 95 % interval, which a single episode does not have (NaN).
struct Estimate {
    double mean = 0;
    double low = 0;
    double high = 0;

    [[nodiscard]] bool hasInterval() const { return low <= high; }
};

/// The episodes of every resample, the same for whoever asks with the same count: numbers of one evaluation are compared within
/// the same resamples. Percentile bootstrap; the same on every machine.
class Bootstrap {
public:
    explicit Bootstrap(std::size_t episodes, int resamples = 1000, std::uint64_t seed = 1);

    [[nodiscard]] std::size_t episodes() const { return m_episodes; }
    /// One value per episode.
    [[nodiscard]] Estimate mean(std::span<const double> values) const;
    /// The middle value; of an even number the mean of the two in the middle.
    [[nodiscard]] Estimate median(std::span<const double> values) const;
    /// Mean of value − baseline, episode by episode: what both share cancels out.
    [[nodiscard]] Estimate difference(std::span<const double> values, std::span<const double> baseline) const;
    /// Sum of values over sum of baselines; 1 where both are 0.
    [[nodiscard]] Estimate ratio(std::span<const double> values, std::span<const double> baseline) const;
    /// The values below which the shares lie of all episodes' values together (nearest rank). One estimate per share.
    [[nodiscard]] std::vector<Estimate> quantiles(const std::vector<std::vector<float>>& episodes,
                                                  std::span<const double> shares) const;

private:
    template <typename Statistic>
    [[nodiscard]] Estimate estimate(Statistic statistic) const;

    std::size_t m_episodes;
    std::vector<std::vector<std::uint32_t>> m_counts;  ///< how often each episode is in each resample
};

}  // namespace splitscope::session
