// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps every record of a run in an SQLite database (WAL), on a thread of its own.
#pragma once

#include "core/base/result.h"
#include "core/session/run_events.h"
#include "core/session/summary.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace splitscope::session {

/// What is known of a run when it starts.
struct RunInfo {
    std::uint64_t run = 0;
    std::string scenarioJson;
    std::string programVersion;
    std::string modelHash;
    std::int64_t startedMs = 0;  ///< wall clock
    std::string scenarioName = {};  ///< of the file or queue entry that it came from
    std::string weightsHash = {}, codebookHash = {}, tableHash = {};  ///< SHA-256; empty: none
    std::string environmentJson = {};  ///< environmentJson()
};

/// Both are called on the recorder's thread.
struct RecorderEvents {
    /// These requests (by first frame) are on the disk for good.
    std::function<void(std::uint64_t run, const std::vector<std::uint64_t>& firstFrames)> onCommitted;
    /// Writing fails (disk full, database locked); nothing is dropped, and it is tried again every half second.
    std::function<void(const base::Error&)> onTrouble;
};

/// Tables: runs, one row a run; requests, one row a request, key (run, first_frame); frames, one row a frame, key
/// (run, id); events; health (RECORDS.md). A record that comes again replaces the earlier one, so resending never doubles. The
/// queue is unbounded and drops nothing; transactions are committed at least every 250 ms. Methods may be called from any thread.
class Recorder {
public:
    /// Opens or creates, and migrates what an earlier version made; an Error where the file cannot be used or was made by a later
    /// version. Runs whose process was killed are marked as interrupted.
    static base::Result<std::unique_ptr<Recorder>> open(const std::filesystem::path& path, RecorderEvents events);
    /// Writes what is queued (trying for 2 s at most), then closes.
    ~Recorder();
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;

    /// Again for the same run: it goes on, under an environment that is known better.
    void beginRun(RunInfo info);
    void add(std::uint64_t run, Sample sample);
    void add(std::uint64_t run, RunEvent event);
    void add(std::uint64_t run, RunHealth health);
    void endRun(std::uint64_t run, std::string state);
    /// Blocks until everything queued so far is committed, at most so long; true if it is.
    bool flush(double timeoutMs);

private:
    struct Private;
    explicit Recorder(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

}  // namespace splitscope::session
