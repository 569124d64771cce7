// SPDX-License-Identifier: GPL-3.0-or-later
// Bits in bytes, least significant bit first: bit k of a stream is bit k mod 8 of byte k / 8.
#pragma once

#include "core/base/bytes.h"

#include <cassert>

namespace splitscope::codec {

/// Writes to memory whose size the caller has computed before: exactly ceil(bits/8) bytes are touched.
class BitWriter {
public:
    explicit BitWriter(std::uint8_t* at) : m_at(at) {}

    /// `count` <= 32; no bit of `value` beyond them is set.
    void put(std::uint32_t value, int count)
    {
        m_bits |= static_cast<std::uint64_t>(value) << m_fill;
        m_fill += count;
        if (m_fill >= 32) {
            std::memcpy(m_at, &m_bits, 4);
            m_at += 4;
            m_bits >>= 32;
            m_fill -= 32;
        }
    }

    /// Leaves less than a byte for later.
    void writeWholeBytes()
    {
        for (; m_fill >= 8; m_fill -= 8, m_bits >>= 8)
            *m_at++ = static_cast<std::uint8_t>(m_bits);
    }

    /// As put, for `count` <= 56 right behind writeWholeBytes or another putLong, but overwrites 8 bytes from where it is:
    /// for loops that write to where there is room behind.
    void putLong(std::uint64_t value, int count)
    {
        m_bits |= value << m_fill;
        m_fill += count;
        std::memcpy(m_at, &m_bits, sizeof m_bits);
        m_at += m_fill >> 3;
        m_bits >>= m_fill & 56;
        m_fill &= 7;
    }
    static constexpr std::size_t kRoomForPutLong = sizeof(std::uint64_t);

    /// Writes the rest; the padding bits of the last byte are zero. Returns the end.
    std::uint8_t* finish()
    {
        for (; m_fill > 0; m_fill -= 8, m_bits >>= 8)
            *m_at++ = static_cast<std::uint8_t>(m_bits);
        m_fill = 0;
        return m_at;
    }

private:
    std::uint8_t* m_at;
    std::uint64_t m_bits = 0;
    int m_fill = 0;
};

/// Reads a stream that nobody has checked. Behind its end there are zeros, so that loops need no check per value;
/// overran() tells afterwards.
class BitReader {
public:
    explicit BitReader(base::ByteView in) : m_in(in) {}

    /// Makes at least 56 bits available to peek and skip.
    void refill()
    {
        if (m_position + 8 <= m_in.size()) {
            m_bits |= base::readAt<std::uint64_t>(m_in, m_position) << m_fill;
            m_position += static_cast<std::size_t>((63 - m_fill) >> 3);
            m_fill |= 56;
            return;
        }
        for (; m_fill <= 56; m_fill += 8) {
            if (m_position < m_in.size())
                m_bits |= static_cast<std::uint64_t>(m_in[m_position++]) << m_fill;
            else
                m_zerosAppended += 8;
        }
    }

    /// The next `count` <= 32 bits, of those that refill has made available.
    [[nodiscard]] std::uint32_t peek(int count) const
    {
        return static_cast<std::uint32_t>(m_bits & ((std::uint64_t{1} << count) - 1));
    }
    void skip(int count)
    {
        m_bits >>= count;
        m_fill -= count;
    }
    std::uint32_t take(int count)
    {
        const std::uint32_t value = peek(count);
        skip(count);
        return value;
    }

    /// More bits were consumed than there are.
    [[nodiscard]] bool overran() const { return m_zerosAppended > m_fill; }

    /// Nothing is left but the zero padding of the last byte.
    [[nodiscard]] bool endsInZeroPadding() const
    {
        if (overran() || m_position < m_in.size())
            return false;
        const int left = m_fill - static_cast<int>(m_zerosAppended);
        return left < 8 && peek(left) == 0;
    }

private:
    base::ByteView m_in;
    std::size_t m_position = 0;
    std::uint64_t m_bits = 0;
    int m_fill = 0;
    std::int64_t m_zerosAppended = 0;
};

}  // namespace splitscope::codec
