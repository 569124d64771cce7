// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/codec/bit_packer.h"

#include "core/codec/level_kernels.h"

#include <algorithm>
#include <array>
#include <cassert>

namespace splitscope::codec {

namespace {

/// Whole groups from the front whose kernels touch nothing beyond `bytes`.
std::size_t groupsWithin(std::size_t bytes, std::size_t levels, int bits)
{
    const std::size_t reached = bytes < kGroupReach ? 0 : (bytes - kGroupReach) / static_cast<std::size_t>(bits) + 1;
    return std::min(reached, levels / kLevelsInGroup);
}

/// What is left over: less than a group, or less than kGroupReach bytes.
constexpr std::size_t kRestLevels = kGroupReach * 8 / 2;
constexpr std::size_t kRestBytes = 2 * kGroupReach;

constexpr std::size_t groupsOf(std::size_t levels) { return (levels + kLevelsInGroup - 1) / kLevelsInGroup; }

}  // namespace

void packInto(std::span<const std::uint16_t> levels, int bits, std::span<std::uint8_t> room)
{
    assert(bits >= 2 && bits <= 16 && room.size() >= packedSize(levels.size(), bits));
    const std::size_t groups = groupsWithin(room.size(), levels.size(), bits);
    levelKernels().packGroups(levels.data(), groups, bits, room.data());
    levels = levels.subspan(groups * kLevelsInGroup);
    if (levels.empty())
        return;
    std::array<std::uint16_t, kRestLevels> padded{};
    std::array<std::uint8_t, kRestBytes> bytes;
    std::copy(levels.begin(), levels.end(), padded.begin());
    levelKernels().packGroups(padded.data(), groupsOf(levels.size()), bits, bytes.data());
    std::copy_n(bytes.begin(), packedSize(levels.size(), bits),
                room.begin() + static_cast<std::ptrdiff_t>(packedSize(groups * kLevelsInGroup, bits)));
}

void unpackFrom(base::ByteView packed, int bits, std::span<std::uint16_t> levels)
{
    assert(bits >= 2 && bits <= 16 && packed.size() >= packedSize(levels.size(), bits));
    const std::size_t groups = groupsWithin(packed.size(), levels.size(), bits);
    levelKernels().unpackGroups(packed.data(), groups, bits, levels.data());
    levels = levels.subspan(groups * kLevelsInGroup);
    if (levels.empty())
        return;
    std::array<std::uint8_t, kRestBytes> bytes{};
    std::array<std::uint16_t, kRestLevels> padded;
    const auto rest = packed.subspan(packedSize(groups * kLevelsInGroup, bits), packedSize(levels.size(), bits));
    std::copy(rest.begin(), rest.end(), bytes.begin());
    levelKernels().unpackGroups(bytes.data(), groupsOf(levels.size()), bits, padded.data());
    std::copy_n(padded.begin(), levels.size(), levels.begin());
}

void packLevels(std::span<const std::uint16_t> levels, int bits, base::Bytes& out)
{
    const std::size_t at = out.size();
    out.resize(at + packedSize(levels.size(), bits));
    packInto(levels, bits, std::span(out).subspan(at));
}

base::Status checkPacked(base::ByteView packed, int bits, std::size_t count)
{
    assert(bits >= 2 && bits <= 16);
    const std::size_t expected = packedSize(count, bits);
    if (packed.size() != expected)
        return base::Error{base::ErrorCode::InvalidInput,
                           std::to_string(packed.size()) + " bytes of packed levels where " + std::to_string(expected)
                               + " belong",
                           "feature record"};
    const std::size_t lastBits = count * static_cast<std::size_t>(bits) % 8;
    if (lastBits > 0 && packed.back() >> lastBits != 0)
        return base::Error{base::ErrorCode::InvalidInput, "the padding bits behind the packed levels are not zero",
                           "feature record"};
    return {};
}

base::Status unpackLevels(base::ByteView packed, int bits, std::span<std::uint16_t> levels)
{
    auto status = checkPacked(packed, bits, levels.size());
    if (status)
        unpackFrom(packed, bits, levels);
    return status;
}

}  // namespace splitscope::codec
