// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/fetch.h"

#include "core/base/bytes.h"
#include "core/base/files.h"
#include "core/data/cifar10.h"
#include "core/data/download.h"
#include "core/data/unpack.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace splitscope::data {

namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;
using Step = FetchProgress::Step;

/// A new folder beside the goal, on the same disk so that renaming works, removed with everything in it at the end.
class WorkFolder {
public:
    static base::Result<std::unique_ptr<WorkFolder>> make(const fs::path& parent)
    {
        std::error_code failure;
        fs::create_directories(parent, failure);
        std::string pattern = (parent / ".cifar-10-XXXXXX").string();
        if (failure || ::mkdtemp(pattern.data()) == nullptr)
            return Error{ErrorCode::Io,
                         "cannot be written to (" + (failure ? failure.message() : std::string(std::strerror(errno)))
                             + "); name another folder in SPLITSCOPE_DATA",
                         parent.string()};
        return std::unique_ptr<WorkFolder>(new WorkFolder(pattern));
    }
    ~WorkFolder()
    {
        std::error_code ignored;
        fs::remove_all(m_path, ignored);
    }
    WorkFolder(const WorkFolder&) = delete;
    WorkFolder& operator=(const WorkFolder&) = delete;

    [[nodiscard]] const fs::path& path() const { return m_path; }

private:
    explicit WorkFolder(fs::path path) : m_path(std::move(path)) {}
    fs::path m_path;
};

std::string byHand(const fs::path& folder, const CifarArchive& archive)
{
    return "To do without a network here, download " + archive.url + " elsewhere, put it at "
        + (folder / kCifarArchiveName).string() + " and fetch again";
}

/// The archive in the folder, or else a fresh download in the work folder.
base::Result<fs::path> obtain(const fs::path& folder, const fs::path& work, const std::stop_token& stop,
                              const FetchCallback& progress, const CifarArchive& archive)
{
    std::error_code ignored;
    const fs::path placed = folder / kCifarArchiveName;
    if (fs::is_regular_file(placed, ignored))
        return placed;
    const fs::path fresh = work / kCifarArchiveName;
    auto status = download(archive.url, fresh, stop, [&](std::uint64_t done) {
        if (progress)
            progress({Step::Downloading, done, archive.bytes});
    });
    if (status.ok())
        return fresh;
    Error error = status.error();
    if (error.code == ErrorCode::Unreachable)
        error.text = "CIFAR-10 cannot be downloaded; is there a network? (" + error.text + ") " + byHand(folder, archive);
    else if (error.code == ErrorCode::NotFound)
        error.text += ". Install curl. " + byHand(folder, archive);
    return error;
}

base::Status checkSum(const fs::path& file, bool placedByHand, const std::string& expected)
{
    constexpr std::uintmax_t kLimit = 1ULL << 30;
    const auto bytes = base::readFile(file, kLimit);
    if (!bytes.ok())
        return bytes.error();
    const auto found = base::md5(*bytes);
    if (found == expected)
        return {};
    return Error{ErrorCode::Mismatch,
                 "the MD5 is " + found + " instead of " + expected + ": the archive is cut off or not the official one; "
                     + (placedByHand ? "remove it and fetch again" : "fetch again"),
                 file.string()};
}

/// Moves the finished folder to its goal. What was there before (an incomplete set) goes to the work folder, to be removed.
base::Status install(const fs::path& finished, const fs::path& goal, const fs::path& work)
{
    std::error_code failure;
    const fs::path earlier = work / "earlier";
    const bool replaces = fs::exists(goal, failure);
    if (replaces)
        fs::rename(goal, earlier, failure);
    if (!failure)
        fs::rename(finished, goal, failure);
    if (!failure)
        return {};
    std::error_code ignored;
    if (replaces)
        fs::rename(earlier, goal, ignored);
    return Error{ErrorCode::Io, "cannot be put in place (" + failure.message() + ")", goal.string()};
}

}  // namespace

std::string toString(Step step)
{
    switch (step) {
    case Step::Downloading: return "downloading";
    case Step::Checking: return "checking";
    case Step::Unpacking: return "unpacking";
    case Step::Done: return "done";
    }
    return {};
}

base::Status fetchCifar10(const fs::path& folder, const std::stop_token& stop, const FetchCallback& progress,
                          const CifarArchive& archive)
{
    const auto tell = [&](Step step, std::uint64_t done, std::uint64_t total) {
        if (progress)
            progress({step, done, total});
    };
    const fs::path goal = folder / kCifar10Folder;
    if (!checkCifar10Files(goal).ok()) {
        const auto work = WorkFolder::make(folder);
        if (!work.ok())
            return work.error();
        const auto file = obtain(folder, (*work)->path(), stop, progress, archive);
        if (!file.ok())
            return file.error();
        std::error_code ignored;
        const auto size = fs::file_size(*file, ignored);
        tell(Step::Checking, 0, size);
        if (auto status = checkSum(*file, file->parent_path() == folder, archive.md5); !status.ok())
            return status;
        const fs::path finished = (*work)->path() / kCifar10Folder;
        auto status = unpackCifar10(*file, finished, stop, [&](std::uint64_t done) { tell(Step::Unpacking, done, size); });
        if (!status.ok())
            return status;
        if (status = checkCifar10Files(finished); !status.ok())
            return status;
        if (status = install(finished, goal, (*work)->path()); !status.ok())
            return status;
    }
    tell(Step::Done, archive.bytes, archive.bytes);
    return {};
}

}  // namespace splitscope::data
