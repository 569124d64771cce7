// SPDX-License-Identifier: GPL-3.0-or-later
// Networks to compute, and what their layers are by definition.
#pragma once

#include "core/model/executor.h"
#include "tests/core/model/model_samples.h"

#include <QString>

namespace splitscope::model::samples {

/// Layers computed straight from their definitions, in double: nothing is shared with the executor.
class Reference {
public:
    Reference(const NetworkSpec& spec, const Weights& weights, int exit) : m_path(spec, exit), m_weights(weights) {}

    std::vector<double> run(std::span<const float> row) const
    {
        std::vector<double> value(row.begin(), row.end());
        for (const auto& layer : m_path.layers())
            value = apply(layer, value);
        return value;
    }

private:
    std::vector<double> apply(const PathLayer& layer, const std::vector<double>& in) const
    {
        switch (layer.spec.type) {
        case LayerType::Conv: return convolve(layer, in);
        case LayerType::MaxPool: return pool(layer, in);
        case LayerType::Lrn: return normalise(layer, in);
        case LayerType::Fc: return connect(layer, in);
        case LayerType::Relu: return each(in, [](double x) { return std::max(0.0, x); });
        case LayerType::Relu6: return each(in, [](double x) { return std::clamp(x, 0.0, 6.0); });
        case LayerType::HardSwish: return each(in, [](double x) { return x * std::clamp(x + 3, 0.0, 6.0) / 6; });
        case LayerType::GlobalAvgPool: return average(layer, in);
        case LayerType::Residual: return add(layer, in);
        case LayerType::Dropout: return in;
        }
        return {};
    }

    template <typename Function>
    static std::vector<double> each(std::vector<double> values, Function function)
    {
        for (auto& x : values)
            x = function(x);
        return values;
    }

    static std::vector<double> average(const PathLayer& layer, const std::vector<double>& in)
    {
        std::vector<double> out(base::elementCount(layer.output), 0);
        for (std::size_t i = 0; i < in.size(); ++i)
            out[i / (in.size() / out.size())] += in[i] * static_cast<double>(out.size()) / static_cast<double>(in.size());
        return out;
    }

    std::vector<double> add(const PathLayer& layer, const std::vector<double>& in) const
    {
        auto body = in, shortcut = in;
        for (const auto& inner : innerLayers(layer)) {
            const bool isBody = std::any_of(layer.spec.body.begin(), layer.spec.body.end(),
                                            [&](const LayerSpec& spec) { return spec.name == inner.spec.name; });
            auto& value = isBody ? body : shortcut;
            value = apply(inner, value);
        }
        for (std::size_t i = 0; i < body.size(); ++i)
            body[i] += shortcut[i];
        return body;
    }

    /// Calls visit(output index, channel, input row, input column, kernel row, kernel column) for what lies inside.
    template <typename Visit>
    static void eachWindow(const PathLayer& layer, Visit visit)
    {
        const auto& s = layer.spec;
        for (int c = 0; c < layer.output[0]; ++c)
            for (int y = 0; y < layer.output[1]; ++y)
                for (int x = 0; x < layer.output[2]; ++x)
                    for (int ky = 0; ky < s.kernel; ++ky)
                        for (int kx = 0; kx < s.kernel; ++kx) {
                            const int row = y * s.stride - s.padding + ky;
                            const int column = x * s.stride - s.padding + kx;
                            if (row >= 0 && row < layer.input[1] && column >= 0 && column < layer.input[2])
                                visit((c * layer.output[1] + y) * layer.output[2] + x, c, row, column, ky, kx);
                        }
    }

    std::vector<double> convolve(const PathLayer& layer, const std::vector<double>& in) const
    {
        const auto& weight = m_weights.parameters.at(layer.spec.name + ".weight").values;
        const auto& bias = m_weights.parameters.at(layer.spec.name + ".bias").values;
        const int plane = layer.output[1] * layer.output[2];
        std::vector<double> out(base::elementCount(layer.output));
        for (std::size_t i = 0; i < out.size(); ++i)
            out[i] = bias[i / static_cast<std::size_t>(plane)];
        const int k = layer.spec.kernel;
        eachWindow(layer, [&](int at, int c, int row, int column, int ky, int kx) {
            double sum = 0;
            const int inputs = layer.input[0] / layer.spec.groups;  // of the group that output channel c belongs to
            const int first = c / (layer.spec.outputs / layer.spec.groups) * inputs;
            for (int i = 0; i < inputs; ++i)
                sum += static_cast<double>(weight[static_cast<std::size_t>(((c * inputs + i) * k + ky) * k + kx)])
                    * in[static_cast<std::size_t>(((first + i) * layer.input[1] + row) * layer.input[2] + column)];
            out[static_cast<std::size_t>(at)] += sum;
        });
        return out;
    }

