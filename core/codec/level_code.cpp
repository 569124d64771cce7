// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/codec/level_code.h"

#include "core/codec/huffman_levels_p.h"

#include <bit>
#include <utility>

namespace splitscope::codec {

std::size_t LevelCode::alphabetSize(int bits) { return Alphabet(bits).size + 1; }

LevelCode::LevelCode(int bits, std::uint16_t pinned, const CodeLengths& lengths)
    : m_rawBits(Alphabet(bits).rawBits), m_pinned(pinned), m_lengths(lengths), m_decoder([&] {
          const Alphabet alphabet(bits);
          CodeDecoder::RawBits rawBits{};
          for (std::size_t symbol = 1; symbol < alphabet.size; ++symbol)
              rawBits[symbol] = static_cast<std::uint8_t>(alphabet.rawBits);
          rawBits[alphabet.size] = static_cast<std::uint8_t>(bits);
          return CodeDecoder(lengths, rawBits);
      }())
{
    const Alphabet alphabet(bits);
    const auto wholeMask = static_cast<std::uint16_t>((1U << bits) - 1);
    const auto rawMask = static_cast<std::uint16_t>((1U << m_rawBits) - 1);
    const CodeWords words = canonicalCode(lengths);
    const std::size_t escape = alphabet.size;
    for (std::size_t symbol = 0; symbol <= escape; ++symbol) {
        Part& part = m_parts[symbol];
        if (symbol == escape)
            part = {0, wholeMask};
        else if (!alphabet.pins())
            part = {static_cast<std::uint16_t>(symbol), 0};
        else if (symbol == 0)
            part = {pinned, 0};
        else
            part = {static_cast<std::uint16_t>((symbol - 1) << m_rawBits), rawMask};
        const std::size_t coded = lengths.of[symbol] > 0 ? symbol : escape;
        const std::uint16_t mask = coded == escape ? wholeMask : part.rawMask;
        const auto length = static_cast<std::uint8_t>(words[coded].length + std::popcount(mask));
        m_words[symbol] = {words[coded].bits, mask, words[coded].length, length};
        m_longest = std::max<int>(m_longest, length);
    }
}

base::Result<LevelCode> LevelCode::create(int bits, std::uint16_t pinned, const CodeLengths& lengths)
{
    const int escape = lengths.of[lengths.alphabetSize - 1];
    if (lengths.alphabetSize != alphabetSize(bits) || escape < 1 || escape > kMaxEscapeLength || pinned >> bits != 0)
        return base::Error{base::ErrorCode::InvalidInput, "a code for levels has no escape of 1 to 12 bits, or pins no level",
                           "codebook"};
    return LevelCode(bits, pinned, lengths);
}

LevelCode LevelCode::forCounts(int bits, std::span<const std::uint64_t> counts)
{
    // Rarer than this, a level is no worse off behind the escape, and its code's room serves the others.
    constexpr std::uint64_t kRarest = 1 << 14;
    constexpr std::uint64_t kEscapeShare = 1 << 11;
    const Alphabet alphabet(bits);
    const auto pinned = static_cast<std::uint16_t>(std::max_element(counts.begin(), counts.end()) - counts.begin());
    std::array<std::uint64_t, kMaxSymbols> symbols{};
    std::uint64_t total = 0;
    for (std::size_t level = 0; level < counts.size(); ++level) {
        const std::size_t bucket = alphabet.pins() ? alphabet.bucket(static_cast<std::uint16_t>(level)) : level;
        symbols[alphabet.pins() && level == pinned ? 0 : bucket] += counts[level];
        total += counts[level];
    }
    std::uint64_t escaped = 0;
    for (std::size_t symbol = 0; symbol < alphabet.size; ++symbol)
        if (symbols[symbol] * kRarest < total)
            escaped += std::exchange(symbols[symbol], 0);
    if (total == 0)  // nothing known: all alike
        std::fill_n(symbols.begin(), alphabet.size, 1);
    CodeLengths lengths;
    for (std::uint64_t weight = std::max({escaped, total / kEscapeShare, std::uint64_t{1}});; weight *= 2) {
        symbols[alphabet.size] = weight;
        lengths = codeLengthsFor(std::span(symbols).first(alphabet.size + 1));
        if (lengths.of[alphabet.size] <= kMaxEscapeLength)
            return LevelCode(bits, pinned, lengths);
    }
}

std::uint64_t LevelCode::cost(std::span<const std::uint64_t> counts) const
{
    std::uint64_t bits = 0;
    for (std::size_t level = 0; level < counts.size(); ++level)
        bits += counts[level] * word(static_cast<std::uint16_t>(level)).length;
    return bits;
}

}  // namespace splitscope::codec
