// SPDX-License-Identifier: GPL-3.0-or-later
// What a comparison needs of a recorded run.
#pragma once

#include "core/session/run_library.h"
#include "core/session/scenario.h"

namespace splitscope::session {

enum class RunQuantity { Latency, Bandwidth, Accuracy, Energy, Reward, Regret, Temperature, Busy, Clock, Power };

/// A run as columns: one value per request that was answered, in order of first frame; those lost have neither times nor labels.
/// NaN where something was not measured.
struct ComparedRun {
    RunKey key;
    std::string name;  ///< for legends: "sacd, seed 7"; see nameRuns()
    std::string strategy;
    std::vector<std::string> traits;  ///< after the strategy, what runs may be told apart by, in order
    std::string setting;  ///< settingOf() its scenario: runs of one setting may be paired by seed
    std::uint64_t seed = 0;
    int slot = 0;  ///< whose look it has in charts of single runs
    std::vector<float> seconds, frame, latencyMs, megabytesPerSecond, energyMj, reward, regret;
    std::vector<float> temperatureC, busyPercent, clockMhz, powerWatts;  ///< the device's, as it told last
    std::vector<float> uplink;  ///< MB/s that the link allowed: set, else estimated, else achieved
    std::vector<float> predictedMs;  ///< by the run's cost table under the conditions of that request; empty: there is none
    std::vector<float> frames, correct;  ///< of the request

    [[nodiscard]] std::size_t size() const { return seconds.size(); }
    /// One value per request; accuracy is the running one, in %.
    [[nodiscard]] std::vector<float> values(RunQuantity quantity) const;
    /// The run's one number: median latency and bandwidth, accuracy over all frames, of all else the mean.
    [[nodiscard]] double summary(RunQuantity quantity) const;
    [[nodiscard]] double frameCount() const;
    [[nodiscard]] double correctCount() const;
};

/// What of a scenario must be the same for runs to differ by strategy alone: everything but strategy, policy, seed and length.
std::string settingOf(const Scenario& scenario);

/// Without predictions.
ComparedRun comparedRun(const RunRow& row, const RunColumns& columns);
/// Latency of each request by the cost table that the scenario names, or the shipped one; empty where there is none.
std::vector<float> predictions(const Scenario& scenario, const RunColumns& columns);
/// Both, from the disk: for a background thread.
base::Result<ComparedRun> readComparedRun(const RunRow& row, std::stop_token stop = {});

/// Strategy and as few other traits as tell the runs apart.
void nameRuns(std::vector<ComparedRun>& runs);

}  // namespace splitscope::session
