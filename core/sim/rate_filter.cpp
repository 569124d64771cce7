// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/rate_filter.h"

#include <algorithm>
#include <cmath>

namespace splitscope::sim {

namespace {

constexpr double kFails = 0.004, kReturns = 0.12;  ///< of a link, from one request to the next
constexpr double kForget = 0.97;  ///< what models have foretold counts so much less with each request
constexpr double kLeastNoise = 0.02;  ///< of reports that are exact: the grid is not
constexpr double kLeastWeight = 1e-3;  ///< a model may come to its right again

/// Shares become probabilities; even ones where nothing is left.
template <typename Shares>
double normalise(Shares& shares)
{
    double sum = 0;
    for (const double share : shares)
        sum += share;
    for (double& share : shares)
        share = sum > 0 ? share / sum : 1 / static_cast<double>(shares.size());
    return sum;
}

}  // namespace

RateFilter::RateFilter(double noise) : m_noise(std::max(noise, kLeastNoise))
{
    for (auto& cells : m_cells)
        cells.fill(1. / kCells);
    m_weights.fill(1. / kModels);
}

void RateFilter::move(Cells& cells, const Model& model)
{
    static const double kWidth = std::log(kHighest / kLowest) / kCells;
    constexpr double kMostAtOnce = 0.8;  ///< of a cell that spreads to its neighbours
    const double variance = model.drift * model.drift / (kWidth * kWidth);
    const int times = std::max(1, static_cast<int>(std::ceil(variance / kMostAtOnce)));
    const double aside = variance / times / 2;
    for (int i = 0; i < times; ++i) {
        double before = cells.front();
        for (std::size_t cell = 0; cell < kCells; ++cell) {
            const double here = cells[cell];
            const double next = cell + 1 < kCells ? cells[cell + 1] : here;  // nothing leaves the grid
            cells[cell] = here + aside * (before - 2 * here + next);
            before = here;
        }
    }
    for (double& cell : cells)
        cell = (1 - model.jump) * cell + model.jump / kCells;
}

void RateFilter::report(double bytesPerSecond)
{
    for (std::size_t model = 0; model < kModels; ++model)
        move(m_cells[model], kHow[model]);
    m_down = bytesPerSecond > 0 ? 0 : 1;
    if (!(bytesPerSecond > 0))
        return;
    static const double kWidth = std::log(kHighest / kLowest) / kCells;
    const double seen = std::log(std::clamp(bytesPerSecond, kLowest, kHighest) / kLowest);
    for (std::size_t model = 0; model < kModels; ++model) {
        for (std::size_t cell = 0; cell < kCells; ++cell) {
            const double off = (seen - (static_cast<double>(cell) + 0.5) * kWidth) / m_noise;
            m_cells[model][cell] *= std::exp(-off * off / 2) + 1e-12;
        }
        m_weights[model] = std::max(kLeastWeight, std::pow(m_weights[model], kForget) * normalise(m_cells[model]));
    }
    normalise(m_weights);
}

RateFilter::Cells RateFilter::mixture(int requestsLater) const
{
    Cells sum{};
    for (std::size_t model = 0; model < kModels; ++model) {
        auto cells = m_cells[model];
        for (int i = 0; i < requestsLater; ++i)
            move(cells, kHow[model]);
        for (std::size_t cell = 0; cell < kCells; ++cell)
            sum[cell] += m_weights[model] * cells[cell];
    }
    return sum;
}

void RateFilter::tell(int requestsLater, decision::Belief& belief) const
{
    const auto cells = mixture(requestsLater);
    belief.down = m_down;
    for (int i = 0; i < requestsLater; ++i)
        belief.down = belief.down * (1 - kReturns) + (1 - belief.down) * kFails;
    // The middle of each of as many equal parts.
    belief.rateCount = decision::Belief::kMostRates;
    double below = 0;
    std::size_t part = 0;
    for (std::size_t cell = 0; cell < kCells && part < belief.bytesPerSecond.size(); ++cell) {
        const auto middle = [&] { return (static_cast<double>(part) + 0.5) / belief.rateCount; };
        for (; part < belief.bytesPerSecond.size() && below + cells[cell] >= middle(); ++part) {
            const double within = cells[cell] > 0 ? (middle() - below) / cells[cell] : 0.5;
            const double at = (static_cast<double>(cell) + within) / kCells;
            belief.bytesPerSecond[part] = kLowest * std::pow(kHighest / kLowest, at);
        }
        below += cells[cell];
    }
    for (; part < belief.bytesPerSecond.size(); ++part)
        belief.bytesPerSecond[part] = kHighest;  // rounding: the parts do not quite add up
}

}  // namespace splitscope::sim
