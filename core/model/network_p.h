// SPDX-License-Identifier: GPL-3.0-or-later
// The network while it is trained. Include core/base/torch_p.h first.
#pragma once

#include "core/base/torch_p.h"

#include "core/model/weights.h"

#include <vector>

namespace splitscope::model {

/// A spec as a Torch module: batch normalisation stands behind every convolution (which therefore has no bias of its
/// own), dropout is active in training mode, and one forward pass gives the logits of all exits.
class TrainingNetwork : public torch::nn::Module {
public:
    explicit TrainingNetwork(const NetworkSpec& spec);

    /// Logits {batch, classes} of every exit, for a batch {batch, channels, height, width}.
    std::vector<at::Tensor> forward(const at::Tensor& input);

    /// Parameters that weight decay applies to (weights of convolutions and fully connected layers), and the others.
    [[nodiscard]] std::vector<at::Tensor> decayed() const;
    [[nodiscard]] std::vector<at::Tensor> undecayed() const;

    /// Deployable parameters: what forward() computes in evaluation mode, without batch normalisation.
    [[nodiscard]] Weights fold() const;

private:
    struct Layer {
        LayerSpec spec;
        torch::nn::Conv2d convolution{nullptr};
        torch::nn::BatchNorm2d normalisation{nullptr};
        torch::nn::Linear linear{nullptr};
    };

    std::vector<Layer> build(const std::vector<LayerSpec>& specs, std::vector<base::Shape>& shapes);
    at::Tensor apply(Layer& layer, const at::Tensor& input);

    template <typename Visit>
    void visitLayers(Visit visit) const;

    std::vector<Layer> m_trunk;
    std::vector<std::vector<Layer>> m_heads;
    std::vector<int> m_branches;  ///< trunk layers before each head
};

}  // namespace splitscope::model
