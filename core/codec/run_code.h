// SPDX-License-Identifier: GPL-3.0-or-later
// A prefix code for how often one level is repeated before another one comes: a part of a HuffmanBook.
#pragma once

#include "core/codec/level_code.h"

namespace splitscope::codec {

/// Symbols 0 to 254 are so many of the frequent level and then another level, or the frame's end; 255 is so many of it and
/// nothing more; the last symbol is the escape, which a number of 8 bits follows: one of the others.
class RunCode {
public:
    static constexpr std::size_t kLongest = 255;
    static constexpr std::size_t kAlphabetSize = kLongest + 2;

    RunCode(std::uint16_t frequentLevel, const CodeLengths& codeLengths);

    [[nodiscard]] std::uint16_t frequent() const { return m_frequent; }
    [[nodiscard]] const CodeLengths& lengths() const { return m_lengths; }

    /// The writer has room for what `levels` can take: a run's and a level's bits for each.
    void put(std::span<const std::uint16_t> levels, const LevelCode& others, BitWriter& writer) const;
    void take(BitReader& reader, const LevelCode& others, std::span<std::uint16_t> levels) const;

    /// Calls take(run, level) for each symbol that a frame becomes; level is null where none follows.
    template <typename Take>
    static void forEachRun(std::span<const std::uint16_t> levels, std::uint16_t frequent, const Take& take)
    {
        std::size_t run = 0;
        for (const std::uint16_t& level : levels) {
            if (level != frequent) {
                take(run, &level);
                run = 0;
            } else if (++run == kLongest) {
                take(run, nullptr);
                run = 0;
            }
        }
        if (run > 0)
            take(run, nullptr);
    }

    /// Bits of a run's symbol.
    [[nodiscard]] int length(std::size_t run) const { return m_words[run].length; }

private:
    struct Word {
        std::uint32_t bits = 0;
        std::uint8_t length = 0;
    };

    std::uint16_t m_frequent;
    CodeLengths m_lengths;
    std::array<Word, kLongest + 1> m_words;
    CodeDecoder m_decoder;
};

}  // namespace splitscope::codec
