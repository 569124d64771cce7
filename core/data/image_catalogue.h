// SPDX-License-Identifier: GPL-3.0-or-later
// From lists of paths to the labelled pictures of a split; knows the layouts that openImageFolder() documents.
#pragma once

#include "core/data/data_set.h"
#include "core/data/file_tree.h"

namespace splitscope::data {

/// One picture: file `file` of tree `tree`, in the order in which the trees were added.
struct Picture {
    std::size_t tree = 0;
    std::size_t file = 0;
    int label = 0;
};

struct SplitContents {
    std::vector<std::string> classNames;
    std::vector<Picture> pictures;
};

class ImageCatalogue {
public:
    /// Adds a tree's files. With `part` ("train", "val", "test") all of them belong to that part, and a folder of that
    /// name around them is not needed.
    void add(const std::vector<std::string>& paths, const std::string& part);

    /// The pictures of a split in their final order; `where` names the source in errors and in the warning about files
    /// that were skipped.
    [[nodiscard]] base::Result<SplitContents> select(Split split, const std::string& where) const;

private:
    struct File {
        std::vector<std::string> names;  // part (if any), class, ..., file name
        std::string path;
        std::size_t tree = 0;
        std::size_t index = 0;
    };

    std::vector<File> m_files;
    std::size_t m_trees = 0;
    std::size_t m_skipped = 0;
    std::string m_firstSkipped;
};

}  // namespace splitscope::data
