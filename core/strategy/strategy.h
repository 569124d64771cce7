// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/decision/state.h"
#include "core/sim/evaluator.h"

#include <memory>

namespace splitscope::strategy {

/// What a finished request taught.
struct Observation {
    decision::Decision decision;
    double latencyMs = 0;  ///< T
    double energyJoules = 0;  ///< e, per frame
    double accuracy = 0;  ///< running, of this exit and coding
    double deviceMs = 0;  ///< the device's segment and coding; 0: not known
    double edgeMs = 0;  ///< the edge's decoding and segment; 0: none
    double bytesPerSecond = 0;  ///< achieved; 0: nothing crossed
    double reward = 0;  ///< with the table's accuracy and the measured T; 0 where there is no cost table
    bool fallback = false;
};

/// Chooses the decision of the next request. One thread at a time.
class Strategy {
public:
    virtual ~Strategy() = default;
    [[nodiscard]] virtual std::string name() const = 0;
    /// Before the first frame, and after each request.
    [[nodiscard]] virtual decision::Decision decide(const decision::State& state) = 0;
    virtual void observe(const Observation& observation) { static_cast<void>(observation); }
    /// A slider moved: takes effect with the next decision. Strategies without an objective need not care.
    virtual void setObjective(const decision::Objective& objective) { static_cast<void>(objective); }
    /// Why the last decision was taken, for people, where the strategy knows more than its table does: "no plan meets 50 ms".
    [[nodiscard]] virtual std::string reason() const { return {}; }
    /// What else goes on, for people: what a shadow has learnt so far.
    [[nodiscard]] virtual std::string status() const { return {}; }
};

/// What a strategy is made of. Those that need a cost table or a policy say so where there is none.
struct StrategyOptions {
    decision::Decision fixed{};  ///< `fixed`: this; on-device, on-edge: its exit
    int jpegQuality = 80;  ///< `on-edge-jpeg`
    int dwell = 20;  ///< `cycle`: requests per decision
    decision::SpaceOptions actions{};  ///< `cycle`: the decisions in turn (the others': the evaluator's)
    std::shared_ptr<const sim::Evaluator> evaluator{};  ///< cost table, batch, objective, scale
    profile::Conditions conditions{};  ///< what the state does not tell: pacing, the edge's slowdown
    std::string policyFile{};  ///< `sacd`, `dqn`, `sacd-paper`, `boomerang`; empty: the shipped one of the model and data
    double accuracyLoss = 0.01;  ///< `jalad`, `ko-lossy`, `branchynet`, `branchynet-edge`, `spinn`: the most that may be lost of
                                 ///< the last exit's own accuracy
    double switchMs = 0, switchCost = 0;  ///< what greedies that know of switching reckon with
};

/// An Error lists the names, or says what is missing.
base::Result<std::unique_ptr<Strategy>> makeStrategy(const std::string& name, const model::NetworkSpec& spec,
                                                     const StrategyOptions& options);
std::vector<std::string> strategyNames();

/// Gates that a strategy chooses among.
enum class NeededGates { None, OfDevice, OfEdge, Any };
/// Whether an action set has them.
bool offers(const decision::SpaceOptions& actions, NeededGates gates);
/// One that does, for people: "standard+gates".
std::string exampleActionSet(NeededGates gates);

/// For menus and reports.
struct StrategyInfo {
    std::string name;
    std::string text;  ///< one line: what it does and whose it is
    bool needsTable = false;
    bool needsPolicy = false;
    NeededGates needsGates = NeededGates::None;  ///< the table holds some
};
const std::vector<StrategyInfo>& strategies();

}  // namespace splitscope::strategy
