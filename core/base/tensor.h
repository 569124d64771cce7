// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace splitscope::base {

/// Sizes without the batch: {channels, height, width} or {features}.
using Shape = std::vector<int>;

inline std::size_t elementCount(const Shape& shape)
{
    std::size_t n = 1;
    for (int d : shape)
        n *= static_cast<std::size_t>(d);
    return n;
}

/// "64x16x16", for people.
std::string toString(const Shape& shape);

/// Plain float32 values of a batch, row after row, so that Torch stays out of every interface.
/// values.size() == batch · elementCount(shape).
struct Tensor {
    int batch = 0;
    Shape shape;
    std::vector<float> values;

    Tensor() = default;
    Tensor(int batchSize, Shape rowShape)
        : batch(batchSize), shape(std::move(rowShape)), values(static_cast<std::size_t>(batchSize) * elementCount(shape))
    {
    }

    [[nodiscard]] std::size_t rowSize() const { return elementCount(shape); }
    [[nodiscard]] std::span<float> row(int i)
    {
        return std::span(values).subspan(static_cast<std::size_t>(i) * rowSize(), rowSize());
    }
    [[nodiscard]] std::span<const float> row(int i) const
    {
        return std::span(values).subspan(static_cast<std::size_t>(i) * rowSize(), rowSize());
    }
};

/// Index of the largest value; the lowest index wins a tie.
int argmax(std::span<const float> values);

}  // namespace splitscope::base
