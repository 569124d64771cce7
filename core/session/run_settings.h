// SPDX-License-Identifier: GPL-3.0-or-later
// What somebody changed while a run was recorded, as its events tell: written down by the keys of a scenario, so that a run's
// scenario with its events' keys in place is what is in force.
#pragma once

#include "core/session/run_events.h"
#include "core/session/scenario.h"

#include <initializer_list>
#include <utility>
#include <vector>

namespace splitscope::session {

/// These keys of a scenario, as JSON: the detail of the event that tells of their change.
std::string settingsDetail(const Scenario& scenario, std::initializer_list<const char*> keys);

struct RunSettings {
    Scenario inForce;  ///< uplink, slowdown, strategy, objective and table correction as they last were
    bool paused = false;
    double uplinkSinceMs = 0;  ///< when the uplink became what it is, on the run's clock
    /// From when on which deadline counted, ms; kNoLimit: none. The first is the scenario's.
    std::vector<std::pair<double, double>> deadlines;
};

/// Events in order of time. Those of earlier versions, whose detail tells nothing, leave the scenario's setting where their text
/// is not enough.
base::Result<RunSettings> settingsAfter(const std::string& scenarioJson, const std::vector<RunEvent>& events,
                                        const std::string& where);

}  // namespace splitscope::session
