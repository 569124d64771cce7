// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"

#include <cstddef>

namespace splitscope::data {

struct ImageSize {
    int channels = 3;
    int height = 0;
    int width = 0;

    bool operator==(const ImageSize&) const = default;
    [[nodiscard]] std::size_t byteCount() const
    {
        return static_cast<std::size_t>(channels) * static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
    }
};

/// One frame as its source gives it: 8-bit samples, planar (all red, all green, all blue), row-major.
struct Image {
    ImageSize size;
    base::Bytes pixels;  ///< size.byteCount() bytes
};

}  // namespace splitscope::data
