// SPDX-License-Identifier: GPL-3.0-or-later
// True bit packing: c bits cost c bits, across byte boundaries.
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace splitscope::codec {

/// ceil(bits·count/8)
constexpr std::size_t packedSize(std::size_t count, int bits) { return (count * static_cast<std::size_t>(bits) + 7) / 8; }

/// Appends exactly packedSize bytes, least significant bit first, zero padding. 2 <= bits <= 16, levels < 2^bits.
void packLevels(std::span<const std::uint16_t> levels, int bits, base::Bytes& out);

/// The same to the front of `room`, which has at least packedSize bytes; those behind them are overwritten with anything.
void packInto(std::span<const std::uint16_t> levels, int bits, std::span<std::uint8_t> room);

/// An Error unless `packed` is as long as packedSize says and padded with zeros.
base::Status checkPacked(base::ByteView packed, int bits, std::size_t count);

/// Levels from the front of `packed`, which has at least packedSize bytes.
void unpackFrom(base::ByteView packed, int bits, std::span<std::uint16_t> levels);

/// An Error unless `packed` is what packLevels makes of some levels.size() levels; `levels` is then unspecified.
base::Status unpackLevels(base::ByteView packed, int bits, std::span<std::uint16_t> levels);

}  // namespace splitscope::codec
