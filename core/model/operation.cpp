// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/torch_p.h"

#include "core/model/operation_p.h"

namespace splitscope::model {

at::Tensor parameterTensor(const Weights& weights, const std::string& name)
{
    const auto& parameter = weights.parameters.at(name);
    const std::vector<std::int64_t> sizes(parameter.shape.begin(), parameter.shape.end());
    return at::from_blob(const_cast<float*>(parameter.values.data()), sizes, at::kFloat).clone();
}

namespace {

at::Tensor channelsLast(const at::Tensor& input)
{
    return input.dim() == 4 ? input.contiguous(at::MemoryFormat::ChannelsLast) : input.contiguous();
}

class Convolution : public Operation {
public:
    Convolution(const LayerSpec& layer, const Weights& weights)
        : m_weight(channelsLast(parameterTensor(weights, layer.name + ".weight"))),
          m_bias(parameterTensor(weights, layer.name + ".bias")), m_stride{layer.stride, layer.stride}, m_padding{layer.padding,
                                                                                                                  layer.padding},
          m_groups(layer.groups)
    {
    }

    at::Tensor run(const at::Tensor& input) const override
    {
        // at::conv2d picks its kernels by batch size too; with one kernel for all, a row never depends on its batch.
        if (at::hasMKLDNN())
            return at::mkldnn_convolution(channelsLast(input), m_weight, m_bias, m_padding, m_stride, {1, 1}, m_groups);
        return at::conv2d(channelsLast(input), m_weight, m_bias, m_stride, m_padding, {1, 1}, m_groups);
    }

private:
    at::Tensor m_weight;
    at::Tensor m_bias;
    std::array<std::int64_t, 2> m_stride;
    std::array<std::int64_t, 2> m_padding;
    std::int64_t m_groups;
};

class FullyConnected : public Operation {
public:
    FullyConnected(const LayerSpec& layer, const Weights& weights)
        : m_weight(parameterTensor(weights, layer.name + ".weight")), m_bias(parameterTensor(weights, layer.name + ".bias"))
    {
    }

    at::Tensor run(const at::Tensor& input) const override
    {
        const auto rows = input.dim() > 2 ? input.contiguous().flatten(1) : input;
        // Row by row: a matrix product sums in an order that depends on the batch size, a row's place in it and the
        // processor's threads; so a row keeps its very bits whatever its batch. Up to 8 rows it is the faster way, too.
        auto result = at::empty({rows.size(0), m_weight.size(0)}, rows.options());
        for (std::int64_t i = 0; i < rows.size(0); ++i) {
            auto row = result[i];
            at::addmv_out(row, m_bias, m_weight, rows[i]);
        }
        return result;
    }

private:
    at::Tensor m_weight;
    at::Tensor m_bias;
};

class Rectifier : public Operation {
public:
    at::Tensor run(const at::Tensor& input) const override { return at::relu(input); }
};

class Rectifier6 : public Operation {
public:
    at::Tensor run(const at::Tensor& input) const override { return at::clamp(input, 0, 6); }
};

class HardSwish : public Operation {
public:
    at::Tensor run(const at::Tensor& input) const override { return at::hardswish(input); }
};

class GlobalAveragePooling : public Operation {
public:
    at::Tensor run(const at::Tensor& input) const override
    {
        const auto maps = channelsLast(input);
        auto result = at::empty({maps.size(0), maps.size(1)}, maps.options());
        for (std::int64_t i = 0; i < maps.size(0); ++i)  // frame by frame: sums are split by the batch's size, too
            result[i].copy_(maps[i].mean({1, 2}));
        return result;
    }
};

/// What the body makes of the input, plus what the shortcut makes of it.
class Residual : public Operation {
public:
    Residual(const LayerSpec& block, const Weights& weights, MakeOperation make)
    {
        for (const auto& layer : block.body)
            m_body.push_back(make(layer, weights));
        for (const auto& layer : block.shortcut)
            m_shortcut.push_back(make(layer, weights));
    }

    at::Tensor run(const at::Tensor& input) const override
    {
        return channelsLast(chain(m_body, input)) + chain(m_shortcut, input);
    }

private:
    using Chain = std::vector<std::unique_ptr<Operation>>;

    static at::Tensor chain(const Chain& operations, at::Tensor value)
    {
        for (const auto& operation : operations)
            value = operation->run(value);
        return value;
    }

    Chain m_body;
    Chain m_shortcut;
};

class MaxPooling : public Operation {
public:
    explicit MaxPooling(const LayerSpec& layer) : m_layer(layer) {}

    at::Tensor run(const at::Tensor& input) const override
    {
        return at::max_pool2d(channelsLast(input), m_layer.kernel, m_layer.stride, m_layer.padding, 1, m_layer.ceilMode);
    }

private:
    LayerSpec m_layer;
};

/// x / (k + α/n · Σ x²)^β over a window of n channels.
class LocalResponseNormalisation : public Operation {
public:
    explicit LocalResponseNormalisation(const LayerSpec& layer) : m_layer(layer) {}

    at::Tensor run(const at::Tensor& input) const override
    {
        const auto value = channelsLast(input);
        const auto squares = value * value;
        const auto channels = value.size(1);
        const int before = m_layer.size / 2;
        auto sums = squares.clone();
        for (int shift = -before; shift < m_layer.size - before; ++shift) {
            const auto overlap = channels - std::abs(shift);
            if (shift == 0 || overlap <= 0)
                continue;
            sums.narrow(1, std::max(0, -shift), overlap).add_(squares.narrow(1, std::max(0, shift), overlap));
        }
        sums.mul_(m_layer.alpha / m_layer.size).add_(m_layer.k);
        if (m_layer.beta != 0.75)
            return value * sums.pow_(-m_layer.beta);
        // The usual power, from square roots: they are exact to the bit wherever an element stands, and fast.
        const auto root = sums.sqrt();
        return value.div(sums.copy_(root).sqrt_().mul_(root));
    }

private:
    LayerSpec m_layer;
};

/// Dropout, which does nothing at inference.
class Identity : public Operation {
public:
    at::Tensor run(const at::Tensor& input) const override { return input; }
};

}  // namespace

std::unique_ptr<Operation> makeResidual(const LayerSpec& block, const Weights& weights, MakeOperation make)
{
    return std::make_unique<Residual>(block, weights, make);
}

std::unique_ptr<Operation> makeOperation(const LayerSpec& layer, const Weights& weights)
{
    switch (layer.type) {
    case LayerType::Conv: return std::make_unique<Convolution>(layer, weights);
    case LayerType::Fc: return std::make_unique<FullyConnected>(layer, weights);
    case LayerType::Relu: return std::make_unique<Rectifier>();
    case LayerType::Relu6: return std::make_unique<Rectifier6>();
    case LayerType::HardSwish: return std::make_unique<HardSwish>();
    case LayerType::MaxPool: return std::make_unique<MaxPooling>(layer);
    case LayerType::GlobalAvgPool: return std::make_unique<GlobalAveragePooling>();
    case LayerType::Lrn: return std::make_unique<LocalResponseNormalisation>(layer);
    case LayerType::Dropout: return std::make_unique<Identity>();
    case LayerType::Residual: return makeResidual(layer, weights, makeOperation);
    }
    return nullptr;
}

}  // namespace splitscope::model
