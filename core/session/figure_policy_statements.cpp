// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/figure_policies_p.h"
#include "core/session/figure_text.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace splitscope::session {

namespace {

/// The paper's "limited" bandwidth.
constexpr double kLimitedBytesPerSecond = 0.1e6;
/// "Slightly worse": at most so much longer on average where it is longer.
constexpr double kSlightly = 1.25;
/// "A little degradation on accuracy": at most so much below the whole network on average (the paper's exits span 4.9 points).
constexpr double kLittleLoss = 0.05;
/// "Far higher": by so much where the bandwidth is no bottleneck any more, the upper tenth of the rates.
constexpr double kFarHigher = 0.02;
constexpr double kUpperShare = 0.9;
/// Differences below are none.
constexpr double kSame = 1e-9;

/// What one scene says to a statement: nothing, where it cannot be said.
struct Finding {
    std::optional<bool> holds;
    std::string text;
};

/// Holds where it does in all scenes of which anything can be said.
template <typename Find>
Statement statementOf(const std::string& claim, const std::vector<SceneCurves>& scenes, Find find)
{
    Statement statement{claim, Verdict::Unknown, {}};
    bool holds = true, said = false;
    for (const auto& scene : scenes) {
        const Finding finding = find(scene);
        if (finding.holds) {
            said = true;
            holds = holds && *finding.holds;
        }
        statement.evidence += (statement.evidence.empty() ? "" : " ") + scene.scene.name + ": " + finding.text + ".";
    }
    if (said)
        statement.verdict = holds ? Verdict::Holds : Verdict::DoesNotHold;
    return statement;
}

/// The curves that a finding needs, or that it cannot be said.
template <typename Say>
auto with(const char* first, const char* second, Say say)
{
    return [=](const SceneCurves& scene) {
        const auto* a = scene.find(first);
        const auto* b = scene.find(second);
        return a && b ? say(scene, *a, *b) : Finding{std::nullopt, "not drawn"};
    };
}

Finding below(const SceneCurves& scene, const DecisionCurve& sacd, const DecisionCurve& local)
{
    const auto* dqn = scene.find("dqn");
    std::size_t count = 0;
    const auto size = sacd.latencyMs.size();
    for (std::size_t i = 0; i < size; ++i)
        count += sacd.latencyMs[i] < local.latencyMs[i] - kSame && (!dqn || dqn->latencyMs[i] < local.latencyMs[i] - kSame);
    return {count == size, "both are below On Device at " + outOf(count, size) + " rates"};
}

Finding slightlySlower(const SceneCurves&, const DecisionCurve& sacd, const DecisionCurve& dqn)
{
    std::vector<double> ratios;
    for (std::size_t i = 0; i < sacd.latencyMs.size(); ++i)
        if (sacd.latencyMs[i] > dqn.latencyMs[i] * (1 + kSame))
            ratios.push_back(sacd.latencyMs[i] / dqn.latencyMs[i]);
    if (ratios.empty())
        return {false, "SAC-d is nowhere slower"};
    const double mean = meanOf(ratios);
    return {mean <= kSlightly,
            "slower at " + outOf(ratios.size(), sacd.latencyMs.size()) + " rates, there by " + percent(mean - 1) + " on average"};
}

Finding littleLoss(const SceneCurves& scene, const DecisionCurve& sacd, const DecisionCurve& local)
{
    const double loss = meanOf(local.accuracy) - meanOf(sacd.accuracy);
    const auto* dqn = scene.find("dqn");
    const double other = dqn ? meanOf(local.accuracy) - meanOf(dqn->accuracy) : loss;
    return {std::max(loss, other) <= kLittleLoss,
            "on average SAC-d loses " + decimal(100 * loss, 2) + " points, DQN " + decimal(100 * other, 2)};
}

Finding onlyLatency(const SceneCurves&, const DecisionCurve& sacd, const DecisionCurve& dqn)
{
    const double accuracy = meanOf(sacd.accuracy) - meanOf(dqn.accuracy);
    const double latency = meanOf(dqn.latencyMs) / meanOf(sacd.latencyMs);
    constexpr double kPoint = 0.01;
    return {accuracy >= kPoint && latency <= 1,
            "DQN's mean latency is " + percent(latency) + " of SAC-d's, its accuracy " + decimal(100 * accuracy, 2)
                + " points below"};
}

Finding farHigher(const SceneCurves& scene, const DecisionCurve& sacd, const DecisionCurve& dqn)
{
    const auto from = static_cast<std::size_t>(kUpperShare * static_cast<double>(scene.bytesPerSecond.size()));
    double difference = 0;
    for (auto i = from; i < sacd.accuracy.size(); ++i)
        difference += (sacd.accuracy[i] - dqn.accuracy[i]) / static_cast<double>(sacd.accuracy.size() - from);
    return {difference >= kFarHigher, "at the highest rates SAC-d is " + decimal(100 * difference, 2) + " points above DQN"};
}

Finding firstExitLocal(const SceneCurves& scene, const DecisionCurve& sacd, const DecisionCurve&)
{
    std::size_t rates = 0, count = 0;
    for (std::size_t i = 0; i < sacd.actions.size(); ++i) {
        if (scene.bytesPerSecond[i] > kLimitedBytesPerSecond)
            continue;
        ++rates;
        const auto& decision = scene.scene.evaluator->decisionOf(sacd.actions[i]);
        count += decision.exit == 1 && decision.coding.kind == codec::CodingKind::LabelOnly ? 1 : 0;
    }
    if (rates == 0)
        return {std::nullopt, "no rate that low is drawn"};
    return {count == rates, "so at " + outOf(count, rates) + " rates up to 0.1 MB/s"};
}

Finding movesForward(const SceneCurves& scene, const DecisionCurve& sacd, const DecisionCurve&)
{
    // Layers of one exit's path are compared; a later exit begins anew.
    std::size_t backwards = 0, moves = 0;
    for (std::size_t i = 1; i < sacd.actions.size(); ++i) {
        const auto& before = scene.scene.evaluator->decisionOf(sacd.actions[i - 1]);
        const auto& after = scene.scene.evaluator->decisionOf(sacd.actions[i]);
        if (before.exit != after.exit || before.partition == after.partition)
            continue;
        ++moves;
        backwards += after.partition > before.partition ? 1 : 0;
    }
    if (moves == 0)
        return {std::nullopt, "the cut never moves while the exit stays"};
    return {backwards == 0,
            "of " + std::to_string(moves) + " moves " + std::to_string(moves - backwards)
                + " go towards the input as the bandwidth grows"};
}

Finding laterExits(const SceneCurves& scene, const DecisionCurve& sacd, const DecisionCurve&)
{
    const auto exitAt = [&](std::size_t i) { return scene.scene.evaluator->decisionOf(sacd.actions[i]).exit; };
    bool grows = true;
    std::string order = std::to_string(exitAt(0));
    for (std::size_t i = 1; i < sacd.actions.size(); ++i) {
        grows = grows && exitAt(i) >= exitAt(i - 1);
        if (exitAt(i) != exitAt(i - 1))
            order += ", " + std::to_string(exitAt(i));
    }
    const int last = scene.scene.evaluator->table().spec().exitCount();
    return {grows && exitAt(sacd.actions.size() - 1) == last, "exits along the bandwidth: " + order};
}

Finding moreBits(const SceneCurves& scene, const DecisionCurve& sacd, const DecisionCurve&)
{
    std::vector<int> widths;
    for (const auto action : sacd.actions) {
        const auto& coding = scene.scene.evaluator->decisionOf(action).coding;
        if (coding.kind == codec::CodingKind::Quantized && (widths.empty() || widths.back() != coding.parameter))
            widths.push_back(coding.parameter);
    }
    if (widths.empty())
        return {std::nullopt, "no cut between the layers is chosen, so no bit width is"};
    if (widths.size() == 1)
        return {std::nullopt, "bits are always " + std::to_string(widths.front()) + " where any are sent"};
    std::vector<std::string> names;
    for (const int width : widths)
        names.push_back(std::to_string(width));
    return {std::is_sorted(widths.begin(), widths.end()), "bit widths along the bandwidth: " + listed(names)};
}

}  // namespace

