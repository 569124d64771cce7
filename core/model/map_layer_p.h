// SPDX-License-Identifier: GPL-3.0-or-later
// A layer as OneDnnNetwork computes it.
#pragma once

#include "core/model/layer_kernels_p.h"
#include "core/model/onednn_p.h"

namespace splitscope::model::onednn {

MapSize sizeOf(const base::Shape& shape);

/// {channel, row, column} to {row, column, channel}.
void toChannelsLast(const MapSize& size, const float* in, float* out);

/// A layer on channels-last maps of a batch.
class MapLayer {
public:
    virtual ~MapLayer() = default;
    /// The activation behind the layer is done as well. in and out are different memory.
    virtual void run(Workspace& workspace, int batch, const float* in, float* out, Activation activation) const = 0;
    /// The same where `in` is channels-first; false where the layer can't.
    virtual bool runPlanes(Workspace&, int, const float*, float*, Activation) const { return false; }
};

/// Null for dropout, which does nothing.
std::unique_ptr<const MapLayer> makeLayer(const PathLayer& layer, const Weights& weights);
/// A residual block.
std::unique_ptr<const MapLayer> makeBlock(const PathLayer& layer, const Weights& weights);

/// Whether two layers in a row are computed at once.
bool computedAtOnce(LayerType layer, LayerType next);
/// What a layer does to each value: None for those that are no activation.
Activation activationOf(LayerType type);

/// Where an activation other than ReLU stands behind a layer that knows ReLU alone: what is left to do.
inline Activation beyondRelu(Activation activation) { return activation == Activation::Relu ? Activation::None : activation; }
/// Activates in place.
inline void activate(Activation activation, float* values, std::size_t count)
{
    if (activation != Activation::None)
        layerKernels().activate(activation, values, nullptr, values, count);
}

}  // namespace splitscope::model::onednn
