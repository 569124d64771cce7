// SPDX-License-Identifier: GPL-3.0-or-later
// The device's camera: which image of the data set is frame i.
#pragma once

#include "core/data/data_set.h"

#include <memory>

namespace splitscope::exec {

/// Frames in an order that depends on seed and frame id alone: every epoch goes once through the whole set, shuffled
/// anew, so a run that is taken up again sees what it would have seen. One thread at a time.
class FrameSource {
public:
    /// `images` is not empty.
    FrameSource(std::shared_ptr<const data::DataSet> images, std::uint64_t seed);

    [[nodiscard]] std::size_t imageIndex(std::uint64_t frame);
    [[nodiscard]] std::vector<int> truths(std::uint64_t firstFrame, int count);
    [[nodiscard]] base::Result<std::vector<data::Image>> read(std::uint64_t firstFrame, int count);

private:
    void shuffle(std::uint64_t epoch);

    std::shared_ptr<const data::DataSet> m_images;
    const std::uint64_t m_seed;
    std::uint64_t m_epoch = 0;
    std::vector<std::uint32_t> m_order;  ///< of m_epoch; empty at first
};

}  // namespace splitscope::exec
