// SPDX-License-Identifier: GPL-3.0-or-later
// Teerapittayanon, McDanel, Kung: BranchyNet: Fast Inference via Early Exiting from Deep Neural Networks (ICPR 2016), its
// Algorithm 2: a sample leaves at a branch where the entropy of its softmax is below that branch's threshold, else it goes on to
// the last exit. Thresholds are found by a sweep, offline: here those of the cost table's gates, and what is kept is the fastest
// gate that loses no more of the last exit's accuracy than the options allow.
// BranchyNet runs in one place, and which that is it does not say. `branchynet`: the branch is the device's, and the rest runs on
// the device too, or on the edge from the branch on (as the same authors' DDNN of 2017 does), the tensor as exact as the table
// has it, whichever takes less at the bandwidth of now. `branchynet-edge`: all of it is the edge's, and frames are sent whole, as
// raw pixels or compressed without loss, whichever takes less. Its samples may leave at any of several branches; a decision here
// has one gate, so of several branches the best is taken. Which accuracy its authors would give up for speed is not known: it is
// an option.
#include "core/strategy/strategies_p.h"
#include "core/strategy/table_strategy_p.h"

#include <algorithm>

namespace splitscope::strategy {

namespace {

/// Whether the tensor that crosses is as exact as the table has that cut, or none crosses.
bool isExact(const sim::Evaluator& evaluator, const std::vector<std::size_t>& exact, const decision::Decision& decision)
{
    return std::any_of(exact.begin(), exact.end(), [&](std::size_t action) {
        const auto& cut = evaluator.decisionOf(action);
        return cut.partition == decision.partition && cut.coding == decision.coding;
    });
}

/// Gated decisions of the last exit whose rest runs on the device, or on the edge from the gate's branch on; any loss.
std::vector<std::size_t> branchesOnDevice(const sim::Evaluator& evaluator)
{
    const auto& spec = evaluator.table().spec();
    const int last = spec.exitCount();
    const model::Path path(spec, last);
    const auto exact = exactCuts(evaluator, last);
    std::vector<std::size_t> actions;
    for (std::size_t action = 0; action < evaluator.actionCount(); ++action) {
        const auto& decision = evaluator.decisionOf(action);
        if (decision.exit != last || !decision.gate || !isExact(evaluator, exact, decision))
            continue;
        const int branch = path.canonicalCut(spec.exits[static_cast<std::size_t>(decision.gate->exit - 1)].after);
        if (decision.partition == branch || decision.coding.kind == codec::CodingKind::LabelOnly)
            actions.push_back(action);
    }
    return actions;
}

/// Gated decisions of the last exit that run on the edge alone, frames as they are; any loss.
std::vector<std::size_t> branchesOnEdge(const sim::Evaluator& evaluator)
{
    std::vector<std::size_t> actions;
    for (std::size_t action = 0; action < evaluator.actionCount(); ++action) {
        const auto& decision = evaluator.decisionOf(action);
        const bool asIs = decision.coding.kind == codec::CodingKind::Raw || decision.coding.kind == codec::CodingKind::Lossless;
        if (decision.exit == evaluator.table().spec().exitCount() && decision.gate && asIs)
            actions.push_back(action);
    }
    return actions;
}

}  // namespace

base::Result<std::unique_ptr<Strategy>> makeBranchyNet(NeededGates gates, const StrategyOptions& options)
{
    const auto& evaluator = *options.evaluator;
    const bool onEdge = gates == NeededGates::OfEdge;
    const std::string name = onEdge ? "branchynet-edge" : "branchynet";
    auto actions = onEdge ? branchesOnEdge(evaluator) : branchesOnDevice(evaluator);
    if (actions.empty())
        return lacksGates(name, gates);
    const double least = lastExitAccuracy(evaluator) - options.accuracyLoss;
    std::erase_if(actions, [&](std::size_t action) { return evaluator.table().rows()[action].accuracy.accuracy < least; });
    return std::unique_ptr<Strategy>(std::make_unique<FastestOf>(name, options, std::move(actions), "no gate is allowed now"));
}

}  // namespace splitscope::strategy
