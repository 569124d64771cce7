// SPDX-License-Identifier: GPL-3.0-or-later
// Loops over channels-last feature maps ({row, column, channel}, floats) for what oneDNN is not asked to do. Each is
// compiled for several instruction sets; all give the same bits.
#pragma once

#include "core/model/network_spec.h"

#include <vector>

namespace splitscope::model {

/// Height, width and channels of a feature map; a vector of features is a map of one pixel.
struct MapSize {
    int height = 1;
    int width = 1;
    int channels = 1;

    [[nodiscard]] std::size_t pixels() const { return static_cast<std::size_t>(height) * static_cast<std::size_t>(width); }
    [[nodiscard]] std::size_t count() const { return pixels() * static_cast<std::size_t>(channels); }
};

/// A range of tiles of Winograd's algorithm, whose results are 2 × 2 pixels; tiles count on through the maps of a batch.
struct TileRange {
    int kernel = 3;  ///< 3 or 5: input tiles are 4 × 4 or 6 × 6 pixels
    int padding = 0;
    MapSize input;
    MapSize output;
    int first = 0;
    int count = 0;
};

/// Pixels of a tile's side, for kernels of 3 × 3 and 5 × 5.
constexpr int tileSide(int kernel) { return kernel + 1; }
/// Tiles that cover a map.
constexpr int tileCount(const MapSize& output) { return ((output.height + 1) / 2) * ((output.width + 1) / 2); }

/// What is done to each value.
enum class Activation { None, Relu, Relu6, HardSwish };

/// The functions for one instruction set.
struct LayerKernels {
    /// out[c][r] = in[r][c]; strides lead from row to row of each.
    void (*transpose)(const float* in, int inStride, float* out, int outStride, int rows, int columns);
    /// activation(in), or where `added` is not null activation(in + added); out may be in.
    void (*activate)(Activation activation, const float* in, const float* added, float* out, std::size_t count);
    /// Each channel's mean over one map.
    void (*average)(const float* in, const MapSize& size, float* out);
    /// One map; where rectified is set, negative results become 0.
    void (*maxPool)(const LayerSpec& layer, const float* in, const MapSize& input, float* out, const MapSize& output,
                    bool rectified);
    /// The same for {channel, row, column}, in and out; `work` holds poolWork() values.
    void (*maxPoolPlanes)(const LayerSpec& layer, const float* in, const MapSize& input, float* out, const MapSize& output,
                          bool rectified, float* work);
    /// x / (k + α/n · Σ x²)^β over a window of n channels; `work` holds channels + size values.
    void (*normalise)(const LayerSpec& layer, const float* in, float* out, const MapSize& size, float* work);
    /// Winograd: tiles of the batch's maps to {side², count, channels}; channels are a multiple of 16, here and below.
    void (*tilesIn)(const TileRange& tiles, const float* maps, float* out);
    /// {side², count, channels} to pixels of the batch's maps, plus the bias of each channel.
    void (*tilesOut)(const TileRange& tiles, const float* in, const float* bias, float* maps, bool rectified);
};

/// The best for this processor.
const LayerKernels& layerKernels();
/// All that this processor can run, the best first.
std::vector<LayerKernels> availableLayerKernels();

std::size_t poolWork(const LayerSpec& layer, const MapSize& input, const MapSize& output);

/// Weights {out, in, kernel, kernel} to Winograd's {side², in, out}.
std::vector<float> tileWeights(int kernel, int inputs, int outputs, const std::vector<float>& weights);

}  // namespace splitscope::model
