// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/torch_p.h"

#include "core/model/operation_p.h"
#include "core/model/path.h"
#include "core/model/prepared_network_p.h"

namespace splitscope::model {

namespace {

at::Tensor toTorch(const base::Tensor& tensor)
{
    std::vector<std::int64_t> sizes{tensor.batch};
    sizes.insert(sizes.end(), tensor.shape.begin(), tensor.shape.end());
    // Operations only read their input: from_blob takes no const pointer.
    return at::from_blob(const_cast<float*>(tensor.values.data()), sizes, at::kFloat);
}

base::Tensor fromTorch(const at::Tensor& tensor, const base::Shape& shape)
{
    base::Tensor result;
    result.batch = static_cast<int>(tensor.size(0));
    result.shape = shape;
    const auto values = tensor.contiguous();
    const auto* first = values.data_ptr<float>();
    result.values.assign(first, first + values.numel());
    return result;
}

/// One exit's way: its accounting, and its operations in the network's list.
struct Way {
    Path path;
    std::vector<const Operation*> operations;
};

/// A network as a list of LibTorch's tensors' operations.
class PlainNetwork : public PreparedNetwork {
public:
    PlainNetwork(const NetworkSpec& spec, const Weights& weights, MakeOperation make)
    {
        const c10::InferenceMode inference;
        const auto add = [&](const LayerSpec& layer) {
            m_operations.push_back(make(layer, weights));
            return m_operations.back().get();
        };
        std::vector<const Operation*> trunk;
        for (const auto& layer : spec.trunk)
            trunk.push_back(add(layer));
        for (int exit = 1; exit <= spec.exitCount(); ++exit) {
            const auto& way = spec.exits[static_cast<std::size_t>(exit - 1)];
            std::vector<const Operation*> list(trunk.begin(), trunk.begin() + way.after);
            for (const auto& layer : way.head)
                list.push_back(add(layer));
            m_ways.push_back({Path(spec, exit), std::move(list)});
        }
    }

    base::Tensor run(int exit, int first, int last, const base::Tensor& input) const override
    {
        const c10::InferenceMode inference;
        const auto& way = m_ways[static_cast<std::size_t>(exit - 1)];
        auto value = toTorch(input);
        for (int i = first; i < last; ++i)
            value = way.operations[static_cast<std::size_t>(i)]->run(value);
        return fromTorch(value, way.path.cutShape(last));
    }

    bool fusesWithNext(int, int) const override { return false; }

private:
    std::vector<std::unique_ptr<Operation>> m_operations;  ///< the trunk's, then each head's
    std::vector<Way> m_ways;
};

}  // namespace

std::unique_ptr<PreparedNetwork> preparePlain(const NetworkSpec& spec, const Weights& weights)
{
    return std::make_unique<PlainNetwork>(spec, weights, makeOperation);
}

std::unique_ptr<PreparedNetwork> prepareXnnPack(const NetworkSpec& spec, const Weights& weights)
{
    return std::make_unique<PlainNetwork>(spec, weights, makeXnnPackOperation);
}

}  // namespace splitscope::model
