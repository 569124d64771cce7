// SPDX-License-Identifier: GPL-3.0-or-later
// Levels of one frame, entropy coded: canonical Huffman, its table with them.
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace splitscope::codec {

/// Appends a mode byte and the levels in the shortest of three forms (packed, Huffman, constant): never more than
/// 1 + packedSize bytes. 2 <= bits <= 16, levels < 2^bits.
void encodeLevels(std::span<const std::uint16_t> levels, int bits, base::Bytes& out);

/// How many bytes encodeLevels would append, without writing them: for tables of sizes.
[[nodiscard]] std::size_t encodedSize(std::span<const std::uint16_t> levels, int bits);

/// Decodes what encodeLevels appended, no byte more; an Error leaves `levels` unspecified. Any input is safe, and the
/// time is linear in levels and bytes.
base::Status decodeLevels(base::ByteView coded, int bits, std::span<std::uint16_t> levels);

}  // namespace splitscope::codec
