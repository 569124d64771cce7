// SPDX-License-Identifier: GPL-3.0-or-later
// A canonical prefix code over at most 257 symbols: made from counts, written and read as code lengths.
#pragma once

#include "core/base/result.h"
#include "core/codec/bit_stream.h"

#include <array>

namespace splitscope::codec {

inline constexpr int kMaxCodeLength = 16;
inline constexpr std::size_t kMaxSymbols = 257;

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
    explicit CodeDecoder(const CodeLengths& lengths);  ///< of a complete code

    /// The next symbol, of at most kMaxCodeLength available bits.
    std::size_t decode(BitReader& reader) const
    {
        const Entry entry = m_table[reader.peek(kTableBits)];
        if (entry.length == 0)
            return decodeLong(reader);
        reader.skip(entry.length);
        return entry.symbol;
    }

private:
    static constexpr int kTableBits = 10;
    struct Entry {
        std::uint16_t symbol = 0;
        std::uint8_t length = 0;  ///< 0: longer than kTableBits
    };

    std::size_t decodeLong(BitReader& reader) const;

    std::array<Entry, std::size_t{1} << kTableBits> m_table{};
    std::array<std::uint16_t, kMaxCodeLength + 1> m_countOfLength{};
    std::array<std::uint16_t, kMaxSymbols> m_symbolsInCodeOrder{};
};

}  // namespace splitscope::codec
