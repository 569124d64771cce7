// SPDX-License-Identifier: GPL-3.0-or-later
// Layers by themselves: their types, sizes and limits.
#include "core/model/network_spec.h"

namespace splitscope::model {

namespace {

using base::Error;
using base::ErrorCode;

Error invalid(const std::string& text) { return {ErrorCode::InvalidInput, text, {}}; }

/// Windows that fit along one side; torch's rule, in which with ceilMode no window may start in the padding behind.
int windows(int side, const LayerSpec& layer)
{
    const int room = side + 2 * layer.padding - layer.kernel;
    if (room < 0)
        return 0;
    const int rounding = layer.ceilMode ? layer.stride - 1 : 0;
    int count = (room + rounding) / layer.stride + 1;
    if (layer.ceilMode && (count - 1) * layer.stride >= side + layer.padding)
        --count;
    return count;
}

base::Result<base::Shape> windowedShape(const LayerSpec& layer, const base::Shape& input, int channels)
{
    if (input.size() != 3)
        return invalid("needs channels, rows and columns, but its input is " + base::toString(input));
    const int height = windows(input[1], layer);
    const int width = windows(input[2], layer);
    if (height < 1 || width < 1)
        return invalid("its kernel of " + std::to_string(layer.kernel) + " does not fit into its input of "
                       + base::toString(input) + " with padding " + std::to_string(layer.padding));
    return base::Shape{channels, height, width};
}

base::Status inRange(const char* what, int value, int low, int high)
{
    if (value < low || value > high)
        return invalid(std::string(what) + " is " + std::to_string(value) + "; it must be " + std::to_string(low) + " to "
                       + std::to_string(high));
    return {};
}

base::Status checkWindow(const LayerSpec& layer)
{
    if (auto status = inRange("kernel", layer.kernel, 1, kMaxDimension); !status)
        return status;
    if (auto status = inRange("stride", layer.stride, 1, kMaxDimension); !status)
        return status;
    const int widest = layer.type == LayerType::MaxPool ? layer.kernel / 2 : kMaxDimension;
    return inRange("padding", layer.padding, 0, widest);
}

base::Status checkLrn(const LayerSpec& layer)
{
    if (auto status = inRange("size", layer.size, 1, kMaxDimension); !status)
        return status;
    if (!(layer.alpha >= 0 && layer.alpha <= 1e6 && layer.beta >= 0 && layer.beta <= 100 && layer.k > 0 && layer.k <= 1e6))
        return invalid("alpha and beta must not be negative, k must be above 0, and none enormous");
    return {};
}

base::Status checkConvolution(const LayerSpec& layer)
{
    if (auto status = inRange("outputs", layer.outputs, 1, kMaxDimension); !status)
        return status;
    if (auto status = inRange("groups", layer.groups, 1, kMaxDimension); !status)
        return status;
    return checkWindow(layer);
}

/// What a list of layers makes of an input.
base::Result<base::Shape> chainShape(const std::vector<LayerSpec>& layers, const base::Shape& input)
{
    base::Shape shape = input;
    for (const auto& layer : layers) {
        auto next = outputShape(layer, shape);
        if (!next)
            return next.error();
        shape = std::move(*next);
    }
    return shape;
}

base::Result<base::Shape> convolvedShape(const LayerSpec& layer, const base::Shape& input)
{
    if (input.size() == 3 && (input[0] % layer.groups != 0 || layer.outputs % layer.groups != 0))
        return invalid("its " + std::to_string(input[0]) + " input and " + std::to_string(layer.outputs)
                       + " output channels cannot be parted into " + std::to_string(layer.groups) + " equal groups");
    return windowedShape(layer, input, layer.outputs);
}

base::Result<base::Shape> residualShape(const LayerSpec& layer, const base::Shape& input)
{
    auto body = chainShape(layer.body, input);
    if (!body)
        return body.error();
    const auto shortcut = chainShape(layer.shortcut, input);
    if (!shortcut)
        return shortcut.error();
    if (*body != *shortcut)
        return invalid("its body makes " + base::toString(*body) + ", but its shortcut "
                       + (layer.shortcut.empty() ? "(the input itself) is " : "makes ") + base::toString(*shortcut)
                       + "; only equal shapes can be added");
    return body;
}

}  // namespace

base::Status checkParameters(const LayerSpec& layer)
{
    switch (layer.type) {
    case LayerType::Conv: return checkConvolution(layer);
    case LayerType::MaxPool: return checkWindow(layer);
    case LayerType::Fc: return inRange("outputs", layer.outputs, 1, kMaxDimension);
    case LayerType::Lrn: return checkLrn(layer);
    case LayerType::Dropout:
        if (!(layer.probability >= 0 && layer.probability < 1))
            return invalid("probability must be 0 or more and below 1");
        return {};
    case LayerType::Residual: return layer.body.empty() ? invalid("body: at least one layer is needed") : base::Status();
    case LayerType::Relu:
    case LayerType::Relu6:
    case LayerType::HardSwish:
    case LayerType::GlobalAvgPool: return {};
    }
    return invalid("is of no known type");
}

const std::vector<LayerType>& layerTypes()
{
    static const std::vector<LayerType> types{
        LayerType::Conv,          LayerType::Relu, LayerType::Relu6,   LayerType::HardSwish, LayerType::MaxPool,
        LayerType::GlobalAvgPool, LayerType::Lrn,  LayerType::Dropout, LayerType::Fc,        LayerType::Residual};
    return types;
}

std::string_view name(LayerType type)
{
    switch (type) {
    case LayerType::Conv: return "conv";
    case LayerType::Relu: return "relu";
    case LayerType::Relu6: return "relu6";
    case LayerType::HardSwish: return "hardswish";
    case LayerType::MaxPool: return "maxpool";
    case LayerType::GlobalAvgPool: return "globalavgpool";
    case LayerType::Lrn: return "lrn";
    case LayerType::Dropout: return "dropout";
    case LayerType::Fc: return "fc";
    case LayerType::Residual: return "residual";
    }
    return "unknown";
}

base::Result<base::Shape> outputShape(const LayerSpec& layer, const base::Shape& input)
{
    switch (layer.type) {
    case LayerType::Conv: return convolvedShape(layer, input);
    case LayerType::MaxPool: return windowedShape(layer, input, input.empty() ? 0 : input[0]);
    case LayerType::Fc: return base::Shape{layer.outputs};
    case LayerType::GlobalAvgPool:
        if (input.size() != 3)
            return invalid("takes the mean of each channel's map, but its input is " + base::toString(input));
        return base::Shape{input[0]};
    case LayerType::Lrn:
        if (input.size() != 3)
            return invalid("normalises across channels, but its input is " + base::toString(input));
        return input;
    case LayerType::Residual: return residualShape(layer, input);
    case LayerType::Relu:
    case LayerType::Relu6:
    case LayerType::HardSwish:
    case LayerType::Dropout: return input;
    }
    return invalid("is of no known type");
}

base::Shape weightShape(const LayerSpec& layer, const base::Shape& input)
{
    if (layer.type == LayerType::Conv)
        return {layer.outputs, input[0] / layer.groups, layer.kernel, layer.kernel};
    if (layer.type == LayerType::Fc)
        return {layer.outputs, static_cast<int>(base::elementCount(input))};
    return {};
}

std::int64_t parameterCount(const LayerSpec& layer, const base::Shape& input)
{
    std::int64_t count = 0;
    for (const auto* part : {&layer.body, &layer.shortcut}) {
        base::Shape shape = input;
        for (const auto& inner : *part) {
            count += parameterCount(inner, shape);
            shape = outputShape(inner, shape).value();
        }
    }
    const auto weights = weightShape(layer, input);
    return weights.empty() ? count : static_cast<std::int64_t>(base::elementCount(weights)) + layer.outputs;
}

}  // namespace splitscope::model
