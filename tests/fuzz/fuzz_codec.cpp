// SPDX-License-Identifier: GPL-3.0-or-later
// What a peer may send as a record: every decoder, on any bytes. And a round trip: what our encoders make of any
// floats, our decoders take.
#include "core/codec/feature_codec.h"
#include "core/codec/quantizer.h"

#include <cmath>
#include <cstdlib>

using namespace splitscope;
using namespace splitscope::codec;

namespace {

void require(bool condition)
{
    if (!condition)
        std::abort();
}

EntropyCoder coderOf(std::uint8_t choice) { return choice % 2 == 0 ? EntropyCoder::None : EntropyCoder::HuffmanAdaptive; }

void decodeAnyFeatures(std::uint8_t choice, std::size_t count, base::ByteView record)
{
    const int bits = kMinBits + choice / 2 % (kMaxBits - kMinBits + 1);
    const Coding coding = choice >= 240 ? Coding{CodingKind::Float32, 0} : Coding{CodingKind::Quantized, bits};
    std::vector<float> values(count);
    if (decodeFeatures(record, coding, coderOf(choice), values) && coding.kind == CodingKind::Quantized)
        for (const float value : values)
            require(!std::isnan(value));
}

void decodeAnyImage(std::uint8_t choice, std::uint8_t width, base::ByteView record)
{
    static constexpr Coding kCodings[] = {{CodingKind::Raw, 0}, {CodingKind::Lossless, 0}, {CodingKind::Jpeg, 80}};
    const data::ImageSize expected{3, 8 + choice % 64, width};
    const auto image = decodeImage(record, kCodings[choice % 3], expected);
    if (image)
        require(image->size == expected && image->pixels.size() == expected.byteCount());
}

void roundTrip(std::uint8_t choice, base::ByteView bytes)
{
    const int bits = kMinBits + choice / 2 % (kMaxBits - kMinBits + 1);
    const Coding coding{CodingKind::Quantized, bits};
    std::vector<float> values(bytes.size() / sizeof(float));
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = base::readAt<float>(bytes, i * sizeof(float));

    std::vector<std::uint16_t> levels(values.size());
    std::vector<float> expected(values.size());
    const ValueRange range = quantize(values, bits, levels);
    dequantize(levels, bits, range, expected);

    base::Bytes record;
    require(encodeFeatures(values, coding, coderOf(choice), record).ok());
    require(record.size() <= 8 + 1 + (values.size() * static_cast<std::size_t>(bits) + 7) / 8);
    std::vector<float> back(values.size());
    require(decodeFeatures(record, coding, coderOf(choice), back).ok());
    require(back == expected);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    constexpr std::size_t kChoiceBytes = 4;
    if (size < kChoiceBytes)
        return 0;
    const base::ByteView rest(data + kChoiceBytes, size - kChoiceBytes);
    switch (data[0] % 3) {
    case 0: decodeAnyFeatures(data[1], base::readAt<std::uint16_t>({data, size}, 2) % 4096, rest); break;
    case 1: decodeAnyImage(data[1], data[2], rest); break;
    default: roundTrip(data[1], rest); break;
    }
    return 0;
}
