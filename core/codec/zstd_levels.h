// SPDX-License-Identifier: GPL-3.0-or-later
// Levels of one frame through a general library: what `zstd` makes of them, to compare with.
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace splitscope::codec {

/// Of the entropy coder `zstd`.
inline constexpr int kZstdLevel = 3;

/// Appends one zstd frame: the levels' low bytes, then beyond 8 bits their high bytes. 2 <= bits <= 16, levels < 2^bits.
void encodeZstd(std::span<const std::uint16_t> levels, int bits, base::Bytes& out, int zstdLevel = kZstdLevel);

/// Any input is safe: nothing is allocated but for `levels`, whose number bounds the time. An Error leaves them unspecified.
base::Status decodeZstd(base::ByteView coded, int bits, std::span<std::uint16_t> levels);

}  // namespace splitscope::codec