std::vector<Statement> latencyStatements(const std::vector<SceneCurves>& scenes)
{
    return {statementOf("The latency curves after optimization are all below that of On Device.", scenes,
                        with("sacd", "on-device", below)),
            statementOf("The latency of SAC-d is slightly worse than that of DQN in some region of bandwidth.", scenes,
                        with("sacd", "dqn", slightlySlower))};
}

std::vector<Statement> accuracyStatements(const std::vector<SceneCurves>& scenes)
{
    return {
        statementOf("Both DQN and SAC-d bring significant improvement with a little degradation on accuracy.", scenes,
                    with("sacd", "on-device", littleLoss)),
        statementOf("DQN shows a trend of only focusing on latency rather than pursuing accuracy as well.", scenes,
                    with("sacd", "dqn", onlyLatency)),
        statementOf("As the bandwidth no longer becomes the bottleneck, the accuracy of SAC-d is far higher than that of DQN.",
                    scenes, with("sacd", "dqn", farHigher))};
}

std::vector<Statement> choiceStatements(const std::vector<SceneCurves>& scenes)
{
    return {statementOf("When bandwidth is limited in 0–0.1 MB/s, the first exit point is chosen and the entire network is "
                        "processed on the device.",
                        scenes, with("sacd", "sacd", firstExitLocal)),
            statementOf("As the bandwidth gradually increases, the partition point moves forward.", scenes,
                        with("sacd", "sacd", movesForward)),
            statementOf("With more bandwidth, more bits are sent: 12, then 16.", scenes, with("sacd", "sacd", moreBits)),
            statementOf("The exit point changes to 2 and then to 3 as the network conditions become good.", scenes,
                        with("sacd", "sacd", laterExits))};
}

}  // namespace splitscope::session
