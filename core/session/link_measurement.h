// SPDX-License-Identifier: GPL-3.0-or-later
// What the link adds to bytes over rate, found out with a few frames of a real run.
#pragma once

#include "core/profile/cost_table.h"
#include "core/session/experiment.h"

#include <span>
#include <stop_token>

namespace splitscope::session {

struct LinkMeasurementOptions {
    decision::SpaceOptions actions{};
    int sizes = 4;  ///< decisions that are run, from the smallest payload to the largest
    int framesPerSize = 40;
    double minIntervalMs = 4;  ///< start of a frame to the start of the next, so that none waits for another
};

/// Of requests over a link without limit: what a request takes beyond its own stages, and more for each chunk beyond the
/// first, as medians and the line through them. Requests that were not finished as decided, or that sent nothing, are left out.
base::Result<profile::LinkProfile> fitLink(std::span<const wire::FrameRecord> records, double rttMs, const std::string& source);

/// Runs the scenario's model unshaped on a loopback device, or on whichever host `experiment` places it, and fits.
base::Result<profile::LinkProfile> measureLink(Scenario scenario, const ExperimentOptions& experiment,
                                               const LinkMeasurementOptions& options, std::stop_token stop);

}  // namespace splitscope::session
