// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/image_codec.h"

#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <jerror.h>
#include <jpeglib.h>
#include <png.h>

namespace splitscope::data {

namespace {

using base::Error;
using base::ErrorCode;

Error damaged(const std::string& where, const std::string& format, const std::string& reason)
{
    return {ErrorCode::InvalidInput, "is a damaged " + format + " (" + reason + "); replace or remove it", where};
}

Error tooLarge(const std::string& where, std::size_t width, std::size_t height)
{
    return {ErrorCode::TooLarge,
            std::to_string(width) + " x " + std::to_string(height) + " pixels; the limit is " + std::to_string(kMaxImagePixels),
            where};
}

/// Interleaved samples as the planes of an Image.
Image toPlanes(const base::Bytes& interleaved, std::size_t width, std::size_t height)
{
    Image image{{3, static_cast<int>(height), static_cast<int>(width)}, {}};
    const std::size_t count = width * height;
    image.pixels.resize(3 * count);
    for (std::size_t i = 0; i < count; ++i)
        for (std::size_t c = 0; c < 3; ++c)
            image.pixels[c * count + i] = interleaved[3 * i + c];
    return image;
}

/// libjpeg reports errors by a call that must not return; here it jumps back into JpegReader's functions, which hold
/// nothing that needs destroying.
struct JpegErrors {
    jpeg_error_mgr manager;  // first, since libjpeg hands back a pointer to it
    std::jmp_buf back;
    std::array<char, JMSG_LENGTH_MAX> text;
    bool damaged;
};

void jpegFailed(j_common_ptr info)
{
    auto* errors = reinterpret_cast<JpegErrors*>(info->err);
    errors->manager.format_message(info, errors->text.data());
    std::longjmp(errors->back, 1);
}

void jpegWarned(j_common_ptr info, int level)
{
    if (level >= 0)
        return;  // a trace message
    auto* errors = reinterpret_cast<JpegErrors*>(info->err);
    switch (errors->manager.msg_code) {
    case JWRN_JPEG_EOF:
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_MUST_RESYNC:
        if (!errors->damaged)
            errors->manager.format_message(info, errors->text.data());
        errors->damaged = true;
        break;
    default: break;  // oddities that leave the picture whole
    }
}

class JpegReader {
public:
    JpegReader()
    {
        m_info.err = jpeg_std_error(&m_errors.manager);
        m_errors.manager.error_exit = jpegFailed;
        m_errors.manager.emit_message = jpegWarned;
    }
    ~JpegReader() { jpeg_destroy_decompress(&m_info); }
    JpegReader(const JpegReader&) = delete;
    JpegReader& operator=(const JpegReader&) = delete;

    bool readHeader(base::ByteView bytes)
    {
        if (setjmp(m_errors.back) != 0)
            return false;
        jpeg_create_decompress(&m_info);
        jpeg_mem_src(&m_info, bytes.data(), bytes.size());
        jpeg_read_header(&m_info, TRUE);
        m_fourColours = m_info.jpeg_color_space == JCS_CMYK || m_info.jpeg_color_space == JCS_YCCK;
        m_info.out_color_space = m_fourColours ? JCS_CMYK : JCS_RGB;
        m_info.dct_method = JDCT_ISLOW;  // the one that is exact, and so equal everywhere
        return true;
    }

    /// `out` takes rows of width() * components() bytes.
    bool readPixels(std::uint8_t* out)
    {
        if (setjmp(m_errors.back) != 0)
            return false;
        jpeg_start_decompress(&m_info);
        const std::size_t stride = width() * components();
        while (m_info.output_scanline < m_info.output_height) {
            JSAMPROW row = out + stride * m_info.output_scanline;
            jpeg_read_scanlines(&m_info, &row, 1);
        }
        jpeg_finish_decompress(&m_info);
        return !m_errors.damaged;
    }

    [[nodiscard]] std::size_t width() const { return m_info.image_width; }
    [[nodiscard]] std::size_t height() const { return m_info.image_height; }
    [[nodiscard]] std::size_t components() const { return m_fourColours ? 4 : 3; }
    [[nodiscard]] bool inverted() const { return m_info.saw_Adobe_marker != 0; }
    [[nodiscard]] std::string reason() const { return m_errors.text.data(); }

private:
    jpeg_decompress_struct m_info{};
    JpegErrors m_errors{};
    bool m_fourColours = false;
};

/// Adobe writes CMYK upside down: 255 is no ink.
base::Bytes cmykToRgb(const base::Bytes& cmyk, bool inverted)
{
    base::Bytes rgb(cmyk.size() / 4 * 3);
    for (std::size_t i = 0; i < cmyk.size() / 4; ++i) {
        const unsigned black = inverted ? cmyk[4 * i + 3] : 255U - cmyk[4 * i + 3];
        for (std::size_t c = 0; c < 3; ++c) {
            const unsigned light = inverted ? cmyk[4 * i + c] : 255U - cmyk[4 * i + c];
            rgb[3 * i + c] = static_cast<std::uint8_t>((light * black + 127U) / 255U);
        }
    }
    return rgb;
}

base::Result<Image> decodeJpeg(base::ByteView bytes, const std::string& where)
{
    JpegReader reader;
    if (!reader.readHeader(bytes))
        return damaged(where, "JPEG", reader.reason());
    const std::size_t width = reader.width();
    const std::size_t height = reader.height();
    if (width * height > kMaxImagePixels)
        return tooLarge(where, width, height);
    base::Bytes pixels(width * height * reader.components());
    if (!reader.readPixels(pixels.data()))
        return damaged(where, "JPEG", reader.reason());
    if (reader.components() == 4)
        pixels = cmykToRgb(pixels, reader.inverted());
    return toPlanes(pixels, width, height);
}

struct PngReader {
    png_image image{};
    PngReader() { image.version = PNG_IMAGE_VERSION; }
    ~PngReader() { png_image_free(&image); }
    PngReader(const PngReader&) = delete;
    PngReader& operator=(const PngReader&) = delete;
};

base::Result<Image> decodePng(base::ByteView bytes, const std::string& where)
{
    PngReader reader;
    if (png_image_begin_read_from_memory(&reader.image, bytes.data(), bytes.size()) == 0)
        return damaged(where, "PNG", reader.image.message);
    const std::size_t width = reader.image.width;
    const std::size_t height = reader.image.height;
    if (width * height > kMaxImagePixels)
        return tooLarge(where, width, height);
    reader.image.format = PNG_FORMAT_RGB;
    base::Bytes pixels(width * height * 3);
    const png_color white{255, 255, 255};
    if (png_image_finish_read(&reader.image, &white, pixels.data(), 0, nullptr) == 0)
        return damaged(where, "PNG", reader.image.message);
    return toPlanes(pixels, width, height);
}

bool startsWith(base::ByteView bytes, std::string_view magic)
{
    return bytes.size() >= magic.size() && std::memcmp(bytes.data(), magic.data(), magic.size()) == 0;
}

}  // namespace

base::Result<Image> decodeImage(base::ByteView bytes, const std::string& where)
{
    if (startsWith(bytes, "\xff\xd8\xff"))
        return decodeJpeg(bytes, where);
    if (startsWith(bytes, "\x89PNG\r\n\x1a\n"))
        return decodePng(bytes, where);
    return base::Error{ErrorCode::InvalidInput,
                       bytes.empty() ? "is empty; replace or remove it" : "is neither a JPEG nor a PNG, whatever its name says",
                       where};
}

}  // namespace splitscope::data
