// SPDX-License-Identifier: GPL-3.0-or-later
// The table of contents at the end of a zip archive, which libarchive does not give with offsets.
#pragma once

#include "core/base/result.h"
#include "core/data/read_only_file.h"

#include <string>
#include <vector>

namespace splitscope::data {

struct ZipEntry {
    std::string path;
    std::uint16_t method = 0;  ///< 0 stored, 8 deflated
    std::uint32_t crc = 0;
    std::uint32_t packedSize = 0;
    std::uint32_t size = 0;
    std::uint32_t headerOffset = 0;  ///< of the entry's local header
};

/// Every file of the archive (folders left out). Archives in several parts, encrypted ones, those over 4 GB or 65,534
/// entries, and methods other than stored and deflated are Errors, as is any entry that points outside the archive.
base::Result<std::vector<ZipEntry>> readZipDirectory(const ReadOnlyFile& file);

}  // namespace splitscope::data
