// SPDX-License-Identifier: GPL-3.0-or-later
// Recorded runs: what there is, what they were worth, their tags and notes, and one run's series. Nothing here is fast enough
// for a GUI's thread but naming a run: call it from a background thread. Functions may be called from any thread.
#pragma once

#include "core/base/result.h"
#include "core/session/run_columns.h"
#include "core/session/run_events.h"
#include "core/session/summary.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace splitscope::session {

/// Where a run is kept.
struct RunKey {
    std::filesystem::path records;  ///< the database
    std::uint64_t run = 0;
    auto operator<=>(const RunKey&) const = default;
};

/// How far a run came.
enum class RunEnding {
    Running,  ///< a live process is recording it
    Finished,  ///< all frames have their outcomes
    Stopped,  ///< by the user
    Failed,
    Interrupted  ///< its process ended without a word: killed, or the power failed
};
std::string toString(RunEnding ending);  ///< "running", "finished", "stopped", "failed", "interrupted"

/// A value with the bounds of its 95 % confidence interval.
struct Bounded {
    double value = 0, low = 0, high = 0;
    bool operator==(const Bounded&) const = default;
};

/// What a run's requests say together. Lost frames have neither label nor times: they are counted, and left out of every average.
struct RunTotals {
    std::uint64_t requests = 0, frames = 0, done = 0, fallback = 0, lost = 0;  ///< frames but for the first
    Bounded accuracy;  ///< 0 … 1; Wilson's interval
    double p50Ms = 0, p95Ms = 0, p99Ms = 0;  ///< of whole requests, nearest rank
    Bounded medianMs;  ///< of whole requests; the interval by order statistics, free of any distribution
    double bytesPerFrame = 0, energyPerFrame = 0;  ///< energy modelled, joules
    double deadlineMs = 0;  ///< the scenario's; 0: none
    std::uint64_t deadlineMisses = 0;  ///< requests
    std::optional<double> reward, regret;  ///< means over the requests that a cost table priced
    double durationMs = 0;  ///< first capture to last label
    double framesPerSecond = 0;
    bool operator==(const RunTotals&) const = default;
};

/// One row of a table of runs. Texts are empty where an earlier version did not record them.
struct RunRow {
    RunKey key;
    RunEnding ending = RunEnding::Interrupted;
    std::int64_t startedMs = 0;  ///< wall clock, since 1970
    std::int64_t endedMs = 0;  ///< 0: not, or not known
    int resumes = 0;  ///< how often another process went on with it after it was interrupted
    std::string scenarioName;  ///< as it was opened or queued: its file's name without suffix
    std::string scenarioJson;  ///< whole; parseScenario() reads it
    // Of the scenario:
    std::string model, data, split, device, strategy, coder, bandwidth, decision;
    std::uint64_t seed = 0, framesWanted = 0;
    int batch = 1;
    double slowdown = 1;
    RunTotals totals;
    std::vector<std::string> tags;  ///< sorted
    std::string notes;
    // What it was made with:
    std::string programVersion, modelHash, weightsHash, codebookHash, tableHash;
    std::string environment;  ///< JSON object: host, machine, processor, cores, memory_bytes, system, libtorch, device
};

struct RunList {
    std::vector<RunRow> runs;  ///< newest first
    std::vector<base::Error> troubles;  ///< databases that could not be read; the others' runs are there
};

/// Where the dashboard keeps its runs, a folder each: <the user's data folder>/splitscope/runs. It need not be there.
std::filesystem::path runsFolder();

/// The runs of a database, or of all databases named records.sqlite in a folder and in the folders within it. Totals are
/// computed once a run and kept in its database where that can be written. An Error where there is neither.
base::Result<RunList> listRuns(const std::filesystem::path& place, std::stop_token stop = {});
/// One of them, by its id.
base::Result<RunRow> findRun(const RunKey& key);
/// The run that a text names among those of a place: its id, or "latest". The Error lists what there is.
base::Result<RunRow> chooseRun(const std::filesystem::path& place, const std::string& text);

/// Replaces all tags: trimmed, sorted, without doubles; a tag is 1 to 64 characters without commas or line breaks.
base::Status setTags(const RunKey& key, const std::vector<std::string>& tags);
base::Status setNotes(const RunKey& key, const std::string& notes);
/// With all its records, for good; the file shrinks where nobody else uses it. Refused while the run is being recorded.
base::Status deleteRun(const RunKey& key);

/// All requests of a run in order of first frame, as columns: a run of 1 M frames in less than a second.
base::Result<RunColumns> readRun(const RunKey& key, std::stop_token stop = {});

/// In order of time.
base::Result<std::vector<RunEvent>> readEvents(const RunKey& key);
base::Result<std::vector<RunHealth>> readHealth(const RunKey& key);

}  // namespace splitscope::session
