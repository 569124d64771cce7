// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/zip_directory.h"

#include <algorithm>

namespace splitscope::data {

namespace {

using base::Error;
using base::ErrorCode;
using base::readAt;

constexpr std::uint32_t kEndSignature = 0x06054b50;
constexpr std::uint32_t kEntrySignature = 0x02014b50;
constexpr std::size_t kEndBytes = 22;
constexpr std::size_t kEntryBytes = 46;
constexpr std::size_t kLocalHeaderBytes = 30;
constexpr std::size_t kLongestComment = 65535;

struct End {
    std::uint16_t entries = 0;
    std::uint32_t size = 0;
    std::uint32_t offset = 0;
};

Error broken(const ReadOnlyFile& file, const std::string& what)
{
    return {ErrorCode::InvalidInput, "is not a usable zip archive: " + what + "; make or download it again",
            file.path().string()};
}

/// The record that ends every archive, found backwards since a comment of unknown length follows it.
base::Result<End> findEnd(const ReadOnlyFile& file)
{
    if (file.size() < kEndBytes)
        return broken(file, "it has only " + std::to_string(file.size()) + " bytes");
    base::Bytes tail(std::min<std::uint64_t>(file.size(), kEndBytes + kLongestComment));
    if (auto status = file.readAt(file.size() - tail.size(), tail); !status.ok())
        return status.error();
    for (std::size_t at = tail.size() - kEndBytes + 1; at-- > 0;) {
        if (readAt<std::uint32_t>(tail, at) != kEndSignature)
            continue;
        if (at + kEndBytes + readAt<std::uint16_t>(tail, at + 20) != tail.size())
            continue;
        if (readAt<std::uint16_t>(tail, at + 4) != 0 || readAt<std::uint16_t>(tail, at + 6) != 0)
            return Error{ErrorCode::Unsupported, "is one part of a zip archive in several; join them first",
                         file.path().string()};
        const End end{readAt<std::uint16_t>(tail, at + 10), readAt<std::uint32_t>(tail, at + 12),
                      readAt<std::uint32_t>(tail, at + 16)};
        if (end.entries == 0xffff || end.size == 0xffffffff || end.offset == 0xffffffff)
            return Error{ErrorCode::Unsupported, "is a zip archive of over 65,534 entries or 4 GB; unpack it into a folder",
                         file.path().string()};
        return end;
    }
    return broken(file, "its end is missing, so it was probably cut off");
}

base::Status checkEntry(const ReadOnlyFile& file, const ZipEntry& entry, std::uint16_t flags)
{
    const std::string where = file.path().string() + ", entry " + entry.path;
    if ((flags & 1U) != 0)
        return Error{ErrorCode::Unsupported, "is encrypted; make an archive without a password", where};
    if (entry.method != 0 && entry.method != 8)
        return Error{ErrorCode::Unsupported,
                     "uses zip method " + std::to_string(entry.method) + "; only stored and deflated entries are read", where};
    if (entry.method == 0 && entry.packedSize != entry.size)
        return Error{ErrorCode::InvalidInput, "is stored, but its two sizes differ; make the archive again", where};
    if (std::uint64_t{entry.headerOffset} + kLocalHeaderBytes + entry.packedSize > file.size())
        return Error{ErrorCode::InvalidInput, "lies outside the archive, which was probably cut off", where};
    return {};
}

}  // namespace

base::Result<std::vector<ZipEntry>> readZipDirectory(const ReadOnlyFile& file)
{
    const auto end = findEnd(file);
    if (!end.ok())
        return end.error();
    if (std::uint64_t{end->offset} + end->size > file.size())
        return broken(file, "its table of contents lies outside it");
    base::Bytes table(end->size);
    if (auto status = file.readAt(end->offset, table); !status.ok())
        return status.error();

    std::vector<ZipEntry> entries;
    std::size_t at = 0;
    for (unsigned i = 0; i < end->entries; ++i) {
        if (table.size() - at < kEntryBytes || readAt<std::uint32_t>(table, at) != kEntrySignature)
            return broken(file, "its table of contents is damaged at entry " + std::to_string(i));
        const std::size_t nameBytes = readAt<std::uint16_t>(table, at + 28);
        const std::size_t restBytes = std::size_t{readAt<std::uint16_t>(table, at + 30)} + readAt<std::uint16_t>(table, at + 32);
        if (table.size() - at < kEntryBytes + nameBytes + restBytes)
            return broken(file, "its table of contents is damaged at entry " + std::to_string(i));
        ZipEntry entry{std::string(base::asText(base::ByteView(table).subspan(at + kEntryBytes, nameBytes))),
                       readAt<std::uint16_t>(table, at + 10),
                       readAt<std::uint32_t>(table, at + 16),
                       readAt<std::uint32_t>(table, at + 20),
                       readAt<std::uint32_t>(table, at + 24),
                       readAt<std::uint32_t>(table, at + 42)};
        const auto flags = readAt<std::uint16_t>(table, at + 8);
        at += kEntryBytes + nameBytes + restBytes;
        if (entry.path.empty() || entry.path.back() == '/')
            continue;
        if (auto status = checkEntry(file, entry, flags); !status.ok())
            return status.error();
        entries.push_back(std::move(entry));
    }
    return entries;
}

}  // namespace splitscope::data
