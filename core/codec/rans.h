// SPDX-License-Identifier: GPL-3.0-or-later
// Range coding by asymmetric numeral systems (rANS, Duda): symbols of static probabilities become bytes, last one first, and
// come back first one first. Integers only, so that every machine makes the same bytes. The bitstream is specified in
// BITSTREAMS.md.
#pragma once

#include "core/base/bytes.h"

#include <cassert>

namespace splitscope::codec {

/// A symbol's probability is frequency/kRansTotal.
inline constexpr int kRansBits = 14;
inline constexpr std::uint32_t kRansTotal = 1U << kRansBits;
inline constexpr int kMaxRansRawBits = 16;
/// Of distributions that are made for one symbol each: a symbol's probability is frequency/2^kFineRansBits.
inline constexpr int kFineRansBits = 16;

/// A symbol's interval of 0 .. kRansTotal − 1, and its length's inverse: encoding does without division.
struct RansCode {
    std::uint64_t inverse = 0;
    std::uint32_t frequency = 0;  ///< >= 1
    std::uint32_t start = 0;

    static RansCode of(std::uint32_t start, std::uint32_t frequency)
    {
        assert(frequency >= 1 && start + frequency <= kRansTotal);
        return {(std::uint64_t{1} << kInverseBits) / frequency + 1, frequency, start};
    }
    static constexpr int kInverseBits = 32 + kRansBits;
};

/// Takes symbols in reverse: the last to be decoded first. Its memory is the caller's, which it fills from the end.
class RansEncoder {
public:
    /// Room for so many calls of put and putRaw.
    static constexpr std::size_t roomFor(std::size_t calls) { return kStateBytes + calls * kWordBytes; }

    explicit RansEncoder(std::span<std::uint8_t> room) : m_at(room.data() + room.size()), m_end(m_at) {}

    void put(const RansCode& code)
    {
        if ((m_state >> (32 - kRansBits)) >= code.frequency)
            writeWord();
        // Exact: state < frequency·2^(32 − kRansBits), so that the inverse's error stays below one part of the quotient.
        const auto quotient = static_cast<std::uint32_t>((m_state * code.inverse) >> RansCode::kInverseBits);
        m_state += code.start + quotient * (kRansTotal - code.frequency);
    }

    /// A symbol of start .. start + frequency − 1 out of 2^kFineRansBits; 1 <= frequency < 2^kFineRansBits. Divides.
    void putFine(std::uint32_t start, std::uint32_t frequency)
    {
        assert(frequency >= 1 && start + frequency <= 1U << kFineRansBits);
        if ((m_state >> (32 - kFineRansBits)) >= frequency)
            writeWord();
        const auto state = static_cast<std::uint32_t>(m_state);
        m_state = (std::uint64_t{state / frequency} << kFineRansBits) + state % frequency + start;  // NOLINT: never 0, see above
    }

    /// 1 <= count <= kMaxRansRawBits, value < 2^count.
    void putRaw(std::uint32_t value, int count)
    {
        if (m_state >> (32 - count) != 0)
            writeWord();
        m_state = m_state << count | value;
    }

    /// What finish() would be long.
    [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(m_end - m_at) + stateBytes(); }

    /// Nothing is to be put any more; the bytes lie in the caller's memory.
    base::ByteView finish()
    {
        const std::size_t count = stateBytes();
        m_at -= count;
        for (std::size_t i = 0; i < count; ++i)
            m_at[i] = static_cast<std::uint8_t>(m_state >> (8 * i));
        return {m_at, m_end};
    }

private:
    static constexpr std::size_t kStateBytes = 4;
    static constexpr std::size_t kWordBytes = 2;

    void writeWord()
    {
        const auto word = static_cast<std::uint16_t>(m_state);
        m_at -= kWordBytes;
        std::memcpy(m_at, &word, kWordBytes);
        m_state >>= 16;
    }
    /// Before words 3 or 4, told apart by the whole's length being odd or even; alone as few as will do.
    [[nodiscard]] std::size_t stateBytes() const
    {
        std::size_t count = m_at == m_end ? 0 : kStateBytes - 1;
        while (count < kStateBytes && m_state >> (8 * count) != 0)
            ++count;
        return count;
    }

