// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/torch_p.h"

#include "core/model/layer_kernels_p.h"
#include "core/model/onednn_p.h"
#include "core/model/prepared_network_p.h"

#include <algorithm>

namespace splitscope::model {

namespace {

using onednn::Workspace;

MapSize sizeOf(const base::Shape& shape)
{
    return shape.size() == 3 ? MapSize{shape[1], shape[2], shape[0]} : MapSize{1, 1, shape[0]};
}

/// A layer on channels-last maps of a batch.
class MapLayer {
public:
    virtual ~MapLayer() = default;
    /// Where rectified is set, the ReLU behind the layer is done as well. in and out are different memory.
    virtual void run(Workspace& workspace, int batch, const float* in, float* out, bool rectified) const = 0;
};

class DirectConvolution : public MapLayer {
public:
    DirectConvolution(const PathLayer& layer, const Weights& weights)
        : m_convolution(layer, weights), m_input(sizeOf(layer.input)), m_output(sizeOf(layer.output))
    {
    }

    void run(Workspace& workspace, int batch, const float* in, float* out, bool rectified) const override
    {
        for (int i = 0; i < batch; ++i, in += m_input.count(), out += m_output.count())
            m_convolution.run(workspace, in, out, rectified);
    }

private:
    onednn::Convolution m_convolution;
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
        return (spec.kernel == 3 || spec.kernel == 5) && spec.stride == 1 && layer.input[0] % 16 == 0 && spec.outputs % 16 == 0;
    }

    WinogradConvolution(const PathLayer& layer, const Weights& weights)
        : m_tiles{layer.spec.kernel, layer.spec.padding, sizeOf(layer.input), sizeOf(layer.output), 0, 0},
          m_bias(weights.parameters.at(layer.spec.name + ".bias").values),
          m_product(planes(), layer.input[0], layer.spec.outputs,
                    tileWeights(layer.spec.kernel, layer.input[0], layer.spec.outputs,
                                weights.parameters.at(layer.spec.name + ".weight").values),
                    {})
    {
    }

    void run(Workspace& workspace, int batch, const float* in, float* out, bool rectified) const override
    {
        const int each = tileCount(m_tiles.output);
        if (m_product.rowsAreIndependent())
            return runTiles(workspace, batch * each, in, out, rectified);
        for (int i = 0; i < batch; ++i)
            runTiles(workspace, each, in + static_cast<std::size_t>(i) * m_tiles.input.count(),
                     out + static_cast<std::size_t>(i) * m_tiles.output.count(), rectified);
    }

private:
    [[nodiscard]] int planes() const { return tileSide(m_tiles.kernel) * tileSide(m_tiles.kernel); }

    void runTiles(Workspace& workspace, int count, const float* in, float* out, bool rectified) const
    {
        constexpr int kTilesAtOnce = 64;  // their transforms stay in the second cache
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
    onednn::MatrixProduct m_product;
};

class FullyConnected : public MapLayer {
public:
    FullyConnected(const PathLayer& layer, const Weights& weights)
        : m_inputs(static_cast<int>(base::elementCount(layer.input))), m_outputs(layer.spec.outputs),
          m_product(1, m_inputs, m_outputs, arranged(layer, weights), weights.parameters.at(layer.spec.name + ".bias").values)
    {
    }

    void run(Workspace& workspace, int batch, const float* in, float* out, bool rectified) const override
    {
        const int atOnce = m_product.rowsAreIndependent() ? 16 : 1;
        for (int i = 0; i < batch; i += atOnce) {
            const auto first = static_cast<std::size_t>(i);
            m_product.run(workspace, std::min(atOnce, batch - i), in + first * static_cast<std::size_t>(m_inputs),
                          out + first * static_cast<std::size_t>(m_outputs));
        }
        if (rectified)
            layerKernels().rectify(out, out, static_cast<std::size_t>(batch) * static_cast<std::size_t>(m_outputs));
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
    onednn::MatrixProduct m_product;
};

class MaxPooling : public MapLayer {
public:
    explicit MaxPooling(const PathLayer& layer) : m_spec(layer.spec), m_input(sizeOf(layer.input)), m_output(sizeOf(layer.output))
    {
    }

