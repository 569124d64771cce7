// SPDX-License-Identifier: GPL-3.0-or-later
// Frames as pixels: the image half of feature_codec.h.
#include "core/codec/feature_codec.h"
#include "core/codec/frame_model.h"
#include "core/codec/jpeg_codec.h"

#include <memory>

#include <webp/decode.h>
#include <webp/encode.h>

namespace splitscope::codec {

namespace {

constexpr int kRgb = 3;
constexpr std::size_t kWebpHeaderBytes = 20;  ///< "RIFF", size, "WEBP", "VP8L", size

std::string describe(const data::ImageSize& size)
{
    return std::to_string(size.channels) + "x" + std::to_string(size.height) + "x" + std::to_string(size.width);
}

base::Status checkSize(const data::ImageSize& size)
{
    const auto sensible = [](int side) { return side >= 1 && side <= kMaxImageSide; };
    if (size.channels != kRgb || !sensible(size.height) || !sensible(size.width))
        return base::Error{base::ErrorCode::InvalidInput,
                           "frames have 3 channels and sides of 1 to " + std::to_string(kMaxImageSide) + " pixels, not "
                               + describe(size),
                           "image"};
    return {};
}

base::Status checkImageCoding(const Coding& coding)
{
    const bool jpeg = coding.kind == CodingKind::Jpeg && coding.parameter >= 1 && coding.parameter <= 100;
    if (jpeg || coding.kind == CodingKind::Raw || coding.kind == CodingKind::Lossless)
        return {};
    return base::Error{base::ErrorCode::InvalidInput,
                       "a frame is coded raw, lossless or as jpeg:1 to jpeg:100, not as '" + toString(coding) + "'", "coding"};
}

base::Bytes interleaved(base::ByteView planes)
{
    const std::size_t count = planes.size() / kRgb;
    base::Bytes rgb(planes.size());
    for (std::size_t i = 0; i < count; ++i)
        for (std::size_t channel = 0; channel < kRgb; ++channel)
            rgb[i * kRgb + channel] = planes[channel * count + i];
    return rgb;
}

base::Bytes planar(base::ByteView rgb)
{
    const std::size_t count = rgb.size() / kRgb;
    base::Bytes planes(rgb.size());
    for (std::size_t i = 0; i < count; ++i)
        for (std::size_t channel = 0; channel < kRgb; ++channel)
            planes[channel * count + i] = rgb[i * kRgb + channel];
    return planes;
}

base::Status encodeWebp(base::ByteView rgb, const data::ImageSize& size, base::Bytes& out)
{
    std::uint8_t* data = nullptr;
    const std::size_t bytes = WebPEncodeLosslessRGB(rgb.data(), size.width, size.height, size.width * kRgb, &data);
    const std::unique_ptr<std::uint8_t, decltype(&WebPFree)> owner(data, &WebPFree);
    if (bytes == 0)
        return base::Error{base::ErrorCode::Internal, "libwebp could not encode a frame of " + describe(size), "WebP"};
    out.insert(out.end(), data, data + bytes);
    return {};
}

/// Only what encodeWebp writes: one lossless bitstream without alpha, nothing around it, of the expected size.
base::Status checkWebp(base::ByteView webp, const data::ImageSize& expected)
{
    if (webp.size() < kWebpHeaderBytes || base::asText(webp.first(4)) != "RIFF" || base::asText(webp.subspan(8, 8)) != "WEBPVP8L"
        || base::readAt<std::uint32_t>(webp, 4) != webp.size() - 8)
        return base::Error{base::ErrorCode::InvalidInput, "not a plain lossless WebP file, or cut off", "WebP"};
    WebPBitstreamFeatures features{};
    if (WebPGetFeatures(webp.data(), webp.size(), &features) != VP8_STATUS_OK || features.has_alpha != 0)
        return base::Error{base::ErrorCode::InvalidInput, "damaged header, or a frame with alpha", "WebP"};
    if (features.width != expected.width || features.height != expected.height)
        return base::Error{base::ErrorCode::Mismatch,
                           "a frame of " + std::to_string(features.width) + "x" + std::to_string(features.height)
                               + " pixels where " + std::to_string(expected.width) + "x" + std::to_string(expected.height)
                               + " belong",
                           "WebP"};
    return {};
}

base::Result<base::Bytes> decodeWebp(base::ByteView webp, const data::ImageSize& expected)
{
    if (auto status = checkWebp(webp, expected); !status)
        return status.error();
    base::Bytes rgb(expected.byteCount());
    if (WebPDecodeRGBInto(webp.data(), webp.size(), rgb.data(), rgb.size(), expected.width * kRgb) == nullptr)
        return base::Error{base::ErrorCode::InvalidInput, "damaged or cut off", "WebP"};
    return rgb;
}

bool modelsFrames(const Coding& coding, const CoderOptions& options)
{
    return coding.kind == CodingKind::Lossless && options.coder == EntropyCoder::Context && options.frames != nullptr;
}

}  // namespace

base::Status encodeImage(const data::Image& image, const Coding& coding, base::Bytes& out, const CoderOptions& options)
{
    if (auto status = checkImageCoding(coding); !status)
        return status;
    if (auto status = checkSize(image.size); !status)
        return status;
    if (image.pixels.size() != image.size.byteCount())
        return base::Error{base::ErrorCode::InvalidInput,
                           std::to_string(image.pixels.size()) + " bytes of pixels for a frame of " + describe(image.size),
                           "image"};
    if (coding.kind == CodingKind::Raw) {
        out.insert(out.end(), image.pixels.begin(), image.pixels.end());
        return {};
    }
    if (modelsFrames(coding, options))
        return options.frames->encode(image, out);
    const base::Bytes rgb = interleaved(image.pixels);
    if (coding.kind == CodingKind::Lossless)
        return encodeWebp(rgb, image.size, out);
    return encodeJpeg(rgb, image.size.width, image.size.height, coding.parameter, out);
}

base::Result<data::Image> decodeImage(base::ByteView record, const Coding& coding, data::ImageSize expected,
                                      const CoderOptions& options)
{
    if (auto status = checkImageCoding(coding); !status)
        return status.error();
    if (auto status = checkSize(expected); !status)
        return status.error();
    if (coding.kind == CodingKind::Raw) {
        if (record.size() != expected.byteCount())
            return base::Error{base::ErrorCode::InvalidInput,
                               std::to_string(record.size()) + " bytes where a raw frame of " + describe(expected) + " has "
                                   + std::to_string(expected.byteCount()),
                               "image"};
        return data::Image{expected, base::Bytes(record.begin(), record.end())};
    }
    if (modelsFrames(coding, options))
        return options.frames->decode(record, expected);
    const auto rgb = coding.kind == CodingKind::Lossless ? decodeWebp(record, expected)
                                                         : decodeJpeg(record, expected.width, expected.height);
    if (!rgb)
        return rgb.error();
    return data::Image{expected, planar(*rgb)};
}

}  // namespace splitscope::codec
