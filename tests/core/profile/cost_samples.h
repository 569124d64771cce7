// SPDX-License-Identifier: GPL-3.0-or-later
// Profiles and an accuracy table with round numbers, for tests of what is computed from them.
#pragma once

#include "core/profile/cost_table.h"

namespace splitscope::profile {

inline const std::string kSampleHash(64, 'a');

inline Measurement sampleTime(double ms)
{
    return {.meanMs = ms, .p50Ms = ms, .p95Ms = ms, .sigmaMs = 0, .lowMs = ms, .highMs = ms, .samples = 9, .excluded = 0};
}

/// A layer takes `layerMs` a frame, a coding `codingMs`, reading 0.1 ms and making the input 0.2 ms; batches 1 and 8.
inline ComputeProfile sampleProfile(const model::NetworkSpec& spec, const decision::SpaceOptions& actions, double layerMs,
                                    double codingMs)
{
    ComputeProfile profile;
    profile.network = spec.name;
    profile.modelHash = kSampleHash;
    profile.date = "2026-01-02T03:04:05Z";
    profile.machine.name = "sample";
    profile.backend = "plain";
    const decision::DecisionSpace space(spec, actions);
    for (const int batch : {1, 8}) {
        for (int exit = 1; exit <= spec.exitCount(); ++exit) {
            const auto& path = space.path(exit);
            for (const int cut : path.distinctCuts()) {
                if (cut > 0)
                    profile.segments.push_back({exit, 0, cut, batch, sampleTime(layerMs * cut * batch)});
                if (cut > 0 && cut < path.length())
                    profile.segments.push_back(
                        {exit, cut, path.length(), batch, sampleTime(layerMs * (path.length() - cut) * batch)});
            }
        }
        for (const auto& decision : space.decisions())
            if (decision.coding.kind != codec::CodingKind::LabelOnly)
                profile.codings.push_back({space.cutName(decision), decision.coding, batch, sampleTime(codingMs * batch),
                                           sampleTime(2 * codingMs * batch)});
        profile.capture.push_back({"read", batch, sampleTime(0.1 * batch)});
        profile.capture.push_back({"input", batch, sampleTime(0.2 * batch)});
    }
    return profile;
}

/// Exit 1 is right of 80 in 100, 2 of 85, 3 of 90; at 4 bits 10 fewer. A record has 1,000 bytes a bit, or a pixel coding 3,072.
inline AccuracyTable sampleAccuracy(const model::NetworkSpec& spec, const decision::SpaceOptions& actions)
{
    AccuracyTable table;
    table.network = spec.name;
    table.modelHash = kSampleHash;
    table.data = "patterns";
    table.images = 100;
    table.labels.assign(table.images, 0);
    const decision::DecisionSpace space(spec, actions);
    for (const auto& decision : space.decisions()) {
        const auto& coding = decision.coding;
        const bool quantized = coding.kind == codec::CodingKind::Quantized;
        const bool local = coding.kind == codec::CodingKind::LabelOnly;
        const auto right = static_cast<std::size_t>(75 + 5 * decision.exit - (quantized && coding.parameter == 4 ? 10 : 0));
        AccuracyColumn column{decision.exit, space.cutName(decision), coding, {}, {}, {}};
        column.bytes[codec::EntropyCoder::None] = {local           ? 0
                                                       : quantized ? static_cast<std::uint32_t>(1000 * coding.parameter)
                                                                   : 3072};
        for (std::size_t i = 0; i < table.images; ++i) {
            column.correct.push_back(i < right);
            column.entropy.push_back(0.5F);
        }
        table.columns.push_back(std::move(column));
    }
    return table;
}

inline const LinkProfile kSampleLink{
    .rttMs = 1, .requestOverheadMs = 0.5, .perChunkMs = 0.05, .burstBytes = 1500, .source = "test"};

inline CostTable sampleTable(const model::NetworkSpec& spec, const decision::SpaceOptions& actions = {})
{
    return *CostTable::make(spec, actions, sampleProfile(spec, actions, 4, 0.4), sampleProfile(spec, actions, 1, 0.1),
                            kSampleLink, sampleAccuracy(spec, actions));
}

}  // namespace splitscope::profile
