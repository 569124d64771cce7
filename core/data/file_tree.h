// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace splitscope::data {

inline constexpr std::uint64_t kMaxImageFileBytes = 64ULL << 20;  ///< of one picture, in a folder or unpacked from a zip

/// The files below a folder or in a zip archive, indexed once and read one by one. Reading is thread-safe.
class FileTree {
public:
    virtual ~FileTree() = default;
    /// Relative paths with '/' between names, in no special order.
    [[nodiscard]] virtual const std::vector<std::string>& paths() const = 0;
    /// The whole of file `index` of paths().
    [[nodiscard]] virtual base::Result<base::Bytes> read(std::size_t index) const = 0;
    /// How errors name file `index`: the path on disk, or "archive.zip, entry path".
    [[nodiscard]] virtual std::string describe(std::size_t index) const = 0;
};

base::Result<std::unique_ptr<FileTree>> openFolderTree(const std::filesystem::path& folder);

/// Reads the archive's table of contents alone; entries are stored or deflated and are read from the file when wanted.
base::Result<std::unique_ptr<FileTree>> openZipTree(const std::filesystem::path& file);

}  // namespace splitscope::data
