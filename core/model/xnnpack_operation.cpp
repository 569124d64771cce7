// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/torch_p.h"

#include "core/model/operation_p.h"
#include "core/model/prepared_network_p.h"

#include <ATen/core/dispatch/Dispatcher.h>

namespace splitscope::model {

namespace {

/// LibTorch offers its XNNPACK through operators of the dispatcher only.
auto find(const char* name) { return c10::Dispatcher::singleton().findSchema({name, ""}); }

c10::IValue call(const char* name, std::vector<c10::IValue> arguments)
{
    const auto found = find(name);
    if (!found)
        throw std::runtime_error(std::string("this LibTorch has no ") + name);
    found->callBoxed(&arguments);
    return arguments.front();
}

class PackedConvolution : public Operation {
public:
    PackedConvolution(const LayerSpec& layer, const Weights& weights)
    {
        const auto both = [](std::int64_t value) { return c10::List<std::int64_t>({value, value}); };
        m_packed
            = call("prepacked::conv2d_clamp_prepack",
                   {parameterTensor(weights, layer.name + ".weight"), parameterTensor(weights, layer.name + ".bias"),
                    both(layer.stride), both(layer.padding), both(1), std::int64_t{layer.groups}, c10::IValue(), c10::IValue()});
    }

    at::Tensor run(const at::Tensor& input) const override
    {
        return call("prepacked::conv2d_clamp_run", {input.contiguous(at::MemoryFormat::ChannelsLast), m_packed}).toTensor();
    }

private:
    c10::IValue m_packed;
};

class PackedConnection : public Operation {
public:
    PackedConnection(const LayerSpec& layer, const Weights& weights)
        : m_packed(call("prepacked::linear_clamp_prepack",
                        {parameterTensor(weights, layer.name + ".weight"), parameterTensor(weights, layer.name + ".bias"),
                         c10::IValue(), c10::IValue()}))
    {
    }

    at::Tensor run(const at::Tensor& input) const override
    {
        const auto rows = input.dim() > 2 ? input.contiguous().flatten(1) : input.contiguous();
        return call("prepacked::linear_clamp_run", {rows, m_packed}).toTensor();
    }

private:
    c10::IValue m_packed;
};

}  // namespace

bool hasXnnPack() { return at::globalContext().isXNNPACKAvailable() && find("prepacked::conv2d_clamp_prepack").has_value(); }

std::unique_ptr<Operation> makeXnnPackOperation(const LayerSpec& layer, const Weights& weights)
{
    switch (layer.type) {
    case LayerType::Conv: return std::make_unique<PackedConvolution>(layer, weights);
    case LayerType::Fc: return std::make_unique<PackedConnection>(layer, weights);
    case LayerType::Residual: return makeResidual(layer, weights, makeXnnPackOperation);
    default: return makeOperation(layer, weights);
    }
}

}  // namespace splitscope::model
