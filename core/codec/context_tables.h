// SPDX-License-Identifier: GPL-3.0-or-later
// The context coder's distributions: which context an expectation belongs to, and how symbols are distributed there.
#pragma once

#include "core/codec/context_predictor.h"
#include "core/codec/rans.h"

namespace splitscope::codec {

/// What a model file says of one context: its distribution in a few steps, so that a frequency costs a file little.
struct ContextShape {
    struct Segment {
        std::uint16_t length = 0;  ///< so many symbols, alike
        std::uint8_t logFrequency = 0;  ///< 8 to an octave; 0: these symbols are written behind an escape
    };
    bool residual = false;  ///< symbols are what they differ from the expected one by, modulo their number
    std::uint8_t escapeLog = 0;  ///< as logFrequency, >= 1
    std::vector<Segment> segments;  ///< all symbols in order
};

inline constexpr std::size_t kMaxExpectedBuckets = 128;
inline constexpr std::size_t kMaxSpreadBuckets = 32;
inline constexpr int kMaxLogFrequency = 8 * 24;

/// Bounds ascend; a value that has reached k of them is in bucket k.
struct ContextBounds {
    std::vector<std::uint16_t> expected;  ///< of expectations, counted from −kExpectedMargin
    std::vector<std::uint16_t> spread;

    [[nodiscard]] std::size_t contexts() const { return (expected.size() + 1) * (spread.size() + 1); }
};

/// Frequencies of the symbols and, last, of the escape; they sum to kRansTotal.
void frequenciesOf(const ContextShape& shape, std::span<std::uint16_t> frequencies);

/// Finds contexts.
class ContextFinder {
public:
    explicit ContextFinder(const ContextBounds& bounds);

    [[nodiscard]] std::size_t contextOf(const Expectation& e) const
    {
        const int place = e.expected + kExpectedMargin;
        return std::size_t{m_expected[static_cast<std::size_t>(place)]} + m_spread[static_cast<std::size_t>(e.spread)];
    }

private:
    std::array<std::uint16_t, kExpectedSteps> m_expected;  ///< bucket · spread buckets
    std::array<std::uint8_t, kSpreadSteps> m_spread;
};

/// All contexts' distributions, ready for both directions.
class ContextTables {
public:
    ContextTables(int symbolBits, const std::vector<ContextShape>& shapes);

    /// A symbol's place in a context. No frequency: it goes behind the escape.
    struct Interval {
        std::uint16_t start;
        std::uint16_t frequency;
    };
    [[nodiscard]] Interval intervalOf(std::size_t context, std::uint32_t symbol) const
    {
        const std::uint16_t* const starts = startsOf(context) + symbol;
        return {starts[0], static_cast<std::uint16_t>(starts[1] - starts[0])};
    }
    [[nodiscard]] Interval escapeOf(std::size_t context) const { return intervalOf(context, m_symbols); }

    /// The symbol, or the number of symbols for an escape.
    [[nodiscard]] std::uint32_t take(std::size_t context, RansDecoder& decoder) const
    {
        const std::uint16_t* const starts = startsOf(context);
        const std::uint32_t slot = decoder.slot();
        std::uint32_t symbol = m_firstInBlock[context * kBlocks + (slot >> kBlockBits)];
        while (starts[symbol + 1] <= slot)
            ++symbol;
        decoder.take(starts[symbol], std::uint32_t{starts[symbol + 1]} - starts[symbol]);
        return symbol;
    }

    /// What a symbol is counted from: 0 or the expected symbol.
    [[nodiscard]] std::uint32_t originOf(std::size_t context, const Expectation& e) const
    {
        const std::int32_t half = 1 << (m_expectedShift - 1);
        return static_cast<std::uint32_t>((e.inRange + half) >> m_expectedShift) & m_originMask[context];
    }
    [[nodiscard]] std::uint32_t symbolMask() const { return m_symbols - 1; }

private:
    static constexpr int kBlockBits = 6;
    static constexpr std::size_t kBlocks = kRansTotal >> kBlockBits;

    [[nodiscard]] const std::uint16_t* startsOf(std::size_t context) const { return m_starts.data() + context * (m_symbols + 2); }

    std::uint32_t m_symbols;
    int m_expectedShift;
    std::vector<std::uint16_t> m_starts;  ///< per context: of each symbol, of the escape, and the end
    std::vector<std::uint8_t> m_firstInBlock;  ///< per context and block of slots a symbol not behind the block's first
    std::vector<std::uint16_t> m_originMask;
};

}  // namespace splitscope::codec
