// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/verbs/ground.h"

#include "app/verbs/model_report.h"
#include "core/base/units.h"
#include "core/session/figure_set.h"
#include "core/session/pricing.h"

namespace splitscope::app {

namespace {

/// Reads a time in milliseconds.
std::function<base::Status(const std::string&)> intoMs(double& target)
{
    return [&target](const std::string& text) -> base::Status {
        const auto ms = base::parseMilliseconds(text);
        if (!ms)
            return ms.error();
        target = *ms;
        return {};
    };
}

void addSliders(Options& options, decision::Objective& objective)
{
    options.real("--s", "MB/S", "the reward's s: at which bandwidth accuracy begins to count (10)", objective.sensitivity, 1e-6,
                 1e6);
    options.real("--n", "N", "the reward's n: how much it can count (0: all of it at the highest rate)", objective.scale, 0, 1e3);
    options.real("--energy-limit", "J", "of the device, per frame: beyond it a decision brings nothing (none)",
                 objective.energyLimitJoules, 1e-9, 1e6);
    options.custom("--deadline", "TIME", "of a request, e.g. 50ms: beyond it a decision brings nothing (none)",
                   intoMs(objective.deadlineMs));
    options.real("--accuracy-floor", "SHARE", "decisions of less expected accuracy are not taken (0)", objective.accuracyFloor, 0,
                 1);
    options.integer("--first-cut", "P", "at least so many layers run on the device (0)", objective.firstCut, 0, 1000);
    options.custom("--reward", "KIND", "paper (default) or edgent", [&objective](const std::string& text) -> base::Status {
        const auto kind = session::parseRewardKind(text);
        if (!kind)
            return kind.error();
        objective.kind = *kind;
        return {};
    });
}

}  // namespace

Ground::Ground()
{
    scenario.data.clear();
    constexpr double kCameraMs = 33;
    scenario.minIntervalMs = kCameraMs;
}

void addGround(Options& options, Ground& ground)
{
    auto& s = ground.scenario;
    options.text("--model", "NAME|FILE", kModelChoice, s.model);
    options.text("--data", "SOURCE", "what accuracies are of (default: cifar10 or imagenette where a table ships, else patterns)",
                 s.data);
    options.text("--cost-table", "FILE", "made by `table build` (default: the one shipped for the model and the data)",
                 s.costTable);
    options.text("--action-set", "SET",
                 "what is chosen from: standard (default), paper, verification, or bits:4,8; each with gates behind it as\n"
                 "+gates or +gates:0.1,0.5 (nats), +edge-gates likewise, or both",
                 s.actionSet);
    options.integer("--batch", "N", "frames in a request (1)", s.batch, 1, profile::CostTable::kMaxBatch);
    options.real("--slowdown", "X", "of the device, beyond the table's (1; of bench: 8)", s.slowdown, 1, 10'000);
    options.custom("--delay", "TIME", "added to the table's round trip, e.g. 10ms (0)", intoMs(s.shaping.delayMs));
    options.custom("--interval", "TIME", "from one request's start to the next one's (33ms: a camera's)",
                   intoMs(s.minIntervalMs));
    addSliders(options, s.objective);
}

void addHidden(Options& options, sim::EnvironmentOptions& environment)
{
    options.integer("--report-delay", "N", "stale: so many requests old are reports of the link (5)", environment.reportDelay, 0,
                    10'000);
    options.real("--report-noise", "SIGMA", "stale: of the logarithm of what is reported over what was (0.4)",
                 environment.reportNoise, 0, 3);
    options.real("--device-load", "X", "load: as many times as long the device takes while it is slow (3)",
                 environment.deviceLoad, 1, 1e3);
    options.real("--edge-load", "X", "load: the same of the edge (10)", environment.edgeLoad, 1, 1e3);
    options.real("--budget-share", "SHARE", "budget: of what the optimum of every step would take (0.5)", environment.budgetShare,
                 1e-6, 1e3);
}

base::Result<OpenGround> openGround(const Ground& ground)
{
    auto spec = model::loadNetworkSpec(ground.scenario.model);
    if (!spec)
        return spec.error();
    auto scenario = ground.scenario;
    if (scenario.data.empty())
        scenario.data = session::usualData(*spec);
    auto evaluator = session::makeEvaluator(scenario);
    if (!evaluator)
        return evaluator.error();
    OpenGround open{*std::move(spec), scenario.data, *std::move(evaluator), {}, {}};
    const auto& table = open.evaluator->table();
    if (!table.data().empty())
        open.data = table.data();
    open.conditions = session::conditionsOf(scenario, table.link());
    open.rates = sim::interestingRates(table, open.evaluator->batch(), open.conditions);
    return open;
}

}  // namespace splitscope::app
