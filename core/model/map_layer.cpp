// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/torch_p.h"

#include "core/model/map_layer_p.h"

#include <algorithm>

namespace splitscope::model::onednn {

MapSize sizeOf(const base::Shape& shape)
{
    return shape.size() == 3 ? MapSize{shape[1], shape[2], shape[0]} : MapSize{1, 1, shape[0]};
}

void toChannelsLast(const MapSize& size, const float* in, float* out)
{
    const auto pixels = static_cast<int>(size.pixels());
    layerKernels().transpose(in, pixels, out, size.channels, size.channels, pixels);
}

Activation activationOf(LayerType type)
{
    switch (type) {
    case LayerType::Relu: return Activation::Relu;
    case LayerType::Relu6: return Activation::Relu6;
    case LayerType::HardSwish: return Activation::HardSwish;
    default: return Activation::None;
    }
}

bool computedAtOnce(LayerType layer, LayerType next)
{
    if (isActivation(next))
        return !isActivation(layer) && layer != LayerType::Dropout;
    return layer == LayerType::Relu && next == LayerType::MaxPool;  // rectifying commutes with pooling
}

namespace {

class DirectConvolution : public MapLayer {
public:
    DirectConvolution(const PathLayer& layer, const Weights& weights)
        : m_convolution(layer, weights), m_input(sizeOf(layer.input)), m_output(sizeOf(layer.output))
    {
    }

    void run(Workspace& workspace, int batch, const float* in, float* out, Activation activation) const override
    {
        for (int i = 0; i < batch; ++i, in += m_input.count(), out += m_output.count())
            activate(m_convolution.run(workspace, in, out, activation), out, m_output.count());
    }

private:
    Convolution m_convolution;
    MapSize m_input;
    MapSize m_output;
};

/// Winograd's minimal filtering, F(2 × 2, 3 × 3) or F(2 × 2, 5 × 5): 2.25 or 2.8 times fewer multiplications.
class WinogradConvolution : public MapLayer {
public:
    /// Whether the algorithm is for this layer.
    static bool suits(const PathLayer& layer)
    {
        const auto& spec = layer.spec;
        const bool tiled = spec.stride == 1 && spec.groups == 1 && layer.output[1] >= 2 && layer.output[2] >= 2;
        return (spec.kernel == 3 || spec.kernel == 5) && tiled && layer.input[0] % 16 == 0 && spec.outputs % 16 == 0;
    }

    WinogradConvolution(const PathLayer& layer, const Weights& weights)
        : m_tiles{layer.spec.kernel, layer.spec.padding, sizeOf(layer.input), sizeOf(layer.output), 0, 0},
          m_bias(weights.parameters.at(layer.spec.name + ".bias").values),
          m_product(planes(), layer.input[0], layer.spec.outputs, std::min(kTilesAtOnce, tileCount(m_tiles.output)),
                    tileWeights(layer.spec.kernel, layer.input[0], layer.spec.outputs,
                                weights.parameters.at(layer.spec.name + ".weight").values),
                    {})
    {
    }

    void run(Workspace& workspace, int batch, const float* in, float* out, Activation activation) const override
    {
        const int each = tileCount(m_tiles.output);
        const bool rectified = activation == Activation::Relu;
        if (m_product.rowsAreIndependent())
            runTiles(workspace, batch * each, in, out, rectified);
        else
            for (int i = 0; i < batch; ++i)
                runTiles(workspace, each, in + static_cast<std::size_t>(i) * m_tiles.input.count(),
                         out + static_cast<std::size_t>(i) * m_tiles.output.count(), rectified);
        activate(beyondRelu(activation), out, static_cast<std::size_t>(batch) * m_tiles.output.count());
    }

private:
    static constexpr int kTilesAtOnce = 32;  ///< their transforms stay in the second cache, and waste no memory
    [[nodiscard]] int planes() const { return tileSide(m_tiles.kernel) * tileSide(m_tiles.kernel); }

    void runTiles(Workspace& workspace, int count, const float* in, float* out, bool rectified) const
    {
        const auto& kernels = layerKernels();
        const auto memory = [&](int which, int channels) {
            return workspace.tiles[which].atLeast(static_cast<std::size_t>(planes() * kTilesAtOnce * channels));
        };
        auto* transformed = memory(0, m_tiles.input.channels);
        auto* products = memory(1, m_tiles.output.channels);
        auto tiles = m_tiles;
        for (; tiles.first < count; tiles.first += kTilesAtOnce) {
            tiles.count = std::min(kTilesAtOnce, count - tiles.first);
            kernels.tilesIn(tiles, in, transformed);
            m_product.run(workspace, tiles.count, transformed, products);
            kernels.tilesOut(tiles, products, m_bias.data(), out, rectified);
        }
    }

    TileRange m_tiles;
    std::vector<float> m_bias;
    MatrixProduct m_product;
};

class FullyConnected : public MapLayer {
public:
    FullyConnected(const PathLayer& layer, const Weights& weights)
        : m_inputs(static_cast<int>(base::elementCount(layer.input))), m_outputs(layer.spec.outputs),
          m_product(1, m_inputs, m_outputs, 1, arranged(layer, weights), weights.parameters.at(layer.spec.name + ".bias").values)
    {
    }

