// SPDX-License-Identifier: GPL-3.0-or-later
// What decisions take where it counts: in the two halves while they run, with a link between them. Times of `profile measure`
// are those of a processor that does nothing else; between two frames of a run it sleeps, or does something else.
#pragma once

#include "core/profile/cost_table.h"
#include "core/profile/profiler.h"
#include "core/session/experiment.h"

#include <span>
#include <stop_token>

namespace splitscope::session {

struct RunMeasurementOptions {
    std::vector<int> batches{1};
    int framesPerDecision = 9;  ///< requests
    /// Start of a request to the start of the next: as in the runs that are to be predicted. What a processor does meanwhile
    /// leaves its caches cold.
    double minIntervalMs = 45;
};

struct RunMeasurement {
    profile::ComputeProfile device;  ///< prefixes, coding, taking in frames; no single layers
    profile::ComputeProfile edge;  ///< suffixes and decoding
    profile::LinkProfile link;
};

/// Runs every decision of the scenario's action set in turn: unshaped, and not slowed. The observer is called on the calling
/// thread, with requests.
base::Result<RunMeasurement> measureRun(Scenario scenario, const ExperimentOptions& experiment,
                                        const RunMeasurementOptions& options, std::stop_token stop,
                                        const profile::ProfilerObserver& observer = {});

/// Of requests over a link without limit: what a request takes beyond its own stages, and more for each chunk beyond the
/// first, as medians and the line through them. Requests that were not finished as decided, or that sent nothing, are left out.
base::Result<profile::LinkProfile> fitLink(std::span<const wire::FrameRecord> records, double rttMs);

/// Medians of the stages, put where a profile has them. What decisions share is one: a prefix that makes the same tensor, a
/// coding of it. Only what was run is there.
void fillProfiles(const model::NetworkSpec& spec, std::span<const wire::FrameRecord> records, profile::ComputeProfile& device,
                  profile::ComputeProfile& edge);

}  // namespace splitscope::session
