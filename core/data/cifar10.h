// SPDX-License-Identifier: GPL-3.0-or-later
// The binary version of CIFAR-10: records of one label byte and 3072 planar RGB bytes, 10,000 a file.
#pragma once

#include "core/data/data_set.h"

#include <filesystem>

namespace splitscope::data {

inline constexpr const char* kCifar10Folder = "cifar-10-batches-bin";  ///< in $SPLITSCOPE_DATA, as in the official archive
inline constexpr std::size_t kCifarRecordBytes = 3073;
inline constexpr std::size_t kCifarRecordsPerFile = 10'000;

/// The files of the set, the five training batches first.
const std::vector<std::string>& cifar10FileNames();

/// Opens the folder that holds data_batch_1..5.bin and test_batch.bin. Train is the training batches without the last
/// 5,000 images of the fifth, which are Holdout; Table is the first half of the test batch and Evaluation the second.
/// Only the files of that split are looked at; a missing or short file or a label over 9 is an Error naming file and
/// record. Pixels are read on demand. A `wanted` size below 32 x 32 is cropped (see fitImage); above is an Error.
base::Result<std::unique_ptr<DataSet>> openCifar10(const std::filesystem::path& folder, ImageSize wanted, Split split);

/// Whether the folder holds all six files in full length; an Error names the first that is missing or of another size.
base::Status checkCifar10Files(const std::filesystem::path& folder);

}  // namespace splitscope::data
