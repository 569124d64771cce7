// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/data_set.h"

#include "core/base/files.h"
#include "core/data/cifar10.h"
#include "core/data/image_folder.h"
#include "core/data/patterns.h"

#include <algorithm>
#include <array>

namespace splitscope::data {

namespace {

namespace fs = std::filesystem;

constexpr std::array kSplitNames{"train", "holdout", "table", "evaluation"};

/// $SPLITSCOPE_DATA/folder, with the source's name and what to do in the Error.
base::Result<fs::path> namedFolder(const std::string& source, const std::string& folder, const std::string& advice)
{
    const auto root = base::dataFolder();
    if (!root.ok())
        return base::Error{root.error().code, root.error().message() + "; " + advice, source};
    std::error_code ignored;
    if (!fs::is_directory(*root / folder, ignored))
        return base::Error{base::ErrorCode::NotFound, "there is no folder " + (*root / folder).string() + "; " + advice, source};
    return *root / folder;
}

bool holdsCifarBatches(const fs::path& folder)
{
    std::error_code ignored;
    const auto& names = cifar10FileNames();
    return std::any_of(names.begin(), names.end(), [&](const auto& name) { return fs::exists(folder / name, ignored); });
}

base::Result<std::unique_ptr<DataSet>> openPath(const fs::path& path, ImageSize wanted, Split split)
{
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) {
        if (holdsCifarBatches(path))
            return openCifar10(path, wanted, split);
        if (holdsCifarBatches(path / kCifar10Folder))
            return openCifar10(path / kCifar10Folder, wanted, split);
        return openImageFolder(path, wanted, split);
    }
    if (fs::is_regular_file(path, ignored))
        return openImageFolder(path, wanted, split);
    return base::Error{base::ErrorCode::NotFound,
                       "is neither a data set (patterns, cifar10, imagenette) nor an existing folder or zip archive",
                       path.string()};
}

}  // namespace

base::Result<Split> parseSplit(const std::string& text)
{
    for (std::size_t i = 0; i < kSplitNames.size(); ++i)
        if (text == kSplitNames[i])
            return static_cast<Split>(i);
    return base::Error{base::ErrorCode::InvalidInput, "is not a split; it is one of train, holdout, table, evaluation", text};
}

std::string toString(Split split) { return kSplitNames[static_cast<std::size_t>(split)]; }

const NamedDataSet* findNamedDataSet(const std::string& source)
{
    const auto* found = std::find_if(kNamedDataSets.begin(), kNamedDataSets.end(),
                                     [&](const NamedDataSet& named) { return source == named.name; });
    return found == kNamedDataSets.end() ? nullptr : found;
}

base::Result<std::unique_ptr<DataSet>> openDataSet(const std::string& source, ImageSize wanted, Split split)
{
    if (source == "patterns")
        return openPatterns(wanted, split);
    if (const auto* named = findNamedDataSet(source)) {
        const bool cifar = source == "cifar10";
        const auto folder = namedFolder(source, named->folder,
                                        cifar ? "fetch it with \"splitscope-cli data fetch cifar10\""
                                              : "it must hold train.zip and val.zip, or train/ and val/");
        if (!folder)
            return folder.error();
        return cifar ? openCifar10(*folder, wanted, split) : openImageFolder(*folder, wanted, split);
    }
    return openPath(source, wanted, split);
}

}  // namespace splitscope::data
