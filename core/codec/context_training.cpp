// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/codec/context_training_p.h"

#include "core/codec/context_gram_p.h"

#include <cmath>
#include <numeric>

namespace splitscope::codec {

namespace {

constexpr std::size_t kMaxSelected = 24;

std::int16_t toWeight(double weight)
{
    return static_cast<std::int16_t>(std::clamp(std::round(weight * (1 << kWeightBits)), -32767.0, 32767.0));
}

/// Forward selection: a growing Cholesky factor, and of every candidate what remains of it that the selected don't explain.
class Selection {
public:
    Selection(const FeatureProducts& products, std::size_t channel)
        : m_products(products), m_channel(channel), m_size(products.candidates(channel)), m_target(m_size - 1),
          m_variances(m_size), m_first(m_size), m_withTarget(m_size)
    {
        for (std::size_t i = 0; i < m_size; ++i) {
            m_first[i] = m_variances[i] = at(i, i);
            m_withTarget[i] = at(i, m_target);
        }
    }

    /// The share of the target's remaining variance that it explains; 0 where nothing remains of it.
    [[nodiscard]] double gain(std::size_t candidate) const
    {
        const double variance = m_variances[candidate];
        if (variance <= 1e-4 * m_first[candidate] + 0.02 * static_cast<double>(m_products.samples())
            || m_variances[m_target] <= 0)
            return 0;
        return m_withTarget[candidate] * m_withTarget[candidate] / (variance * m_variances[m_target]);
    }
    [[nodiscard]] std::size_t best() const
    {
        std::size_t best = 0;
        double most = -1;
        for (std::size_t i = 0; i < m_target; ++i)
            if (const double one = gain(i); one > most) {
                best = i;
                most = one;
            }
        return best;
    }

    void select(std::size_t candidate)
    {
        const double root = std::sqrt(m_variances[candidate] * (1 + 1e-5));
        std::vector<double> column(m_size);
        for (std::size_t i = 0; i < m_size; ++i)
            column[i] = at(i, candidate);
        for (const auto& earlier : m_columns) {
            const double factor = earlier[candidate];
            for (std::size_t i = 0; i < m_size; ++i)
                column[i] -= earlier[i] * factor;
        }
        const double share = m_withTarget[candidate] / root;
        for (std::size_t i = 0; i < m_size; ++i) {
            column[i] /= root;
            m_variances[i] -= column[i] * column[i];
            m_withTarget[i] -= column[i] * share;
        }
        column[candidate] = root;
        m_variances[candidate] = 0;
        m_selected.push_back(candidate);
        m_shares.push_back(share);
        m_columns.push_back(std::move(column));
    }

    [[nodiscard]] const std::vector<std::size_t>& selected() const { return m_selected; }
    [[nodiscard]] std::vector<double> weights() const
    {
        std::vector<double> weights(m_selected.size());
        for (std::size_t i = m_selected.size(); i-- > 0;) {
            double rest = m_shares[i];
            for (std::size_t k = i + 1; k < m_selected.size(); ++k)
                rest -= m_columns[i][m_selected[k]] * weights[k];
            weights[i] = rest / m_columns[i][m_selected[i]];
        }
        return weights;
    }

private:
    [[nodiscard]] double at(std::size_t a, std::size_t b) const { return m_products.product(m_channel, a, b); }

