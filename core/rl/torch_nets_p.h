// SPDX-License-Identifier: GPL-3.0-or-later
// Networks for LibTorch's autograd. Include core/base/torch_p.h first.
#pragma once

#include "core/base/torch_p.h"

#include "core/rl/learner.h"

namespace splitscope::rl {

/// The same layers as initialLayers(shape, seed), as tensors, with Adam's moments.
class TorchNet {
public:
    TorchNet(const NetShape& shape, std::uint64_t seed);

    /// Parameters become these layers', of the same shape.
    void set(const std::vector<Layer>& layers);
    [[nodiscard]] at::Tensor forward(at::Tensor x) const;
    /// One step of Adam (as torch.optim.Adam) along `gradients`, the index-th from 1.
    void step(double learningRate, std::int64_t index);
    /// parameters += τ·(other's − parameters)
    void follow(const TorchNet& other, double tau);
    void clearGradients();

    [[nodiscard]] std::vector<Layer> layers() const;
    void appendGradients(std::vector<float>& out) const;
    void appendState(std::vector<float>& out) const;
    [[nodiscard]] std::size_t stateSize() const;
    /// Takes stateSize() values off the front.
    void restoreState(std::span<const float>& state);

private:
    std::vector<at::Tensor> m_parameters;  ///< weight (outputs × inputs), bias, layer by layer
    std::vector<at::Tensor> m_first, m_second;
};

/// A batch's padded matrix without its padding.
at::Tensor unpadded(const std::vector<float>& values, int rows, int width);
/// rows × 1
at::Tensor column(const std::vector<float>& values);
at::Tensor column(const std::vector<int>& values);

}  // namespace splitscope::rl