    std::uint8_t* m_at;
    std::uint8_t* m_end;
    std::uint64_t m_state = 0;  ///< < 2^32
};

/// Any bytes decode to some symbols; ended() tells whether they were what an encoder made.
class RansDecoder {
public:
    explicit RansDecoder(base::ByteView coded) : m_at(coded.data()), m_end(coded.data() + coded.size())
    {
        const std::size_t count = coded.size() < 4 ? coded.size() : 4 - coded.size() % 2;
        for (std::size_t i = 0; i < count; ++i)
            m_state |= std::uint32_t{coded[i]} << (8 * i);
        m_at += count;
    }

    /// The next symbol is the one in whose interval this lies.
    [[nodiscard]] std::uint32_t slot() const { return m_state & (kRansTotal - 1); }

    /// Takes the symbol of that interval.
    void take(std::uint32_t start, std::uint32_t frequency)
    {
        m_state = frequency * (m_state >> kRansBits) + slot() - start;
        readWord();
    }

    /// As slot() and take(), for what was put by putFine.
    [[nodiscard]] std::uint32_t fineSlot() const { return m_state & ((1U << kFineRansBits) - 1); }
    void takeFine(std::uint32_t start, std::uint32_t frequency)
    {
        m_state = frequency * (m_state >> kFineRansBits) + fineSlot() - start;
        // Whether a word is due is as good as random: no branch.
        static constexpr std::uint8_t kNone[2] = {};
        std::uint16_t word = 0;
        std::memcpy(&word, m_at != m_end ? m_at : kNone, sizeof word);
        const std::uint32_t due = (m_state < 0x10000 ? 1 : 0) & (m_at != m_end ? 1 : 0);
        m_state = m_state << (16 * due) | (word & (0 - due));
        m_at += due * sizeof word;
    }

    /// 1 <= count <= kMaxRansRawBits
    std::uint32_t takeRaw(int count)
    {
        const std::uint32_t value = m_state & ((1U << count) - 1);
        m_state >>= count;
        readWord();
        return value;
    }

    /// Nothing is left, as it should be behind the last symbol.
    [[nodiscard]] bool ended() const { return m_state == 0 && m_at == m_end; }

private:
    void readWord()
    {
        if (m_state < 0x10000 && m_at != m_end) {
            std::uint16_t word = 0;
            std::memcpy(&word, m_at, sizeof word);  // words are whole: the state's length saw to that
            m_state = m_state << 16 | word;
            m_at += sizeof word;
        }
    }

    const std::uint8_t* m_at;
    const std::uint8_t* m_end;
    std::uint32_t m_state = 0;
};

/// Frequencies that sum to kRansTotal, close to the counts' proportions. A symbol that was not counted gets 0, or 1 if `all`.
/// Some count is not zero; 1 to kRansTotal symbols.
void scaleToFrequencies(std::span<const std::uint64_t> counts, bool all, std::span<std::uint16_t> frequencies);

/// One static distribution over at most 256 symbols, for both directions.
class RansTable {
public:
    /// They sum to kRansTotal. A symbol of frequency 0 must not be put.
    explicit RansTable(std::span<const std::uint16_t> frequencies);

    void put(RansEncoder& encoder, std::size_t symbol) const { encoder.put(m_codes[symbol]); }

    std::size_t take(RansDecoder& decoder) const
    {
        const std::uint32_t slot = decoder.slot();
        std::size_t symbol = m_firstInBlock[slot >> kBlockBits];
        while (m_starts[symbol + 1] <= slot)
            ++symbol;
        decoder.take(m_starts[symbol], std::uint32_t{m_starts[symbol + 1]} - m_starts[symbol]);
        return symbol;
    }

private:
    static constexpr int kBlockBits = 6;

    std::vector<RansCode> m_codes;
    std::vector<std::uint16_t> m_starts;  ///< one more than symbols: the last is kRansTotal
    std::uint8_t m_firstInBlock[kRansTotal >> kBlockBits];  ///< the symbol of the block's first slot
};

}  // namespace splitscope::codec
