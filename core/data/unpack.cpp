// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/unpack.h"

#include "core/base/files.h"
#include "core/data/cifar10.h"

#include <algorithm>
#include <archive.h>
#include <archive_entry.h>
#include <array>
#include <memory>

namespace splitscope::data {

namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;

constexpr std::size_t kLargestFile = kCifarRecordBytes * kCifarRecordsPerFile;

struct ArchiveCloser {
    void operator()(archive* a) const { archive_read_free(a); }
};

bool isWanted(const fs::path& path)
{
    const std::string name = path.filename().string();
    const auto& batches = cifar10FileNames();
    return path.parent_path().lexically_normal() == fs::path(kCifar10Folder)
        && (name == "batches.meta.txt" || name == "readme.html"
            || std::find(batches.begin(), batches.end(), name) != batches.end());
}

class Unpacker {
public:
    Unpacker(fs::path file, const std::stop_token& stop, const std::function<void(std::uint64_t)>& progress)
        : m_file(std::move(file)), m_stop(stop), m_progress(progress), m_archive(archive_read_new())
    {
    }

    base::Status run(const fs::path& folder)
    {
        archive_read_support_filter_gzip(m_archive.get());
        archive_read_support_format_tar(m_archive.get());
        constexpr std::size_t kBlock = 1 << 18;
        if (archive_read_open_filename(m_archive.get(), m_file.c_str(), kBlock) != ARCHIVE_OK)
            return failed();
        for (;;) {
            archive_entry* entry = nullptr;
            const int code = archive_read_next_header(m_archive.get(), &entry);
            if (code == ARCHIVE_EOF)
                return {};
            if (code != ARCHIVE_OK)
                return failed();
            const char* name = archive_entry_pathname(entry);
            if (name == nullptr || archive_entry_filetype(entry) != AE_IFREG || !isWanted(name))
                continue;
            auto bytes = readEntry(name);
            if (!bytes.ok())
                return bytes.error();
            if (auto status = base::writeFileAtomically(folder / fs::path(name).filename(), *bytes); !status.ok())
                return status;
        }
    }

private:
    [[nodiscard]] Error failed() const
    {
        const char* reason = archive_error_string(m_archive.get());
        return {ErrorCode::InvalidInput,
                std::string("cannot be unpacked (") + (reason ? reason : "no reason given") + "); remove it and fetch again",
                m_file.string()};
    }

    base::Result<base::Bytes> readEntry(const std::string& name)
    {
        base::Bytes bytes;
        std::array<std::uint8_t, 1 << 16> piece{};
        for (;;) {
            if (m_stop.stop_requested())
                return Error{ErrorCode::Cancelled, "unpacking was stopped", m_file.string()};
            const auto count = archive_read_data(m_archive.get(), piece.data(), piece.size());
            if (count < 0)
                return failed();
            if (count == 0)
                return bytes;
            if (bytes.size() + static_cast<std::size_t>(count) > kLargestFile)
                return Error{ErrorCode::TooLarge, "is larger than any file of CIFAR-10", m_file.string() + ", entry " + name};
            bytes.insert(bytes.end(), piece.begin(), piece.begin() + count);
            m_progress(static_cast<std::uint64_t>(std::max<la_int64_t>(0, archive_filter_bytes(m_archive.get(), -1))));
        }
    }

    fs::path m_file;
    std::stop_token m_stop;
    const std::function<void(std::uint64_t)>& m_progress;
    std::unique_ptr<archive, ArchiveCloser> m_archive;
};

}  // namespace

base::Status unpackCifar10(const fs::path& file, const fs::path& folder, const std::stop_token& stop,
                           const std::function<void(std::uint64_t)>& progress)
{
    std::error_code failure;
    fs::create_directories(folder, failure);
    if (failure)
        return Error{ErrorCode::Io, "cannot be made (" + failure.message() + ")", folder.string()};
    return Unpacker(file, stop, progress).run(folder);
}

}  // namespace splitscope::data
