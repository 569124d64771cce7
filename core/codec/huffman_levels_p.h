// SPDX-License-Identifier: GPL-3.0-or-later
// What Huffman codes with tables in the message and with shipped ones have in common: how levels become symbols, and the
// loops that write and read many.
#pragma once

#include "core/codec/huffman_code.h"

#include <algorithm>

namespace splitscope::codec {

/// How levels become symbols. Up to 8 bits each level is a symbol. Beyond, a table over all levels would outweigh the
/// levels, so a symbol is 1 + the level's high 8 bits and the rest follows as raw bits; symbol 0 is one pinned level
/// without raw bits: the zeros of a ReLU would pay for them otherwise.
struct Alphabet {
    explicit Alphabet(int levelBits)
        : bits(levelBits), rawBits(std::max(levelBits - 8, 0)), size(rawBits > 0 ? 257 : std::size_t{1} << levelBits),
          firstGuess(std::min(levelBits, 8))
    {
    }
    [[nodiscard]] bool pins() const { return rawBits > 0; }
    [[nodiscard]] std::uint32_t rawPart(std::uint16_t level) const { return level & ((1U << rawBits) - 1); }
    [[nodiscard]] std::size_t bucket(std::uint16_t level) const { return 1U + (level >> rawBits); }

    int bits;
    int rawBits;
    std::size_t size;
    int firstGuess;  ///< for the table: the length that all codes have if levels are uniform
};

/// What a symbol of an alphabet that pins a level says of the level.
struct LevelPart {
    std::uint16_t first;  ///< its raw bits 0
    std::uint16_t rawMask;
};

/// Bits of a level on their way into the stream.
struct Piece {
    std::uint64_t bits;
    int length;
};

/// `Together` pieces, of at most 56 bits in all, are joined before the writer takes them.
template <int Together, typename PieceOf>
void putEach(std::span<const std::uint16_t> levels, const PieceOf& pieceOf, BitWriter& writer)
{
    BitWriter local = writer;  // nobody else knows it, so that it stays in registers
    local.writeWholeBytes();
    const std::size_t whole = levels.size() / Together * Together;
    for (std::size_t i = 0; i < whole; i += Together) {
        Piece all = pieceOf(levels[i]);
        for (std::size_t k = 1; k < Together; ++k) {
            const Piece next = pieceOf(levels[i + k]);
            all.bits |= next.bits << all.length;
            all.length += next.length;
        }
        local.putLong(all.bits, all.length);
    }
    for (std::size_t i = whole; i < levels.size(); ++i) {
        const Piece piece = pieceOf(levels[i]);
        local.putLong(piece.bits, piece.length);
    }
    writer = local;
}

/// `PerRefill` levels take no more bits than a refill makes available.
template <int PerRefill, typename DecodeOne>
void decodeEach(BitReader& reader, std::span<std::uint16_t> levels, const DecodeOne& decodeOne)
{
    BitReader local = reader;  // nobody else knows it, so that it stays in registers
    const std::size_t whole = levels.size() / PerRefill * PerRefill;
    for (std::size_t i = 0; i < whole; i += PerRefill) {
        local.refill();
        for (std::size_t k = 0; k < PerRefill; ++k)
            levels[i + k] = static_cast<std::uint16_t>(decodeOne(local));
    }
    local.refill();
    for (std::size_t i = whole; i < levels.size(); ++i)
        levels[i] = static_cast<std::uint16_t>(decodeOne(local));
    reader = local;
}

inline base::Error badRecord(const std::string& text) { return {base::ErrorCode::InvalidInput, text, "feature record"}; }

}  // namespace splitscope::codec
