// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/codec/run_code.h"

#include <algorithm>

namespace splitscope::codec {

namespace {

constexpr std::size_t kEscape = RunCode::kLongest + 1;
constexpr int kRunBits = 8;

CodeDecoder::RawBits rawBitsOfEscape()
{
    CodeDecoder::RawBits bits{};
    bits[kEscape] = kRunBits;
    return bits;
}

}  // namespace

RunCode::RunCode(std::uint16_t frequentLevel, const CodeLengths& codeLengths)
    : m_frequent(frequentLevel), m_lengths(codeLengths), m_decoder(codeLengths, rawBitsOfEscape())
{
    const CodeWords words = canonicalCode(m_lengths);
    const CodeWord escape = words[kEscape];
    for (std::size_t run = 0; run < m_words.size(); ++run) {
        if (words[run].length > 0)
            m_words[run] = {words[run].bits, words[run].length};
        else
            m_words[run] = {static_cast<std::uint32_t>(escape.bits | run << escape.length),
                            static_cast<std::uint8_t>(escape.length + kRunBits)};
    }
}

void RunCode::put(std::span<const std::uint16_t> levels, const LevelCode& others, BitWriter& writer) const
{
    BitWriter local = writer;  // nobody else knows it, so that it stays in registers
    local.writeWholeBytes();
    forEachRun(levels, m_frequent, [&](std::size_t run, const std::uint16_t* level) {
        const Word word = m_words[run];
        local.putLong(word.bits, word.length);
        if (level == nullptr)
            return;
        const LevelCode::Word& own = others.word(*level);
        local.putLong(own.bitsWith(*level), own.length);
    });
    writer = local;
}

void RunCode::take(BitReader& reader, const LevelCode& others, std::span<std::uint16_t> levels) const
{
    BitReader local = reader;  // nobody else knows it, so that it stays in registers
    for (std::size_t at = 0; at < levels.size();) {
        local.refill();  // enough for both: 16 + 8 and LevelCode::kMaxBits
        const CodeDecoder::Symbol symbol = m_decoder.peek(local);
        const std::size_t run = symbol.symbol == kEscape ? local.peek(32) >> symbol.length & 0xFF : symbol.symbol;
        local.skip(symbol.wholeLength);
        const std::size_t filled = std::min(run, levels.size() - at);
        std::fill_n(levels.begin() + static_cast<std::ptrdiff_t>(at), filled, m_frequent);
        at += filled;
        if (run < kLongest && at < levels.size())
            levels[at++] = others.decode(local);
    }
    reader = local;
}

}  // namespace splitscope::codec
