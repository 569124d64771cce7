// SPDX-License-Identifier: GPL-3.0-or-later
// A multi-exit network as data: a trunk, and exits that branch off it.
#pragma once

#include "core/base/result.h"
#include "core/base/tensor.h"

#include <filesystem>
#include <string>
#include <vector>

namespace splitscope::model {

enum class LayerType { Conv, Relu, MaxPool, Lrn, Dropout, Fc };

/// One layer. Only its type's parameters are meaningful; names are unique in the network ("conv1", "exit1/fc2").
struct LayerSpec {
    LayerType type = LayerType::Relu;
    std::string name;
    int outputs = 0;  ///< Conv: channels; Fc: features
    int kernel = 0;  ///< Conv, MaxPool
    int stride = 1;  ///< Conv, MaxPool
    int padding = 0;  ///< Conv, MaxPool
    bool ceilMode = false;  ///< MaxPool: Chainer's rounding
    double probability = 0.5;  ///< Dropout
    int size = 0;  ///< Lrn: channels in the window
    double alpha = 0;  ///< Lrn, in PyTorch's convention (divided by size)
    double beta = 0;  ///< Lrn
    double k = 1;  ///< Lrn
};

/// An exit: the trunk's first `after` layers, then the head's layers. N_e = after + head.size().
struct ExitSpec {
    std::string name;
    int after = 0;
    std::vector<LayerSpec> head;

    [[nodiscard]] int layerCount() const { return after + static_cast<int>(head.size()); }
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
};

/// Parses and validates a spec; an Error names the layer ("trunk layer 4 'conv2': …").
base::Result<NetworkSpec> parseNetworkSpec(std::string_view json, const std::string& where);
std::string toJson(const NetworkSpec& spec);

/// A shipped network by name ("alexnet3"), or a spec file by path.
base::Result<NetworkSpec> loadNetworkSpec(const std::string& nameOrPath);

/// The networks that ship, in the order the dashboard offers them.
std::vector<std::string> shippedNetworks();

}  // namespace splitscope::model
