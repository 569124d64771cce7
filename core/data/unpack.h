// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>

namespace splitscope::data {

/// Unpacks the files of CIFAR-10's binary version from its .tar.gz into a new folder, each flushed to the disk. Only the
/// known names directly below cifar-10-batches-bin/ are written: nothing in the archive decides where. `progress` is told
/// the packed bytes read so far. On an Error the folder may be incomplete.
base::Status unpackCifar10(const std::filesystem::path& archive, const std::filesystem::path& folder, const std::stop_token& stop,
                           const std::function<void(std::uint64_t)>& progress);

}  // namespace splitscope::data