    void run(Workspace& workspace, int batch, const float* in, float* out, Activation activation) const override
    {
        const int atOnce = m_product.rowsAreIndependent() ? 16 : 1;
        for (int i = 0; i < batch; i += atOnce) {
            const auto first = static_cast<std::size_t>(i);
            m_product.run(workspace, std::min(atOnce, batch - i), in + first * static_cast<std::size_t>(m_inputs),
                          out + first * static_cast<std::size_t>(m_outputs));
        }
        activate(activation, out, static_cast<std::size_t>(batch) * static_cast<std::size_t>(m_outputs));
    }

private:
    /// {outputs, channels, pixels} to {pixels, channels, outputs}.
    static std::vector<float> arranged(const PathLayer& layer, const Weights& weights)
    {
        const auto& values = weights.parameters.at(layer.spec.name + ".weight").values;
        const auto size = sizeOf(layer.input);
        const auto outputs = static_cast<std::size_t>(layer.spec.outputs);
        const auto channels = static_cast<std::size_t>(size.channels);
        std::vector<float> result(values.size());
        std::size_t from = 0;
        for (std::size_t o = 0; o < outputs; ++o)
            for (std::size_t c = 0; c < channels; ++c)
                for (std::size_t p = 0; p < size.pixels(); ++p)
                    result[(p * channels + c) * outputs + o] = values[from++];
        return result;
    }

    int m_inputs;
    int m_outputs;
    MatrixProduct m_product;
};

class MaxPooling : public MapLayer {
public:
    explicit MaxPooling(const PathLayer& layer) : m_spec(layer.spec), m_input(sizeOf(layer.input)), m_output(sizeOf(layer.output))
    {
    }

    void run(Workspace&, int batch, const float* in, float* out, Activation activation) const override
    {
        for (int i = 0; i < batch; ++i, in += m_input.count(), out += m_output.count()) {
            layerKernels().maxPool(m_spec, in, m_input, out, m_output, activation == Activation::Relu);
            activate(beyondRelu(activation), out, m_output.count());
        }
    }

    bool runPlanes(Workspace& workspace, int batch, const float* in, float* out, Activation activation) const override
    {
        auto* planes = workspace.planes.atLeast(m_output.count());
        auto* line = workspace.line.atLeast(poolWork(m_spec, m_input, m_output));
        for (int i = 0; i < batch; ++i, in += m_input.count(), out += m_output.count()) {
            layerKernels().maxPoolPlanes(m_spec, in, m_input, planes, m_output, activation == Activation::Relu, line);
            activate(beyondRelu(activation), planes, m_output.count());
            toChannelsLast(m_output, planes, out);
        }
        return true;
    }

private:
    LayerSpec m_spec;
    MapSize m_input;
    MapSize m_output;
};

class Normalisation : public MapLayer {
public:
    explicit Normalisation(const PathLayer& layer) : m_spec(layer.spec), m_size(sizeOf(layer.input)) {}

    void run(Workspace& workspace, int batch, const float* in, float* out, Activation activation) const override
    {
        auto* line = workspace.line.atLeast(static_cast<std::size_t>(m_size.channels + m_spec.size));
        for (int i = 0; i < batch; ++i, in += m_size.count(), out += m_size.count()) {
            layerKernels().normalise(m_spec, in, out, m_size, line);
            activate(activation, out, m_size.count());
        }
    }

private:
    LayerSpec m_spec;
    MapSize m_size;
};

/// An activation that stands alone.
class Activating : public MapLayer {
public:
    explicit Activating(const PathLayer& layer)
        : m_activation(activationOf(layer.spec.type)), m_count(base::elementCount(layer.input))
    {
    }

    void run(Workspace&, int batch, const float* in, float* out, Activation) const override
    {
        layerKernels().activate(m_activation, in, nullptr, out, static_cast<std::size_t>(batch) * m_count);
    }

private:
    Activation m_activation;
    std::size_t m_count;
};

class Averaging : public MapLayer {
public:
    explicit Averaging(const PathLayer& layer) : m_size(sizeOf(layer.input)) {}

    void run(Workspace&, int batch, const float* in, float* out, Activation activation) const override
    {
        for (int i = 0; i < batch; ++i, in += m_size.count(), out += m_size.channels) {
            layerKernels().average(in, m_size, out);
            activate(activation, out, static_cast<std::size_t>(m_size.channels));
        }
    }

private:
    MapSize m_size;
};

}  // namespace

std::unique_ptr<const MapLayer> makeLayer(const PathLayer& layer, const Weights& weights)
{
    switch (layer.spec.type) {
    case LayerType::Conv:
        if (WinogradConvolution::suits(layer))
            return std::make_unique<WinogradConvolution>(layer, weights);
        return std::make_unique<DirectConvolution>(layer, weights);
    case LayerType::Fc: return std::make_unique<FullyConnected>(layer, weights);
    case LayerType::Relu:
    case LayerType::Relu6:
    case LayerType::HardSwish: return std::make_unique<Activating>(layer);
    case LayerType::GlobalAvgPool: return std::make_unique<Averaging>(layer);
    case LayerType::Residual: return makeBlock(layer, weights);
    case LayerType::MaxPool: return std::make_unique<MaxPooling>(layer);
    case LayerType::Lrn: return std::make_unique<Normalisation>(layer);
    case LayerType::Dropout: return nullptr;
    }
    return nullptr;
}

}  // namespace splitscope::model::onednn
