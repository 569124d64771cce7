// SPDX-License-Identifier: GPL-3.0-or-later
// An accuracy table as a file:
//
//   "SSA1", length of the header (u32), JSON header, one zstd frame, SHA-256 of all before
//
// The frame holds, little-endian: the labels (u16); each column's answers; each series of coded sizes. Columns come sorted
// by coding, so that like stands by like. The first column of an exit (all on the device) is what the exit's other
// columns are compared with: they hold only which answers differ, and by how much the entropy does. Sizes depend on tensor,
// coding and coder alone and are shared by the exits. They hold by how much they differ from what the same tensor's sizes at
// fewer bits let expect, beyond the median of these differences (u32, first). Differences are folded (0, −1, 1, −2, …) and
// split into planes of equally significant bytes, the upper ones of which are nearly constant.
#pragma once

#include "core/profile/accuracy_table.h"

#include <tuple>

namespace splitscope::profile::file {

inline constexpr std::string_view kMagic = "SSA1";
inline constexpr std::size_t kPrefixSize = 8;  ///< magic and header length
inline constexpr std::size_t kHashSize = 32;

/// Coded sizes of one tensor, which all exits behind it share.
struct SizeSeries {
    std::string tensor;
    codec::Coding coding;
    codec::EntropyCoder coder = codec::EntropyCoder::None;
    std::vector<std::uint32_t> values;  ///< one where all are the same
};

/// SHA-256 as bytes.
base::Bytes hashOf(base::ByteView bytes);

/// The columns' places in the body: by coding, then as the table has them.
std::vector<std::size_t> bodyOrder(const std::vector<AccuracyColumn>& columns);

/// For each column the first one in the body with the same exit.
std::vector<std::size_t> referencesOf(const std::vector<AccuracyColumn>& columns, const std::vector<std::size_t>& order);

/// What a series' values are expected to be, from the series before it: its tensor's sizes at the next lower bit width; beyond
/// that, where a level's upper 8 bits say nothing new, as much more as the last step brought. Zeros where none is like it.
/// Values are those of image i; arithmetic is modulo 2^32.
std::vector<std::uint32_t> expectedSizes(std::span<const SizeSeries> before, const SizeSeries& series, std::size_t count);

/// Bytes of a series in the body.
constexpr std::size_t seriesBytes(std::size_t values) { return (values + 1) * sizeof(std::uint32_t); }

/// Small differences of either sign as small numbers, and back.
template <typename T>
constexpr T fold(T difference)
{
    constexpr auto kSign = static_cast<T>(T{1} << (8 * sizeof(T) - 1));
    return static_cast<T>(static_cast<T>(difference << 1) ^ static_cast<T>((difference & kSign) != 0 ? ~T{0} : T{0}));
}
template <typename T>
constexpr T unfold(T folded)
{
    return static_cast<T>(static_cast<T>(folded >> 1) ^ static_cast<T>((folded & 1U) != 0 ? ~T{0} : T{0}));
}

/// Bytes of a column's answers in the body: one bit and one half each.
constexpr std::size_t bitBytes(std::size_t images) { return (images + 7) / 8; }
constexpr std::size_t columnBytes(std::size_t images) { return bitBytes(images) + 2 * images; }

/// What the reference answers to image i; wrong and 0 where it does not reach that far, or is the column itself.
bool referenceCorrect(const AccuracyColumn& column, const AccuracyColumn& reference, std::size_t i);
std::uint16_t referenceEntropy(const AccuracyColumn& column, const AccuracyColumn& reference, std::size_t i);

}  // namespace splitscope::profile::file
