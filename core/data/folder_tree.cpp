// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/files.h"
#include "core/data/file_tree.h"

namespace splitscope::data {

namespace fs = std::filesystem;

namespace {

constexpr int kDeepest = 6;  // ends links that lead in circles

class FolderTree final : public FileTree {
public:
    FolderTree(fs::path folder, std::vector<std::string> paths) : m_folder(std::move(folder)), m_paths(std::move(paths)) {}

    [[nodiscard]] const std::vector<std::string>& paths() const override { return m_paths; }

    [[nodiscard]] base::Result<base::Bytes> read(std::size_t index) const override
    {
        return base::readFile(m_folder / m_paths[index], kMaxImageFileBytes);
    }

    [[nodiscard]] std::string describe(std::size_t index) const override { return (m_folder / m_paths[index]).string(); }

private:
    fs::path m_folder;
    std::vector<std::string> m_paths;
};

}  // namespace

base::Result<std::unique_ptr<FileTree>> openFolderTree(const fs::path& folder)
{
    std::error_code failure;
    std::vector<std::string> paths;
    fs::recursive_directory_iterator it(folder, fs::directory_options::follow_directory_symlink, failure);
    while (!failure && it != fs::recursive_directory_iterator()) {
        std::error_code ignored;  // a link to nowhere is no image, and no reason to give up
        if (it.depth() >= kDeepest)
            it.disable_recursion_pending();
        if (it->is_regular_file(ignored))
            paths.push_back(it->path().lexically_relative(folder).generic_string());
        it.increment(failure);
    }
    if (failure)
        return base::Error{base::ErrorCode::Io, "cannot be listed (" + failure.message() + ")", folder.string()};
    return std::unique_ptr<FileTree>(std::make_unique<FolderTree>(folder, std::move(paths)));
}

}  // namespace splitscope::data
