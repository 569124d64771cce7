// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/figure_policies.h"

#include "core/session/figure_policies_p.h"
#include "core/session/figure_text.h"

#include <algorithm>
#include <cmath>

namespace splitscope::session {

namespace {

const FigureAxis kBandwidth{"bandwidth (MB/s)", "mb_per_s", "MB/s", true, 0};

std::vector<double> megabytes(const std::vector<double>& bytesPerSecond)
{
    std::vector<double> values;
    for (const double rate : bytesPerSecond)
        values.push_back(rate / 1e6);
    return values;
}

/// A panel for a scene, with one series per curve that `takes` it.
template <typename Takes, typename ValueOf>
CurvePanel panelOf(const SceneCurves& scene, int row, int column, const std::string& title, FigureAxis y, Takes takes,
                   ValueOf valueOf)
{
    CurvePanel panel;
    panel.title = title;
    panel.row = row;
    panel.column = column;
    panel.x = kBandwidth;
    panel.y = std::move(y);
    panel.xs = megabytes(scene.bytesPerSecond);
    for (const auto& curve : scene.curves) {
        if (!takes(curve))
            continue;
        FigureSeries series{curve.key, curve.name, {}, {}, {}};
        for (std::size_t i = 0; i < panel.xs.size(); ++i)
            series.values.push_back(valueOf(curve, i));
        panel.series.push_back(std::move(series));
    }
    panel.steps
        = panel.y.key != "latency_ms" && panel.y.key != "reward";  // decisions jump, times and rewards glide between jumps
    return panel;
}

bool all(const DecisionCurve&) { return true; }
bool learnedOrBest(const DecisionCurve& curve) { return curve.key == "sacd" || curve.key == "optimum"; }

Figure emptyFigure(const std::string& key, const std::string& title, const std::string& quantity,
                   const std::vector<SceneCurves>& scenes)
{
    Figure figure;
    figure.key = key;
    figure.title = title;
    figure.kind = FigureKind::Curves;
    figure.xTitle = kBandwidth.title;
    figure.y.title = quantity;
    std::vector<std::string> names;
    for (const auto& scene : scenes)
        names.push_back(scene.scene.evaluator->table().spec().name);
    names.erase(std::unique(names.begin(), names.end()), names.end());
    figure.subtitle = listed(names);
    if (!scenes.empty()) {
        const auto& objective = scenes.front().scene.evaluator->objective();
        figure.subtitle += ", s = " + decimal(objective.sensitivity, 0) + " MB/s";
        figure.subtitle
            += ", device " + decimal(scenes.front().scene.conditions.deviceSlowdown, 0) + " times slower than its table's";
    }
    return figure;
}

void addNotes(Figure& figure, const std::vector<SceneCurves>& scenes)
{
    for (const auto& scene : scenes) {
        const auto* sacd = scene.find("sacd");
        const auto* dqn = scene.find("dqn");
        const auto* best = scene.find("optimum");
        if (!sacd || !dqn || !best)
            continue;
        const auto& table = scene.scene.evaluator->table();
        figure.notes.push_back(scene.scene.name + ": SAC-d's mean reward over the rates drawn is "
                               + percent(meanOf(sacd->reward) / meanOf(best->reward), 2) + " of the optimum's, DQN's "
                               + percent(meanOf(dqn->reward) / meanOf(best->reward), 2) + ". Times of the device: "
                               + describe(table.device()) + "; of the edge: " + describe(table.edge()) + ".");
    }
    figure.notes.push_back(
        "Both policies are trained here at γ = 0, where nothing that is decided changes what comes; at the paper's "
        "0.99 both stay below the optimum (`policy train --gamma 0.99` shows it).");
    figure.notes.push_back(
        "On Device is the last exit without a cut, as in the paper. The decisions are all of the cost table's, "
        "frames as JPEG too, and not the paper's set alone.");
}

/// "label", "raw", "lossless", "jpeg 60", "4 bits", …: in an order in which neighbours are alike.
std::vector<codec::Coding> codingsOf(const profile::CostTable& table)
{
    std::vector<codec::Coding> codings;
    for (const auto& row : table.rows())
        if (std::find(codings.begin(), codings.end(), row.decision.coding) == codings.end())
            codings.push_back(row.decision.coding);
    const auto rank = [](const codec::Coding& coding) {
        switch (coding.kind) {
        case codec::CodingKind::LabelOnly: return 0;
        case codec::CodingKind::Quantized: return 1;
        case codec::CodingKind::Float32: return 2;
        case codec::CodingKind::Jpeg: return 3;
        case codec::CodingKind::Lossless: return 4;
        case codec::CodingKind::Raw: break;
        }
        return 5;
    };
    std::sort(codings.begin(), codings.end(), [&](const codec::Coding& a, const codec::Coding& b) {
        return std::pair(rank(a), a.parameter) < std::pair(rank(b), b.parameter);
    });
    return codings;
}

std::string codingName(const codec::Coding& coding)
{
    if (coding.kind == codec::CodingKind::Quantized)
        return std::to_string(coding.parameter) + " bits";
    if (coding.kind == codec::CodingKind::Jpeg)
        return "JPEG " + std::to_string(coding.parameter);
    return codec::toString(coding);
}

void addChoicePanels(Figure& figure, const SceneCurves& scene, int column)
{
    const auto& evaluator = *scene.scene.evaluator;
    const auto decisionAt = [&](const DecisionCurve& curve, std::size_t i) { return evaluator.decisionOf(curve.actions[i]); };
    auto exits = panelOf(scene, 0, column, scene.scene.name + ": exit", {"exit", "exit", "", false, 0}, learnedOrBest,
                         [&](const DecisionCurve& curve, std::size_t i) { return decisionAt(curve, i).exit - 1.0; });
    for (int exit = 1; exit <= evaluator.table().spec().exitCount(); ++exit)
        exits.levels.push_back(std::to_string(exit));
    figure.panels.push_back(std::move(exits));
    figure.panels.push_back(
        panelOf(scene, 1, column, "partition point", {"layers on the device", "partition", "layers", false, 0}, learnedOrBest,
                [&](const DecisionCurve& curve, std::size_t i) { return static_cast<double>(decisionAt(curve, i).partition); }));
    const auto codings = codingsOf(evaluator.table());
    auto panel = panelOf(scene, 2, column, "bit width, or coding of the frame", {"coding", "coding", "", false, 0}, learnedOrBest,
                         [&](const DecisionCurve& curve, std::size_t i) {
                             const auto found = std::find(codings.begin(), codings.end(), decisionAt(curve, i).coding);
                             return static_cast<double>(found - codings.begin());
                         });
    for (const auto& coding : codings)
        panel.levels.push_back(codingName(coding));
    figure.panels.push_back(std::move(panel));
}

}  // namespace

const DecisionCurve* SceneCurves::find(const std::string& key) const
{
    const auto found = std::find_if(curves.begin(), curves.end(), [&](const DecisionCurve& curve) { return curve.key == key; });
    return found == curves.end() ? nullptr : &*found;
}

DecisionCurve curveOf(const SceneCurves& curves, std::string key, std::string name, std::vector<std::size_t> actions)
{
    DecisionCurve curve{std::move(key), std::move(name), std::move(actions), {}, {}, {}};
    const auto& evaluator = *curves.scene.evaluator;
    for (std::size_t i = 0; i < curve.actions.size(); ++i) {
        auto conditions = curves.scene.conditions;
        conditions.bytesPerSecond = curves.bytesPerSecond[i];
        const auto scored = evaluator.score(curve.actions[i], conditions);
        curve.latencyMs.push_back(scored.prediction.feasible ? scored.prediction.totalMs : kNoValue);
        curve.accuracy.push_back(scored.prediction.accuracy);
        curve.reward.push_back(scored.reward);
    }
    return curve;
}

Figure policyLatencyFigure(const std::vector<SceneCurves>& scenes)
{
    auto figure = emptyFigure("6a", "Latency over bandwidth", "latency of a request (ms), and below it the reward", scenes);
    for (std::size_t i = 0; i < scenes.size(); ++i) {
        const auto column = static_cast<int>(i);
        figure.panels.push_back(panelOf(scenes[i], 0, column, scenes[i].scene.name, {"latency (ms)", "latency_ms", "ms", true, 0},
                                        all, [](const DecisionCurve& curve, std::size_t at) { return curve.latencyMs[at]; }));
        figure.panels.push_back(panelOf(scenes[i], 1, column, "reward", {"reward", "reward", "", false, 0}, all,
                                        [](const DecisionCurve& curve, std::size_t at) { return curve.reward[at]; }));
    }
    figure.statements = latencyStatements(scenes);
    addNotes(figure, scenes);
    return figure;
}

Figure policyAccuracyFigure(const std::vector<SceneCurves>& scenes)
{
    auto figure = emptyFigure("6b", "Accuracy over bandwidth", "expected accuracy (%)", scenes);
    for (std::size_t i = 0; i < scenes.size(); ++i)
        figure.panels.push_back(panelOf(scenes[i], 0, static_cast<int>(i), scenes[i].scene.name,
                                        {"accuracy (%)", "accuracy_percent", "%", false, 0}, all,
                                        [](const DecisionCurve& curve, std::size_t at) { return 100 * curve.accuracy[at]; }));
    figure.statements = accuracyStatements(scenes);
    addNotes(figure, scenes);
    return figure;
}

Figure policyChoicesFigure(const std::vector<SceneCurves>& scenes)
{
    auto figure = emptyFigure("6c", "What SAC-d chooses", {}, scenes);
    for (std::size_t i = 0; i < scenes.size(); ++i)
        addChoicePanels(figure, scenes[i], static_cast<int>(i));
    figure.statements = choiceStatements(scenes);
    addNotes(figure, scenes);
    return figure;
}

}  // namespace splitscope::session
