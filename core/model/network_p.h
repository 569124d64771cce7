// SPDX-License-Identifier: GPL-3.0-or-later
// The network while it is trained. Include core/base/torch_p.h first.
#pragma once

#include "core/base/torch_p.h"

#include "core/model/weights.h"

#include <map>
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

    /// Makes training mode quantize what these layers put out, each frame between its own extremes; gradients pass straight
    /// through. Evaluation is not affected.
    void quantizeBehind(const std::vector<std::string>& layers, int bits);

    /// Of the last forward pass in training mode: the bits a value above `target` that the quantized tensors would take
    /// entropy-coded, estimated from above; mean over frames and over those tensors that are named (none: all).
    [[nodiscard]] at::Tensor excessRate(double target, const std::vector<std::string>& layers = {}) const;

    /// Takes deployable weights that fit the spec: evaluation mode then computes what they do.
    void unfold(const Weights& weights);

    /// Deployable parameters: what forward() computes in evaluation mode, without batch normalisation.
    [[nodiscard]] Weights fold() const;

private:
    struct Layer {
        LayerSpec spec;
        torch::nn::Conv2d convolution{nullptr};
        torch::nn::BatchNorm2d normalisation{nullptr};
        torch::nn::Linear linear{nullptr};
        std::vector<Layer> body, shortcut;  ///< of a residual block
        bool noisy = false;
    };

    std::vector<Layer> build(const std::vector<LayerSpec>& specs, std::vector<base::Shape>& shapes);
    Layer build(const LayerSpec& spec, const base::Shape& input);
    at::Tensor applyAll(std::vector<Layer>& layers, at::Tensor value);
    at::Tensor apply(Layer& layer, const at::Tensor& input);
    at::Tensor compute(Layer& layer, const at::Tensor& input);

    template <typename Visit>
    void visitLayers(Visit visit) const;
    template <typename Visit>
    void changeLayers(Visit visit);

    std::vector<Layer> m_trunk;
    std::vector<std::vector<Layer>> m_heads;
    std::vector<int> m_branches;  ///< trunk layers before each head
    int m_noiseBits = 0;
    std::map<std::string, at::Tensor> m_levels;  ///< of the last forward pass: mean level per frame, behind each noisy layer
};

}  // namespace splitscope::model
