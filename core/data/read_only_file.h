// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

namespace splitscope::data {

/// An open file that many threads read at once, each at its own offset.
class ReadOnlyFile {
public:
    static base::Result<std::unique_ptr<ReadOnlyFile>> open(const std::filesystem::path& path);
    ~ReadOnlyFile();
    ReadOnlyFile(const ReadOnlyFile&) = delete;
    ReadOnlyFile& operator=(const ReadOnlyFile&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }
    [[nodiscard]] std::uint64_t size() const { return m_size; }

    /// Fills `out` from `offset`; fewer bytes than that are an Error.
    [[nodiscard]] base::Status readAt(std::uint64_t offset, std::span<std::uint8_t> out) const;

private:
    ReadOnlyFile(std::filesystem::path path, int descriptor, std::uint64_t size);

    std::filesystem::path m_path;
    int m_descriptor;
    std::uint64_t m_size;
};

}  // namespace splitscope::data
