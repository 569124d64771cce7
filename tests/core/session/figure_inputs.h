// SPDX-License-Identifier: GPL-3.0-or-later
// What figures of one network are made of, invented.
#pragma once

#include "core/session/figure_set.h"
#include "tests/core/profile/cost_samples.h"

namespace splitscope::session {

inline model::NetworkSpec network() { return *model::loadNetworkSpec("alexnet3"); }

inline bool isHeavy(model::LayerType type) { return type == model::LayerType::Conv || type == model::LayerType::Fc; }

/// Conv and fc layers take `heavyMs`, all others `lightMs`; repeats spread by `sigma` of the mean.
inline profile::ComputeProfile layeredProfile(double heavyMs, double lightMs, double sigma = 0.1)
{
    const auto spec = network();
    auto profile = profile::sampleProfile(spec, {}, 4, 0.4);
    const auto add = [&](const std::vector<model::LayerSpec>& layers) {
        for (const auto& layer : layers) {
            auto time = profile::sampleTime(isHeavy(layer.type) ? heavyMs : lightMs);
            time.sigmaMs = sigma * time.meanMs;
            profile.layers.push_back({layer.name, 8, time});
        }
    };
    add(spec.trunk);
    for (const auto& exit : spec.exits)
        add(exit.head);
    return profile;
}

inline FigureInputs inputsOf(const profile::AccuracyTable& table)
{
    FigureInputs inputs;
    inputs.spec = network();
    inputs.data = table.data;
    inputs.rows = rowsOf(inputs.spec, table);
    inputs.accuracy = table;
    return inputs;
}

}  // namespace splitscope::session
