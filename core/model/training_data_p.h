// SPDX-License-Identifier: GPL-3.0-or-later
// Images as a training reads them. Include core/base/torch_p.h first.
#pragma once

#include "core/base/torch_p.h"

#include "core/data/data_set.h"
#include "core/model/network_spec.h"

#include <random>
#include <span>
#include <stop_token>

namespace splitscope::model {

/// A whole data set in memory, decoded once.
class TrainingData {
public:
    /// The set's images must have the network's size and its labels fit the network's classes.
    static base::Result<TrainingData> load(const NetworkSpec& spec, const data::DataSet& source, std::stop_token stop);

    [[nodiscard]] std::int64_t size() const { return static_cast<std::int64_t>(m_labels.size()); }

    /// Random crops of the padded image, or of parts of it that are stretched, and mirroring; none of these in a default-made
    /// one.
    struct Augmentation {
        int cropPadding = 0;
        bool flip = false;
        double cropScale = 1;  ///< below 1: least share of the area
    };

    /// Normalised images {indices, channels, height, width}, channels last in memory; what a crop takes from outside
    /// the image has the mean's colour.
    at::Tensor images(std::span<const std::int64_t> indices, const Augmentation& augmentation, std::mt19937_64& random) const;
    at::Tensor labels(std::span<const std::int64_t> indices) const;

private:
    /// A part of an image, in pixels.
    struct Part {
        double top, left, height, width;
    };

    void copyImage(std::int64_t index, int top, int left, bool mirrored, float* to) const;
    [[nodiscard]] Part randomPart(double leastShare, std::mt19937_64& random) const;
    void stretchPart(std::int64_t index, const Part& part, bool mirrored, float* to) const;

    base::Shape m_shape;
    base::Bytes m_pixels;
    std::vector<std::int64_t> m_labels;
    std::vector<std::array<float, 256>> m_values;  ///< per channel: the normalised value of each byte
};

}  // namespace splitscope::model
