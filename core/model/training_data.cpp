// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/torch_p.h"

#include "core/model/executor.h"
#include "core/model/training_data_p.h"

#include <algorithm>
#include <cmath>

namespace splitscope::model {

using base::Error;
using base::ErrorCode;

base::Result<TrainingData> TrainingData::load(const NetworkSpec& spec, const data::DataSet& source, std::stop_token stop)
{
    const auto size = frameSize(spec);
    if (!(source.imageSize() == size))
        return Error{ErrorCode::Mismatch, "its images are not of the network's size, " + base::toString(spec.input),
                     source.name()};
    if (static_cast<int>(source.classNames().size()) != spec.classes)
        return Error{ErrorCode::Mismatch,
                     "has " + std::to_string(source.classNames().size()) + " classes, but the network "
                         + std::to_string(spec.classes),
                     source.name()};
    if (source.size() == 0)
        return Error{ErrorCode::InvalidInput, "has no images", source.name()};
    TrainingData data;
    data.m_shape = spec.input;
    data.m_pixels.resize(source.size() * size.byteCount());
    for (std::size_t i = 0; i < source.size(); ++i) {
        if (stop.stop_requested())
            return Error{ErrorCode::Cancelled, "stopped while the images were read", source.name()};
        const auto image = source.image(i);
        if (!image)
            return image.error();
        std::copy(image->pixels.begin(), image->pixels.end(),
                  data.m_pixels.begin() + static_cast<std::ptrdiff_t>(i * size.byteCount()));
        data.m_labels.push_back(source.label(i));
    }
    for (std::size_t c = 0; c < spec.mean.size(); ++c) {
        auto& values = data.m_values.emplace_back();
        for (std::size_t byte = 0; byte < values.size(); ++byte)
            values[byte] = (static_cast<float>(byte) / 255.0F - spec.mean[c]) / spec.deviation[c];
    }
    return data;
}

void TrainingData::copyImage(std::int64_t index, int top, int left, bool mirrored, float* to) const
{
    const int height = m_shape[1];
    const int width = m_shape[2];
    const auto plane = static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
    for (std::size_t c = 0; c < m_values.size(); ++c) {
        const auto* from = m_pixels.data() + (static_cast<std::size_t>(index) * m_values.size() + c) * plane;
        for (int y = top; y < top + height; ++y)
            for (int x = 0; x < width; ++x, ++to) {
                const int column = left + (mirrored ? width - 1 - x : x);
                if (y >= 0 && y < height && column >= 0 && column < width)
                    *to = m_values[c][from[y * width + column]];
                else
                    *to = 0;
            }
    }
}

/// Uniform in its share of the area, then in the logarithm of its shape, then in its place.
TrainingData::Part TrainingData::randomPart(double leastShare, std::mt19937_64& random) const
{
    constexpr double kMostElongated = 4.0 / 3;
    // By hand: the distributions of the standard library differ between implementations.
    const auto uniform = [&random](double low, double high) {
        constexpr double kStep = 1.0 / (1ULL << 53);
        return low + (high - low) * static_cast<double>(random() >> 11) * kStep;
    };
    const double share = uniform(leastShare, 1);
    const double longest = std::log(std::min(kMostElongated, 1 / share));  // what fits into the frame
    const double shape = std::exp(uniform(-longest, longest));
    Part part{};
    part.height = std::sqrt(share / shape) * m_shape[1];
    part.width = std::sqrt(share * shape) * m_shape[2];
    part.top = uniform(0, m_shape[1] - part.height);
    part.left = uniform(0, m_shape[2] - part.width);
    return part;
}

/// Bilinear between pixel centres.
void TrainingData::stretchPart(std::int64_t index, const Part& part, bool mirrored, float* to) const
{
    const int height = m_shape[1];
    const int width = m_shape[2];
    struct Between {
        int first, second;
        float share;  ///< of the second
    };
    const auto between = [](double start, double extent, int sides, int at) {
        const double place = std::clamp(start + (at + 0.5) * extent / sides - 0.5, 0.0, sides - 1.0);
        const int first = static_cast<int>(place);
        return Between{first, std::min(first + 1, sides - 1), static_cast<float>(place - first)};
    };
    std::vector<Between> columns;
    for (int x = 0; x < width; ++x)
        columns.push_back(between(part.left, part.width, width, mirrored ? width - 1 - x : x));
    const auto plane = static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
    for (std::size_t c = 0; c < m_values.size(); ++c) {
        const auto* from = m_pixels.data() + (static_cast<std::size_t>(index) * m_values.size() + c) * plane;
        const auto& values = m_values[c];
        for (int y = 0; y < height; ++y) {
            const auto row = between(part.top, part.height, height, y);
            const auto* upper = from + static_cast<std::ptrdiff_t>(row.first) * width;
            const auto* lower = from + static_cast<std::ptrdiff_t>(row.second) * width;
            for (const auto& column : columns) {
                const float above
                    = values[upper[column.first]] * (1 - column.share) + values[upper[column.second]] * column.share;
                const float below
                    = values[lower[column.first]] * (1 - column.share) + values[lower[column.second]] * column.share;
                *to++ = above * (1 - row.share) + below * row.share;
            }
        }
    }
}

at::Tensor TrainingData::images(std::span<const std::int64_t> indices, const Augmentation& augmentation,
                                std::mt19937_64& random) const
{
    auto batch = at::empty({static_cast<std::int64_t>(indices.size()), m_shape[0], m_shape[1], m_shape[2]}, at::kFloat);
    float* to = batch.data_ptr<float>();
    const auto offset = [&] {
        const auto span = static_cast<std::uint64_t>(2 * augmentation.cropPadding + 1);
        return static_cast<int>(random() % span) - augmentation.cropPadding;
    };
    for (const auto index : indices) {
        if (augmentation.cropScale < 1) {
            const auto part = randomPart(augmentation.cropScale, random);
            stretchPart(index, part, augmentation.flip && (random() & 1) != 0, to);
            to += base::elementCount(m_shape);
            continue;
        }
        const int top = augmentation.cropPadding > 0 ? offset() : 0;
        const int left = augmentation.cropPadding > 0 ? offset() : 0;
        const bool mirrored = augmentation.flip && (random() & 1) != 0;
        copyImage(index, top, left, mirrored, to);
        to += base::elementCount(m_shape);
    }
    return batch.contiguous(at::MemoryFormat::ChannelsLast);
}

at::Tensor TrainingData::labels(std::span<const std::int64_t> indices) const
{
    auto batch = at::empty({static_cast<std::int64_t>(indices.size())}, at::kLong);
    std::transform(indices.begin(), indices.end(), batch.data_ptr<std::int64_t>(),
                   [this](std::int64_t i) { return m_labels[static_cast<std::size_t>(i)]; });
    return batch;
}

}  // namespace splitscope::model