    const FeatureProducts& m_products;
    std::size_t m_channel;
    std::size_t m_size;
    std::size_t m_target;
    std::vector<double> m_variances;
    std::vector<double> m_first;
    std::vector<double> m_withTarget;
    std::vector<std::vector<double>> m_columns;
    std::vector<double> m_shares;
    std::vector<std::size_t> m_selected;
};

/// A term costs the model some bytes and each frame some time: what share of the variance it must explain.
double leastGain(const FeatureProducts& products, std::size_t channel, std::size_t area)
{
    const double forSpace = std::clamp(0.7 / static_cast<double>(area), 0.003, 0.01);
    const double forChance
        = 3 * std::log(static_cast<double>(products.candidates(channel))) / static_cast<double>(products.samples());
    return std::max(forSpace, forChance);
}

ChannelPredictor learnChannel(const FeatureProducts& products, std::size_t channel, std::size_t area)
{
    Selection selection(products, channel);
    const std::size_t before = channel * products.neighbours();
    for (std::size_t k = 0; k < products.ownNeighbours(); ++k)
        if (selection.gain(before + k) > 0)
            selection.select(before + k);
    const double least = leastGain(products, channel, area);
    for (std::size_t k = 0; k < kMaxSelected && products.candidates(channel) > 1; ++k) {
        const std::size_t best = selection.best();
        if (selection.gain(best) < least)
            break;
        selection.select(best);
    }

    ChannelPredictor learned;
    const auto weights = selection.weights();
    double bias = products.meanOf(channel) * (1 << kWeightBits);
    learned.corner = static_cast<std::uint8_t>(std::lround(products.meanOf(channel)));
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const std::size_t candidate = selection.selected()[i];
        const std::int16_t weight = toWeight(weights[i]);
        const bool own = candidate >= before;
        bias -= weight * products.meanOf(own ? channel : candidate / products.neighbours());
        if (own)
            learned.own[candidate - before] = weight;
        else if (weight != 0)
            learned.terms.push_back(
                {static_cast<std::uint32_t>(candidate / products.neighbours() * kNeighbours + candidate % products.neighbours()),
                 weight});
    }
    learned.bias = static_cast<std::int32_t>(std::lround(std::clamp(bias, -1.0 * kMaxBias, 1.0 * kMaxBias)));
    std::sort(learned.terms.begin(), learned.terms.end(),
              [](const PredictorTerm& a, const PredictorTerm& b) { return a.feature < b.feature; });
    return learned;
}

/// Solves a small symmetric system in place; a row without a pivot gets 0.
template <std::size_t N>
std::array<double, N> solve(std::array<std::array<double, N + 1>, N> rows)
{
    for (std::size_t i = 0; i < N; ++i) {
        rows[i][i] = rows[i][i] * (1 + 1e-6) + 1e-3;
        for (std::size_t k = 0; k < N; ++k) {
            if (k == i)
                continue;
            const double factor = rows[k][i] / rows[i][i];
            for (std::size_t j = i; j <= N; ++j)
                rows[k][j] -= factor * rows[i][j];
        }
    }
    std::array<double, N> solution;
    for (std::size_t i = 0; i < N; ++i)
        solution[i] = rows[i][N] / rows[i][i];
    return solution;
}

std::vector<double> meanErrors(const SymbolFrames& frames, const Predictor& predictor, PredictorWalk& walk)
{
    const PlacedPredictor placed(predictor);
    const std::size_t area = predictor.shape.count() / predictor.channels.size();
    std::vector<double> means(predictor.channels.size());
    for (const auto& frame : frames)
        walk.run(placed, [&](std::size_t i, const Expectation& e) {
            means[i / area] += errorOf(e, frame[i], predictor.symbolBits);
            return frame[i];
        });
    for (auto& mean : means)
        mean /= static_cast<double>(area * frames.size());
    return means;
}

}  // namespace

Predictor learnPredictor(const SymbolFrames& frames, const MapShape& shape, int symbolBits)
{
    const FeatureProducts products(frames, shape);
    Predictor predictor{shape, symbolBits, {}, {}};
    const auto channels = static_cast<std::size_t>(shape.channels);
    for (std::size_t c = 0; c < channels; ++c)
        predictor.channels.push_back(learnChannel(products, c, shape.count() / channels));
    return predictor;
}

void learnSpread(const SymbolFrames& frames, Predictor& predictor)
{
    PredictorWalk walk;
    const auto usual = meanErrors(frames, predictor, walk);
    const double overall = std::accumulate(usual.begin(), usual.end(), 0.0) / static_cast<double>(usual.size());
    predictor.spread.first = static_cast<std::int16_t>(std::lround(overall));

    const PlacedPredictor placed(predictor);
    constexpr std::size_t kFeatures = 6;
    std::array<std::array<double, kFeatures + 1>, kFeatures> sums{};
    const std::size_t area = predictor.shape.count() / predictor.channels.size();
    for (const auto& frame : frames)
        walk.run(placed, [&](std::size_t i, const Expectation& e) {
            const double row[]
                = {1, usual[i / area], 1.0 * e.inRange, 1.0 * e.errorLeft, 1.0 * e.errorAbove, 1.0 * e.errorBefore};
            const double error = errorOf(e, frame[i], predictor.symbolBits);
            for (std::size_t a = 0; a < kFeatures; ++a) {
                for (std::size_t b = 0; b < kFeatures; ++b)
                    sums[a][b] += row[a] * row[b];
                sums[a][kFeatures] += row[a] * error;
            }
            return frame[i];
        });
    const auto weights = solve<kFeatures>(sums);
    predictor.spread.expected = toWeight(weights[2]);
    predictor.spread.left = toWeight(weights[3]);
    predictor.spread.above = toWeight(weights[4]);
    predictor.spread.before = toWeight(weights[5]);
    for (std::size_t c = 0; c < usual.size(); ++c)
        predictor.channels[c].spread
            = static_cast<std::int16_t>(std::lround(std::clamp(4 * (weights[0] + weights[1] * usual[c]), -32767.0, 32767.0)));
}

}  // namespace splitscope::codec
