// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/path.h"

#include <cassert>

namespace splitscope::model {

namespace {

/// Floating-point operations of one frame, by the convention of PathLayer::flops.
double flopsOf(const LayerSpec& layer, const base::Shape& input, const base::Shape& output)
{
    const auto inputs = static_cast<double>(base::elementCount(input));
    const auto outputs = static_cast<double>(base::elementCount(output));
    const double window = static_cast<double>(layer.kernel) * layer.kernel;
    switch (layer.type) {
    case LayerType::Conv: return outputs * (2 * window * input[0] / layer.groups + 1);  // + 1: the bias
    case LayerType::Fc: return outputs * (2 * inputs + 1);
    case LayerType::MaxPool: return outputs * (window - 1);
    case LayerType::Relu:
    case LayerType::Residual: return outputs;  // the sum; innerLayers() are added to it
    case LayerType::Relu6: return 2 * outputs;
    case LayerType::HardSwish: return 5 * outputs;  // + 3, twice compared, ·x, ÷6
    case LayerType::GlobalAvgPool: return inputs;
    case LayerType::Lrn: return outputs * (layer.size + 4);  // square, size − 1 sums, ·alpha, + k, power, ÷
    case LayerType::Dropout: return 0;
    }
    return 0;
}

/// Layer i of an exit's way, 1-based.
const LayerSpec& layerOf(const NetworkSpec& spec, int exit, int i)
{
    const auto& way = spec.exits[static_cast<std::size_t>(exit - 1)];
    return i <= way.after ? spec.trunk[static_cast<std::size_t>(i - 1)] : way.head[static_cast<std::size_t>(i - 1 - way.after)];
}

}  // namespace

PathLayer account(const LayerSpec& layer, const base::Shape& input)
{
    auto output = outputShape(layer, input);
    assert(output.ok());  // the spec is validated
    PathLayer result{layer, input, std::move(*output), 0, 0, 0, 0};
    result.flops = flopsOf(layer, input, result.output);
    if (layer.type == LayerType::Residual)
        for (const auto& inner : innerLayers(result))
            result.flops += inner.flops;
    result.parameters = static_cast<double>(parameterCount(layer, input));
    result.inputBytes = static_cast<double>(base::elementCount(input) * sizeof(float));
    result.outputBytes = static_cast<double>(base::elementCount(result.output) * sizeof(float));
    return result;
}

std::vector<PathLayer> innerLayers(const PathLayer& layer)
{
    if (layer.spec.type != LayerType::Residual)
        return {layer};
    std::vector<PathLayer> layers;
    for (const auto* part : {&layer.spec.body, &layer.spec.shortcut}) {
        base::Shape shape = layer.input;
        for (const auto& inner : *part) {
            layers.push_back(account(inner, shape));
            shape = layers.back().output;
        }
    }
    return layers;
}

std::string_view cutName(const NetworkSpec& spec, int exit, int p)
{
    while (p > 0 && layerOf(spec, exit, p).type == LayerType::Dropout)
        --p;
    return p == 0 ? std::string_view("input") : std::string_view(layerOf(spec, exit, p).name);
}

base::Shape cutShape(const NetworkSpec& spec, int exit, int p)
{
    auto shape = spec.input;
    for (int i = 1; i <= p; ++i) {
        auto output = outputShape(layerOf(spec, exit, i), shape);
        assert(output.ok());  // the spec is validated
        shape = std::move(*output);
    }
    return shape;
}

Path::Path(const NetworkSpec& spec, int exit) : m_exit(exit), m_input(spec.input), m_cutNames{"input"}
{
    assert(exit >= 1 && exit <= spec.exitCount());
    const int length = spec.exits[static_cast<std::size_t>(exit - 1)].layerCount();
    for (int i = 1; i <= length; ++i) {
        m_layers.push_back(account(layerOf(spec, exit, i), m_layers.empty() ? m_input : m_layers.back().output));
        m_cutNames.emplace_back(model::cutName(spec, exit, i));
    }
}

const base::Shape& Path::cutShape(int p) const { return p == 0 ? m_input : layer(p).output; }

const std::string& Path::cutName(int p) const { return m_cutNames[static_cast<std::size_t>(p)]; }

int Path::canonicalCut(int p) const
{
    while (p > 0 && cutName(p) == cutName(p - 1))
        --p;
    return p;
}

std::vector<int> Path::distinctCuts() const
{
    std::vector<int> cuts;
    for (int p = 0; p <= length(); ++p)
        if (canonicalCut(p) == p)
            cuts.push_back(p);
    return cuts;
}

}  // namespace splitscope::model
