// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-cli policy inspect
#include "app/text_format.h"
#include "app/verbs/ground.h"
#include "app/verbs/model_report.h"
#include "app/verbs/policy_verbs.h"
#include "app/verbs/verbs.h"
#include "core/base/text.h"
#include "core/base/units.h"
#include "core/rl/decider.h"
#include "core/rl/evaluation.h"

#include <QJsonArray>
#include <QJsonObject>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <set>

namespace splitscope::app {

namespace {

constexpr int kRates = 121;
constexpr std::size_t kTopActions = 6;
constexpr double kAsTrained = 0;  ///< a slowdown that nobody names

struct InspectArguments {
    Ground ground;
    std::string model;
    std::vector<std::string> files;
    std::optional<double> bytesPerSecond;
    int settings = 0;
    bool json = false;
};

/// Neighbouring rates at which neither the policy's nor the optimum's decision changes.
struct Stretch {
    double from = 0, to = 0;
    std::size_t chosen = 0, best = 0;
    double regret = 0;  ///< the greatest within
};

struct Map {
    std::vector<Stretch> stretches;
    double meanRegret = 0, meanOptimum = 0;
    bool beyond = false;  ///< the sliders or rates lie beyond what it was trained on
};

decision::State stateAt(double bytesPerSecond)
{
    decision::State state;
    state.bytesPerSecond = state.bandwidthLow = state.bandwidthHigh = bytesPerSecond;
    return state;
}

Map mapOf(rl::Decider& decider, const OpenGround& ground)
{
    const auto& evaluator = *ground.evaluator;
    Map map;
    for (int i = 0; i < kRates; ++i) {
        auto conditions = ground.conditions;
        const double rate
            = ground.rates.low * std::pow(ground.rates.high / ground.rates.low, static_cast<double>(i) / (kRates - 1));
        conditions.bytesPerSecond = rate;
        auto state = stateAt(rate);
        state.deviceSlowdown = conditions.deviceSlowdown;
        const auto chosen = decider.decide(evaluator, state, ground.conditions);
        const auto best = evaluator.best(conditions);
        const double regret = evaluator.regret(chosen, conditions);
        map.meanRegret += regret / kRates;
        map.meanOptimum += evaluator.score(best, conditions).reward / kRates;
        map.beyond = map.beyond || !rl::withinTraining(decider.policy(), state, evaluator.objective());
        if (!map.stretches.empty() && map.stretches.back().chosen == chosen && map.stretches.back().best == best) {
            map.stretches.back().to = rate;
            map.stretches.back().regret = std::max(map.stretches.back().regret, regret);
        } else {
            map.stretches.push_back({rate, rate, chosen, best, regret});
        }
    }
    return map;
}

struct Action {
    std::size_t index = 0;  ///< of the policy's actions
    double output = 0;  ///< probability of an actor, value of a critic
    double reward = 0;  ///< by the table
};

/// Outputs that are probabilities come as such: SAC-d's actor puts out logits.
std::vector<Action> topActions(const rl::Policy& policy, const rl::ActionRows& rows, const OpenGround& ground, double rate)
{
    rl::PolicyScratch scratch;
    auto state = stateAt(rate);
    state.deviceSlowdown = ground.conditions.deviceSlowdown;
    rl::forward(policy, state, ground.evaluator->objective(), ground.evaluator->scale(), scratch);
    std::vector<double> outputs(scratch.hidden.begin(),
                                scratch.hidden.begin() + static_cast<std::ptrdiff_t>(policy.actions.size()));
    if (policy.algorithm == "sacd" || policy.algorithm == "sacd-paper") {
        const double greatest = *std::max_element(outputs.begin(), outputs.end());
        for (auto& output : outputs)
            output = std::exp(output - greatest);
        const double sum = std::accumulate(outputs.begin(), outputs.end(), 0.0);
        for (auto& output : outputs)
            output /= sum;
    }
    auto conditions = ground.conditions;
    conditions.bytesPerSecond = rate;
    std::vector<Action> actions;
    for (std::size_t i = 0; i < outputs.size(); ++i)
        actions.push_back({i, outputs[i], ground.evaluator->score(rows[i], conditions).reward});
    std::sort(actions.begin(), actions.end(), [](const Action& a, const Action& b) { return a.output > b.output; });
    actions.resize(std::min(actions.size(), kTopActions));
    return actions;
}

QJsonObject decisionJson(const decision::Decision& decision)
{
    QJsonObject object{{"exit", decision.exit},
                       {"partition", decision.partition},
                       {"coding", QString::fromStdString(codec::toString(decision.coding))}};
    if (decision.gate)
        object["gate"] = QString::fromStdString(decision::toString(*decision.gate));
    return object;
}

void addPolicyJson(const rl::Policy& policy, QJsonObject& object)
{
    QJsonArray inputs;
    for (const auto& name : rl::featureNames(policy.features))
        inputs << QString::fromStdString(name);
    object["algorithm"] = QString::fromStdString(policy.algorithm);
    object["network"] = QString::fromStdString(policy.network);
    object["model_hash"] = QString::fromStdString(policy.modelHash);
    object["table_hash"] = QString::fromStdString(policy.tableHash);
    object["batch"] = policy.batch;
    object["actions"] = static_cast<qint64>(policy.actions.size());
    object["inputs"] = inputs;
    object["sliders"] = policy.features.objective;
    object["command"] = QString::fromStdString(policy.command);
    object["date"] = QString::fromStdString(policy.date);
    object["gap"] = policy.gap;
}

std::string describe(const rl::Policy& policy)
{
    std::string inputs, layers;
    for (const auto& name : rl::featureNames(policy.features))
        inputs += (inputs.empty() ? "" : ", ") + name;
    for (const auto& layer : policy.layers)
        layers += (layers.empty() ? std::to_string(layer.inputs) : std::string()) + " → " + std::to_string(layer.outputs);
    const auto& f = policy.features;
    auto lines = policy.algorithm + " for " + policy.network + ", batch " + std::to_string(policy.batch) + ", made " + policy.date
        + format("; %.3f %% below the optimum when it was saved\n", 100 * policy.gap);
    lines += "  made by   " + policy.command + "\n";
    lines += "  model     " + policy.modelHash.substr(0, 12) + ", cost table " + policy.tableHash.substr(0, 12) + "\n";
    lines += "  inputs    " + inputs + "\n";
    lines += "  network   " + layers + "\n";
    lines += "  trained   " + base::formatBytesPerSecond(f.bytesPerSecond.low) + " to "
        + base::formatBytesPerSecond(f.bytesPerSecond.high);
    if (f.objective)
        lines += format(", s %g to %g MB/s, n %g to %g", f.sensitivity.low, f.sensitivity.high, f.scale.low, f.scale.high);
    else
        lines += format(", s %g MB/s, n %g alone", policy.objective.sensitivity, policy.objective.scale);
    return lines + "\n";
}

std::string mapText(const Map& map, const OpenGround& ground)
{
    const auto& evaluator = *ground.evaluator;
    auto lines = format("\nwhat it decides at s %g MB/s, n %g, beside the optimum; mean regret %.5f of %.5f:\n",
                        evaluator.objective().sensitivity, evaluator.objective().scale, map.meanRegret, map.meanOptimum);
    if (map.beyond)
        lines += "  (beyond what it was trained on in places: the table's greedy decides there)\n";
    for (const auto& stretch : map.stretches) {
        lines += format("  %11s to %-11s  %-34s", base::formatBytesPerSecond(stretch.from).c_str(),
                        base::formatBytesPerSecond(stretch.to).c_str(),
                        decision::toString(evaluator.decisionOf(stretch.chosen)).c_str());
        lines += stretch.chosen == stretch.best
            ? std::string("  the optimum\n")
            : format("  optimum: %s, regret up to %.4f\n", decision::toString(evaluator.decisionOf(stretch.best)).c_str(),
                     stretch.regret);
    }
    return lines;
}

/// How near each of many settings' own optimum it stays, over all rates.
base::Result<rl::SliderEvaluation> overSettings(const InspectArguments& a, const rl::Policy& policy, const OpenGround& ground)
{
    constexpr std::uint64_t kSeed = 1'000'033;  // settings that no training drew
    return rl::evaluateSliders(policy, *ground.evaluator, ground.conditions, a.settings, kRates, kSeed);
}

std::string settingsText(const rl::SliderEvaluation& sliders)
{
    const auto& worst = sliders.worst;
    const auto limit = [](double value, const char* unit) {
        return value < decision::kNoLimit ? format("%.3g %s", value, unit) : std::string("none");
    };
    return format(
        "\nover %d random settings of the sliders: on average %.3f %% below each setting's optimum; above 1 %% at %d of "
        "them\n  worst: %.2f %% at s %.3g MB/s, n %.3g, energy limit %s, deadline %s\n",
        sliders.settings, 100 * sliders.meanGap, sliders.above, 100 * sliders.worstGap, worst.sensitivity, worst.scale,
        limit(worst.energyLimitJoules, "J").c_str(), limit(worst.deadlineMs, "ms").c_str());
}

QJsonObject settingsJson(const rl::SliderEvaluation& sliders)
{
    QJsonObject worst{{"s_mb_s", sliders.worst.sensitivity}, {"n", sliders.worst.scale}};
    if (sliders.worst.energyLimitJoules < decision::kNoLimit)
        worst["energy_limit_j"] = sliders.worst.energyLimitJoules;
    if (sliders.worst.deadlineMs < decision::kNoLimit)
        worst["deadline_ms"] = sliders.worst.deadlineMs;
    return {{"settings", sliders.settings},
            {"mean_gap", sliders.meanGap},
            {"above_one_percent", sliders.above},
            {"worst_gap", sliders.worstGap},
            {"worst", worst}};
}

int inspectAndTell(const InspectArguments& a, const rl::Policy& policy, const OpenGround& ground)
{
    auto decider = rl::Decider::make(std::make_shared<const rl::Policy>(policy), *ground.evaluator);
    if (!decider)
        return fail(decider.error());
    const auto map = mapOf(*decider, ground);
    const auto top = a.bytesPerSecond ? topActions(policy, decider->rows(), ground, *a.bytesPerSecond) : std::vector<Action>();
    std::optional<rl::SliderEvaluation> sliders;
    if (a.settings > 0) {
        const auto evaluated = overSettings(a, policy, ground);
        if (!evaluated)
            return fail(evaluated.error());
        sliders = *evaluated;
    }
    if (!a.json) {
        std::fputs((describe(policy) + mapText(map, ground) + (sliders ? settingsText(*sliders) : std::string())).c_str(),
                   stdout);
        if (a.bytesPerSecond)
            std::printf("\nat %s:\n", base::formatBytesPerSecond(*a.bytesPerSecond).c_str());
        const bool actor = policy.algorithm == "sacd" || policy.algorithm == "sacd-paper";
        for (const auto& action : top)
            std::printf("  %-34s  %s %8.4f   reward by the table %.4f\n",
                        decision::toString(policy.actions[action.index]).c_str(), actor ? "probability" : "value", action.output,
                        action.reward);
        return kDone;
    }
    QJsonObject object;
    addPolicyJson(policy, object);
    QJsonArray stretches, actions;
    for (const auto& stretch : map.stretches)
        stretches << QJsonObject{{"from_bytes_per_second", stretch.from},
                                 {"to_bytes_per_second", stretch.to},
                                 {"decision", decisionJson(ground.evaluator->decisionOf(stretch.chosen))},
                                 {"optimum", decisionJson(ground.evaluator->decisionOf(stretch.best))},
                                 {"regret", stretch.regret}};
    for (const auto& action : top)
        actions << QJsonObject{
            {"decision", decisionJson(policy.actions[action.index])}, {"output", action.output}, {"reward", action.reward}};
    object["map"] = stretches;
    object["regret"] = map.meanRegret;
    object["beyond_training"] = map.beyond;
    if (a.bytesPerSecond)
        object["top_actions"] = actions;
    if (sliders)
        object["sliders_evaluated"] = settingsJson(*sliders);
    printJson(object);
    return kDone;
}

/// The slowdown that it was trained with; where it was trained with many, the middle of them, by logarithms.
double usualSlowdown(const rl::Policy& policy)
{
    const auto& trained = policy.features.deviceSlowdown;
    return trained.low > 0 ? std::sqrt(trained.low * trained.high) : 1;
}

/// "+gates:0.1,0.5"; nothing where there are none.
std::string gatesText(const char* name, const std::set<double>& thresholds)
{
    std::vector<std::string> texts;
    for (const double threshold : thresholds)
        texts.push_back(format("%g", threshold));
    return texts.empty() ? "" : std::string(name) + ":" + base::joined(texts, ",");
}

/// The standard one, with the gates among which it chooses.
std::string usualActionSet(const rl::Policy& policy, const std::string& network)
{
    std::set<double> onDevice, onEdge;
    const auto spec = model::loadNetworkSpec(network);
    for (const auto& action : policy.actions)
        if (action.gate && spec && decision::check(*spec, action))
            (decision::gatedOnEdge(*spec, action) ? onEdge : onDevice).insert(action.gate->threshold);
    return session::Scenario{}.actionSet + gatesText("+gates", onDevice) + gatesText("+edge-gates", onEdge);
}

/// The ground that the policy was trained for, where nobody says otherwise: its network, batch, gates, slowdown and objective,
/// and the data whose cost table is of its weights.
base::Result<OpenGround> groundOf(InspectArguments& a, const rl::Policy& policy)
{
    auto& scenario = a.ground.scenario;
    scenario.model = a.model.empty() ? policy.network : a.model;
    scenario.batch = policy.batch;
    if (scenario.slowdown == kAsTrained)
        scenario.slowdown = usualSlowdown(policy);
    if (scenario.actionSet == session::Scenario{}.actionSet)
        scenario.actionSet = usualActionSet(policy, scenario.model);
    if (scenario.objective == decision::Objective{})
        scenario.objective = policy.objective;
    if (!scenario.data.empty() || !scenario.costTable.empty())
        return openGround(a.ground);
    std::optional<base::Error> problem;
    for (const char* data : {"cifar10", "imagenette", "patterns"}) {
        scenario.data = data;
        auto ground = openGround(a.ground);
        if (ground && ground->evaluator->table().modelHash() == policy.modelHash)
            return ground;
        if (!ground && !problem)
            problem = ground.error();
    }
    return problem.value_or(base::Error{base::ErrorCode::Mismatch,
                                        "no cost table that ships is of the weights that the policy was trained for; name one "
                                        "(--cost-table)",
                                        a.files.front()});
}

}  // namespace

int policyInspect(const std::vector<std::string>& arguments, std::stop_token)
{
    InspectArguments a;
    Options options(
        "policy inspect FILE [options]",
        "Shows what a policy was trained on, what it decides over bandwidth beside the optimum, and with --bandwidth\n"
        "which actions it holds to be the best there. Slowdown and sliders that are not named are those of its training.");
    a.ground.scenario.slowdown = kAsTrained;
    options.positional("FILE", "the policy", a.files, 1);
    addGround(options, a.ground);
    options.custom("--bandwidth", "RATE", "shows the best actions at this rate, e.g. 300KB/s",
                   [&a](const std::string& text) -> base::Status {
                       const auto rate = base::parseBytesPerSecond(text);
                       if (!rate)
                           return rate.error();
                       a.bytesPerSecond = *rate > 0 ? *rate : INFINITY;
                       return {};
                   });
    options.integer(
        "--settings", "N",
        "also holds it against the optimum at N random settings of the sliders (0), of a policy trained with --sliders",
        a.settings, 0, 100'000);
    options.flag("--json", "prints one JSON object", a.json);
    a.ground.scenario.model.clear();
    if (const auto answered = parseOrAnswer(options, "policy inspect", arguments))
        return *answered;
    if (a.files.empty())
        return wrongUsage("policy inspect", {base::ErrorCode::InvalidInput, "which? name a policy file", "FILE"});
    const auto policy = rl::loadPolicy(a.files.front());
    if (!policy)
        return fail(policy.error());
    if (a.settings > 0 && !policy->features.objective)
        return wrongUsage("policy inspect",
                          {base::ErrorCode::InvalidInput,
                           "the policy has one setting of the sliders only; `policy train --sliders` makes one "
                           "for all of them",
                           "--settings"});
    a.model = a.ground.scenario.model;
    const auto ground = groundOf(a, *policy);
    if (!ground)
        return fail(ground.error());
    return inspectAndTell(a, *policy, *ground);
}

}  // namespace splitscope::app
