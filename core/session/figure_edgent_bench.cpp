// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/latency_regression.h"
#include "core/session/figure_edgent_p.h"

#include <algorithm>
#include <cmath>

namespace splitscope::session {

base::Result<EdgentBench> EdgentBench::make(const EdgentInputs& inputs)
{
    const auto rates = sim::interestingRates(inputs.table, inputs.batch, inputs.conditions);
    auto evaluator = sim::Evaluator::make(
        inputs.table, inputs.batch, {}, sim::standardScale(inputs.table, inputs.batch, inputs.conditions, rates.low, rates.high));
    if (!evaluator)
        return evaluator.error();
    return EdgentBench(std::make_shared<const sim::Evaluator>(*std::move(evaluator)), inputs.conditions, rates);
}

double EdgentBench::middleRate() const { return std::sqrt(m_rates.low * m_rates.high); }

Plan EdgentBench::planOf(std::size_t action, double bytesPerSecond) const
{
    auto here = m_conditions;
    here.bytesPerSecond = bytesPerSecond;
    const auto& decision = m_evaluator->decisionOf(action);
    return {action, m_evaluator->table().predict(action, m_evaluator->batch(), here), decision.exit, decision.partition};
}

base::Result<std::shared_ptr<const sim::Evaluator>> EdgentBench::evaluatorOf(double deadlineMs) const
{
    decision::Objective objective;
    objective.deadlineMs = deadlineMs;
    auto evaluator = m_evaluator->withObjective(objective);
    if (!evaluator)
        return evaluator.error();
    return std::make_shared<const sim::Evaluator>(*std::move(evaluator));
}

base::Result<std::unique_ptr<strategy::Strategy>> EdgentBench::strategyOf(const std::string& name, double deadlineMs) const
{
    auto evaluator = evaluatorOf(deadlineMs);
    if (!evaluator)
        return evaluator.error();
    strategy::StrategyOptions options;
    options.evaluator = *std::move(evaluator);
    options.conditions = m_conditions;
    const auto& spec = m_evaluator->table().spec();
    options.fixed = decision::onDevice(spec, spec.exitCount());
    return strategy::makeStrategy(name, spec, options);
}

base::Result<Plan> EdgentBench::plan(const std::string& strategy, double bytesPerSecond, double deadlineMs) const
{
    const auto made = strategyOf(strategy, deadlineMs);
    if (!made)
        return made.error();
    decision::State state;
    state.bytesPerSecond = state.bandwidthLow = state.bandwidthHigh = bytesPerSecond;
    state.rttMs = m_conditions.rttMs;
    state.deviceSlowdown = m_conditions.deviceSlowdown;
    const auto action = m_evaluator->table().rowOf((*made)->decide(state));
    if (!action)
        return action.error();
    return planOf(*action, bytesPerSecond);
}

std::optional<Plan> EdgentBench::rightSized(double bytesPerSecond, double deadlineMs) const
{
    const auto& table = m_evaluator->table();
    for (int exit = table.spec().exitCount(); exit >= 1; --exit) {
        const auto row = table.rowOf(decision::onDevice(table.spec(), exit));
        if (!row)
            continue;
        if (auto plan = planOf(*row, bytesPerSecond); plan.prediction.totalMs <= deadlineMs)
            return plan;
    }
    return std::nullopt;
}

// --- regression ------------------------------------------------------------------------------------------------------------

namespace {

bool hasWeights(const model::PathLayer& layer) { return model::hasWeights(layer.spec.type); }

}  // namespace

EdgentRegression::EdgentRegression(const profile::CostTable& table)
    : m_device(sideOf(table.spec(), table.device(), true)), m_edge(sideOf(table.spec(), table.edge(), false))
{
}

/// Layers with weights, each with what follows it up to the next one, for they are computed in one pass: what a segment takes
/// with them less what it takes without. The device's segments begin at the input, the edge's end at the label.
EdgentRegression::Side EdgentRegression::sideOf(const model::NetworkSpec& spec, const profile::ComputeProfile& profile,
                                                bool begins)
{
    std::vector<profile::MeasuredLayer> layers;
    for (int exit = 1; exit <= spec.exitCount(); ++exit) {
        const model::Path path(spec, exit);
        const auto timeAt = [&](int cut) -> std::optional<double> {
            const int first = begins ? 0 : cut, last = begins ? cut : path.length();
            if (first == last)
                return 0;
            const auto ms = profile.segmentMs(exit, first, last, 1);
            return ms ? std::optional(*ms) : std::nullopt;
        };
        for (int layer = 1; layer <= path.length(); ++layer) {
            if (!hasWeights(path.layer(layer)))
                continue;
            int next = layer + 1;
            while (next <= path.length() && !hasWeights(path.layer(next)))
                ++next;
            const auto before = timeAt(path.canonicalCut(layer - 1)), behind = timeAt(path.canonicalCut(next - 1));
            if (before && behind && std::abs(*behind - *before) > 0 && (*behind > *before) == begins)
                layers.push_back({path.layer(layer), std::abs(*behind - *before)});
        }
    }
    if (layers.empty())
        return {};
    const auto regression = profile::LatencyRegression::fit(layers);
    Side side;
    for (int exit = 1; exit <= spec.exitCount(); ++exit) {
        const model::Path path(spec, exit);
        std::vector<double> sums{0};
        for (int layer = 1; layer <= path.length(); ++layer) {
            const auto ms = hasWeights(path.layer(layer)) ? regression.predictMs(path.layer(layer)) : base::Result<double>(0.0);
            sums.push_back(sums.back() + (ms ? *ms : 0));
        }
        side.upTo.push_back(std::move(sums));
    }
    return side;
}

std::optional<double> EdgentRegression::totalMs(const EdgentBench& bench, const Plan& plan) const
{
    if (m_device.upTo.empty() || m_edge.upTo.empty())
        return std::nullopt;
    const auto exit = static_cast<std::size_t>(plan.exit - 1), cut = static_cast<std::size_t>(plan.cut);
    const auto& p = plan.prediction;
    const double device = m_device.upTo[exit][cut] * bench.conditions().deviceSlowdown;
    const double edge = (m_edge.upTo[exit].back() - m_edge.upTo[exit][cut]) * bench.conditions().edgeSlowdown;
    return p.totalMs - p.deviceMs - p.edgeMs + device + edge;
}

}  // namespace splitscope::session
