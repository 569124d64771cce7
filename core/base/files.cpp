// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/files.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

namespace splitscope::base {

namespace fs = std::filesystem;

namespace {

Error ioError(const fs::path& path, const std::string& what)
{
    return {ErrorCode::Io, what + " (" + std::strerror(errno) + ")", path.string()};
}

bool writeAll(int fd, ByteView bytes)
{
    while (!bytes.empty()) {
        const auto n = ::write(fd, bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
    return ::fsync(fd) == 0;
}

/// What root writes for somebody is theirs: the file's owner before, else the folder's. As far as the file system allows it.
void giveToOwner(int fd, const fs::path& path)
{
    if (::geteuid() != 0)
        return;
    const auto folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
    struct stat owner {};
    if (::stat(path.c_str(), &owner) == 0 || ::stat(folder.c_str(), &owner) == 0) [[maybe_unused]]
        const auto given = ::fchown(fd, owner.st_uid, owner.st_gid);
}

}  // namespace

Result<Bytes> readFile(const fs::path& path, std::uintmax_t limit)
{
    std::error_code ec;
    if (!fs::is_regular_file(path, ec))
        return Error{ErrorCode::NotFound, "there is no such file", path.string()};
    const auto size = fs::file_size(path, ec);
    if (ec)
        return Error{ErrorCode::Io, ec.message(), path.string()};
    if (size > limit)
        return Error{ErrorCode::TooLarge, std::to_string(size) + " bytes; the limit is " + std::to_string(limit), path.string()};
    std::ifstream in(path, std::ios::binary);
    Bytes bytes(size);
    if (!in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size)))
        return ioError(path, "cannot be read");
    return bytes;
}

Status writeFileAtomically(const fs::path& path, ByteView bytes, unsigned mode)
{
    std::error_code ec;
    if (path.has_parent_path())
        fs::create_directories(path.parent_path(), ec);
    std::string temporary = path.string() + ".XXXXXX";
    const int fd = ::mkstemp(temporary.data());
    if (fd < 0)
        return ioError(path, "cannot be written: is the folder writable?");
    giveToOwner(fd, path);
    const bool written = ::fchmod(fd, mode) == 0 && writeAll(fd, bytes);
    const int failure = errno;
    ::close(fd);
    errno = failure;
    if (!written || ::rename(temporary.c_str(), path.c_str()) != 0) {
        const auto error = ioError(path, "cannot be written: is the disk full? The earlier file is unchanged");
        ::unlink(temporary.c_str());
        return error;
    }
    return {};
}

Result<fs::path> resourcePath(const std::string& relative)
{
    std::error_code ec;
    std::vector<fs::path> roots;
    if (const char* override = std::getenv("SPLITSCOPE_RESOURCES"))
        roots.emplace_back(override);
    const auto program = fs::read_symlink("/proc/self/exe", ec);
    if (!ec)
        roots.push_back(program.parent_path().parent_path() / "share/splitscope");
    for (const auto& root : roots)
        if (fs::exists(root / relative, ec))
            return root / relative;
    return Error{ErrorCode::NotFound,
                 "not among the installed resources; reinstall, or set SPLITSCOPE_RESOURCES to the folder that holds it",
                 relative};
}

Result<fs::path> dataFolder()
{
    std::error_code ec;
    const char* folder = std::getenv("SPLITSCOPE_DATA");
    if (!folder || !*folder)
        return Error{ErrorCode::NotFound, "set SPLITSCOPE_DATA to the folder that holds the data sets", "SPLITSCOPE_DATA"};
    if (!fs::is_directory(folder, ec))
        return Error{ErrorCode::NotFound, "SPLITSCOPE_DATA names no folder", folder};
    return fs::path(folder);
}

std::string programVersion() { return SPLITSCOPE_VERSION; }

}  // namespace splitscope::base
