// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/torch_p.h"

#include "app/bench/segments_eager.h"
#include "core/model/path.h"

namespace splitscope::app {

namespace {

namespace functional = torch::nn::functional;

at::Tensor wrap(const std::vector<float>& values, std::vector<std::int64_t> sizes)
{
    // Operations only read their input: from_blob takes no const pointer.
    return at::from_blob(const_cast<float*>(values.data()), sizes, at::kFloat);
}

struct EagerLayer {
    model::LayerSpec spec;
    at::Tensor weight, bias;  ///< of convolutions and fully connected layers
    std::vector<EagerLayer> body, shortcut;  ///< of a residual block

    EagerLayer(const model::PathLayer& layer, const model::Weights& weights) : spec(layer.spec)
    {
        if (!model::weightShape(spec, layer.input).empty()) {
            weight = parameter(weights, spec.name + ".weight");
            bias = parameter(weights, spec.name + ".bias");
        }
        if (spec.type == model::LayerType::Residual)
            for (const auto& inner : model::innerLayers(layer))
                (body.size() < spec.body.size() ? body : shortcut).emplace_back(inner, weights);
    }

    static at::Tensor parameter(const model::Weights& weights, const std::string& name)
    {
        const auto& found = weights.parameters.at(name);
        return wrap(found.values, {found.shape.begin(), found.shape.end()}).clone();
    }

    static at::Tensor runAll(const std::vector<EagerLayer>& layers, at::Tensor value)
    {
        for (const auto& layer : layers)
            value = layer.run(value);
        return value;
    }

    [[nodiscard]] at::Tensor run(const at::Tensor& input) const
    {
        switch (spec.type) {
        case model::LayerType::Conv: return at::conv2d(input, weight, bias, spec.stride, spec.padding, 1, spec.groups);
        case model::LayerType::Relu: return at::relu(input);
        case model::LayerType::Relu6: return at::clamp(input, 0, 6);
        case model::LayerType::HardSwish: return at::hardswish(input);
        case model::LayerType::GlobalAvgPool: return input.mean({2, 3});
        case model::LayerType::Residual: return runAll(body, input) + runAll(shortcut, input);
        case model::LayerType::MaxPool: return at::max_pool2d(input, spec.kernel, spec.stride, spec.padding, 1, spec.ceilMode);
        case model::LayerType::Lrn: {
            const auto options = functional::LocalResponseNormFuncOptions(spec.size).alpha(spec.alpha).beta(spec.beta).k(spec.k);
            return functional::local_response_norm(input, options);
        }
        case model::LayerType::Fc: return at::linear(input.flatten(1), weight, bias);
        case model::LayerType::Dropout: return input;
        }
        return input;
    }
};

}  // namespace

struct EagerNetwork::Private {
    std::vector<std::vector<EagerLayer>> exits;
};

EagerNetwork::EagerNetwork(const model::NetworkSpec& spec, const model::Weights& weights) : d(std::make_unique<Private>())
{
    const c10::InferenceMode inference;
    std::map<std::string, EagerLayer> made;  // trunk layers are shared by exits
    for (int exit = 1; exit <= spec.exitCount(); ++exit) {
        auto& layers = d->exits.emplace_back();
        for (const auto& layer : model::Path(spec, exit).layers()) {
            layers.push_back(made.try_emplace(layer.spec.name, layer, weights).first->second);
        }
    }
}

EagerNetwork::~EagerNetwork() = default;
EagerNetwork::EagerNetwork(EagerNetwork&&) noexcept = default;
EagerNetwork& EagerNetwork::operator=(EagerNetwork&&) noexcept = default;

base::Tensor EagerNetwork::run(int exit, const base::Tensor& input) const
{
    const c10::InferenceMode inference;
    std::vector<std::int64_t> sizes{input.batch};
    sizes.insert(sizes.end(), input.shape.begin(), input.shape.end());
    const auto value = EagerLayer::runAll(d->exits[static_cast<std::size_t>(exit - 1)], wrap(input.values, sizes));
    base::Tensor result(input.batch, {static_cast<int>(value.size(1))});
    std::memcpy(result.values.data(), value.contiguous().data_ptr<float>(), result.values.size() * sizeof(float));
    return result;
}

}  // namespace splitscope::app