    static std::vector<double> pool(const PathLayer& layer, const std::vector<double>& in)
    {
        std::vector<double> out(base::elementCount(layer.output), -1e300);
        eachWindow(layer, [&](int at, int c, int row, int column, int, int) {
            const double x = in[static_cast<std::size_t>((c * layer.input[1] + row) * layer.input[2] + column)];
            out[static_cast<std::size_t>(at)] = std::max(out[static_cast<std::size_t>(at)], x);
        });
        return out;
    }

    static std::vector<double> normalise(const PathLayer& layer, const std::vector<double>& in)
    {
        const auto& s = layer.spec;
        const int plane = layer.input[1] * layer.input[2];
        std::vector<double> out(in.size());
        for (int c = 0; c < layer.input[0]; ++c)
            for (int i = 0; i < plane; ++i) {
                double sum = 0;
                for (int n = std::max(0, c - s.size / 2); n < std::min(layer.input[0], c - s.size / 2 + s.size); ++n)
                    sum += in[static_cast<std::size_t>(n * plane + i)] * in[static_cast<std::size_t>(n * plane + i)];
                const auto at = static_cast<std::size_t>(c * plane + i);
                out[at] = in[at] / std::pow(s.k + s.alpha / s.size * sum, s.beta);
            }
        return out;
    }

    std::vector<double> connect(const PathLayer& layer, const std::vector<double>& in) const
    {
        const auto& weight = m_weights.parameters.at(layer.spec.name + ".weight").values;
        const auto& bias = m_weights.parameters.at(layer.spec.name + ".bias").values;
        std::vector<double> out(bias.begin(), bias.end());
        for (std::size_t o = 0; o < out.size(); ++o)
            for (std::size_t i = 0; i < in.size(); ++i)
                out[o] += static_cast<double>(weight[o * in.size() + i]) * in[i];
        return out;
    }

    Path m_path;
    const Weights& m_weights;
};

inline double largestDifference(std::span<const float> a, std::span<const float> b)
{
    double largest = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        largest = std::max(largest, std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
    return largest;
}

struct Fixture {
    NetworkSpec spec;
    Weights weights;
    std::unique_ptr<Executor> executor;

    explicit Fixture(const NetworkSpec& network, Backend backend = Backend::Automatic)
        : spec(network), weights(samples::randomWeights(network, 3))
    {
        auto made = Executor::create(spec, weights, {backend});
        if (!made)
            qFatal("%s", made.error().message().c_str());
        executor = std::move(*made);
    }
};

/// The shipped networks, and two with what they lack: one with even windows, padded pools, LRN over an even count, odd strides;
/// and modernSpec().
inline NetworkSpec networkNamed(const QString& name)
{
    if (name == "modern")
        return samples::modernSpec();
    if (name == "odd") {
        using samples::layer;
        auto spec = samples::tinySpec();
        spec.name = "odd";
        spec.input = {3, 13, 10};
        auto norm = layer(LayerType::Lrn, "norm1");
        norm.size = 4;
        norm.alpha = 0.8;
        norm.beta = 0.6;
        norm.k = 1.5;
        auto pool = layer(LayerType::MaxPool, "pool2", 0, 4, 3, 2);
        pool.ceilMode = true;
        spec.trunk = {layer(LayerType::Relu, "relu0"),
                      layer(LayerType::Conv, "conv1", 5, 4, 2, 3),
                      norm,
                      pool,
                      layer(LayerType::Conv, "conv3", 7, 1, 1, 0),
                      layer(LayerType::Fc, "fc4", 6),
                      layer(LayerType::Relu, "relu4"),
                      layer(LayerType::Fc, "fc5", 2)};
        spec.exits = {{"exit1", 1, {layer(LayerType::Fc, "exit1/fc1", 2)}}, {"exit2", 8, {}}};
        return spec;
    }
    auto spec = loadNetworkSpec(name.toStdString());
    if (!spec)
        qFatal("%s", spec.error().message().c_str());
    return *spec;
}

inline std::vector<std::string> networks()
{
    auto names = shippedNetworks();
    names.insert(names.begin(), {"odd", "modern"});
    return names;
}

}  // namespace splitscope::model::samples
