// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/strategy/strategy.h"

#include "core/strategy/strategies_p.h"

#include <algorithm>

namespace splitscope::strategy {

namespace {

using Made = base::Result<std::unique_ptr<Strategy>>;

base::Error wrong(const std::string& text, const std::string& field)
{
    return {base::ErrorCode::InvalidInput, text, "strategy: " + field};
}

Made checkedFixed(const model::NetworkSpec& spec, const StrategyOptions& options)
{
    if (const auto status = decision::check(spec, options.fixed); !status)
        return status.error();
    return makeFixed(options.fixed);
}

base::Status checkExit(const model::NetworkSpec& spec, int exit)
{
    if (exit >= 1 && exit <= spec.exitCount())
        return {};
    return wrong("exit " + std::to_string(exit) + " is outside 1.." + std::to_string(spec.exitCount()) + " of " + spec.name,
                 "exit");
}

Made checkedOnDevice(const model::NetworkSpec& spec, const StrategyOptions& options)
{
    if (const auto status = checkExit(spec, options.fixed.exit); !status)
        return status.error();
    return makeOnDevice(spec, options.fixed.exit);
}

Made checkedOnEdge(const model::NetworkSpec& spec, const StrategyOptions& options)
{
    if (const auto status = checkExit(spec, options.fixed.exit); !status)
        return status.error();
    return makeOnEdge("on-edge", options.fixed.exit, {codec::CodingKind::Raw, 0});
}

Made checkedOnEdgeLossless(const model::NetworkSpec& spec, const StrategyOptions& options)
{
    if (const auto status = checkExit(spec, options.fixed.exit); !status)
        return status.error();
    return makeOnEdge("on-edge-lossless", options.fixed.exit, {codec::CodingKind::Lossless, 0});
}

Made checkedOnEdgeJpeg(const model::NetworkSpec& spec, const StrategyOptions& options)
{
    const codec::Coding coding{codec::CodingKind::Jpeg, options.jpegQuality};
    if (const auto status = decision::check(spec, {options.fixed.exit, 0, coding}); !status)
        return status.error();
    return makeOnEdge("on-edge-jpeg", options.fixed.exit, coding);
}

Made checkedCycle(const model::NetworkSpec& spec, const StrategyOptions& options)
{
    if (options.dwell < 1)
        return wrong("cannot stay " + std::to_string(options.dwell) + " requests with a decision; at least 1", "dwell");
    return makeCycle(spec, options.actions, options.dwell);
}

// --- options.evaluator is there ---

Made optimum(const model::NetworkSpec& /*spec*/, const StrategyOptions& options) { return makeOptimum("optimum", options); }

Made greedy(const model::NetworkSpec& /*spec*/, const StrategyOptions& options) { return makeGreedy(options); }

Made greedyQueue(const model::NetworkSpec& /*spec*/, const StrategyOptions& options) { return makeGreedyQueue(options); }

Made checkedGreedySwitch(const model::NetworkSpec& /*spec*/, const StrategyOptions& options)
{
    if (!(options.switchMs >= 0 && options.switchCost >= 0))
        return wrong("what switching costs cannot be negative", "switch");
    return makeGreedySwitch(options);
}

template <NeurosurgeonGoal goal>
Made neurosurgeon(const model::NetworkSpec& /*spec*/, const StrategyOptions& options)
{
    return makeNeurosurgeon(goal == NeurosurgeonGoal::Latency ? "neurosurgeon-latency" : "neurosurgeon-energy", goal, options);
}

Made greedyEwma(const model::NetworkSpec& /*spec*/, const StrategyOptions& options) { return makeGreedyEwma(options); }

Made greedyBelief(const model::NetworkSpec& /*spec*/, const StrategyOptions& options) { return makeGreedyBelief(options); }

base::Status checkLoss(const StrategyOptions& options)
{
    if (options.accuracyLoss >= 0 && options.accuracyLoss <= 1)
        return {};
    return wrong("the accuracy that may be lost is a share from 0 to 1", "accuracy loss");
}

Made checkedJalad(const model::NetworkSpec& /*spec*/, const StrategyOptions& options)
{
    if (const auto status = checkLoss(options); !status)
        return status.error();
    return makeJalad(options);
}

template <KoCoding coding>
Made checkedKo(const model::NetworkSpec& /*spec*/, const StrategyOptions& options)
{
    if (const auto status = checkLoss(options); !status)
        return status.error();
    return makeKo(coding, options);
}

template <NeededGates gates>
Made checkedBranchyNet(const model::NetworkSpec& /*spec*/, const StrategyOptions& options)
{
    if (const auto status = checkLoss(options); !status)
        return status.error();
    return makeBranchyNet(gates, options);
}

Made checkedSpinn(const model::NetworkSpec& /*spec*/, const StrategyOptions& options)
{
    if (const auto status = checkLoss(options); !status)
        return status.error();
    return makeSpinn(options);
}

Made autodidactic(const model::NetworkSpec& /*spec*/, const StrategyOptions& options) { return makeAutodidactic(options); }

Made edgent(const model::NetworkSpec& /*spec*/, const StrategyOptions& options) { return makeEdgent(options); }

Made edgentDynamic(const model::NetworkSpec& /*spec*/, const StrategyOptions& options) { return makeEdgentDynamic(options); }

Made checkedEdgentPublished(const model::NetworkSpec& spec, const StrategyOptions& options)
{
    for (int exit = 1; exit <= spec.exitCount(); ++exit)
        if (!options.evaluator->table().rowOf({exit, 0, {codec::CodingKind::Raw, 0}}))
            return wrong(
                "edgent-published reckons with raw frames, which the cost table does not hold: choose another action set",
                "cost table");
    return makeEdgentPublished(options);
}

/// The policy that ships for what is to be decided: where gates are among it, one that was trained with them.
base::Result<rl::Policy> loadPolicyFor(const model::NetworkSpec& spec, const profile::CostTable& table, const std::string& name)
{
    const auto holds = [&](bool (*gated)(const model::NetworkSpec&, const decision::Decision&)) {
        return std::ranges::any_of(table.rows(), [&](const auto& row) { return gated(spec, row.decision); });
    };
    const std::string among = holds(decision::gatedOnDevice) ? "gates." : holds(decision::gatedOnEdge) ? "edge-gates." : "";
    const bool ships = rl::shippedPolicy(spec.name, table.data(), among + name).ok();
    return rl::loadShippedPolicy(spec.name, table.data(), ships ? among + name : name);
}

template <const char* const& name>
Made learned(const model::NetworkSpec& spec, const StrategyOptions& options)
{
    auto policy
        = options.policyFile.empty() ? loadPolicyFor(spec, options.evaluator->table(), name) : rl::loadPolicy(options.policyFile);
    if (!policy)
        return policy.error();
    return makeLearned(name, *std::move(policy), options);
}

constexpr const char* kSacd = "sacd";
constexpr const char* kDqn = "dqn";
constexpr const char* kSacdPaper = "sacd-paper";
constexpr const char* kBoomerang = "boomerang";
constexpr const char* kSupervised = "supervised";

struct Entry {
    StrategyInfo info;
    Made (*make)(const model::NetworkSpec&, const StrategyOptions&);
};

/// Every strategy there is, in the order the dashboard offers them.
const std::vector<Entry>& entries()
{
    constexpr bool kTable = true, kPolicy = true;
    static const std::vector<Entry> kEntries{
        {{"fixed", "always the decision that is given"}, checkedFixed},
        {{"on-device", "all layers on the device; only the label is sent"}, checkedOnDevice},
        {{"on-edge", "all layers on the edge, frames as raw pixels"}, checkedOnEdge},
        {{"on-edge-lossless", "all layers on the edge, frames compressed without loss"}, checkedOnEdgeLossless},
        {{"on-edge-jpeg", "all layers on the edge, frames as JPEG"}, checkedOnEdgeJpeg},
        {{"cycle", "every distinct decision in turn: what a cost table is measured with"}, checkedCycle},
        {{"optimum", "the table's best decision for the bandwidth that is believed, by enumeration", kTable}, optimum},
        {{"greedy", "the best decision for the next request alone; blind to queues and to what switching costs", kTable}, greedy},
        {{"greedy-queue", "greedy that counts the time waited and what waits behind", kTable}, greedyQueue},
        {{"greedy-switch", "greedy that counts what changing exit or cut takes", kTable}, checkedGreedySwitch},
        {{"greedy-ewma", "greedy over the table as measured stage times and rates correct it", kTable}, greedyEwma},
        {{"greedy-belief",
          "greedy on average over what filters believe of rate and loads, at the price of an energy that must last", kTable},
         greedyBelief},
        {{"neurosurgeon-latency", "Neurosurgeon: the fastest cut of the last exit, tensors exact", kTable},
         neurosurgeon<NeurosurgeonGoal::Latency>},
        {{"neurosurgeon-energy", "Neurosurgeon: the cut of the last exit that takes the device's least energy", kTable},
         neurosurgeon<NeurosurgeonGoal::Energy>},
        {{"edgent", "Edgent's Algorithm 1, device first: the last exit whose fastest cut meets the deadline", kTable}, edgent},
        {{"edgent-published", "Edgent's Algorithm 1 as printed, edge first; run with the halves exchanged", kTable},
         checkedEdgentPublished},
        {{"edgent-dynamic", "Edgent's Algorithms 2 and 3: a plan for each bandwidth state, looked up when the state changes",
          kTable},
         edgentDynamic},
        {{"jalad", "JALAD: the fastest cut and bits of the last exit within an accuracy loss", kTable}, checkedJalad},
        {{"ko-lossless", "Ko et al.: cut behind the convolutions, 8 bits", kTable}, checkedKo<KoCoding::Lossless>},
        {{"ko-lossy", "Ko et al.: cut behind the convolutions, the fewest bits within an accuracy loss", kTable},
         checkedKo<KoCoding::Lossy>},
        {{"branchynet", "BranchyNet: the fastest gate within an accuracy loss, the rest on the device or behind it on the edge",
          kTable, !kPolicy, NeededGates::OfDevice},
         checkedBranchyNet<NeededGates::OfDevice>},
        {{"branchynet-edge", "BranchyNet on the edge: frames are sent whole, the fastest gate within an accuracy loss", kTable,
          !kPolicy, NeededGates::OfEdge},
         checkedBranchyNet<NeededGates::OfEdge>},
        {{"spinn", "SPINN: the fastest threshold and cut of the last exit within an accuracy loss, 8 bits", kTable, !kPolicy,
          NeededGates::Any},
         checkedSpinn},
        {{"autodidactic", "Autodidactic Neurosurgeon: a bandit over the last exit's cuts, without a profile of link and edge",
          kTable},
         autodidactic},
        {{"sacd", "discrete Soft Actor-Critic: a trained policy, greedy beyond what it was trained on", kTable, kPolicy},
         learned<kSacd>},
        {{"dqn", "deep Q-network: a trained policy, greedy beyond what it was trained on", kTable, kPolicy}, learned<kDqn>},
        {{"sacd-paper", "SAC-d with the paper's own settings, for comparison", kTable, kPolicy}, learned<kSacdPaper>},
        {{"boomerang", "Boomerang: a deep Q-network over exit and cut, tensors exact; Edgent's reward whatever the sliders say",
          kTable, kPolicy},
         learned<kBoomerang>},
        {{"supervised", "a network fitted to the table's rewards of all decisions", kTable, kPolicy}, learned<kSupervised>},
    };
    return kEntries;
}

/// Those that read the table can rely on it.
base::Status checkTable(const StrategyInfo& info, const model::NetworkSpec& spec, const StrategyOptions& options)
{
    if (!info.needsTable)
        return {};
    if (!options.evaluator)
        return base::Error{base::ErrorCode::NotFound,
                           info.name + " needs a cost table of " + spec.name
                               + ": name a file (--cost-table), or make one with `splitscope-cli table build`",
                           "strategy: cost table"};
    if (const auto& name = options.evaluator->table().spec().name; name != spec.name)
        return base::Error{base::ErrorCode::Mismatch, "the cost table is of " + name + ", not of " + spec.name,
                           "strategy: cost table"};
    return {};
}

}  // namespace

base::Result<std::unique_ptr<Strategy>> makeStrategy(const std::string& name, const model::NetworkSpec& spec,
                                                     const StrategyOptions& options)
{
    std::string names;
    for (const auto& entry : entries()) {
        if (name == entry.info.name) {
            if (const auto status = checkTable(entry.info, spec, options); !status)
                return status.error();
            return entry.make(spec, options);
        }
        names += (names.empty() ? "" : ", ") + entry.info.name;
    }
    return wrong("there is no strategy '" + name + "'; there are " + names, "name");
}

bool offers(const decision::SpaceOptions& actions, NeededGates gates)
{
    switch (gates) {
    case NeededGates::None: return true;
    case NeededGates::OfDevice: return !actions.gateThresholds.empty();
    case NeededGates::OfEdge: return !actions.edgeGateThresholds.empty();
    case NeededGates::Any: break;
    }
    return actions.anyGates();
}

std::string exampleActionSet(NeededGates gates)
{
    if (gates == NeededGates::None)
        return "standard";
    return gates == NeededGates::OfEdge ? "standard+edge-gates" : "standard+gates";
}

std::vector<std::string> strategyNames()
{
    std::vector<std::string> names;
    for (const auto& entry : entries())
        names.push_back(entry.info.name);
    return names;
}

const std::vector<StrategyInfo>& strategies()
{
    static const std::vector<StrategyInfo> kInfos = [] {
        std::vector<StrategyInfo> infos;
        for (const auto& entry : entries())
            infos.push_back(entry.info);
        return infos;
    }();
    return kInfos;
}

}  // namespace splitscope::strategy
