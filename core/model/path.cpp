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

Path::Path(const NetworkSpec& spec, int exit) : m_exit(exit), m_input(spec.input), m_cutNames{"input"}
{
    assert(exit >= 1 && exit <= spec.exitCount());
    const auto& way = spec.exits[static_cast<std::size_t>(exit - 1)];
    std::vector<LayerSpec> layers(spec.trunk.begin(), spec.trunk.begin() + way.after);
    layers.insert(layers.end(), way.head.begin(), way.head.end());
    for (const auto& layer : layers) {
        m_layers.push_back(account(layer, m_layers.empty() ? m_input : m_layers.back().output));
        m_cutNames.push_back(layer.type == LayerType::Dropout ? m_cutNames.back() : layer.name);
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
