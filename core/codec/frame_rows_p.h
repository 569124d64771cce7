// SPDX-License-Identifier: GPL-3.0-or-later
// The rows of a frame that a frame model's kernels look at.
#pragma once

#include "core/codec/frame_kernels.h"
#include "core/codec/frame_lanes_p.h"

#include <algorithm>

namespace splitscope::codec {

constexpr int kMostTogether = 4;  ///< pixels that a kernel takes together

SPLITSCOPE_INLINE std::vector<float>& rowsOf(FrameScratch& scratch, float) { return scratch.rows; }
SPLITSCOPE_INLINE std::vector<std::int16_t>& rowsOf(FrameScratch& scratch, std::int16_t) { return scratch.wholeRows; }

/// Three rows of samples less kSampleOffset in coding order, with kFrameReach pixels more on either side.
template <typename Value>
class Rows {
public:
    SPLITSCOPE_INLINE Rows(std::vector<Value>& memory, int width) : m_width(width), m_length(rowLength(width))
    {
        memory.assign(3 * m_length, Value{});
        for (int i = 0; i < 3; ++i)
            m_rows[i] = memory.data() + static_cast<std::size_t>(i) * m_length;
    }

    /// At pixel −kFrameReach.
    [[nodiscard]] SPLITSCOPE_INLINE Value* current() const { return m_rows[2]; }
    [[nodiscard]] SPLITSCOPE_INLINE const Value* above() const { return m_rows[1]; }
    [[nodiscard]] SPLITSCOPE_INLINE const Value* secondAbove() const { return m_rows[0]; }

    /// The current row is full.
    SPLITSCOPE_INLINE void next(bool first)
    {
        Value* row = current();
        const Value* firstPixel = row + kFrameReach * kFrameChannels;
        const Value* lastPixel = firstPixel + (m_width - 1) * kFrameChannels;
        for (int i = 0; i < kFrameReach * kFrameChannels; ++i) {
            if (first)
                row[i] = firstPixel[i % kFrameChannels];
            row[kFrameReach * kFrameChannels + m_width * kFrameChannels + i] = lastPixel[i % kFrameChannels];
        }
        std::rotate(m_rows, m_rows + 1, m_rows + 3);
        if (first)
            std::copy_n(m_rows[1], m_length, m_rows[0]);
        for (int i = 0; i < kFrameReach * kFrameChannels; ++i)
            current()[i] = m_rows[1][kFrameReach * kFrameChannels + i % kFrameChannels];
    }

private:
    /// With what is read, for no weight, behind the last of pixels that are taken together.
    static std::size_t rowLength(int width)
    {
        return static_cast<std::size_t>(kFrameChannels) * (static_cast<std::size_t>(width) + 2 * kFrameReach + kMostTogether);
    }

    int m_width;
    std::size_t m_length;
    Value* m_rows[3];
};

}  // namespace splitscope::codec
