// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rl/learner.h"

#include "core/base/random.h"
#include "core/rl/kernels_p.h"

#include <cmath>

namespace splitscope::rl {

std::vector<Layer> initialLayers(const NetShape& shape, std::uint64_t seed)
{
    base::Random random(seed);
    std::vector<Layer> layers;
    for (int i = 0; i < shape.layers; ++i) {
        Layer layer;
        layer.inputs = i == 0 ? shape.inputs : shape.width;
        layer.outputs = i + 1 == shape.layers ? shape.outputs : shape.width;
        const float bound = 1 / std::sqrt(static_cast<float>(layer.inputs));
        layer.weights.resize(static_cast<std::size_t>(layer.inputs) * static_cast<std::size_t>(layer.outputs));
        layer.bias.resize(static_cast<std::size_t>(layer.outputs));
        for (auto* values : {&layer.weights, &layer.bias})
            for (auto& value : *values)
                value = random.between(-bound, bound);
        layers.push_back(std::move(layer));
    }
    return layers;
}

std::vector<Layer> scaledOutputs(std::vector<Layer> layers, double factor)
{
    for (auto* values : {&layers.back().weights, &layers.back().bias})
        for (auto& value : *values)
            value *= static_cast<float>(factor);
    return layers;
}

Batch::Batch(int rowCount, int inputs, int actionCount) : rows(rowCount), width(padded(inputs)), actionWidth(padded(actionCount))
{
    const auto count = static_cast<std::size_t>(rows);
    observations.resize(count * static_cast<std::size_t>(width));
    next.resize(observations.size());
    masks.resize(count * static_cast<std::size_t>(actionWidth));
    nextMasks.resize(masks.size());
    actions.resize(count);
    rewards.resize(count);
    goesOn.resize(count, 1);
}

}  // namespace splitscope::rl
