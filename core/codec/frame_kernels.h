// SPDX-License-Identifier: GPL-3.0-or-later
// The inner loops of frame models. Each is compiled for several instruction sets; all give the same bits.
#pragma once

#include "core/codec/frame_tables.h"
#include "core/codec/rans.h"
#include "core/data/image.h"

#include <algorithm>
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
        std::int32_t lanes[kAllLanes];  ///< floats, if that is what a kernel computes with
    };
    std::vector<float> rows;  ///< of kernels that compute with floats
    std::vector<std::int16_t> wholeRows;  ///< of others
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

/// Of which `partsBelow` takes one, at the value's level.
inline const std::uint16_t* cdfAt(const ScaleCdf& cdf, int mean)
{
    const int whole = mean >> kStepBits;  // rounds down
    return cdf.below[mean & (kStepsPerLevel - 1)] + (kCdfReach - whole);
}

/// How many of 65536 parts lie below `sample` (0 to 256).
inline std::uint32_t partsBelow(const std::uint16_t* cdf, int sample)
{
    const std::uint32_t inside = std::uint32_t{cdf[sample]} + static_cast<std::uint32_t>(sample);
    const std::uint32_t notLast = sample == 256 ? 65536 : inside;
    return sample == 0 ? 0 : notLast;
}

}  // namespace splitscope::codec
