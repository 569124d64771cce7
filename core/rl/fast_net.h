// SPDX-License-Identifier: GPL-3.0-or-later
// A dense network with its gradients and Adam's moments in flat arrays; backward written out by hand.
#pragma once

#include "core/rl/kernels_p.h"
#include "core/rl/learner.h"

namespace splitscope::rl {

class FastNet {
public:
    FastNet(const NetShape& shape, int maxRows, std::uint64_t seed);

    /// Parameters become these layers', of the same shape.
    void set(const std::vector<Layer>& layers);

    /// x: rows × padded(inputs). Returns rows × padded(outputs), valid until the next call; what lies between is kept for
    /// backward().
    const float* forward(const float* x, int rows);
    /// Gradients of a loss, from its gradient in the outputs of the last forward(x, rows).
    void backward(const float* x, const float* outputGradient, int rows);
    /// One step of Adam, the index-th from 1.
    void step(double learningRate, std::int64_t index);
    /// parameters += τ·(other's − parameters)
    void follow(const FastNet& other, float tau);

    [[nodiscard]] std::vector<Layer> layers() const { return unpack(m_parameters); }
    [[nodiscard]] std::vector<Layer> gradientLayers() const { return unpack(m_gradients); }
    [[nodiscard]] int outputWidth() const { return m_layers.back().outputs; }

    /// Parameters and moments, one after the other.
    void appendState(std::vector<float>& out) const;
    [[nodiscard]] std::size_t stateSize() const { return 3 * m_parameters.size(); }
    /// `state` has stateSize() values.
    void restoreState(std::span<const float> state);

private:
    /// Padded widths; weights are inputs × outputs (transposed against Layer), the bias follows them.
    struct Place {
        int inputs, outputs;
        std::size_t weights, bias;
    };
    [[nodiscard]] std::vector<Layer> unpack(const std::vector<float>& values) const;

    NetShape m_shape;
    std::vector<Place> m_layers;
    std::vector<float> m_parameters, m_gradients, m_first, m_second;
    std::vector<std::vector<float>> m_outputs;  ///< of each layer
    std::vector<float> m_gradient, m_nextGradient, m_transposed;
};

/// Layers as one list: weights, then bias, layer by layer.
void appendValues(const std::vector<Layer>& layers, std::vector<float>& out);

}  // namespace splitscope::rl
