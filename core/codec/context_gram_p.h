// SPDX-License-Identifier: GPL-3.0-or-later
// Least squares over very many features, of which few are to be used.
#pragma once

#include "core/codec/context_training_p.h"

namespace splitscope::codec {

/// Products of all features with one another, summed over samples: what least squares needs to know. A channel's features are
/// its neighbours as later channels see them, then, for itself alone, its own causal neighbours.
class FeatureProducts {
public:
    FeatureProducts(const SymbolFrames& frames, const MapShape& shape);

    [[nodiscard]] std::size_t neighbours() const { return m_neighbours; }
    [[nodiscard]] std::size_t ownNeighbours() const { return m_own; }
    [[nodiscard]] double meanOf(std::size_t channel) const { return m_means[channel]; }
    [[nodiscard]] std::size_t samples() const { return m_samples; }

    /// A channel's candidates: 0 .. first − 1 are features of channels before, then its own neighbours; last comes the value
    /// itself. A row and column each.
    [[nodiscard]] std::size_t candidates(std::size_t channel) const { return channel * m_neighbours + m_own + 1; }
    [[nodiscard]] double product(std::size_t channel, std::size_t a, std::size_t b) const;

private:
    struct Sample;
    void addSamples(const SymbolFrames& frames, const MapShape& shape, std::size_t count);
    void addBlock(std::size_t rows);

    std::size_t m_channels;
    std::size_t m_neighbours;
    std::size_t m_own;
    std::size_t m_features;
    std::size_t m_samples = 0;
    std::vector<double> m_means;
    std::vector<float> m_products;  ///< features × features, below the diagonal
    std::vector<float> m_ownProducts;  ///< per channel and own neighbour: with all features, then with own neighbours
    std::vector<float> m_block;  ///< some samples' features
    std::vector<float> m_ownBlock;
};

}  // namespace splitscope::codec
