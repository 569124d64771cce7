// SPDX-License-Identifier: GPL-3.0-or-later
// Frames, and models of frames whose numbers are made up, for tests.
#pragma once

#include "core/base/random.h"
#include "core/codec/frame_model.h"
#include "core/codec/frame_tables.h"

#include <cmath>

namespace splitscope::codec {

/// Smooth with some noise, like a photograph; without noise the same on every machine.
inline data::Image smoothFrame(int height, int width, int noise, std::uint64_t seed = 3)
{
    base::Random random(seed);
    data::Image image{{3, height, width}, {}};
    for (int channel = 0; channel < 3; ++channel)
        for (int y = 0; y < height; ++y)
            for (int x = 0; x < width; ++x) {
                const int ramp = (7 * x + 5 * y * (channel + 1)) % 400;
                const int wave = 28 + (ramp < 200 ? ramp : 400 - ramp);
                image.pixels.push_back(static_cast<std::uint8_t>(wave + (noise > 0 ? random.below(noise) : 0)));
            }
    return image;
}

inline data::Image noiseFrame(int height, int width, std::uint64_t seed = 5)
{
    base::Random random(seed);
    data::Image image{{3, height, width}, base::Bytes(static_cast<std::size_t>(3 * height * width))};
    for (auto& sample : image.pixels)
        sample = static_cast<std::uint8_t>(random.below(256));
    return image;
}

inline data::Image constantFrame(int height, int width, std::uint8_t value)
{
    return {{3, height, width}, base::Bytes(static_cast<std::size_t>(3 * height * width), value)};
}

/// The example of BITSTREAMS.md: each sample is expected to be what lies left of it.
inline FrameParameters exampleParameters()
{
    FrameParameters parameters;
    for (auto& row : parameters.networks)
        for (std::size_t channel = 0; channel < kFrameChannels; ++channel) {
            row[channel].weights[kAboveInputs + kFrameChannels + channel][kMeanLane] = 4096;
            row[channel].bias[kScaleLane] = 81920;
        }
    for (auto& shape : parameters.shapes)
        for (std::size_t knot = 0; knot < kShapeKnots; ++knot)
            shape[knot] = static_cast<std::uint16_t>(std::min<std::size_t>(kShapeTotal / 2, 1020 * (knot + 1)));
    return parameters;
}

/// Anything within bounds: nothing about it is plausible, all of it is used.
inline FrameParameters wildParameters(std::uint64_t seed, int weight = 900)
{
    base::Random random(seed);
    const auto within = [&](int bound) { return random.below(2 * bound + 1) - bound; };
    FrameParameters parameters;
    for (auto& row : parameters.networks)
        for (std::size_t channel = 0; channel < kFrameChannels; ++channel) {
            FrameNetwork& network = row[channel];
            for (std::size_t input = 0; input < static_cast<std::size_t>(frameInputs(static_cast<int>(channel))); ++input)
                for (auto& value : network.weights[input])
                    value = static_cast<std::int16_t>(within(weight));
            for (auto& value : network.bias)
                value = within(1'000'000);
            for (auto& value : network.mean)
                value = static_cast<std::int16_t>(within(1900));
            for (auto& value : network.scale)
                value = static_cast<std::int16_t>(within(200));
        }
    for (auto& shape : parameters.shapes) {
        int value = 0;
        for (auto& knot : shape) {
            value = std::min(value + random.below(2000), kShapeTotal / 2);
            knot = static_cast<std::uint16_t>(value);
        }
    }
    return parameters;
}

inline base::Bytes serialized(const FrameParameters& parameters)
{
    base::Bytes bytes;
    serializeFrameParameters(parameters, bytes);
    return bytes;
}

inline FrameModel modelOf(const FrameParameters& parameters) { return FrameModel::parse(serialized(parameters), "test").value(); }

}  // namespace splitscope::codec
