// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/codec/feature_codec.h"

#include "core/codec/bit_packer.h"
#include "core/codec/huffman.h"
#include "core/codec/quantizer.h"

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

    std::vector<std::uint16_t> levels(values.size());
    const ValueRange range = quantize(values, coding.parameter, levels);
    base::append(out, range.low);
    base::append(out, range.high);
    if (coder == EntropyCoder::HuffmanAdaptive)
        encodeLevels(levels, coding.parameter, out);
    else
        packLevels(levels, coding.parameter, out);
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

    std::vector<std::uint16_t> levels(values.size());
    const base::ByteView rest = record.subspan(kRangeBytes);
    base::Status status = coder == EntropyCoder::HuffmanAdaptive ? decodeLevels(rest, coding.parameter, levels)
                                                                 : unpackLevels(rest, coding.parameter, levels);
    if (status)
        dequantize(levels, coding.parameter, range, values);
    return status;
}

}  // namespace splitscope::codec
