// SPDX-License-Identifier: GPL-3.0-or-later
// Exactly one outcome per frame id: the edge's own account, and the check of a recorded run.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace splitscope::session {

/// Which frame ids have an outcome, as merged ranges: small, however long the run. Single-threaded.
class FrameBooks {
public:
    struct Range {
        std::uint64_t first = 0;
        std::uint64_t end = 0;  ///< one behind the last
        bool operator==(const Range&) const = default;
    };

    /// False, and nothing changes, where one of the frames already has an outcome.
    bool add(std::uint64_t first, std::uint64_t count);
    [[nodiscard]] bool contains(std::uint64_t frame) const;
    /// Frames below `end` without an outcome.
    [[nodiscard]] std::vector<Range> missing(std::uint64_t end) const;
    /// Every frame below `end` has its outcome.
    [[nodiscard]] bool complete(std::uint64_t end) const { return missing(end).empty(); }
    /// One behind the highest frame with an outcome.
    [[nodiscard]] std::uint64_t highest() const { return m_ranges.empty() ? 0 : m_ranges.rbegin()->second; }

private:
    std::map<std::uint64_t, std::uint64_t> m_ranges;  ///< first → end
};

/// What a recorded run's books say.
struct BooksReport {
    std::uint64_t frames = 0;  ///< ids expected: 0 … frames − 1
    std::uint64_t done = 0, fallback = 0, lost = 0;  ///< frames
    std::uint64_t missing = 0;  ///< ids without an outcome
    std::uint64_t doubled = 0;  ///< ids with more than one
    [[nodiscard]] bool balanced() const { return missing == 0 && doubled == 0; }
};

/// Checks that every frame id from 0 on has exactly one outcome: up to the scenario's frames for a finished run, up to
/// the highest recorded one for a run that was stopped.
base::Result<BooksReport> checkBooks(const std::filesystem::path& records, std::uint64_t run);

/// The runs of a database, oldest first.
struct RecordedRun {
    std::uint64_t run = 0;
    std::string state;
    std::string scenarioJson;
    std::int64_t startedMs = 0;
};
base::Result<std::vector<RecordedRun>> recordedRuns(const std::filesystem::path& records);

}  // namespace splitscope::session
