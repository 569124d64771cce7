// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/codec/feature_codec.h"

#include "core/codec/bit_packer.h"
#include "core/codec/codebook.h"
#include "core/codec/huffman.h"
#include "core/codec/quantizer.h"
#include "core/codec/zstd_levels.h"

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

base::Status decodeLevelsWith(const CoderOptions& options, base::ByteView coded, int bits, std::span<std::uint16_t> levels)
{
    switch (options.coder) {
    case EntropyCoder::None: return unpackLevels(coded, bits, levels);
    case EntropyCoder::HuffmanAdaptive: return decodeLevels(coded, bits, levels);
    case EntropyCoder::Huffman: return options.book->huffman->decode(coded, levels);
    case EntropyCoder::Context: return options.book->context->decode(coded, levels);
    case EntropyCoder::Zstd: return decodeZstd(coded, bits, levels);
    }
    return badRecord("is of no known coder");
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

base::Status checkBook(const CoderOptions& options, const Coding& coding, const std::string& tensor)
{
    if (coding.kind != CodingKind::Quantized || !needsCodebook(options.coder))
        return {};
    const auto* book = options.book;
    if (book != nullptr && options.coder == EntropyCoder::Huffman && book->huffman && book->huffman->bits() == coding.parameter)
        return {};
    if (book != nullptr && options.coder == EntropyCoder::Context && book->context && book->context->bits() == coding.parameter)
        return {};
    return base::Error{
        base::ErrorCode::NotFound,
        "there is no book for coder " + toString(options.coder) + " at " + toString(coding)
            + " bits; make one with `splitscope-cli codebook train`, or choose coder none, huffman-adaptive or zstd",
        tensor.empty() ? "codebook" : "codebook, tensor " + tensor};
}

base::Status encodeLevelsWith(const CoderOptions& options, std::span<const std::uint16_t> levels, int bits, base::Bytes& out)
{
    switch (options.coder) {
    case EntropyCoder::None: packLevels(levels, bits, out); break;
    case EntropyCoder::HuffmanAdaptive: encodeLevels(levels, bits, out); break;
    case EntropyCoder::Huffman: options.book->huffman->encode(levels, out); break;
    case EntropyCoder::Context: return options.book->context->encode(levels, out);
    case EntropyCoder::Zstd: encodeZstd(levels, bits, out); break;
    }
    return {};
}

base::Status encodeFeatures(std::span<const float> values, const Coding& coding, const CoderOptions& options, base::Bytes& out)
{
    if (auto status = checkFeatureCoding(coding); !status)
        return status;
    if (coding.kind == CodingKind::Float32) {
        const base::ByteView bytes(reinterpret_cast<const std::uint8_t*>(values.data()), values.size_bytes());
        out.insert(out.end(), bytes.begin(), bytes.end());
        return {};
    }
    if (auto status = checkBook(options, coding, {}); !status)
        return status;

    const std::size_t before = out.size();
    const ValueRange range = rangeOf(values);
    base::append(out, range.low);
    base::append(out, range.high);
    if (options.coder == EntropyCoder::None) {
        quantizeAndPack(values, coding.parameter, range, out);
    } else {
        const auto levels = levelScratch(values.size());
        quantize(values, coding.parameter, range, levels);
        if (auto status = encodeLevelsWith(options, levels, coding.parameter, out); !status) {
            out.resize(before);
            return status;
        }
    }
    return {};
}

base::Status decodeFeatures(base::ByteView record, const Coding& coding, const CoderOptions& options, std::span<float> values)
{
    if (auto status = checkFeatureCoding(coding); !status)
        return status;
    if (coding.kind == CodingKind::Float32)
        return decodeFloats(record, values);
    if (auto status = checkBook(options, coding, {}); !status)
        return status;

    if (record.size() < kRangeBytes)
        return badRecord("cut off before the levels");
    const ValueRange range{base::readAt<float>(record, 0), base::readAt<float>(record, sizeof(float))};
    if (!std::isfinite(range.low) || !std::isfinite(range.high) || range.low > range.high)
        return badRecord("the range is not two finite numbers in ascending order");

    const base::ByteView rest = record.subspan(kRangeBytes);
    if (options.coder == EntropyCoder::None)
        return unpackAndDequantize(rest, coding.parameter, range, values);
    const auto levels = levelScratch(values.size());
    auto status = decodeLevelsWith(options, rest, coding.parameter, levels);
    if (status)
        dequantize(levels, coding.parameter, range, values);
    return status;
}

}  // namespace splitscope::codec
