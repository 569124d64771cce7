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
    /// Where rectified is set, the ReLU behind the layer is done as well. in and out are different memory.
    virtual void run(Workspace& workspace, int batch, const float* in, float* out, bool rectified) const = 0;
    /// The same where `in` is channels-first; false where the layer can't.
    virtual bool runPlanes(Workspace&, int, const float*, float*, bool) const { return false; }
};

/// Null for dropout, which does nothing.
std::unique_ptr<const MapLayer> makeLayer(const PathLayer& layer, const Weights& weights);

}  // namespace splitscope::model::onednn
