// SPDX-License-Identifier: GPL-3.0-or-later
// Little-endian reading and writing of plain values, bounds checked by the caller.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace splitscope::base {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

static_assert(std::endian::native == std::endian::little,
              "files and messages are little-endian; a big-endian port must swap here");

template <typename T>
void append(Bytes& out, T value)
{
    const auto at = out.size();
    out.resize(at + sizeof value);
    std::memcpy(out.data() + at, &value, sizeof value);
}

/// The value at `offset`; the caller has checked that offset + sizeof(T) <= in.size().
template <typename T>
T readAt(ByteView in, std::size_t offset)
{
    T value;
    std::memcpy(&value, in.data() + offset, sizeof value);
    return value;
}

inline ByteView asBytes(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

inline std::string_view asText(ByteView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

/// Lower-case hexadecimal SHA-256.
std::string sha256(ByteView bytes);

/// Lower-case hexadecimal MD5: only for checking official archives that publish nothing better.
std::string md5(ByteView bytes);

}  // namespace splitscope::base
