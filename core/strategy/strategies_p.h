// SPDX-License-Identifier: GPL-3.0-or-later
// The strategies behind makeStrategy(), one file each. Arguments have been checked by makeStrategy().
#pragma once

#include "core/rl/policy.h"
#include "core/strategy/strategy.h"

namespace splitscope::strategy {

/// Always the same decision.
std::unique_ptr<Strategy> makeFixed(const decision::Decision& decision);

/// All layers of one exit on the device; only the label is sent.
std::unique_ptr<Strategy> makeOnDevice(const model::NetworkSpec& spec, int exit);

/// All layers of one exit on the edge, frames as raw pixels or JPEG: what people do today.
std::unique_ptr<Strategy> makeOnEdge(const std::string& name, int exit, const codec::Coding& coding);

/// Every distinct decision of the action set in turn, `dwell` requests each.
std::unique_ptr<Strategy> makeCycle(const model::NetworkSpec& spec, const decision::SpaceOptions& actions, int dwell);

// --- those that read the cost table: options.evaluator is there ---

/// The greatest reward of the next request, by enumeration.
std::unique_ptr<Strategy> makeOptimum(const std::string& name, const StrategyOptions& options);
std::unique_ptr<Strategy> makeGreedy(const StrategyOptions& options);
/// Counts the time waited, and what waits behind.
std::unique_ptr<Strategy> makeGreedyQueue(const StrategyOptions& options);
/// Counts what changing exit or cut takes.
std::unique_ptr<Strategy> makeGreedySwitch(const StrategyOptions& options);

/// Greedy over the table as measurements correct it.
std::unique_ptr<Strategy> makeGreedyEwma(const StrategyOptions& options);

/// Greedy over what filters believe of rate and loads, at the price of an energy that must last.
std::unique_ptr<Strategy> makeGreedyBelief(const StrategyOptions& options);

enum class NeurosurgeonGoal { Latency, Energy };
std::unique_ptr<Strategy> makeNeurosurgeon(const std::string& name, NeurosurgeonGoal goal, const StrategyOptions& options);

/// Algorithm 1, the device running the first layers.
std::unique_ptr<Strategy> makeEdgent(const StrategyOptions& options);
/// Algorithm 1 as printed, the edge running them. The table holds frames (cut 0).
std::unique_ptr<Strategy> makeEdgentPublished(const StrategyOptions& options);

/// Algorithms 2 and 3: a plan for each bandwidth state, looked up where the state changes. An Error where no states ship.
base::Result<std::unique_ptr<Strategy>> makeEdgentDynamic(const StrategyOptions& options);

/// The fastest cut and bits within the accuracy loss.
std::unique_ptr<Strategy> makeJalad(const StrategyOptions& options);

enum class KoCoding { Lossless, Lossy };
/// The cut behind the convolutions, always. An Error where the table has no such decision.
base::Result<std::unique_ptr<Strategy>> makeKo(KoCoding coding, const StrategyOptions& options);

/// A gate's threshold: of the device's gates, and whether the rest runs there or behind the gate's branch on the edge; or of the
/// edge's, frames being sent whole. An Error where the table has no such gates.
base::Result<std::unique_ptr<Strategy>> makeBranchyNet(NeededGates gates, const StrategyOptions& options);
/// Threshold and cut together. An Error where the table has no gates.
base::Result<std::unique_ptr<Strategy>> makeSpinn(const StrategyOptions& options);

/// Learns what link and edge take, from delays alone.
std::unique_ptr<Strategy> makeAutodidactic(const StrategyOptions& options);

/// `name` is the algorithm; an Error where the policy does not fit the table.
base::Result<std::unique_ptr<Strategy>> makeLearned(const std::string& name, rl::Policy policy, const StrategyOptions& options);

}  // namespace splitscope::strategy
