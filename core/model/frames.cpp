// SPDX-License-Identifier: GPL-3.0-or-later
// Frames as a network's input; without Torch, so that both halves compute the very same floats.
#include "core/model/executor.h"

namespace splitscope::model {

data::ImageSize frameSize(const NetworkSpec& spec) { return {spec.input[0], spec.input[1], spec.input[2]}; }

base::Result<base::Tensor> toInput(const NetworkSpec& spec, std::span<const data::Image> frames)
{
    const auto size = frameSize(spec);
    base::Tensor tensor(static_cast<int>(frames.size()), spec.input);
    const auto plane = static_cast<std::size_t>(size.height) * static_cast<std::size_t>(size.width);
    float* to = tensor.values.data();
    for (const auto& frame : frames) {
        if (!(frame.size == size) || frame.pixels.size() != size.byteCount())
            return base::Error{base::ErrorCode::Mismatch,
                               "a frame of " + base::toString({frame.size.channels, frame.size.height, frame.size.width})
                                   + " does not fit; " + spec.name + " takes " + base::toString(spec.input),
                               "frame"};
        const auto* from = frame.pixels.data();
        for (std::size_t c = 0; c < spec.mean.size(); ++c)
            for (std::size_t i = 0; i < plane; ++i)
                *to++ = (static_cast<float>(*from++) / 255.0F - spec.mean[c]) / spec.deviation[c];
    }
    return tensor;
}

}  // namespace splitscope::model
