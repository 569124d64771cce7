// SPDX-License-Identifier: GPL-3.0-or-later
// A cost table that behaves as a measured one does, made without measuring: times follow FLOPs, sizes follow shapes.
#pragma once

#include "core/sim/evaluator.h"
#include "tests/core/profile/cost_samples.h"

#include <algorithm>
#include <cmath>

namespace splitscope::sim {

/// How fast a machine of the samples is.
struct SampleSpeed {
    double flopsPerMs = 2e6;
    double layerMs = 0.02;  ///< each layer's overhead
    double bytesPerMs = 1e5;  ///< of values coded
};
inline constexpr SampleSpeed kSlowDevice{};
inline constexpr SampleSpeed kFastEdge{.flopsPerMs = 2e7, .layerMs = 0.004, .bytesPerMs = 1e6};

inline double sampleSegmentMs(const model::Path& path, int first, int last, const SampleSpeed& speed)
{
    double ms = 0;
    for (int layer = first + 1; layer <= last; ++layer)
        ms += speed.layerMs + path.layer(layer).flops / speed.flopsPerMs;
    return ms;
}

inline double elementsAt(const model::Path& path, int cut)
{
    double count = 1;
    for (const auto size : path.cutShape(cut))
        count *= static_cast<double>(size);
    return count;
}

/// Times of a request grow a little less than its frames.
inline profile::ComputeProfile smallProfile(const model::NetworkSpec& spec, const decision::SpaceOptions& actions,
                                            const SampleSpeed& speed)
{
    auto made = profile::sampleProfile(spec, actions, 1, 1);
    made.segments.clear();
    made.codings.clear();
    made.capture.clear();
    const decision::DecisionSpace space(spec, actions);
    for (const int batch : {1, 8, 64}) {
        const double frames = std::pow(batch, 0.9);
        made.capture.push_back({"read", batch, profile::sampleTime(0.01 * batch)});
        made.capture.push_back({"input", batch, profile::sampleTime(0.02 * batch)});
        for (int exit = 1; exit <= spec.exitCount(); ++exit) {
            const auto& path = space.path(exit);
            const int length = path.length();
            for (const int cut : path.distinctCuts()) {
                if (cut > 0)
                    made.segments.push_back(
                        {exit, 0, cut, batch, profile::sampleTime(frames * sampleSegmentMs(path, 0, cut, speed))});
                if (cut < length)
                    made.segments.push_back(
                        {exit, cut, length, batch, profile::sampleTime(frames * sampleSegmentMs(path, cut, length, speed))});
            }
        }
        for (const auto& decision : space.decisions()) {
            if (decision.coding.kind == codec::CodingKind::LabelOnly)
                continue;
            const double ms = batch * elementsAt(space.path(decision.exit), decision.partition) / speed.bytesPerMs;
            made.codings.push_back(
                {space.cutName(decision), decision.coding, batch, profile::sampleTime(ms), profile::sampleTime(ms)});
        }
    }
    return made;
}

/// Of 1,000 images: exits answer 806, 850, 876, … rightly; coarse codings cost some of them.
inline profile::AccuracyTable smallAccuracy(const model::NetworkSpec& spec, const decision::SpaceOptions& actions)
{
    auto table = profile::sampleAccuracy(spec, actions);
    table.images = 1000;
    table.labels.assign(table.images, 0);
    const decision::DecisionSpace space(spec, actions);
    std::size_t at = 0;
    for (const auto& decision : space.decisions()) {
        auto& column = table.columns[at++];
        const auto& [kind, parameter] = decision.coding;
        const double elements = elementsAt(space.path(decision.exit), decision.partition);
        int right = decision.exit == 1 ? 806 : decision.exit == 2 ? 850 : 871 + 5 * (decision.exit - 2);
        double bytes = elements;
        switch (kind) {
        case codec::CodingKind::LabelOnly: bytes = 0; break;
        case codec::CodingKind::Quantized:
            bytes = std::ceil(elements * parameter / 8) + 16;
            right -= parameter <= 4 ? 20 + 2 * decision.partition : parameter <= 8 ? 1 : 0;
            break;
        case codec::CodingKind::Float32: bytes = 4 * elements; break;
        case codec::CodingKind::Raw: break;
        case codec::CodingKind::Lossless: bytes = std::round(0.8 * elements); break;
        case codec::CodingKind::Jpeg:
            bytes = std::round(elements * (0.15 + 0.003 * parameter));
            right -= (100 - parameter) * (100 - parameter) / 60;
            break;
        }
        column.bytes[codec::EntropyCoder::None] = {static_cast<std::uint32_t>(bytes)};
        column.correct.clear();
        for (int i = 0; i < static_cast<int>(table.images); ++i)
            column.correct.push_back(i < right);
        column.entropy.assign(table.images, 0.5F);
    }
    return table;
}

inline const profile::LinkProfile kSmallLink{
    .rttMs = 0.4, .requestOverheadMs = 0.2, .perChunkMs = 0.05, .burstBytes = 1500, .source = "test"};

/// A shipped network's ("alexnet3", "alexnet5", …), its device ten times slower than its edge; batches 1, 8 and 64.
inline profile::CostTable smallTable(const std::string& network = "alexnet3", const decision::SpaceOptions& actions = {},
                                     const SampleSpeed& device = kSlowDevice)
{
    const auto spec = *model::loadNetworkSpec(network);
    return *profile::CostTable::make(spec, actions, smallProfile(spec, actions, device), smallProfile(spec, actions, kFastEdge),
                                     kSmallLink, smallAccuracy(spec, actions));
}

/// With the scale and the rates of interestingRates().
inline Evaluator smallEvaluator(const decision::Objective& objective = {}, int batch = 1,
                                const profile::CostTable& table = smallTable())
{
    const auto rates = interestingRates(table, batch, {});
    return *Evaluator::make(table, batch, objective, standardScale(table, batch, {}, rates.low, rates.high));
}

}  // namespace splitscope::sim
