// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/image_fit.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace splitscope::data {

namespace {

std::string textOf(ImageSize size) { return std::to_string(size.width) + " x " + std::to_string(size.height); }

/// Averages `count` samples, `step` apart, into `newCount` samples `newStep` apart. In units of 1/(count * newCount) of
/// the line a source sample is newCount long and a result count long, so that all weights are integers.
template <typename In, typename Out>
void averageLine(const In* in, std::size_t step, std::uint64_t count, Out* out, std::size_t newStep, std::uint64_t newCount,
                 std::uint64_t numerator, std::uint64_t denominator)
{
    for (std::uint64_t i = 0; i < newCount; ++i) {
        const std::uint64_t begin = i * count;
        const std::uint64_t end = begin + count;
        std::uint64_t sum = 0;
        for (std::uint64_t k = begin / newCount; k * newCount < end; ++k) {
            const std::uint64_t overlap = std::min(end, (k + 1) * newCount) - std::max(begin, k * newCount);
            sum += overlap * in[k * step];
        }
        out[i * newStep] = static_cast<Out>((sum * numerator + count * denominator / 2) / (count * denominator));
    }
}

Image scaleDown(const Image& image, int width, int height)
{
    const auto oldWidth = static_cast<std::size_t>(image.size.width);
    const auto oldHeight = static_cast<std::size_t>(image.size.height);
    const auto newWidth = static_cast<std::size_t>(width);
    const auto newHeight = static_cast<std::size_t>(height);
    Image scaled{{image.size.channels, height, width}, {}};
    scaled.pixels.resize(scaled.size.byteCount());
    std::vector<std::uint16_t> rows(oldHeight * newWidth);  // eight more bits, so that only the last step rounds visibly
    for (std::size_t c = 0; c < static_cast<std::size_t>(image.size.channels); ++c) {
        const std::uint8_t* plane = image.pixels.data() + c * oldWidth * oldHeight;
        for (std::size_t y = 0; y < oldHeight; ++y)
            averageLine(plane + y * oldWidth, 1, oldWidth, rows.data() + y * newWidth, 1, newWidth, 256, 1);
        std::uint8_t* result = scaled.pixels.data() + c * newWidth * newHeight;
        for (std::size_t x = 0; x < newWidth; ++x)
            averageLine(rows.data() + x, newWidth, oldHeight, result + x, newWidth, newHeight, 1, 256);
    }
    return scaled;
}

Image cropMiddle(const Image& image, ImageSize wanted)
{
    const auto stride = static_cast<std::size_t>(image.size.width);
    const auto left = static_cast<std::size_t>((image.size.width - wanted.width) / 2);
    const auto top = static_cast<std::size_t>((image.size.height - wanted.height) / 2);
    Image cropped{wanted, {}};
    cropped.pixels.reserve(wanted.byteCount());
    for (std::size_t c = 0; c < static_cast<std::size_t>(wanted.channels); ++c)
        for (std::size_t y = 0; y < static_cast<std::size_t>(wanted.height); ++y) {
            const std::size_t row = (c * static_cast<std::size_t>(image.size.height) + top + y) * stride + left;
            const auto begin = image.pixels.begin() + static_cast<std::ptrdiff_t>(row);
            cropped.pixels.insert(cropped.pixels.end(), begin, begin + wanted.width);
        }
    return cropped;
}

}  // namespace

base::Status checkFits(ImageSize have, ImageSize wanted, const std::string& where)
{
    if (wanted.channels != 3 || wanted.width < 1 || wanted.height < 1)
        return base::Error{
            base::ErrorCode::Unsupported,
            "images have 3 channels; the network takes " + std::to_string(wanted.channels) + " of " + textOf(wanted), where};
    if (have.width < wanted.width || have.height < wanted.height)
        return base::Error{base::ErrorCode::Mismatch,
                           "the image has " + textOf(have) + " pixels, but the network takes " + textOf(wanted)
                               + "; use larger images or a network of smaller input",
                           where};
    return {};
}

base::Result<Image> fitImage(Image image, ImageSize wanted, const std::string& where)
{
    if (image.size == wanted)
        return image;
    if (auto status = checkFits(image.size, wanted, where); !status.ok())
        return status.error();
    const std::int64_t width = image.size.width;
    const std::int64_t height = image.size.height;
    if (width * 4 > wanted.width * 5LL && height * 4 > wanted.height * 5LL) {
        // Covers the wanted size exactly along the direction that has less to spare.
        const bool alongWidth = width * wanted.height <= height * wanted.width;
        const auto newWidth = alongWidth ? wanted.width : (width * wanted.height + height / 2) / height;
        const auto newHeight = alongWidth ? (height * wanted.width + width / 2) / width : wanted.height;
        image = scaleDown(image, static_cast<int>(std::max<std::int64_t>(newWidth, wanted.width)),
                          static_cast<int>(std::max<std::int64_t>(newHeight, wanted.height)));
    }
    return cropMiddle(image, wanted);
}

}  // namespace splitscope::data
