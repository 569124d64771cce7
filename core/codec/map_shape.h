// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

namespace splitscope::codec {

/// How a frame's values lie: channel after channel, each row by row. A vector has as many channels as values.
struct MapShape {
    int channels = 0;
    int height = 1;
    int width = 1;

    [[nodiscard]] std::size_t count() const
    {
        return static_cast<std::size_t>(channels) * static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
    }
    bool operator==(const MapShape&) const = default;
};

}  // namespace splitscope::codec
