// SPDX-License-Identifier: GPL-3.0-or-later
// The inner loops of quantizer and bit packer. Each is compiled for several instruction sets; all give the same bits.
#pragma once

#include "core/codec/quantizer.h"

#include <cstddef>
#include <vector>

namespace splitscope::codec {

/// Packers work on groups of 8 levels, which fill `bits` bytes.
inline constexpr std::size_t kLevelsInGroup = 8;
/// What they touch, from a group's first byte on: the bytes behind the group are read, or overwritten with anything.
inline constexpr std::size_t kGroupReach = 16;

/// The functions for one instruction set.
struct LevelKernels {
    /// The least and the greatest value but for NaNs; low > high if there is none.
    ValueRange (*extremes)(const float* values, std::size_t count);
    /// As quantize(), of a range whose ends are finite and differ.
    void (*quantize)(const float* values, std::size_t count, int bits, ValueRange range, std::uint16_t* levels);
    void (*dequantize)(const std::uint16_t* levels, std::size_t count, int bits, ValueRange range, float* values);
    void (*packGroups)(const std::uint16_t* levels, std::size_t groups, int bits, std::uint8_t* out);
    void (*unpackGroups)(const std::uint8_t* in, std::size_t groups, int bits, std::uint16_t* levels);
};

/// The best for this processor.
const LevelKernels& levelKernels();
/// All that this processor can run, the best first.
std::vector<LevelKernels> availableLevelKernels();

}  // namespace splitscope::codec
