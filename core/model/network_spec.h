// SPDX-License-Identifier: GPL-3.0-or-later
// A multi-exit network as data: a trunk, and exits that branch off it.
#pragma once

#include "core/base/result.h"
#include "core/base/tensor.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace splitscope::model {

/// Bounds of what a spec may ask for, so that a hostile one can neither overflow a size nor exhaust the memory.
inline constexpr int kMaxDimension = 4096;  ///< of any size: channels, pixels, features, kernels
inline constexpr int kMaxLayers = 200;  ///< of the trunk and all heads together
inline constexpr std::int64_t kMaxParameterBytes = 64 << 20;  ///< of all weights, as float32
inline constexpr std::int64_t kMaxTensorBytes = 64 << 20;  ///< of one frame's tensor at any cut, as float32

enum class LayerType {
    Conv,
    Relu,
    Relu6,  ///< clamped to 0 … 6
    HardSwish,  ///< x · relu6(x + 3) / 6
    MaxPool,
    GlobalAvgPool,  ///< each channel's mean: a map becomes one value per channel
    Lrn,
    Dropout,
    Fc,
    Residual  ///< a body's output plus its input, or plus what a shortcut makes of it: one layer, for one tensor enters and
              ///< leaves
};

/// All of them, in the order in which they are listed.
const std::vector<LayerType>& layerTypes();
/// The type's name in a spec: "conv", "relu", "relu6", "hardswish", "maxpool", "globalavgpool", "lrn", "dropout", "fc",
/// "residual".
std::string_view name(LayerType type);
/// Conv, and Residual: blocks are made of convolutions.
constexpr bool convolves(LayerType type) { return type == LayerType::Conv || type == LayerType::Residual; }
/// Those that take most of a network's time.
constexpr bool hasWeights(LayerType type) { return convolves(type) || type == LayerType::Fc; }
/// Relu, Relu6, HardSwish.
constexpr bool isActivation(LayerType type)
{
    return type == LayerType::Relu || type == LayerType::Relu6 || type == LayerType::HardSwish;
}

/// One layer. Only its type's parameters are meaningful; names are unique in the network ("conv1", "exit1/fc2").
struct LayerSpec {
    LayerType type = LayerType::Relu;
    std::string name;
    int outputs = 0;  ///< Conv: channels; Fc: features
    int kernel = 0;  ///< Conv, MaxPool
    int stride = 1;  ///< Conv, MaxPool
    int padding = 0;  ///< Conv, MaxPool
    int groups = 1;  ///< Conv: parts of the channels that are computed apart; as many as channels for a depthwise convolution
    bool ceilMode = false;  ///< MaxPool: Chainer's rounding
    double probability = 0.5;  ///< Dropout
    int size = 0;  ///< Lrn: channels in the window
    double alpha = 0;  ///< Lrn, in PyTorch's convention (divided by size)
    double beta = 0;  ///< Lrn
    double k = 1;  ///< Lrn
    std::vector<LayerSpec> body;  ///< Residual; names begin with the block's ("block1/conv1")
    std::vector<LayerSpec> shortcut;  ///< Residual; empty: the input itself

    bool operator==(const LayerSpec&) const = default;
};

/// An exit: the trunk's first `after` layers, then the head's layers. N_e = after + head.size().
struct ExitSpec {
    std::string name;
    int after = 0;
    std::vector<LayerSpec> head;

    [[nodiscard]] int layerCount() const { return after + static_cast<int>(head.size()); }

    bool operator==(const ExitSpec&) const = default;
};

/// Validated: every layer's shapes fit, exits ascend, each exit ends in `classes` values.
struct NetworkSpec {
    std::string name;
    base::Shape input;  ///< {channels, height, width}
    int classes = 0;
    std::vector<float> mean;  ///< per channel, of pixels in [0, 1]
    std::vector<float> deviation;  ///< per channel
    std::vector<LayerSpec> trunk;
    std::vector<ExitSpec> exits;  ///< exit e is exits[e − 1]

    [[nodiscard]] int exitCount() const { return static_cast<int>(exits.size()); }

    bool operator==(const NetworkSpec&) const = default;
};

/// Parses and validates a spec; an Error names the layer ("trunk layer 4 'conv2': …"). `where` names the source.
/// In JSON layers of heads and of blocks carry their own names ("conv1"); in the NetworkSpec the exit's or the block's is put
/// before ("exit1/conv1", "block1/conv1").
base::Result<NetworkSpec> parseNetworkSpec(std::string_view json, const std::string& where);

/// The same spec for equal specs on every machine: compact, keys sorted. parseNetworkSpec() gives the spec back.
std::string toJson(const NetworkSpec& spec);

/// What parseNetworkSpec() checks beyond syntax, for specs that a program builds.
base::Status validate(const NetworkSpec& spec, const std::string& where);

/// What a layer makes of an input; the Error (where is left empty) says why they do not fit.
base::Result<base::Shape> outputShape(const LayerSpec& layer, const base::Shape& input);

/// What is wrong with a layer by itself, whatever its input; the Error's where is left empty.
base::Status checkParameters(const LayerSpec& layer);

/// What "<layer>.weight" must be: Conv {out, in / groups, kernel, kernel}, Fc {out, in}; empty for other types.
base::Shape weightShape(const LayerSpec& layer, const base::Shape& input);

/// Weights and biases of a layer on an input that fits it.
std::int64_t parameterCount(const LayerSpec& layer, const base::Shape& input);

/// A shipped network by name ("alexnet3"), or by path a spec file or the folder of a "model.json".
base::Result<NetworkSpec> loadNetworkSpec(const std::string& nameOrPath);

/// The networks that ship, in the order the dashboard offers them.
std::vector<std::string> shippedNetworks();

}  // namespace splitscope::model
