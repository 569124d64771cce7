// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/codec/bit_packer.h"

#include "core/codec/bit_stream.h"

namespace splitscope::codec {

void packLevels(std::span<const std::uint16_t> levels, int bits, base::Bytes& out)
{
    assert(bits >= 2 && bits <= 16);
    const std::size_t at = out.size();
    out.resize(at + packedSize(levels.size(), bits));
    BitWriter writer(out.data() + at);
    for (const std::uint16_t level : levels)
        writer.put(level, bits);
    writer.finish();
}

base::Status unpackLevels(base::ByteView packed, int bits, std::span<std::uint16_t> levels)
{
    assert(bits >= 2 && bits <= 16);
    const std::size_t expected = packedSize(levels.size(), bits);
    if (packed.size() != expected)
        return base::Error{base::ErrorCode::InvalidInput,
                           std::to_string(packed.size()) + " bytes of packed levels where " + std::to_string(expected)
                               + " belong",
                           "feature record"};
    BitReader reader(packed);
    for (std::uint16_t& level : levels) {
        reader.refill();
        level = static_cast<std::uint16_t>(reader.take(bits));
    }
    if (!levels.empty() && !reader.endsInZeroPadding())
        return base::Error{base::ErrorCode::InvalidInput, "the padding bits behind the packed levels are not zero",
                           "feature record"};
    return {};
}

}  // namespace splitscope::codec
