// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/file_tree.h"
#include "core/data/zip_directory.h"

#include <archive.h>
#include <archive_entry.h>

namespace splitscope::data {

namespace {

using base::Error;
using base::ErrorCode;

constexpr std::uint32_t kLocalSignature = 0x04034b50;
constexpr std::size_t kLocalHeaderBytes = 30;

struct ArchiveCloser {
    void operator()(archive* a) const { archive_read_free(a); }
};
using ArchiveHandle = std::unique_ptr<archive, ArchiveCloser>;

/// An archive of one entry, in memory: libarchive then inflates and checks it without knowing the rest. The header is
/// written anew from the table of contents, since local headers may leave the sizes to the end of the entry.
base::Bytes withFreshHeader(const ZipEntry& entry)
{
    base::Bytes bytes;
    bytes.reserve(kLocalHeaderBytes + 1 + entry.packedSize);
    base::append(bytes, kLocalSignature);
    base::append(bytes, std::uint16_t{20});  // version needed
    base::append(bytes, std::uint16_t{0});  // flags
    base::append(bytes, entry.method);
    base::append(bytes, std::uint32_t{0});  // time and date
    base::append(bytes, entry.crc);
    base::append(bytes, entry.packedSize);
    base::append(bytes, entry.size);
    base::append(bytes, std::uint16_t{1});  // length of the name
    base::append(bytes, std::uint16_t{0});  // length of the extra field
    bytes.push_back('x');
    return bytes;
}

base::Result<base::Bytes> unpack(base::ByteView single, const ZipEntry& entry, const std::string& where)
{
    const ArchiveHandle handle(archive_read_new());
    const auto failed = [&](const char* fallback) {
        const char* reason = archive_error_string(handle.get());
        return Error{ErrorCode::InvalidInput,
                     std::string("is damaged in the archive (") + (reason ? reason : fallback) + "); make the archive again",
                     where};
    };
    archive_entry* header = nullptr;
    if (archive_read_support_format_zip_streamable(handle.get()) != ARCHIVE_OK
        || archive_read_open_memory(handle.get(), single.data(), single.size()) != ARCHIVE_OK
        || archive_read_next_header(handle.get(), &header) != ARCHIVE_OK)
        return failed("unreadable header");
    // One byte more than promised, to notice an entry that holds more than it says; it is never inflated further.
    base::Bytes bytes(std::size_t{entry.size} + 1);
    std::size_t done = 0;
    while (done < bytes.size()) {
        const auto count = archive_read_data(handle.get(), bytes.data() + done, bytes.size() - done);
        if (count < 0)
            return failed("unreadable data");
        if (count == 0)
            break;
        done += static_cast<std::size_t>(count);
    }
    if (done != entry.size)
        return failed("its size is not what the table of contents says");
    bytes.resize(done);
    return bytes;
}

class ZipTree final : public FileTree {
public:
    ZipTree(std::unique_ptr<ReadOnlyFile> file, std::vector<ZipEntry> entries)
        : m_file(std::move(file)), m_entries(std::move(entries))
    {
        for (auto& entry : m_entries)
            m_paths.push_back(std::move(entry.path));
    }

    [[nodiscard]] const std::vector<std::string>& paths() const override { return m_paths; }

    [[nodiscard]] base::Result<base::Bytes> read(std::size_t index) const override
    {
        const ZipEntry& entry = m_entries[index];
        if (entry.size > kMaxImageFileBytes || entry.packedSize > kMaxImageFileBytes)
            return Error{ErrorCode::TooLarge,
                         "unpacks to " + std::to_string(entry.size) + " bytes; the limit for a picture is "
                             + std::to_string(kMaxImageFileBytes),
                         describe(index)};
        base::Bytes local(kLocalHeaderBytes);
        if (auto status = m_file->readAt(entry.headerOffset, local); !status.ok())
            return status.error();
        if (base::readAt<std::uint32_t>(local, 0) != kLocalSignature)
            return Error{ErrorCode::InvalidInput, "is not where the table of contents says; make the archive again",
                         describe(index)};
        const auto begin = std::uint64_t{entry.headerOffset} + kLocalHeaderBytes + base::readAt<std::uint16_t>(local, 26)
            + base::readAt<std::uint16_t>(local, 28);
        base::Bytes single = withFreshHeader(entry);
        const std::size_t headerBytes = single.size();
        single.resize(headerBytes + entry.packedSize);
        if (auto status = m_file->readAt(begin, std::span(single).subspan(headerBytes)); !status.ok())
            return status.error();
        return unpack(single, entry, describe(index));
    }

    [[nodiscard]] std::string describe(std::size_t index) const override
    {
        return m_file->path().string() + ", entry " + m_paths[index];
    }

private:
    std::unique_ptr<ReadOnlyFile> m_file;
    std::vector<ZipEntry> m_entries;  // without their paths, which are in m_paths
    std::vector<std::string> m_paths;
};

}  // namespace

base::Result<std::unique_ptr<FileTree>> openZipTree(const std::filesystem::path& path)
{
    auto file = ReadOnlyFile::open(path);
    if (!file.ok())
        return file.error();
    auto entries = readZipDirectory(**file);
    if (!entries.ok())
        return entries.error();
    return std::unique_ptr<FileTree>(std::make_unique<ZipTree>(*std::move(file), *std::move(entries)));
}

}  // namespace splitscope::data
