// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/clock.h"
#include "core/session/figure_edgent.h"
#include "core/session/figure_policies.h"
#include "core/session/figure_set.h"
#include "core/session/pricing.h"

#include <algorithm>

namespace splitscope::session {

namespace {

constexpr int kRates = 97;
constexpr double kUsualSlowdown = 8;
constexpr std::size_t kPolicies = 2;  ///< that a scene trains

/// A table measured on one machine needs a slower device; an emulated or other one has it already.
double slowdownOf(const FigureRequest& request, const profile::CostTable& table)
{
    if (request.slowdown > 0)
        return request.slowdown;
    return table.device().machine.name == table.edge().machine.name ? kUsualSlowdown : 1;
}

base::Result<profile::CostTable> tableOf(const FigureRequest& request, std::size_t model, std::string& data)
{
    if (!request.table.empty())
        return profile::CostTable::load(request.table);
    const auto spec = model::loadNetworkSpec(request.models[model]);
    if (!spec)
        return spec.error();
    Scenario scenario;
    scenario.model = request.models[model];
    scenario.data = request.data.empty() ? usualData(*spec) : request.data;
    data = scenario.data;
    return loadCostTable(scenario);
}

base::Result<PolicyScene> sceneOf(const FigureRequest& request, const profile::CostTable& table, int batch)
{
    PolicyScene scene;
    scene.updates = request.policyUpdates;
    scene.name = table.spec().name + ", batch " + std::to_string(batch);
    scene.conditions.deviceSlowdown = slowdownOf(request, table);
    scene.rates = sim::interestingRates(table, batch, scene.conditions);
    const auto scale = sim::standardScale(table, batch, scene.conditions, scene.rates.low, scene.rates.high);
    auto evaluator = sim::Evaluator::make(table, batch, request.objective, scale);
    if (!evaluator)
        return evaluator.error();
    scene.evaluator = std::make_shared<const sim::Evaluator>(*std::move(evaluator));
    return scene;
}

std::vector<int> batchesOf(const FigureRequest& request, std::size_t model)
{
    if (model > 0)
        return {1};
    return request.batches.empty() ? std::vector<int>{1, 8, 64} : request.batches;
}

/// Curves of a model: of every batch that is asked for.
base::Status addModel(const FigureRequest& request, std::size_t model, const std::stop_token& stop,
                      const std::function<void(const std::string&)>& tell, std::vector<SceneCurves>& scenes, FigureSet& set)
{
    std::string data;
    const auto table = tableOf(request, model, data);
    if (!table)
        return table.error();
    if (set.data.empty())
        set.data = table->data().empty() ? data : table->data();
    for (const int batch : batchesOf(request, model)) {
        const auto scene = sceneOf(request, *table, batch);
        if (!scene)
            return scene.error();
        auto curves = curvesOf(*scene, kRates, request.seed, stop, tell);
        if (!curves)
            return curves.error();
        scenes.push_back(*std::move(curves));
    }
    return {};
}

}  // namespace

base::Status addEdgentFigure(const FigureRequest& request, const std::stop_token& stop, const FigureObserver& observer,
                             FigureSet& set)
{
    constexpr std::size_t kTraces = 10;
    std::string data;
    auto table = tableOf(request, 0, data);
    if (!table)
        return base::Error{table.error().code, table.error().message(), "figure edgent"};
    if (set.data.empty())
        set.data = table->data().empty() ? data : table->data();
    if (observer)
        observer({"playing 4G traces", -1, 0});
    EdgentInputs inputs{.table = *std::move(table)};
    inputs.conditions.deviceSlowdown = slowdownOf(request, inputs.table);
    inputs.batch = request.batches.empty() ? 1 : request.batches.front();
    inputs.deadlineMs = request.objective.deadlineMs < decision::kNoLimit ? request.objective.deadlineMs : 0;
    inputs.traces = recorded4gTraces(kTraces);
    auto figure = edgentFigure(inputs, stop);
    if (!figure)
        return figure.error();
    set.figures.push_back(*std::move(figure));
    return {};
}

bool trainsPolicies(const FigureRequest& request)
{
    return std::any_of(request.figures.begin(), request.figures.end(), [](const std::string& key) { return key.front() == '6'; });
}

base::Status addPolicyFigures(const FigureRequest& request, const std::stop_token& stop, const FigureObserver& observer,
                              FigureSet& set)
{
    std::vector<SceneCurves> scenes;
    std::vector<base::Error> problems;
    const std::size_t models = request.table.empty() ? request.models.size() : 1;
    const auto trainings = kPolicies * (batchesOf(request, 0).size() + models - 1);
    const auto beganNs = base::nowNs();
    std::size_t begun = 0;
    const auto tell = [&](const std::string& what) {
        const auto done = static_cast<double>(begun++);
        const double seconds = base::toMs(base::nowNs() - beganNs) / 1000;
        if (observer)
            observer({what, done / static_cast<double>(trainings),
                      done > 0 ? seconds / done * (static_cast<double>(trainings) - done) : 0});
    };
    for (std::size_t model = 0; model < models; ++model) {
        auto added = addModel(request, model, stop, tell, scenes, set);
        if (added)
            continue;
        if (added.error().code == base::ErrorCode::Cancelled)
            return added;
        problems.push_back(added.error());
    }
    if (scenes.empty())
        return problems.front();
    set.problems.insert(set.problems.end(), problems.begin(), problems.end());
    for (const auto& key : request.figures) {
        if (key == "6a")
            set.figures.push_back(policyLatencyFigure(scenes));
        else if (key == "6b")
            set.figures.push_back(policyAccuracyFigure(scenes));
        else if (key == "6c")
            set.figures.push_back(policyChoicesFigure(scenes));
    }
    return {};
}

}  // namespace splitscope::session
