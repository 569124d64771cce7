// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures and archives made on the spot for tests.
#pragma once

#include "core/base/bytes.h"

#include <QByteArray>
#include <QtGlobal>

#include <archive.h>
#include <archive_entry.h>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <jpeglib.h>
#include <map>
#include <png.h>

namespace splitscope::data::testing {

using Files = std::map<std::string, base::Bytes>;  ///< by relative path

inline QByteArray toQt(const base::Bytes& bytes)
{
    return {reinterpret_cast<const char*>(bytes.data()), static_cast<qsizetype>(bytes.size())};
}

inline base::Bytes fromQt(const QByteArray& bytes) { return {bytes.begin(), bytes.end()}; }

inline base::Bytes repeated(const base::Bytes& pixel, int count)
{
    base::Bytes pixels;
    for (int i = 0; i < count; ++i)
        pixels.insert(pixels.end(), pixel.begin(), pixel.end());
    return pixels;
}

/// A PNG of one colour; `format` is one of libpng's PNG_FORMAT_ values.
inline base::Bytes png(unsigned format, int width, int height, const base::Bytes& pixel)
{
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.format = format;
    image.width = static_cast<png_uint_32>(width);
    image.height = static_cast<png_uint_32>(height);
    const auto pixels = repeated(pixel, width * height);
    base::Bytes bytes(1 << 16);
    png_alloc_size_t size = bytes.size();
    if (png_image_write_to_memory(&image, bytes.data(), &size, 0, pixels.data(), 0, nullptr) == 0)
        qFatal("no PNG could be made");
    bytes.resize(size);
    return bytes;
}

/// A JPEG of one colour: grey, RGB or CMYK by the number of samples.
inline base::Bytes jpeg(int width, int height, const base::Bytes& pixel)
{
    jpeg_compress_struct info{};
    jpeg_error_mgr errors{};
    info.err = jpeg_std_error(&errors);
    jpeg_create_compress(&info);
    unsigned char* data = nullptr;
    unsigned long size = 0;
    jpeg_mem_dest(&info, &data, &size);
    info.image_width = static_cast<JDIMENSION>(width);
    info.image_height = static_cast<JDIMENSION>(height);
    info.input_components = static_cast<int>(pixel.size());
    info.in_color_space = pixel.size() == 1 ? JCS_GRAYSCALE : pixel.size() == 3 ? JCS_RGB : JCS_CMYK;
    jpeg_set_defaults(&info);
    jpeg_set_quality(&info, 100, TRUE);
    if (pixel.size() == 4)
        info.write_Adobe_marker = TRUE;
    jpeg_start_compress(&info, TRUE);
    auto row = repeated(pixel, width);
    for (int y = 0; y < height; ++y) {
        JSAMPROW pointer = row.data();
        jpeg_write_scanlines(&info, &pointer, 1);
    }
    jpeg_finish_compress(&info);
    base::Bytes bytes(data, data + size);
    jpeg_destroy_compress(&info);
    std::free(data);
    return bytes;
}

inline void writeFiles(const std::filesystem::path& root, const Files& files)
{
    for (const auto& [name, bytes] : files) {
        std::filesystem::create_directories((root / name).parent_path());
        std::ofstream(root / name, std::ios::binary)
            .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    }
}

inline void writeEntries(archive* out, const std::filesystem::path& path, const Files& files)
{
    if (archive_write_open_filename(out, path.c_str()) != ARCHIVE_OK)
        qFatal("no archive could be made");
    for (const auto& [name, bytes] : files) {
        archive_entry* entry = archive_entry_new();
        archive_entry_set_pathname(entry, name.c_str());
        archive_entry_set_size(entry, static_cast<la_int64_t>(bytes.size()));
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_perm(entry, 0644);
        archive_write_header(out, entry);
        archive_write_data(out, bytes.data(), bytes.size());
        archive_entry_free(entry);
    }
    archive_write_close(out);
    archive_write_free(out);
}

inline void writeZip(const std::filesystem::path& path, const Files& files, bool deflated)
{
    archive* out = archive_write_new();
    archive_write_set_format_zip(out);
    archive_write_set_options(out, deflated ? "zip:compression=deflate" : "zip:compression=store");
    writeEntries(out, path, files);
}

inline void writeTarGz(const std::filesystem::path& path, const Files& files)
{
    archive* out = archive_write_new();
    archive_write_set_format_ustar(out);
    archive_write_add_filter_gzip(out);
    archive_write_set_options(out, "gzip:compression-level=1");
    writeEntries(out, path, files);
}

}  // namespace splitscope::data::testing
