// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/image_folder.h"

#include "core/data/image_catalogue.h"
#include "core/data/image_codec.h"
#include "core/data/image_fit.h"

#include <cassert>

namespace splitscope::data {

namespace {

using base::Error;
using base::ErrorCode;

class ImageFolder final : public DataSet {
public:
    ImageFolder(std::string name, ImageSize wanted, std::vector<std::unique_ptr<FileTree>> trees, SplitContents contents)
        : m_name(std::move(name)), m_wanted(wanted), m_trees(std::move(trees)), m_contents(std::move(contents))
    {
    }

    [[nodiscard]] std::string name() const override { return m_name; }
    [[nodiscard]] ImageSize imageSize() const override { return m_wanted; }
    [[nodiscard]] const std::vector<std::string>& classNames() const override { return m_contents.classNames; }
    [[nodiscard]] std::size_t size() const override { return m_contents.pictures.size(); }

    [[nodiscard]] int label(std::size_t index) const override
    {
        assert(index < size());
        return m_contents.pictures[index].label;
    }

    [[nodiscard]] base::Result<Image> image(std::size_t index) const override
    {
        if (index >= size())
            return Error{ErrorCode::NotFound, "there are " + std::to_string(size()) + " images",
                         m_name + ", image " + std::to_string(index)};
        const Picture& picture = m_contents.pictures[index];
        const FileTree& tree = *m_trees[picture.tree];
        const auto bytes = tree.read(picture.file);
        if (!bytes.ok())
            return bytes.error();
        const std::string where = tree.describe(picture.file);
        auto image = decodeImage(*bytes, where);
        if (!image.ok())
            return image.error();
        return fitImage(*std::move(image), m_wanted, where);
    }

private:
    std::string m_name;
    ImageSize m_wanted;
    std::vector<std::unique_ptr<FileTree>> m_trees;
    SplitContents m_contents;
};

/// The archives train.zip, val.zip and test.zip of a folder.
std::vector<std::filesystem::path> splitArchives(const std::filesystem::path& folder)
{
    std::vector<std::filesystem::path> found;
    std::error_code ignored;
    for (const char* name : {"train.zip", "val.zip", "test.zip"})
        if (std::filesystem::is_regular_file(folder / name, ignored))
            found.push_back(folder / name);
    return found;
}

}  // namespace

base::Result<std::unique_ptr<DataSet>> openImageFolder(const std::filesystem::path& path, ImageSize wanted, Split split)
{
    if (wanted.channels != 3 || wanted.height < 1 || wanted.width < 1)
        return checkFits({3, 1, 1}, wanted, path.string()).error();
    std::error_code ignored;
    const bool isFolder = std::filesystem::is_directory(path, ignored);
    const auto archives = isFolder ? splitArchives(path) : std::vector{path};

    std::vector<std::unique_ptr<FileTree>> trees;
    ImageCatalogue catalogue;
    if (archives.empty()) {
        auto tree = openFolderTree(path);
        if (!tree.ok())
            return tree.error();
        catalogue.add((*tree)->paths(), "");
        trees.push_back(*std::move(tree));
    }
    for (const auto& archive : archives) {
        auto tree = openZipTree(archive);
        if (!tree.ok())
            return tree.error();
        catalogue.add((*tree)->paths(), isFolder ? archive.stem().string() : "");
        trees.push_back(*std::move(tree));
    }
    auto contents = catalogue.select(split, path.string());
    if (!contents.ok())
        return contents.error();
    const auto name = path.has_filename() ? path.stem().string() : path.parent_path().stem().string();
    return std::unique_ptr<DataSet>(std::make_unique<ImageFolder>(name, wanted, std::move(trees), *std::move(contents)));
}

}  // namespace splitscope::data
