// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/chunked_list.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace splitscope::ui {

/// What a stretch of samples holds; NaN values (nothing was measured) do not count.
struct Envelope {
    float low = std::numeric_limits<float>::infinity();
    float high = -std::numeric_limits<float>::infinity();
    float sum = 0;
    std::uint32_t count = 0;

    void add(float value)
    {
        if (std::isnan(value))
            return;
        low = std::min(low, value);
        high = std::max(high, value);
        sum += value;
        ++count;
    }
    void add(const Envelope& other)
    {
        low = std::min(low, other.low);
        high = std::max(high, other.high);
        sum += other.sum;
        count += other.count;
    }
    [[nodiscard]] float mean() const { return count ? sum / static_cast<float>(count) : std::nanf(""); }
};

/// Values of one quantity, with envelopes over blocks of 16, 64, 256, … of them, kept as they arrive: any stretch is
/// summed up in logarithmic time, so a chart of a whole day costs what a chart of a minute costs. About 5.4 bytes a value.
class EnvelopeColumn {
public:
    static constexpr std::size_t kFirstBlock = 16;  ///< values of the smallest blocks
    static constexpr std::size_t kFan = 4;  ///< blocks in a block of the next level

    void append(float value);
    void clear();
    /// Forgets the oldest values.
    void dropFirst(std::size_t count);

    /// How many were forgotten: blocks begin where index + dropped() is a multiple of their length.
    [[nodiscard]] std::size_t dropped() const { return m_dropped; }
    [[nodiscard]] std::size_t size() const { return m_values.size(); }
    [[nodiscard]] float at(std::size_t i) const { return m_values[i]; }
    /// Of values first .. last − 1.
    [[nodiscard]] Envelope envelope(std::size_t first, std::size_t last) const;
    [[nodiscard]] std::size_t bytes() const;

private:
    struct Level {
        ChunkedList<Envelope, 256> blocks;  ///< full ones only
        std::size_t dropped = 0;  ///< blocks that went before the first one here
    };

    ChunkedList<float, 4096> m_values;
    std::vector<Level> m_levels;  ///< level k has blocks of 16 · 4^k values
    std::size_t m_dropped = 0;  ///< values; blocks lie on a grid that counts these
};

}  // namespace splitscope::ui
