// SPDX-License-Identifier: GPL-3.0-or-later
// A prefix code for single levels that both sides know beforehand: a part of a HuffmanBook.
#pragma once

#include "core/codec/huffman_code.h"

namespace splitscope::codec {

/// A code for single levels. A symbol is a level, or beyond 8 bits its high part (huffman_levels_p.h); the last symbol is the
/// escape, which a level follows as it is: for what training has hardly seen.
class LevelCode {
public:
    static constexpr int kMaxEscapeLength = 12;  ///< with the raw bits of a level behind it, 28: two fit one refill
    static constexpr std::size_t kMaxBits = 28;  ///< of one level

    /// An Error unless the code is complete and the escape has one of at most kMaxEscapeLength bits. 2 <= bits <= 16.
    static base::Result<LevelCode> create(int bits, std::uint16_t pinned, const CodeLengths& lengths);
    /// The best for so many of each level; counts.size() is 2^bits, and any may be 0.
    static LevelCode forCounts(int bits, std::span<const std::uint64_t> counts);
    /// How many symbols the code for levels of that many bits has.
    static std::size_t alphabetSize(int bits);

    struct Word {
        std::uint16_t bits = 0;
        std::uint16_t rawMask = 0;  ///< which of the level's bits follow
        std::uint8_t codeLength = 0;
        std::uint8_t length = 0;  ///< raw bits included

        /// What is written for a level that has this word: the code, then the raw bits.
        [[nodiscard]] std::uint64_t bitsWith(std::uint16_t level) const
        {
            return bits | std::uint64_t{static_cast<std::uint16_t>(level & rawMask)} << codeLength;
        }
    };
    [[nodiscard]] const Word& word(std::uint16_t level) const
    {
        if (m_rawBits == 0)
            return m_words[level];
        const auto other = static_cast<std::size_t>(level != m_pinned);  // a branch would be a coin toss
        return m_words[(1U + (level >> m_rawBits)) & -other];
    }

    /// The next level of a refilled reader; takes at most kMaxBits.
    [[nodiscard]] std::uint16_t decode(BitReader& from) const
    {
        const CodeDecoder::Symbol symbol = m_decoder.peek(from);
        const Part part = m_parts[symbol.symbol];
        const std::uint32_t raw = from.peek(32) >> symbol.length & part.rawMask;
        from.skip(symbol.wholeLength);
        return static_cast<std::uint16_t>(part.first | raw);
    }

    /// Bits that these counts take.
    [[nodiscard]] std::uint64_t cost(std::span<const std::uint64_t> counts) const;
    /// The most bits that one level takes.
    [[nodiscard]] int longest() const { return m_longest; }
    [[nodiscard]] std::uint16_t pinned() const { return m_pinned; }
    [[nodiscard]] const CodeLengths& lengths() const { return m_lengths; }

private:
    struct Part {
        std::uint16_t first = 0;  ///< the level, its raw bits 0
        std::uint16_t rawMask = 0;
    };

    LevelCode(int bits, std::uint16_t pinned, const CodeLengths& lengths);

    int m_rawBits;  ///< of a symbol that is a high part
    int m_longest = 0;
    std::uint16_t m_pinned;
    CodeLengths m_lengths;
    std::array<Word, kMaxSymbols> m_words;
    std::array<Part, kMaxSymbols> m_parts;
    CodeDecoder m_decoder;
};

}  // namespace splitscope::codec
