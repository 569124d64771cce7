// SPDX-License-Identifier: GPL-3.0-or-later
// A day of requests, for benchmarks of what keeps and shows them.
#pragma once

#include "core/base/random.h"
#include "core/session/run_library.h"
#include "core/session/summary.h"

#include <filesystem>
#include <stop_token>

namespace splitscope::app {

inline constexpr std::uint64_t kBenchRun = 1;

/// As a run of changing decisions leaves it: no value is the one before. A million of them are 24 hours.
session::Sample benchSample(std::uint64_t frame, base::Random& random);

/// Records a run of so many requests; the file must not exist.
base::Status writeBenchRun(const session::RunKey& key, std::uint64_t frames, const std::stop_token& stop);

/// The folder that was named, else one that goes when it is not needed any more.
class BenchFolder {
public:
    explicit BenchFolder(std::filesystem::path named);
    ~BenchFolder();
    BenchFolder(const BenchFolder&) = delete;
    BenchFolder& operator=(const BenchFolder&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
    bool m_isOurs;
};

}  // namespace splitscope::app
