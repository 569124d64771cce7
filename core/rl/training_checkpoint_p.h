// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/rl/replay_buffer.h"

#include <filesystem>

namespace splitscope::rl {

/// A training between two episodes: everything that what follows depends on.
struct TrainingCheckpoint {
    std::string identity;  ///< of task and options: equal where it belongs to the training at hand
    Learner* learner = nullptr;
    ReplayBuffer* buffer = nullptr;  ///< none: it learns without one
    std::uint64_t step = 0;
    int update = 0;
    std::uint64_t episode = 0;
};

/// Magic "SSC1", identity, numbers, networks, buffer, SHA-256; a temporary file, then renamed.
base::Status save(const TrainingCheckpoint& checkpoint, const std::filesystem::path& path);
/// Into the learner and the buffer. An Error: damaged, or of another training.
base::Status load(TrainingCheckpoint& checkpoint, const std::filesystem::path& path);

}  // namespace splitscope::rl
