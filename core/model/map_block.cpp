// SPDX-License-Identifier: GPL-3.0-or-later
// A residual block as OneDnnNetwork computes it: always as a whole, so what is computed at once is settled when it is made.
#include "core/base/torch_p.h"

#include "core/model/map_layer_p.h"

#include <algorithm>

namespace splitscope::model::onednn {

namespace {

/// Layers in a row, inside of a block.
class Chain {
public:
    Chain(const std::vector<LayerSpec>& layers, base::Shape shape, const Weights& weights)
    {
        for (std::size_t i = 0; i < layers.size(); ++i) {
            const auto layer = account(layers[i], shape);
            shape = layer.output;
            auto made = makeLayer(layer, weights);
            if (!made)
                continue;
            Step step{std::move(made), Activation::None, base::elementCount(shape)};
            if (i + 1 < layers.size() && isActivation(layers[i + 1].type) && computedAtOnce(layers[i].type, layers[i + 1].type))
                step.activation = activationOf(layers[++i].type);
            m_largest = std::max(m_largest, step.outputs);
            m_steps.push_back(std::move(step));
        }
    }

    /// What the layers make of `in`: at `last`, or `in` itself where they do nothing.
    const float* run(Workspace& workspace, int batch, const float* in, float* last) const
    {
        float* maps[2];
        for (int which : {0, 1})
            maps[which] = workspace.inner[which].atLeast(static_cast<std::size_t>(batch) * m_largest);
        for (const auto& step : m_steps) {
            float* out = &step == &m_steps.back() ? last : maps[0];
            step.layer->run(workspace, batch, in, out, step.activation);
            in = out;
            std::swap(maps[0], maps[1]);
        }
        return in;
    }

private:
    struct Step {
        std::unique_ptr<const MapLayer> layer;
        Activation activation;
        std::size_t outputs;
    };
    std::vector<Step> m_steps;
    std::size_t m_largest = 0;
};

class Block : public MapLayer {
public:
    Block(const PathLayer& layer, const Weights& weights)
        : m_body(layer.spec.body, layer.input, weights), m_shortcut(layer.spec.shortcut, layer.input, weights),
          m_outputs(base::elementCount(layer.output))
    {
    }

    void run(Workspace& workspace, int batch, const float* in, float* out, Activation activation) const override
    {
        const auto count = static_cast<std::size_t>(batch) * m_outputs;
        const float* shortcut = m_shortcut.run(workspace, batch, in, workspace.inner[2].atLeast(count));
        const float* body = m_body.run(workspace, batch, in, out);
        layerKernels().activate(activation, body, shortcut, out, count);
    }

private:
    Chain m_body;
    Chain m_shortcut;
    std::size_t m_outputs;
};

}  // namespace

std::unique_ptr<const MapLayer> makeBlock(const PathLayer& layer, const Weights& weights)
{
    return std::make_unique<Block>(layer, weights);
}

}  // namespace splitscope::model::onednn
