// SPDX-License-Identifier: GPL-3.0-or-later
// The inner loops of frame models. Each is compiled for several instruction sets; all give the same bits.
#pragma once

#include "core/codec/frame_tables.h"
#include "core/codec/rans.h"
#include "core/data/image.h"

#include <vector>

namespace splitscope::codec {

/// What a sample is expected to be: the mean in steps of 1/8, and which of the scales.
struct FramePrediction {
    std::int16_t mean = 0;
    std::uint16_t scale = 0;
};

/// Memory that coding works in, kept from frame to frame.
struct FrameScratch {
    struct alignas(64) Sums {
        float lanes[kAllLanes];
    };
    std::vector<float> rows;
    std::vector<Sums> sums;
    std::vector<FramePrediction> predictions;  ///< 3 a pixel, in coding order

    void prepare(const data::ImageSize& size);
};

/// The functions for one instruction set. Images have 3 channels, sides of at least 1, and all their pixels.
struct FrameKernels {
    void (*predict)(const FrameTables& tables, const data::Image& image, FrameScratch& scratch, FramePrediction* out);
    void (*decode)(const FrameTables& tables, RansDecoder& decoder, FrameScratch& scratch, data::Image& image);
};

/// The best for this processor.
const FrameKernels& frameKernels();
/// All that this processor can run, the best first.
std::vector<FrameKernels> availableFrameKernels();

/// How many of 65536 parts lie below `sample` (0 to 256).
inline std::uint32_t partsBelow(const ScaleCdf& cdf, int mean, int sample)
{
    const int step = kStepsPerLevel * sample - kStepsPerLevel / 2 - mean;
    const std::uint32_t inside = std::uint32_t{cdf.below[kCdfReach + step]} + static_cast<std::uint32_t>(sample);
    const std::uint32_t notLast = sample == 256 ? 65536 : inside;
    return sample == 0 ? 0 : notLast;
}

}  // namespace splitscope::codec
