// SPDX-License-Identifier: GPL-3.0-or-later
// A small network with every kind of branch, and tables made of invented answers.
#pragma once

#include "core/base/half.h"
#include "core/profile/accuracy_table.h"
#include "tests/core/model/model_samples.h"

namespace splitscope::profile::samples {

/// Three exits on 3×8×8 images: one early, one behind a dropout, and the trunk's own end.
inline model::NetworkSpec threeExits()
{
    using model::LayerType;
    using model::samples::layer;
    auto spec = model::samples::tinySpec();
    spec.name = "three";
    spec.trunk.back().outputs = 6;
    spec.trunk.push_back(layer(LayerType::Relu, "relu3"));
    spec.trunk.push_back(layer(LayerType::Fc, "fc4", 2));
    spec.exits = {{"exit1", 3, {layer(LayerType::Relu, "exit1/relu0"), layer(LayerType::Fc, "exit1/fc1", 2)}},
                  {"exit2", 6, {layer(LayerType::Dropout, "exit2/drop1"), layer(LayerType::Fc, "exit2/fc1", 2)}},
                  {"exit3", 9, {}}};
    return spec;
}

/// So many images for every decision of the network, each with another answer.
inline AccuracyTable inventedTable(std::size_t images)
{
    AccuracyTable table;
    table.network = "three";
    table.modelHash = std::string(64, 'b');
    table.data = "halves";
    table.images = images;
    table.program = "test";
    table.date = "2026-01-02T03:04:05Z";
    std::mt19937 random(7);
    for (std::size_t i = 0; i < images; ++i)
        table.labels.push_back(static_cast<int>(random() % 2));
    const decision::DecisionSpace space(threeExits(), {});
    for (const auto& decision : space.decisions()) {
        AccuracyColumn column{decision.exit, space.cutName(decision), decision.coding, {}, {}, {}};
        for (std::size_t i = 0; i < images; ++i) {
            column.correct.push_back(random() % 3 != 0);
            column.entropy.push_back(base::fromHalf(base::toHalf(static_cast<float>(random() % 1000) / 1300)));
        }
        // What a tensor's records cost is one thing for all exits.
        std::mt19937 sizes(static_cast<unsigned>(column.tensor.size() * 100) + static_cast<unsigned>(column.coding.parameter));
        column.bytes[codec::EntropyCoder::None] = {1000};
        if (column.coding.kind == codec::CodingKind::Quantized)
            for (std::size_t i = 0; i < images; ++i)
                column.bytes[codec::EntropyCoder::HuffmanAdaptive].push_back(static_cast<std::uint32_t>(70'000 + sizes() % 900));
        table.columns.push_back(std::move(column));
    }
    return table;
}

}  // namespace splitscope::profile::samples
