// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/codec/feature_codec.h"

#include "core/codec/bit_packer.h"
#include "core/codec/huffman.h"
#include "core/codec/quantizer.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace splitscope::codec {

namespace {

constexpr std::size_t kRangeBytes = 2 * sizeof(float);

base::Status checkFeatureCoding(const Coding& coding)
{
    if (coding.kind == CodingKind::Float32)
        return {};
    if (coding.kind == CodingKind::Quantized && coding.parameter >= kMinBits && coding.parameter <= kMaxBits)
        return {};
    return base::Error{base::ErrorCode::InvalidInput,
                       "a feature map is coded at 2 to 16 bits or as float32, not as '" + toString(coding) + "'", "coding"};
}

base::Error badRecord(const std::string& text) { return {base::ErrorCode::InvalidInput, text, "feature record"}; }

base::Status decodeFloats(base::ByteView record, std::span<float> values)
{
    if (record.size() != values.size_bytes())
        return badRecord(std::to_string(record.size()) + " bytes where " + std::to_string(values.size_bytes())
                         + " (float32) belong");
    if (!values.empty())
        std::memcpy(values.data(), record.data(), record.size());
    return {};
}

/// Levels on their way between values and bytes: few enough to stay in the nearest cache, and whole groups of the packer.
constexpr std::size_t kBlock = 1024;

void quantizeAndPack(std::span<const float> values, int bits, ValueRange range, base::Bytes& out)
{
    const std::size_t at = out.size();
    out.resize(at + packedSize(values.size(), bits));
    auto room = std::span(out).subspan(at);
    std::array<std::uint16_t, kBlock> block;
    while (!values.empty()) {
        const auto levels = std::span(block).first(std::min(kBlock, values.size()));
        quantize(values.first(levels.size()), bits, range, levels);
        packInto(levels, bits, room);
        values = values.subspan(levels.size());
        room = room.subspan(packedSize(levels.size(), bits));
    }
}

base::Status unpackAndDequantize(base::ByteView packed, int bits, ValueRange range, std::span<float> values)
{
    if (auto status = checkPacked(packed, bits, values.size()); !status)
        return status;
    std::array<std::uint16_t, kBlock> block;
    while (!values.empty()) {
        const auto levels = std::span(block).first(std::min(kBlock, values.size()));
        unpackFrom(packed, bits, levels);
        dequantize(levels, bits, range, values.first(levels.size()));
        values = values.subspan(levels.size());
        packed = packed.subspan(packedSize(levels.size(), bits));
    }
    return {};
}

/// A frame's levels for the entropy coder, whose memory stays with the thread: frames follow one another in their thousands.
std::span<std::uint16_t> levelScratch(std::size_t count)
{
    thread_local std::vector<std::uint16_t> levels;
    if (levels.size() < count)
        levels.resize(count);
    return std::span(levels).first(count);
}

}  // namespace

base::Status encodeFeatures(std::span<const float> values, const Coding& coding, EntropyCoder coder, base::Bytes& out)
{
    if (auto status = checkFeatureCoding(coding); !status)
        return status;
    if (coding.kind == CodingKind::Float32) {
        const base::ByteView bytes(reinterpret_cast<const std::uint8_t*>(values.data()), values.size_bytes());
        out.insert(out.end(), bytes.begin(), bytes.end());
        return {};
    }

    const ValueRange range = rangeOf(values);
    base::append(out, range.low);
    base::append(out, range.high);
    if (coder == EntropyCoder::None) {
        quantizeAndPack(values, coding.parameter, range, out);
    } else {
        const auto levels = levelScratch(values.size());
        quantize(values, coding.parameter, range, levels);
        encodeLevels(levels, coding.parameter, out);
    }
    return {};
}

base::Status decodeFeatures(base::ByteView record, const Coding& coding, EntropyCoder coder, std::span<float> values)
{
    if (auto status = checkFeatureCoding(coding); !status)
        return status;
    if (coding.kind == CodingKind::Float32)
        return decodeFloats(record, values);

    if (record.size() < kRangeBytes)
        return badRecord("cut off before the levels");
    const ValueRange range{base::readAt<float>(record, 0), base::readAt<float>(record, sizeof(float))};
    if (!std::isfinite(range.low) || !std::isfinite(range.high) || range.low > range.high)
        return badRecord("the range is not two finite numbers in ascending order");

    const base::ByteView rest = record.subspan(kRangeBytes);
    if (coder == EntropyCoder::None)
        return unpackAndDequantize(rest, coding.parameter, range, values);
    const auto levels = levelScratch(values.size());
    auto status = decodeLevels(rest, coding.parameter, levels);
    if (status)
        dequantize(levels, coding.parameter, range, values);
    return status;
}

}  // namespace splitscope::codec
