// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/torch_p.h"

#include "core/model/network_p.h"

#include <algorithm>

namespace splitscope::model {

namespace {

Parameter toParameter(const at::Tensor& tensor)
{
    const auto values = tensor.detach().to(at::kCPU, at::kFloat).contiguous();
    Parameter parameter;
    for (auto side : values.sizes())
        parameter.shape.push_back(static_cast<int>(side));
    const auto* first = values.data_ptr<float>();
    parameter.values.assign(first, first + values.numel());
    return parameter;
}

/// Local response normalisation. Torch's own goes through a three-dimensional pooling that takes many times as long.
at::Tensor normalised(const LayerSpec& layer, const at::Tensor& input)
{
    const auto channels = input.size(1);
    const int before = layer.size / 2;
    const auto squares = at::constant_pad_nd(input * input, {0, 0, 0, 0, before, layer.size - 1 - before});
    auto sums = squares.narrow(1, 0, channels);
    for (int i = 1; i < layer.size; ++i)
        sums = sums + squares.narrow(1, i, channels);
    return input * (sums * (layer.alpha / layer.size) + layer.k).pow(-layer.beta);
}

/// The lowest and the highest value of each frame, shaped to go with the frames.
std::pair<at::Tensor, at::Tensor> extremes(const at::Tensor& input)
{
    const auto frames = input.flatten(1);
    std::vector<std::int64_t> shape(static_cast<std::size_t>(input.dim()), 1);
    shape[0] = input.size(0);
    return {frames.amin(1).view(shape), frames.amax(1).view(shape)};
}

void assign(at::Tensor to, const Parameter& from) { to.copy_(at::tensor(from.values, at::kFloat).view(to.sizes())); }

}  // namespace

TrainingNetwork::TrainingNetwork(const NetworkSpec& spec)
{
    std::vector<base::Shape> shapes{spec.input};
    m_trunk = build(spec.trunk, shapes);
    for (const auto& exit : spec.exits) {
        std::vector<base::Shape> head{shapes[static_cast<std::size_t>(exit.after)]};
        m_heads.push_back(build(exit.head, head));
        m_branches.push_back(exit.after);
    }
}

std::vector<TrainingNetwork::Layer> TrainingNetwork::build(const std::vector<LayerSpec>& specs, std::vector<base::Shape>& shapes)
{
    std::vector<Layer> layers;
    for (const auto& spec : specs) {
        layers.push_back(build(spec, shapes.back()));
        shapes.push_back(outputShape(spec, shapes.back()).value());
    }
    return layers;
}

TrainingNetwork::Layer TrainingNetwork::build(const LayerSpec& spec, const base::Shape& input)
{
    Layer layer;
    layer.spec = spec;
    if (spec.type == LayerType::Conv) {
        const auto options = torch::nn::Conv2dOptions(input[0], spec.outputs, spec.kernel)
                                 .stride(spec.stride)
                                 .padding(spec.padding)
                                 .groups(spec.groups)
                                 .bias(false);
        layer.convolution = register_module(spec.name, torch::nn::Conv2d(options));
        layer.normalisation = register_module(spec.name + "/norm", torch::nn::BatchNorm2d(spec.outputs));
        torch::nn::init::kaiming_normal_(layer.convolution->weight, 0, torch::kFanOut, torch::kReLU);
    } else if (spec.type == LayerType::Fc) {
        const auto features = static_cast<std::int64_t>(base::elementCount(input));
        layer.linear = register_module(spec.name, torch::nn::Linear(features, spec.outputs));
    } else if (spec.type == LayerType::Residual) {
        std::vector<base::Shape> body{input}, shortcut{input};
        layer.body = build(spec.body, body);
        layer.shortcut = build(spec.shortcut, shortcut);
    }
    return layer;
}

at::Tensor TrainingNetwork::applyAll(std::vector<Layer>& layers, at::Tensor value)
{
    for (auto& layer : layers)
        value = apply(layer, value);
    return value;
}

at::Tensor TrainingNetwork::apply(Layer& layer, const at::Tensor& input)
{
    const auto output = compute(layer, input);
    if (!layer.noisy || !is_training())
        return output;
    const auto [low, high] = extremes(output);
    const double most = (1 << m_noiseBits) - 1;
    constexpr double kSmallestRange = 1e-6;  // a constant frame
    const auto levels = (output - low) * (most / (high - low).clamp_min(kSmallestRange));
    m_levels[layer.spec.name] = levels.flatten(1).mean(1);
    const auto quantized = low + levels.round() * ((high - low) / most);
    return output + (quantized - output).detach();
}

at::Tensor TrainingNetwork::compute(Layer& layer, const at::Tensor& input)
{
    const auto& spec = layer.spec;
    switch (spec.type) {
    case LayerType::Conv: return layer.normalisation->forward(layer.convolution->forward(input));
    case LayerType::Fc: return layer.linear->forward(input.dim() > 2 ? input.contiguous().flatten(1) : input);
    case LayerType::Relu: return at::relu(input);
    case LayerType::Relu6: return at::clamp(input, 0, 6);
    case LayerType::HardSwish: return at::hardswish(input);
    case LayerType::GlobalAvgPool: return input.mean({2, 3});
    case LayerType::Residual: return applyAll(layer.body, input) + applyAll(layer.shortcut, input);
    case LayerType::MaxPool: return at::max_pool2d(input, spec.kernel, spec.stride, spec.padding, 1, spec.ceilMode);
    case LayerType::Lrn: return normalised(spec, input);
    case LayerType::Dropout: return at::dropout(input, spec.probability, is_training());
    }
    return input;
}

std::vector<at::Tensor> TrainingNetwork::forward(const at::Tensor& input)
{
    std::vector<at::Tensor> logits;
    m_levels.clear();
    auto value = input;
    std::size_t done = 0;
    for (std::size_t exit = 0; exit < m_heads.size(); ++exit) {
        for (; done < static_cast<std::size_t>(m_branches[exit]); ++done)
            value = apply(m_trunk[done], value);
        logits.push_back(applyAll(m_heads[exit], value));
    }
    return logits;
}

namespace {

/// Each layer of a list and, behind a block, those inside of it.
template <typename Layers, typename Visit>
void visitAll(Layers& layers, Visit& visit)
{
    for (auto& layer : layers) {
        visit(layer);
        visitAll(layer.body, visit);
        visitAll(layer.shortcut, visit);
    }
}

}  // namespace

template <typename Visit>
void TrainingNetwork::visitLayers(Visit visit) const
{
    visitAll(m_trunk, visit);
    for (const auto& head : m_heads)
        visitAll(head, visit);
}

template <typename Visit>
void TrainingNetwork::changeLayers(Visit visit)
{
    visitAll(m_trunk, visit);
    for (auto& head : m_heads)
        visitAll(head, visit);
}

void TrainingNetwork::quantizeBehind(const std::vector<std::string>& layers, int bits)
{
    m_noiseBits = bits;
    changeLayers([&](Layer& layer) { layer.noisy = std::find(layers.begin(), layers.end(), layer.spec.name) != layers.end(); });
}

at::Tensor TrainingNetwork::excessRate(double target, const std::vector<std::string>& layers) const
{
    at::Tensor sum = at::zeros({});
    std::size_t count = 0;
    for (const auto& [name, mean] : m_levels) {
        if (!layers.empty() && std::find(layers.begin(), layers.end(), name) == layers.end())
            continue;
        ++count;
        // The entropy of whole numbers with this mean is at most that of the geometric distribution.
        const auto bits = (mean + 1) * (mean + 1).log2() - mean * mean.clamp_min(1e-6).log2();
        sum = sum + at::relu(bits - target).mean();
    }
    return sum / static_cast<double>(std::max<std::size_t>(1, count));
}

void TrainingNetwork::unfold(const Weights& weights)
{
    const torch::NoGradGuard noGradient;
    changeLayers([&](Layer& layer) {
        if (!layer.linear && !layer.convolution)
            return;
        const auto& weight = weights.parameters.at(layer.spec.name + ".weight");
        const auto& bias = weights.parameters.at(layer.spec.name + ".bias");
        if (layer.linear) {
            assign(layer.linear->weight, weight);
            assign(layer.linear->bias, bias);
            return;
        }
        assign(layer.convolution->weight, weight);
        auto& norm = *layer.normalisation;
        norm.running_mean.zero_();
        norm.running_var.fill_(1 - norm.options.eps());
        norm.weight.fill_(1);
        assign(norm.bias, bias);
    });
}

std::vector<at::Tensor> TrainingNetwork::decayed() const
{
    std::vector<at::Tensor> result;
    visitLayers([&](const Layer& layer) {
        if (layer.convolution)
            result.push_back(layer.convolution->weight);
        if (layer.linear)
            result.push_back(layer.linear->weight);
    });
    return result;
}

std::vector<at::Tensor> TrainingNetwork::undecayed() const
{
    std::vector<at::Tensor> result;
    visitLayers([&](const Layer& layer) {
        if (layer.normalisation) {
            result.push_back(layer.normalisation->weight);
            result.push_back(layer.normalisation->bias);
        }
        if (layer.linear)
            result.push_back(layer.linear->bias);
    });
    return result;
}

Weights TrainingNetwork::fold() const
{
    const torch::NoGradGuard noGradient;
    Weights weights;
    visitLayers([&](const Layer& layer) {
        at::Tensor weight;
        at::Tensor bias;
        if (layer.linear) {
            weight = layer.linear->weight;
            bias = layer.linear->bias;
        } else if (layer.convolution) {
            // (w·x − mean)/√(var + ε)·γ + β, in double so that folding costs no accuracy
            const auto& norm = *layer.normalisation;
            const auto scale = norm.weight.to(at::kDouble) / (norm.running_var.to(at::kDouble) + norm.options.eps()).sqrt();
            weight = layer.convolution->weight.to(at::kDouble) * scale.view({-1, 1, 1, 1});
            bias = norm.bias.to(at::kDouble) - norm.running_mean.to(at::kDouble) * scale;
        } else {
            return;
        }
        weights.parameters[layer.spec.name + ".weight"] = toParameter(weight);
        weights.parameters[layer.spec.name + ".bias"] = toParameter(bias);
    });
    return weights;
}

}  // namespace splitscope::model
