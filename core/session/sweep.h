// SPDX-License-Identifier: GPL-3.0-or-later
// Many runs that differ in few fields: every combination of the fields' values over one scenario. Each is a cell, with a folder
// of its own that its scenario's hash names, so that whoever runs it (this machine, a job array) needs nobody else, what finished
// is not run again, and a sweep that grows keeps what it has.
#pragma once

#include "core/session/run_library.h"
#include "core/session/scenario.h"

#include <string>
#include <vector>

namespace splitscope::session {

/// A field of scenarios, by its name in their JSON ("strategy", "reward.s_mb_per_s"), and the values that it takes.
struct SweepAxis {
    std::string key;
    std::vector<std::string> values;
};
/// "KEY=V,V,…", where whole numbers may be A..B, or "KEY==V" for one value that holds commas; more values of a key that is there
/// are added to it.
base::Status addToAxes(std::vector<SweepAxis>& axes, const std::string& text);

struct SweepCell {
    std::string id;  ///< of its scenario's SHA-256 the first 16 digits
    std::string name;  ///< of its scenario, in the records: the sweep's, and its values
    std::vector<std::string> values;  ///< one an axis
    std::string scenario;  ///< JSON
};

struct Sweep {
    static constexpr std::size_t kMostCells = 100'000;

    std::string name;
    std::vector<SweepAxis> axes;
    std::vector<SweepCell> cells;  ///< the last axis runs fastest

    /// An Error names the field or value that no scenario can have. `base` may be invalid by itself.
    static base::Result<Sweep> make(const std::string& name, const Scenario& base, std::vector<SweepAxis> axes);
};

/// A cell's run, if it has one that finished.
struct SweepResult {
    std::size_t cell = 0;
    std::optional<RunRow> run;
};

/// Where a sweep is kept: sweep.json, cells/ID/ as `run --out` fills it, and records.sqlite with all that finished.
class SweepFolder {
public:
    explicit SweepFolder(std::filesystem::path folder) : m_folder(std::move(folder)) {}

    /// Writes what is to be run. Cells that are there stay.
    [[nodiscard]] base::Status write(const Sweep& sweep) const;
    /// An Error: there is none, or it is damaged.
    [[nodiscard]] base::Result<Sweep> read() const;
    [[nodiscard]] std::filesystem::path folderOf(const SweepCell& cell) const { return m_folder / "cells" / cell.id; }
    [[nodiscard]] std::filesystem::path scenarioOf(const SweepCell& cell) const { return folderOf(cell) / (cell.name + ".json"); }
    /// One a cell, in their order.
    [[nodiscard]] base::Result<std::vector<SweepResult>> results(const Sweep& sweep, const std::stop_token& stop) const;
    /// The cell's newest run that finished, if there is one.
    [[nodiscard]] std::optional<RunRow> finishedRun(const SweepCell& cell) const;
    [[nodiscard]] std::filesystem::path records() const { return m_folder / "records.sqlite"; }
    /// Copies what finished since into records().
    [[nodiscard]] base::Status collect(const Sweep& sweep) const;
    [[nodiscard]] const std::filesystem::path& path() const { return m_folder; }

private:
    std::filesystem::path m_folder;
};

/// Cells that differ in their seed alone, and the means of their runs.
struct SweepGroup {
    std::vector<std::string> values;  ///< one an axis but `seed`
    std::size_t cells = 0, runs = 0;
    double accuracy = 0, p50Ms = 0, p95Ms = 0, p99Ms = 0, deadlineMisses = 0, framesPerSecond = 0;  ///< misses: share of requests
    double joules = 0, bytes = 0;  ///< a frame
    double fallback = 0;  ///< share of frames
    std::optional<double> reward, regret;  ///< where a cost table prices all of them
};
/// In the order of their first cells.
std::vector<SweepGroup> groupsOf(const Sweep& sweep, const std::vector<SweepResult>& results);

/// A row a group: for people, as JSON (an object: name, axes, groups, cells with their runs), and as CSV (a row a cell).
std::string toText(const Sweep& sweep, const std::vector<SweepResult>& results);
std::string toJson(const Sweep& sweep, const std::vector<SweepResult>& results);
std::string toCsv(const Sweep& sweep, const std::vector<SweepResult>& results);

/// A script for Slurm's sbatch: a job array that runs `program sweep cell` for each cell, at most `jobs` at once (0: no limit).
std::string slurmScript(const Sweep& sweep, const std::filesystem::path& folder, const std::filesystem::path& program, int jobs,
                        int cpus);

}  // namespace splitscope::session
