// SPDX-License-Identifier: GPL-3.0-or-later
// The state of a training between two epochs. Include core/base/torch_p.h first.
#pragma once

#include "core/base/torch_p.h"

#include "core/base/result.h"

#include <filesystem>
#include <map>
#include <string>

namespace splitscope::model {

/// Everything a training needs to go on as if it had not been interrupted.
struct Checkpoint {
    std::string identity;  ///< of network, options and data: equal when it belongs to the training at hand
    int epoch = 0;  ///< finished epochs
    std::map<std::string, at::Tensor> tensors;
};

base::Status saveCheckpoint(const Checkpoint& checkpoint, const std::filesystem::path& path);

/// An Error if the file is damaged, or of another training than `identity`.
base::Result<Checkpoint> loadCheckpoint(const std::filesystem::path& path, const std::string& identity);

}  // namespace splitscope::model
