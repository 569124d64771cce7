// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>

namespace splitscope::data {

/// The official archive of the binary version.
struct CifarArchive {
    std::string url = "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz";
    std::string md5 = "c32a1d4ab5d03f1284b67883e8d87530";
    std::uint64_t bytes = 170'052'171;  ///< for the progress shown; not checked
};

inline constexpr const char* kCifarArchiveName = "cifar-10-binary.tar.gz";

struct FetchProgress {
    enum class Step { Downloading, Checking, Unpacking, Done };
    Step step = Step::Downloading;
    std::uint64_t done = 0;  ///< bytes
    std::uint64_t total = 0;  ///< bytes
};

std::string toString(FetchProgress::Step step);  ///< "downloading", ...

/// Called on the thread that called fetchCifar10, a few times a second.
using FetchCallback = std::function<void(const FetchProgress&)>;

/// Puts CIFAR-10 into folder/cifar-10-batches-bin. Nothing is done if it is there and whole. An archive that already
/// lies in the folder (cifar-10-binary.tar.gz) is used and kept; otherwise it is downloaded with the system's curl. Its
/// MD5 is checked, it is unpacked beside the goal and then renamed, so that there is never half a set. A failure (no
/// network, wrong checksum, full disk, stop requested) leaves the folder as it was and says what to do.
base::Status fetchCifar10(const std::filesystem::path& folder, const std::stop_token& stop, const FetchCallback& progress = {},
                          const CifarArchive& archive = {});

}  // namespace splitscope::data
