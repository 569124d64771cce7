// SPDX-License-Identifier: GPL-3.0-or-later
// A canonical prefix code over at most 258 symbols: made from counts, written and read as code lengths.
#pragma once

#include "core/base/result.h"
#include "core/codec/bit_stream.h"

#include <array>

namespace splitscope::codec {

inline constexpr int kMaxCodeLength = 16;
inline constexpr std::size_t kMaxSymbols = 258;

/// Per symbol the length of its code in bits, 0 for a symbol without one; alphabetSize entries count.
struct CodeLengths {
    std::array<std::uint8_t, kMaxSymbols> of{};
    std::size_t alphabetSize = 0;
};

/// Lengths of a complete code that is optimal for the counts, as long as no code needs more than kMaxCodeLength bits;
/// else close to it. At least two counts are not zero; counts.size() <= kMaxSymbols.
CodeLengths codeLengthsFor(std::span<const std::uint64_t> counts);

/// A symbol's bits as they go into the stream: canonical codes, most significant bit first.
struct CodeWord {
    std::uint16_t bits = 0;  ///< reversed, so that a BitWriter puts the code's first bit first
    std::uint8_t length = 0;
};
using CodeWords = std::array<CodeWord, kMaxSymbols>;
CodeWords canonicalCode(const CodeLengths& lengths);

/// The table's form in a message (BITSTREAMS.md). `firstGuess` stands for the length before the first.
std::size_t codeLengthsBitCount(const CodeLengths& lengths, int firstGuess);
void writeCodeLengths(const CodeLengths& lengths, int firstGuess, BitWriter& writer);

/// Reads lengths for an alphabet of that size; an Error unless they make a complete code.
base::Result<CodeLengths> readCodeLengths(BitReader& reader, std::size_t alphabetSize, int firstGuess);

/// Decodes one symbol after another by table; any sequence of bits decodes to some symbols.
class CodeDecoder {
public:
    /// How many raw bits follow each symbol, 16 at most.
    using RawBits = std::array<std::uint8_t, kMaxSymbols>;

    /// Of a complete code.
    explicit CodeDecoder(const CodeLengths& lengths, const RawBits& rawBits = {});

    struct Symbol {
        std::uint8_t wholeLength = 0;  ///< raw bits included; first, as the next symbol waits for it
        std::uint8_t length = 0;  ///< of its code
        std::uint16_t symbol = 0;
    };

    /// The next symbol, of at most kMaxCodeLength available bits and its raw bits, which are left for skip(wholeLength).
    [[nodiscard]] Symbol peek(const BitReader& reader) const
    {
        const Symbol symbol = m_table[reader.peek(kTableBits)];
        if (symbol.wholeLength == 0) [[unlikely]]
            return longCode(reader.peek(kMaxCodeLength));  // by value: the reader stays in registers
        return symbol;
    }

    /// The same, taken; of a code without raw bits.
    std::size_t decode(BitReader& reader) const
    {
        const Symbol symbol = peek(reader);
        reader.skip(symbol.wholeLength);
        return symbol.symbol;
    }

private:
    static constexpr int kTableBits = 10;

    [[nodiscard]] Symbol made(std::size_t symbol, std::size_t length) const;
    [[nodiscard]] Symbol longCode(std::uint32_t bits) const;

    RawBits m_rawBits;
    std::array<Symbol, std::size_t{1} << kTableBits> m_table;  ///< wholeLength 0: longer than kTableBits
    std::array<std::uint16_t, kMaxCodeLength + 1> m_countOfLength{};
    std::array<std::uint16_t, kMaxSymbols> m_symbolsInCodeOrder;
};

}  // namespace splitscope::codec
