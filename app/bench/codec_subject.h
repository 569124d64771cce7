// SPDX-License-Identifier: GPL-3.0-or-later
// What `bench codec` codes: a network's feature maps on pictures that neither it nor its codebook was trained on.
#pragma once

#include "core/base/tensor.h"
#include "core/codec/codebook.h"
#include "core/data/image.h"

#include <stop_token>

namespace splitscope::app {

/// A tensor that may cross, on every picture.
struct CodecCut {
    std::string name;
    base::Tensor frames;

    [[nodiscard]] std::size_t values() const { return frames.rowSize(); }
    [[nodiscard]] double floatBytes() const { return static_cast<double>(values() * sizeof(float)); }
};

struct CodecSubject {
    std::string model, data;
    std::vector<data::Image> pictures;
    std::vector<CodecCut> cuts;  ///< of all exits' paths, each once, without frames and labels
    std::shared_ptr<const codec::Codebook> codebook;  ///< null where none ships
    std::string whyNoCodebook;

    /// Of one picture, at all cuts.
    [[nodiscard]] double floatBytes() const;
};

/// On the first of cifar10, imagenette and patterns that the network ships weights for and whose images are at hand.
base::Result<CodecSubject> openCodecSubject(const std::string& model, std::size_t pictures, const std::stop_token& stop);

}  // namespace splitscope::app
