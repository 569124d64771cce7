// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/torch_p.h"

#include "core/model/map_layer_p.h"
#include "core/model/prepared_network_p.h"

#include <algorithm>

namespace splitscope::model {

namespace {

using namespace onednn;

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
        base::Tensor result;
        result.batch = input.batch;
        result.shape = shape;
        result.values.reserve(static_cast<std::size_t>(input.batch) * base::elementCount(shape));
        auto workspace = m_workspaces.take();
        for (int row = 0; row < input.batch; row += kRowsAtOnce)
            runSlice(*workspace, {way, first, last}, std::min(kRowsAtOnce, input.batch - row), input.row(row).data(),
                     result.values);
        m_workspaces.giveBack(std::move(workspace));
        return result;
    }

private:
    static constexpr int kRowsAtOnce = 16;
    static constexpr std::size_t kMapsAtOnce = 96 << 10;  ///< floats: two such buffers and some weights fit the second cache
    static constexpr std::size_t kWideAtOnce = 48 << 10;  ///< floats, of maps that are computed a few frames at a time

    struct Way {
        Path path;
        std::vector<std::shared_ptr<const MapLayer>> layers;
    };

    /// Layers first + 1 .. last of a way; the last one does something.
    struct Slice {
        const Way& way;
        int first;
        int last;

        [[nodiscard]] const LayerSpec& spec(int layer) const { return way.path.layer(layer + 1).spec; }
        [[nodiscard]] const MapLayer* layer(int i) const { return way.layers[static_cast<std::size_t>(i)].get(); }
        [[nodiscard]] std::size_t largestMap() const
        {
            std::size_t largest = 0;
            for (int cut = first; cut <= last; ++cut)
                largest = std::max(largest, base::elementCount(way.path.cutShape(cut)));
            return largest;
        }
    };

    static bool fuse(const LayerSpec& layer, const LayerSpec& next) { return computedAtOnce(layer.type, next.type); }

    /// Tensors are channels-first, maps channels-last: the same for one channel or one pixel.
    static bool differs(const base::Shape& shape) { return shape.size() == 3 && shape[0] > 1 && shape[1] * shape[2] > 1; }

    /// The first cut from which on the maps of a whole batch are small; before it they are too wide.
    static int narrowFrom(const Slice& slice, int batch)
    {
        const auto small = [&](int cut) {
            return base::elementCount(slice.way.path.cutShape(cut)) * static_cast<std::size_t>(batch) <= kMapsAtOnce;
        };
        int cut = slice.last + 1;
        while (cut > slice.first && small(cut - 1))
            --cut;
        if (cut > slice.first && cut < slice.last && fuse(slice.spec(cut - 1), slice.spec(cut)))
            ++cut;
        return std::min(cut, slice.last);
    }

    /// A batch's wide maps are computed a few frames at a time, so that they never leave the second cache.
    static void runSlice(Workspace& workspace, const Slice& slice, int batch, const float* in, std::vector<float>& result)
    {
        const auto& path = slice.way.path;
        const int cut = narrowFrom(slice, batch);
        const bool planes = differs(path.cutShape(slice.first));
        if (cut == slice.first)
            return append(workspace, slice, batch, runLayers(workspace, slice, batch, in, planes, nullptr), result);
        const Slice wide{slice.way, slice.first, cut};
        const auto inSize = base::elementCount(path.cutShape(slice.first));
        const auto outSize = base::elementCount(path.cutShape(cut));
        const int atOnce = std::clamp(static_cast<int>(kWideAtOnce / wide.largestMap()), 1, batch);
        float* joined = cut < slice.last ? workspace.joined.atLeast(outSize * static_cast<std::size_t>(batch)) : nullptr;
        for (int row = 0; row < batch; row += atOnce) {
            const int rows = std::min(atOnce, batch - row);
            const auto* from = in + static_cast<std::size_t>(row) * inSize;
            auto* to = joined ? joined + static_cast<std::size_t>(row) * outSize : nullptr;
            const auto* maps = runLayers(workspace, wide, rows, from, planes, to);
            if (!joined)
                append(workspace, slice, rows, maps, result);
        }
        if (joined) {
            const Slice narrow{slice.way, cut, slice.last};
            append(workspace, slice, batch, runLayers(workspace, narrow, batch, joined, false, nullptr), result);
        }
    }

    /// Maps of the slice's last cut: in `out`, or where that is null in the workspace.
    static const float* runLayers(Workspace& workspace, const Slice& slice, int batch, const float* in, bool planes, float* out)
    {
        const auto& path = slice.way.path;
        const auto largest = slice.largestMap() * static_cast<std::size_t>(batch);
        float* maps[2] = {workspace.maps[0].atLeast(largest), workspace.maps[1].atLeast(largest)};
        for (int i = slice.first; i < slice.last; ++i) {
            const auto* layer = slice.layer(i);
            if (!layer)
                continue;
            auto activation = Activation::None;
            if (i + 1 < slice.last && fuse(slice.spec(i), slice.spec(i + 1))) {
                const bool before = isActivation(slice.spec(i).type);  // of pooling
                activation = activationOf(slice.spec(before ? i : i + 1).type);
                layer = slice.layer(before ? i + 1 : i);
                ++i;
            }
            float* to = out && i + 1 == slice.last ? out : maps[0];
            if (!planes || !layer->runPlanes(workspace, batch, in, to, activation)) {
                if (planes) {
                    const MapSize size = sizeOf(path.cutShape(slice.first));
                    for (int k = 0; k < batch; ++k)
                        toChannelsLast(size, in + static_cast<std::size_t>(k) * size.count(),
                                       maps[1] + static_cast<std::size_t>(k) * size.count());
                    in = maps[1];
                }
                layer->run(workspace, batch, in, to, activation);
            }
            planes = false;
            in = to;
            std::swap(maps[0], maps[1]);
        }
        return in;
    }

    /// Appends maps of the slice's last cut to a tensor's values, which are channels-first.
    static void append(Workspace& workspace, const Slice& slice, int batch, const float* maps, std::vector<float>& values)
    {
        const auto& shape = slice.way.path.cutShape(slice.last);
        if (!differs(shape)) {
            values.insert(values.end(), maps, maps + static_cast<std::size_t>(batch) * base::elementCount(shape));
            return;
        }
        constexpr int kChannels = 16;
        const MapSize size = sizeOf(shape);
        const auto pixels = static_cast<int>(size.pixels());
        const int stride = pixels + kChannels;  // no power of two, which would fill few of the cache's sets
        auto* planes = workspace.planes.atLeast(static_cast<std::size_t>(stride * kChannels));
        for (int i = 0; i < batch; ++i, maps += size.count())
            for (int c = 0; c < size.channels; c += kChannels) {
                const int count = std::min(kChannels, size.channels - c);
                layerKernels().transpose(maps + c, size.channels, planes, stride, pixels, count);
                for (int k = 0; k < count; ++k)
                    values.insert(values.end(), planes + k * stride, planes + k * stride + pixels);
            }
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
