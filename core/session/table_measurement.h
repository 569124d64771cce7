// SPDX-License-Identifier: GPL-3.0-or-later
// A cost table measured anew: times of a run of all decisions, accuracies of the table that ships, or of a file.
#pragma once

#include "core/profile/profiler.h"
#include "core/session/run_measurement.h"

#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>

namespace splitscope::session {

struct TableMeasurementOptions {
    Scenario scenario;  ///< model, data, weights, device, action set, coder and codebook; what else it says does not count
    ExperimentOptions experiment;  ///< where a loopback daemon is
    std::filesystem::path accuracy;  ///< accuracy table; empty: the one shipped for the model and the data
    std::filesystem::path deviceProfile, edgeProfile;  ///< what a machine takes, in place of what is measured; empty: measured
    std::string emulated;  ///< makes the device's profile that of another board; empty: as it is
    RunMeasurementOptions run;
    profile::ProfilerOptions profiler;  ///< for the layers' own times, which `emulated` takes
};

/// Runs every decision of the scenario's action set, unshaped and not slowed, and makes a table of it. On the calling thread.
/// Errors: a run's, Mismatch where the accuracy table is of other weights, Cancelled.
base::Result<profile::CostTable> measureCostTable(const TableMeasurementOptions& options, const std::stop_token& stop,
                                                  const profile::ProfilerObserver& observer = {});

}  // namespace splitscope::session
