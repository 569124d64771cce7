// SPDX-License-Identifier: GPL-3.0-or-later
// Co-inference without devices: one request after the other, over a bandwidth that changes, at the cost table's prices.
#pragma once

#include "core/sim/evaluator.h"
#include "core/sim/trace.h"

#include <memory>

namespace splitscope::sim {

enum class EnvironmentKind {
    Paper,  ///< decisions do not change what comes: bandwidth alone moves the state
    Queue,  ///< requests arrive in hidden bursts and wait; T counts from arrival; a deadline
    Switch  ///< another exit or cut than the last one costs time and reward
};
base::Result<EnvironmentKind> parseEnvironmentKind(const std::string& text);  ///< "paper", "queue", "switch"
std::string toString(EnvironmentKind kind);

struct EnvironmentOptions {
    EnvironmentKind kind = EnvironmentKind::Paper;
    profile::Conditions conditions{};  ///< all but the rate, which the trace tells
    int steps = 500;  ///< requests of an episode
    double intervalMs = 0;  ///< start to start; 0: one begins where the last one ends, at least 1/30 s
    double bandwidthNoise = 0;  ///< σ of ln of what is observed over what is
    // queue
    double calmArrivalsPerService = 0.5;  ///< mean arrivals in the time that the fastest decision takes at the mean rate
    double burstArrivalsPerService = 1.5;
    double calmRequests = 60, burstRequests = 20;  ///< mean lengths, in requests
    int queueLimit = 20;  ///< more are turned away, each at reward 0
    // switch
    double switchMs = 0;  ///< added to T; 0: a fifth of the fastest decision's T at the mean rate
    double switchCost = 0.05;  ///< subtracted from the reward
};

struct StepResult {
    double reward = 0;
    double regret = 0;  ///< of this step alone, by the table, at the true rate
    double latencyMs = 0;  ///< T, waiting and switching included
    double energyJoules = 0;
    double accuracy = 0;
    double wireBytes = 0;
    double bytesPerSecond = 0;  ///< the true rate
    bool feasible = true;
    bool deadlineMet = true;
    bool switched = false;
    int turnedAway = 0;  ///< requests that found the queue full during this one
    bool ended = false;  ///< the episode's last
};

/// One episode after the other; the same seed and actions give the same numbers on every machine. One thread at a time.
class Environment {
public:
    static base::Result<Environment> make(std::shared_ptr<const Evaluator> evaluator, Trace bandwidth,
                                          const EnvironmentOptions& options);

    /// Starts an episode: where in the trace, and every later chance, comes from the seed.
    const decision::State& reset(std::uint64_t seed);
    [[nodiscard]] const decision::State& state() const { return m_state; }
    /// The true conditions of the request to be decided (its rate: that at its start).
    [[nodiscard]] profile::Conditions conditions() const;
    StepResult step(std::size_t action);

    [[nodiscard]] const Evaluator& evaluator() const { return *m_evaluator; }
    [[nodiscard]] const EnvironmentOptions& options() const { return m_options; }
    void setObjective(std::shared_ptr<const Evaluator> evaluator) { m_evaluator = std::move(evaluator); }

private:
    Environment(std::shared_ptr<const Evaluator> evaluator, Trace bandwidth, const EnvironmentOptions& options);
    std::shared_ptr<const Evaluator> m_evaluator;
    Trace m_trace;
    EnvironmentOptions m_options;
    decision::State m_state;
};

/// What no strategy can exceed, as mean reward of an episode, by dynamic programming: paper: the optimum of every step; switch:
/// the best sequence for the trace, knowing it; queue: the best for the episode's arrivals and trace, knowing them (or, where
/// said, the optimal policy of the known Markov model).
struct Bound {
    double meanReward = 0;
    std::string kind;  ///< "optimum of every step", "clairvoyant", …
};
base::Result<Bound> upperBound(const Environment& environment, std::uint64_t seed);

}  // namespace splitscope::sim
