// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/torch_p.h"

#include "core/rl/torch_nets_p.h"

namespace splitscope::rl {

namespace {

at::Tensor tensorOf(const std::vector<float>& values, at::IntArrayRef shape)
{
    return torch::from_blob(const_cast<float*>(values.data()), shape, torch::kFloat32).clone();
}

void append(const at::Tensor& tensor, std::vector<float>& out)
{
    const auto values = tensor.detach().contiguous();
    out.insert(out.end(), values.data_ptr<float>(), values.data_ptr<float>() + values.numel());
}

}  // namespace

TorchNet::TorchNet(const NetShape& shape, std::uint64_t seed)
{
    for (const auto& layer : initialLayers(shape, seed)) {
        m_parameters.push_back(tensorOf(layer.weights, {layer.outputs, layer.inputs}).requires_grad_(true));
        m_parameters.push_back(tensorOf(layer.bias, {layer.outputs}).requires_grad_(true));
    }
    for (const auto& parameter : m_parameters) {
        m_first.push_back(torch::zeros_like(parameter, at::TensorOptions().requires_grad(false)));
        m_second.push_back(torch::zeros_like(parameter, at::TensorOptions().requires_grad(false)));
    }
}

void TorchNet::set(const std::vector<Layer>& layers)
{
    const torch::NoGradGuard noGradient;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        m_parameters[2 * i].copy_(tensorOf(layers[i].weights, m_parameters[2 * i].sizes()));
        m_parameters[2 * i + 1].copy_(tensorOf(layers[i].bias, m_parameters[2 * i + 1].sizes()));
    }
}

at::Tensor TorchNet::forward(at::Tensor x) const
{
    for (std::size_t i = 0; i < m_parameters.size(); i += 2) {
        x = torch::linear(x, m_parameters[i], m_parameters[i + 1]);
        if (i + 2 < m_parameters.size())
            x = torch::relu(x);
    }
    return x;
}

void TorchNet::step(double learningRate, std::int64_t index)
{
    const torch::NoGradGuard noGradient;
    const auto t = static_cast<double>(index);
    for (std::size_t i = 0; i < m_parameters.size(); ++i) {
        const auto& gradient = m_parameters[i].grad();
        m_first[i].mul_(0.9).add_(gradient, 0.1);
        m_second[i].mul_(0.999).addcmul_(gradient, gradient, 0.001);
        const auto deviation = (m_second[i] / (1 - std::pow(0.999, t))).sqrt_().add_(1e-8);
        m_parameters[i].addcdiv_(m_first[i], deviation, -learningRate / (1 - std::pow(0.9, t)));
    }
}

void TorchNet::follow(const TorchNet& other, double tau)
{
    const torch::NoGradGuard noGradient;
    for (std::size_t i = 0; i < m_parameters.size(); ++i)
        m_parameters[i].lerp_(other.m_parameters[i], tau);
}

void TorchNet::clearGradients()
{
    for (auto& parameter : m_parameters)
        parameter.mutable_grad().reset();
}

std::vector<Layer> TorchNet::layers() const
{
    std::vector<Layer> layers;
    for (std::size_t i = 0; i < m_parameters.size(); i += 2) {
        Layer layer;
        layer.outputs = static_cast<int>(m_parameters[i].size(0));
        layer.inputs = static_cast<int>(m_parameters[i].size(1));
        append(m_parameters[i], layer.weights);
        append(m_parameters[i + 1], layer.bias);
        layers.push_back(std::move(layer));
    }
    return layers;
}

void TorchNet::appendGradients(std::vector<float>& out) const
{
    for (const auto& parameter : m_parameters)
        append(parameter.grad(), out);
}

void TorchNet::appendState(std::vector<float>& out) const
{
    for (const auto* tensors : {&m_parameters, &m_first, &m_second})
        for (const auto& tensor : *tensors)
            append(tensor, out);
}

std::size_t TorchNet::stateSize() const
{
    std::size_t size = 0;
    for (const auto& parameter : m_parameters)
        size += 3 * static_cast<std::size_t>(parameter.numel());
    return size;
}

void TorchNet::restoreState(std::span<const float>& state)
{
    const torch::NoGradGuard noGradient;
    for (auto* tensors : {&m_parameters, &m_first, &m_second})
        for (auto& tensor : *tensors) {
            const auto count = static_cast<std::size_t>(tensor.numel());
            tensor.copy_(torch::from_blob(const_cast<float*>(state.data()), tensor.sizes(), torch::kFloat32));
            state = state.subspan(count);
        }
}

at::Tensor unpadded(const std::vector<float>& values, int rows, int width)
{
    const auto stride = static_cast<std::int64_t>(values.size()) / rows;
    return tensorOf(values, {rows, stride}).slice(1, 0, width);
}

at::Tensor column(const std::vector<float>& values) { return tensorOf(values, {static_cast<std::int64_t>(values.size()), 1}); }

at::Tensor column(const std::vector<int>& values)
{
    auto* data = const_cast<int*>(values.data());
    return torch::from_blob(data, {static_cast<std::int64_t>(values.size()), 1}, torch::kInt32).to(torch::kInt64);
}

}  // namespace splitscope::rl
