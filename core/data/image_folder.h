// SPDX-License-Identifier: GPL-3.0-or-later
// Labelled pictures in folders or zip archives: class/picture.jpg.
#pragma once

#include "core/data/data_set.h"

#include <filesystem>

namespace splitscope::data {

/// Opens a folder class/*.jpg|jpeg|png, a zip of such a folder, or a folder that holds train.zip and val.zip. Above
/// the class folders there may be train/, val/ (or validation/, test/) and folders common to all pictures. Classes are
/// numbered in the order of their names over all of these folders. Files are sorted by path, then:
/// - train and val: every tenth file of each class of train (the 10th, 20th, ...) is Holdout and the others Train; of
///   val the even-numbered files, counted from 0 over all classes, are Table and the odd ones Evaluation. A test folder
///   takes the place of a missing val, and is left alone otherwise.
/// - one tree: by place within the class modulo 10: 0-4 Train, 5 Holdout, 6-7 Table, 8-9 Evaluation.
/// The pictures of a split come in a shuffled but fixed order, so that any first few hold many classes. Files that are
/// not pictures, and hidden ones, are skipped and counted in a warning. Pictures are read and decoded on demand; sizes are
/// handled as openDataSet() says. An Error if there are no pictures, or none for this split.
base::Result<std::unique_ptr<DataSet>> openImageFolder(const std::filesystem::path& path, ImageSize wanted, Split split);

}  // namespace splitscope::data
