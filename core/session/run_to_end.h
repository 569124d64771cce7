// SPDX-License-Identifier: GPL-3.0-or-later
// A run that nobody steers: started, waited for, and what it came to.
#pragma once

#include "core/session/experiment.h"

#include <functional>
#include <limits>
#include <stop_token>

namespace splitscope::session {

/// Starts the run and blocks until it has ended; `tell` hears of it several times a second. An Error: it did not finish, with
/// the last trouble or what it was doing; Unreachable once `patienceMs` are over; Cancelled.
base::Result<Summary> runToEnd(const Scenario& scenario, const ExperimentOptions& options, const std::stop_token& stop,
                               const std::function<void(const Summary& soFar)>& tell = {},
                               double patienceMs = std::numeric_limits<double>::infinity());

}  // namespace splitscope::session
