// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rl/fast_net.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace splitscope::rl {

namespace {

std::size_t area(int a, int b) { return static_cast<std::size_t>(a) * static_cast<std::size_t>(b); }

}  // namespace

FastNet::FastNet(const NetShape& shape, int maxRows, std::uint64_t seed) : m_shape(shape)
{
    std::size_t size = 0;
    std::size_t largest = 0;
    int inputs = padded(shape.inputs);
    for (int i = 0; i < shape.layers; ++i) {
        const int outputs = padded(i + 1 == shape.layers ? shape.outputs : shape.width);
        m_layers.push_back({inputs, outputs, size, size + area(inputs, outputs)});
        size += area(inputs, outputs) + static_cast<std::size_t>(outputs);
        largest = std::max(largest, area(inputs, outputs));
        m_outputs.emplace_back(area(maxRows, outputs));
        inputs = outputs;
    }
    for (auto* values : {&m_parameters, &m_gradients, &m_first, &m_second})
        values->resize(size);
    m_transposed.resize(largest);
    m_gradient.resize(area(maxRows, padded(shape.width)));
    m_nextGradient.resize(m_gradient.size());
    set(initialLayers(shape, seed));
}

const float* FastNet::forward(const float* x, int rows)
{
    const auto& kernel = kernels();
    for (std::size_t i = 0; i < m_layers.size(); ++i) {
        const auto& layer = m_layers[i];
        kernel.multiply(x, &m_parameters[layer.weights], &m_parameters[layer.bias], m_outputs[i].data(), rows, layer.outputs,
                        layer.inputs, i + 1 < m_layers.size());
        x = m_outputs[i].data();
    }
    return x;
}

void FastNet::backward(const float* x, const float* outputGradient, int rows)
{
    const auto& kernel = kernels();
    const float* gradient = outputGradient;
    for (std::size_t i = m_layers.size(); i-- > 0;) {
        const auto& layer = m_layers[i];
        const float* input = i == 0 ? x : m_outputs[i - 1].data();
        kernel.multiplyTransposed(input, gradient, &m_gradients[layer.weights], layer.inputs, layer.outputs, rows);
        kernel.sumRows(gradient, &m_gradients[layer.bias], rows, layer.outputs);
        if (i == 0)
            break;
        kernel.transpose(&m_parameters[layer.weights], m_transposed.data(), layer.inputs, layer.outputs);
        kernel.multiply(gradient, m_transposed.data(), nullptr, m_nextGradient.data(), rows, layer.inputs, layer.outputs, false);
        kernel.rectifyGradient(input, m_nextGradient.data(), rows * layer.inputs);
        std::swap(m_gradient, m_nextGradient);
        gradient = m_gradient.data();
    }
}

void FastNet::step(double learningRate, std::int64_t index)
{
    AdamStep adam;
    const auto t = static_cast<double>(index);
    adam.rate = static_cast<float>(learningRate / (1 - std::pow(static_cast<double>(adam.beta1), t)));
    adam.secondCorrection = static_cast<float>(1 / std::sqrt(1 - std::pow(static_cast<double>(adam.beta2), t)));
    kernels().adam(m_parameters.data(), m_gradients.data(), m_first.data(), m_second.data(), m_parameters.size(), adam);
}

void FastNet::follow(const FastNet& other, float tau)
{
    kernels().follow(m_parameters.data(), other.m_parameters.data(), m_parameters.size(), tau);
}

void FastNet::appendState(std::vector<float>& out) const
{
    for (const auto* values : {&m_parameters, &m_first, &m_second})
        out.insert(out.end(), values->begin(), values->end());
}

void FastNet::restoreState(std::span<const float> state)
{
    assert(state.size() == stateSize());
    for (auto* values : {&m_parameters, &m_first, &m_second}) {
        std::copy_n(state.begin(), values->size(), values->begin());
        state = state.subspan(values->size());
    }
}

std::vector<Layer> FastNet::unpack(const std::vector<float>& values) const
{
    std::vector<Layer> layers;
    for (std::size_t i = 0; i < m_layers.size(); ++i) {
        const auto& place = m_layers[i];
        Layer layer;
        layer.inputs = i == 0 ? m_shape.inputs : m_shape.width;
        layer.outputs = i + 1 == m_layers.size() ? m_shape.outputs : m_shape.width;
        for (int o = 0; o < layer.outputs; ++o)
            for (int in = 0; in < layer.inputs; ++in)
                layer.weights.push_back(values[place.weights + area(in, place.outputs) + static_cast<std::size_t>(o)]);
        for (int o = 0; o < layer.outputs; ++o)
            layer.bias.push_back(values[place.bias + static_cast<std::size_t>(o)]);
        layers.push_back(std::move(layer));
    }
    return layers;
}

void FastNet::set(const std::vector<Layer>& layers)
{
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const auto& layer = layers[i];
        const auto& place = m_layers[i];
        for (int o = 0; o < layer.outputs; ++o)
            for (int in = 0; in < layer.inputs; ++in)
                m_parameters[place.weights + area(in, place.outputs) + static_cast<std::size_t>(o)]
                    = layer.weights[area(o, layer.inputs) + static_cast<std::size_t>(in)];
        std::copy(layer.bias.begin(), layer.bias.end(), m_parameters.begin() + static_cast<std::ptrdiff_t>(place.bias));
    }
}

void appendValues(const std::vector<Layer>& layers, std::vector<float>& out)
{
    for (const auto& layer : layers)
        for (const auto* values : {&layer.weights, &layer.bias})
            out.insert(out.end(), values->begin(), values->end());
}

}  // namespace splitscope::rl