    void run(Workspace&, int batch, const float* in, float* out, bool rectified) const override
    {
        for (int i = 0; i < batch; ++i, in += m_input.count(), out += m_output.count())
            layerKernels().maxPool(m_spec, in, m_input, out, m_output, rectified);
    }

private:
    LayerSpec m_spec;
    MapSize m_input;
    MapSize m_output;
};

class Normalisation : public MapLayer {
public:
    explicit Normalisation(const PathLayer& layer) : m_spec(layer.spec), m_size(sizeOf(layer.input)) {}

    void run(Workspace& workspace, int batch, const float* in, float* out, bool rectified) const override
    {
        auto* line = workspace.line.atLeast(static_cast<std::size_t>(m_size.channels + m_spec.size));
        for (int i = 0; i < batch; ++i, in += m_size.count(), out += m_size.count()) {
            layerKernels().normalise(m_spec, in, out, m_size, line);
            if (rectified)
                layerKernels().rectify(out, out, m_size.count());
        }
    }

private:
    LayerSpec m_spec;
    MapSize m_size;
};

class Rectifier : public MapLayer {
public:
    explicit Rectifier(const PathLayer& layer) : m_count(base::elementCount(layer.input)) {}

    void run(Workspace&, int batch, const float* in, float* out, bool) const override
    {
        layerKernels().rectify(in, out, static_cast<std::size_t>(batch) * m_count);
    }

private:
    std::size_t m_count;
};

/// Null for dropout, which does nothing.
std::shared_ptr<const MapLayer> makeLayer(const PathLayer& layer, const Weights& weights)
{
    switch (layer.spec.type) {
    case LayerType::Conv:
        if (WinogradConvolution::suits(layer))
            return std::make_shared<WinogradConvolution>(layer, weights);
        return std::make_shared<DirectConvolution>(layer, weights);
    case LayerType::Fc: return std::make_shared<FullyConnected>(layer, weights);
    case LayerType::Relu: return std::make_shared<Rectifier>(layer);
    case LayerType::MaxPool: return std::make_shared<MaxPooling>(layer);
    case LayerType::Lrn: return std::make_shared<Normalisation>(layer);
    case LayerType::Dropout: return nullptr;
    }
    return nullptr;
}

/// Workspaces that no run is using.
class WorkspacePool {
public:
    std::unique_ptr<Workspace> take()
    {
        const std::lock_guard lock(m_mutex);
        if (m_free.empty())
            return std::make_unique<Workspace>();
        auto workspace = std::move(m_free.back());
        m_free.pop_back();
        return workspace;
    }
    void giveBack(std::unique_ptr<Workspace> workspace)
    {
        const std::lock_guard lock(m_mutex);
        m_free.push_back(std::move(workspace));
    }

private:
    std::mutex m_mutex;
    std::vector<std::unique_ptr<Workspace>> m_free;
};

class OneDnnNetwork : public PreparedNetwork {
public:
    OneDnnNetwork(const NetworkSpec& spec, const Weights& weights)
    {
        std::map<std::string, std::shared_ptr<const MapLayer>> made;  // exits share the trunk's layers
        for (int exit = 1; exit <= spec.exitCount(); ++exit) {
            Way way{Path(spec, exit), {}};
            for (const auto& layer : way.path.layers()) {
                auto [place, isNew] = made.try_emplace(layer.spec.name);
                if (isNew)
                    place->second = makeLayer(layer, weights);
                way.layers.push_back(place->second);
            }
            m_ways.push_back(std::move(way));
        }
    }

    bool fusesWithNext(int exit, int layer) const override
    {
        const auto& path = m_ways[static_cast<std::size_t>(exit - 1)].path;
        const auto fused = [&](int i) { return i >= 1 && i < path.length() && fuse(path.layer(i).spec, path.layer(i + 1).spec); };
        return fused(layer) && !fused(layer - 1);
    }

