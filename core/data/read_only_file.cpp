// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/read_only_file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace splitscope::data {

ReadOnlyFile::ReadOnlyFile(std::filesystem::path path, int descriptor, std::uint64_t size)
    : m_path(std::move(path)), m_descriptor(descriptor), m_size(size)
{
}

ReadOnlyFile::~ReadOnlyFile() { ::close(m_descriptor); }

base::Result<std::unique_ptr<ReadOnlyFile>> ReadOnlyFile::open(const std::filesystem::path& path)
{
    // Non-blocking, so that opening a pipe by mistake is an error and not a wait.
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) {
        const auto code = errno == ENOENT ? base::ErrorCode::NotFound : base::ErrorCode::Io;
        return base::Error{code, std::string("cannot be opened (") + std::strerror(errno) + ")", path.string()};
    }
    struct stat status = {};
    if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
        ::close(descriptor);
        return base::Error{base::ErrorCode::InvalidInput, "is not a regular file", path.string()};
    }
    return std::unique_ptr<ReadOnlyFile>(new ReadOnlyFile(path, descriptor, static_cast<std::uint64_t>(status.st_size)));
}

base::Status ReadOnlyFile::readAt(std::uint64_t offset, std::span<std::uint8_t> out) const
{
    while (!out.empty()) {
        const auto count = ::pread(m_descriptor, out.data(), out.size(), static_cast<off_t>(offset));
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return base::Error{base::ErrorCode::Io, std::string("cannot be read (") + std::strerror(errno) + ")",
                               m_path.string()};
        if (count == 0)
            return base::Error{base::ErrorCode::InvalidInput,
                               "ends at byte " + std::to_string(offset) + ", sooner than it should", m_path.string()};
        out = out.subspan(static_cast<std::size_t>(count));
        offset += static_cast<std::uint64_t>(count);
    }
    return {};
}

}  // namespace splitscope::data
