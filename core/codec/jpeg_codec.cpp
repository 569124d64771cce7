// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/codec/jpeg_codec.h"

#include <array>
#include <csetjmp>
#include <cstdio>

#include <jerror.h>
#include <jpeglib.h>

namespace splitscope::codec {

namespace {

/// libjpeg reports an error by a call that must not return. It jumps back to the setjmp of run…() below, across frames
/// without destructors only; that is why every vector lives outside of those functions.
struct ErrorTrap {
    jpeg_error_mgr manager{};
    std::jmp_buf back{};
    std::array<char, JMSG_LENGTH_MAX> text{};

    ErrorTrap()
    {
        jpeg_std_error(&manager);
        manager.error_exit = [](j_common_ptr codec) {
            auto* trap = reinterpret_cast<ErrorTrap*>(codec->err);  // manager is the first member
            codec->err->format_message(codec, trap->text.data());
            std::longjmp(trap->back, 1);
        };
        manager.emit_message = [](j_common_ptr codec, int level) {
            if (level < 0)  // a warning: damaged data that libjpeg would paint over
                codec->err->error_exit(codec);
        };
        manager.output_message = [](j_common_ptr) {};
    }

    [[nodiscard]] base::Error error() const { return {base::ErrorCode::InvalidInput, text.data(), "JPEG"}; }
};

struct Compression {
    ErrorTrap trap;
    jpeg_compress_struct codec{};
    jpeg_destination_mgr destination{};

    Compression() = default;
    Compression(const Compression&) = delete;
    Compression& operator=(const Compression&) = delete;
    ~Compression() { jpeg_destroy_compress(&codec); }
};

struct Decompression {
    ErrorTrap trap;
    jpeg_decompress_struct codec{};

    Decompression() = default;
    Decompression(const Decompression&) = delete;
    Decompression& operator=(const Decompression&) = delete;
    ~Decompression() { jpeg_destroy_decompress(&codec); }
};

/// Room for any frame: 3 bytes a pixel of whole 16×16 blocks, and the headers.
std::size_t largestJpeg(int width, int height)
{
    const auto padded = [](int side) { return (static_cast<std::size_t>(side) + 15) / 16 * 16; };
    return padded(width) * padded(height) * 3 + 2048;
}

/// False on an error, which is in the trap. `used` is what of `room` was written.
bool runCompression(Compression& job, base::ByteView rgb, int width, int height, int quality, std::span<std::uint8_t> room,
                    std::size_t& used)
{
    auto& codec = job.codec;
    codec.err = &job.trap.manager;
    if (setjmp(job.trap.back) != 0)
        return false;
    jpeg_create_compress(&codec);
    job.destination.next_output_byte = room.data();
    job.destination.free_in_buffer = room.size();
    job.destination.init_destination = [](j_compress_ptr) {};
    job.destination.term_destination = [](j_compress_ptr) {};
    job.destination.empty_output_buffer = [](j_compress_ptr full) -> boolean {
        ERREXIT(full, JERR_BUFFER_SIZE);
        return FALSE;
    };
    codec.dest = &job.destination;

    codec.image_width = static_cast<JDIMENSION>(width);
    codec.image_height = static_cast<JDIMENSION>(height);
    codec.input_components = 3;
    codec.in_color_space = JCS_RGB;
    jpeg_set_defaults(&codec);
    jpeg_set_quality(&codec, quality, TRUE);
    codec.optimize_coding = TRUE;  // the standard tables alone are 420 bytes: a third of a small frame
    jpeg_start_compress(&codec, TRUE);
    while (codec.next_scanline < codec.image_height) {
        const std::uint8_t* row = rgb.data() + std::size_t{codec.next_scanline} * codec.image_width * 3;
        JSAMPROW rows[] = {const_cast<JSAMPROW>(row)};
        jpeg_write_scanlines(&codec, rows, 1);
    }
    jpeg_finish_compress(&codec);
    used = room.size() - job.destination.free_in_buffer;
    return true;
}

/// False on an error, which is in the trap. The size is then known and nothing of the frame is decoded.
bool runReadHeader(Decompression& job, base::ByteView jpeg)
{
    auto& codec = job.codec;
    codec.err = &job.trap.manager;
    if (setjmp(job.trap.back) != 0)
        return false;
    jpeg_create_decompress(&codec);
    jpeg_mem_src(&codec, jpeg.data(), static_cast<unsigned long>(jpeg.size()));
    jpeg_read_header(&codec, TRUE);
    return true;
}

base::Status checkHeader(jpeg_decompress_struct& codec, int width, int height)
{
    if (codec.image_width != static_cast<JDIMENSION>(width) || codec.image_height != static_cast<JDIMENSION>(height))
        return base::Error{base::ErrorCode::Mismatch,
                           "a frame of " + std::to_string(codec.image_width) + "x" + std::to_string(codec.image_height)
                               + " pixels where " + std::to_string(width) + "x" + std::to_string(height) + " belong",
                           "JPEG"};
    if (codec.num_components != 3 || codec.jpeg_color_space != JCS_YCbCr || codec.progressive_mode || codec.arith_code
        || jpeg_has_multiple_scans(&codec))
        return base::Error{base::ErrorCode::Unsupported, "only baseline YCbCr frames in one scan are taken", "JPEG"};
    return {};
}

/// False on an error, which is in the trap.
bool runDecompression(Decompression& job, std::span<std::uint8_t> rgb)
{
    auto& codec = job.codec;
    if (setjmp(job.trap.back) != 0)
        return false;
    codec.out_color_space = JCS_RGB;
    jpeg_start_decompress(&codec);
    while (codec.output_scanline < codec.output_height) {
        JSAMPROW rows[] = {rgb.data() + std::size_t{codec.output_scanline} * codec.output_width * 3};
        jpeg_read_scanlines(&codec, rows, 1);
    }
    jpeg_finish_decompress(&codec);
    return true;
}

}  // namespace

base::Status encodeJpeg(base::ByteView rgb, int width, int height, int quality, base::Bytes& out)
{
    const std::size_t at = out.size();
    out.resize(at + largestJpeg(width, height));
    std::size_t used = 0;
    Compression job;
    const bool done = runCompression(job, rgb, width, height, quality, std::span(out).subspan(at), used);
    out.resize(at + used);
    if (!done)
        return job.trap.error();
    return {};
}

base::Result<base::Bytes> decodeJpeg(base::ByteView jpeg, int width, int height)
{
    Decompression job;
    if (!runReadHeader(job, jpeg))
        return job.trap.error();
    if (auto status = checkHeader(job.codec, width, height); !status)
        return status.error();
    base::Bytes rgb(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3);
    if (!runDecompression(job, rgb))
        return job.trap.error();
    if (job.codec.src->bytes_in_buffer > 0)
        return base::Error{base::ErrorCode::InvalidInput, "bytes follow the end of the image", "JPEG"};
    return rgb;
}

}  // namespace splitscope::codec