    base::Tensor run(int exit, int first, int last, const base::Tensor& input) const override
    {
        const auto& way = m_ways[static_cast<std::size_t>(exit - 1)];
        const auto& shape = way.path.cutShape(last);
        while (last > first && !way.layers[static_cast<std::size_t>(last - 1)])
            --last;
        if (first == last)
            return input;
        base::Tensor result(input.batch, shape);
        auto workspace = m_workspaces.take();
        const Slice slice{way, first, last, largestMap(way.path, first, last)};
        const int atOnce = std::clamp(static_cast<int>(kMapsAtOnce / slice.largest), 1, kRowsAtOnce);
        for (int row = 0; row < input.batch; row += atOnce)
            runSlice(*workspace, slice, std::min(atOnce, input.batch - row), input.row(row).data(), result.row(row).data());
        m_workspaces.giveBack(std::move(workspace));
        return result;
    }

private:
    static constexpr std::size_t kMapsAtOnce = 1 << 19;  ///< floats: what a large batch works in stays small
    static constexpr int kRowsAtOnce = 16;

    struct Way {
        Path path;
        std::vector<std::shared_ptr<const MapLayer>> layers;
    };

    struct Slice {
        const Way& way;
        int first;
        int last;  ///< the layer before it does something
        std::size_t largest;  ///< map, in floats
    };

    /// Whether two layers in a row are computed at once.
    static bool fuse(const LayerSpec& layer, const LayerSpec& next)
    {
        if (next.type == LayerType::Relu)
            return layer.type != LayerType::Relu && layer.type != LayerType::Dropout;
        return layer.type == LayerType::Relu && next.type == LayerType::MaxPool;  // rectifying commutes with pooling
    }

    static std::size_t largestMap(const Path& path, int first, int last)
    {
        std::size_t largest = 0;
        for (int cut = first; cut <= last; ++cut)
            largest = std::max(largest, base::elementCount(path.cutShape(cut)));
        return largest;
    }

    /// Tensors are channels-first, maps channels-last: the same for one channel or one pixel.
    static bool differs(const base::Shape& shape) { return shape.size() == 3 && shape[0] > 1 && shape[1] * shape[2] > 1; }

    static void transposeMaps(const base::Shape& shape, bool toChannelsLast, int batch, const float* in, float* out)
    {
        const int pixels = shape[1] * shape[2];
        for (int i = 0; i < batch; ++i, in += base::elementCount(shape), out += base::elementCount(shape))
            layerKernels().transpose(in, out, toChannelsLast ? shape[0] : pixels, toChannelsLast ? pixels : shape[0]);
    }

    static void runSlice(Workspace& workspace, const Slice& slice, int batch, const float* in, float* out)
    {
        const auto& path = slice.way.path;
        const auto map
            = [&](int which) { return workspace.maps[which].atLeast(slice.largest * static_cast<std::size_t>(batch)); };
        int next = 0;  // which of the two buffers is free
        if (differs(path.cutShape(slice.first))) {
            transposeMaps(path.cutShape(slice.first), true, batch, in, map(next));
            in = map(next);
            next = 1;
        }
        const bool transposed = differs(path.cutShape(slice.last));
        for (int i = slice.first; i < slice.last; ++i) {
            const auto* layer = slice.way.layers[static_cast<std::size_t>(i)].get();
            if (!layer)
                continue;
            bool rectified = false;
            if (i + 1 < slice.last && fuse(path.layer(i + 1).spec, path.layer(i + 2).spec)) {
                rectified = true;
                if (path.layer(i + 1).spec.type == LayerType::Relu)
                    layer = slice.way.layers[static_cast<std::size_t>(i + 1)].get();
                ++i;
            }
            float* to = i + 1 == slice.last && !transposed ? out : map(next);
            layer->run(workspace, batch, in, to, rectified);
            in = to;
            next = 1 - next;
        }
        if (transposed)
            transposeMaps(path.cutShape(slice.last), false, batch, in, out);
    }

    std::vector<Way> m_ways;
    mutable WorkspacePool m_workspaces;
};

}  // namespace

std::unique_ptr<PreparedNetwork> prepareOneDnn(const NetworkSpec& spec, const Weights& weights)
{
    return std::make_unique<OneDnnNetwork>(spec, weights);
}

}  // namespace splitscope::model
