// SPDX-License-Identifier: GPL-3.0-or-later
// What a context model consists of, as it is learned and as it lies in a file.
#pragma once

#include "core/codec/context_model.h"
#include "core/codec/context_tables.h"

namespace splitscope::codec {

struct ContextModel::Parts {
    int bits = 0;
    Predictor predictor;
    ContextBounds bounds;
    std::vector<ContextShape> contexts;  ///< bounds.contexts(); spread buckets of an expected bucket lie together
};

/// More values than this are no frame.
inline constexpr std::size_t kMaxMapValues = std::size_t{1} << 24;

/// Levels as symbols of at most kMaxSymbolBits bits. Beyond 8 bits symbol 0 is level 0 alone, the zeros of a ReLU; every
/// other stands for 2^(bits − 8) levels, the last for twice as many but one; which, is said by raw bits.
class LevelSymbols {
public:
    explicit LevelSymbols(int bits) : m_bits(bits), m_rawBits(std::max(bits - kMaxSymbolBits, 0)) {}

    [[nodiscard]] int symbolBits() const { return m_bits - m_rawBits; }
    [[nodiscard]] std::uint32_t symbolOf(std::uint32_t level) const
    {
        if (m_rawBits == 0 || level == 0)
            return level;
        return std::min(((level - 1) >> m_rawBits) + 1, kLast);
    }
    [[nodiscard]] int rawBitsOf(std::uint32_t symbol) const
    {
        return m_rawBits == 0 || symbol == 0 ? 0 : symbol == kLast ? m_rawBits + 1 : m_rawBits;
    }
    /// The symbol's first level. With raw bits added, damaged input may make it 2^bits.
    [[nodiscard]] std::uint32_t levelOf(std::uint32_t symbol) const
    {
        return m_rawBits == 0 || symbol == 0 ? symbol : ((symbol - 1) << m_rawBits) + 1;
    }

private:
    static constexpr std::uint32_t kLast = (1U << kMaxSymbolBits) - 1;

    int m_bits;
    int m_rawBits;
};

}  // namespace splitscope::codec
