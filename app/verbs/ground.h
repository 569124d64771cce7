// SPDX-License-Identifier: GPL-3.0-or-later
// What strategies are trained and judged on: a cost table, its circumstances and the objective. Shared by `evaluate`, `policy`
// and `bench policy`.
#pragma once

#include "app/options.h"
#include "core/session/scenario.h"
#include "core/sim/environment.h"

#include <memory>

namespace splitscope::app {

/// As the command line says it.
struct Ground {
    session::Scenario scenario;  ///< model, data, cost table, batch, slowdown, delay, interval, objective
    Ground();
};

/// --model, --data, --cost-table, --batch, --slowdown, --delay, --interval, and the sliders.
void addGround(Options& options, Ground& ground);

/// What scenarios hide, and how much: --report-delay, --report-noise, --device-load, --edge-load, --budget-share.
void addHidden(Options& options, sim::EnvironmentOptions& environment);

struct OpenGround {
    model::NetworkSpec spec;
    std::string data;  ///< what accuracies are of
    std::shared_ptr<const sim::Evaluator> evaluator;
    profile::Conditions conditions;  ///< all but the rate
    sim::RateRange rates;  ///< over which decisions change
};
/// An Error: no such network, no cost table for it, or an objective that allows nothing.
base::Result<OpenGround> openGround(const Ground& ground);

}  // namespace splitscope::app
