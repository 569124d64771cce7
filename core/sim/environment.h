// SPDX-License-Identifier: GPL-3.0-or-later
// Co-inference without devices: one request after the other, over a bandwidth that changes, at the cost table's prices.
#pragma once

#include "core/base/random.h"
#include "core/sim/energy_pacer.h"
#include "core/sim/evaluator.h"
#include "core/sim/load_filter.h"
#include "core/sim/rate_filter.h"
#include "core/sim/trace.h"

#include <memory>

namespace splitscope::sim {

enum class EnvironmentKind {
    Paper,  ///< decisions do not change what comes: bandwidth alone moves the state
    Queue,  ///< requests arrive in hidden bursts and wait; T counts from arrival; a deadline
    Switch,  ///< another exit or cut than the last one costs time and reward
    Stale,  ///< what is told of the link, and what became of requests, comes some requests late, and noisy
    Load,  ///< each half is slow for a while now and then, which only its times tell
    Budget  ///< an energy for all requests of an episode: what it cannot pay for brings nothing
};
const std::vector<EnvironmentKind>& environmentKinds();  ///< all, in this order
base::Result<EnvironmentKind> parseEnvironmentKind(const std::string& text);  ///< "paper", "queue", …: an Error lists them
std::string toString(EnvironmentKind kind);

struct EnvironmentOptions {
    EnvironmentKind kind = EnvironmentKind::Paper;
    profile::Conditions conditions{};  ///< all but the rate, which the trace tells
    int steps = 500;  ///< requests of an episode, those turned away included
    /// All but Queue: start to start, whatever T is: one request's time moves no other's. 0: the trace passes once in an episode,
    /// but at least 1/30 s; at a constant rate 1/30 s.
    double intervalMs = 0;
    double bandwidthNoise = 0;  ///< σ of ln of what is observed over what is
    // queue
    double calmArrivalsPerService = 0.5;  ///< mean arrivals in the time that the fastest decision takes at the mean rate
    double burstArrivalsPerService = 1.5;
    double calmRequests = 60, burstRequests = 20;  ///< mean lengths, in requests
    int queueLimit = 20;  ///< so many may wait, besides the one being served; more are turned away, each at reward 0
    // switch
    double switchMs = 0;  ///< added to T; 0: a fifth of the fastest decision's T at the mean rate
    double switchCost = 0.05;  ///< subtracted from the reward
    // stale
    int reportDelay = 5;  ///< requests: so old are reports of the link and of what became of requests
    double reportNoise = 0.4;  ///< σ of ln of what is reported over what was
    // load: two states each, device and edge by themselves
    double deviceLoad = 3, edgeLoad = 10;  ///< so many times as long it takes while it is slow
    double freeRequests = 40, loadedRequests = 15;  ///< mean lengths, in requests
    double timeNoise = 0.15;  ///< σ of ln of a half's time over what its state says
    // budget
    double budgetShare = 0.5;  ///< of what the optimum of every step would take on average over the trace
    double budgetJoules = 0;  ///< of an episode; 0: by the share
};

/// What a request came to. Its T is the table's for the rate at its start (with a gate the mean over how many frames go on), and
/// waiting and switching.
struct StepResult {
    double reward = 0;
    double regret = 0;  ///< of this step alone, by the table, at the true rate
    double latencyMs = 0;  ///< T, waiting and switching included
    double energyJoules = 0;
    double accuracy = 0;
    double deviceMs = 0;  ///< of them the device's segment and coding …
    double edgeMs = 0;  ///< … and the edge's decoding and segment
    double wireBytes = 0;
    double bytesPerSecond = 0;  ///< the true rate
    bool feasible = true;  ///< valid, and within the energy limit
    bool fallback = false;  ///< it needed a link that was down: the device finished it after the failover time, at reward 0
    bool deadlineMet = true;
    bool switched = false;
    int turnedAway = 0;  ///< requests that found the queue full during this one: see Environment about means
    bool unpaid = false;  ///< the budget could not pay for it: nothing was done
    bool ended = false;  ///< the episode's last
};

/// One episode after the other; the same seed and actions give the same numbers on every machine. One thread at a time; copies
/// are independent.
///
/// An episode is options().steps requests. Those turned away have no step() of their own, so the mean reward of a request is the
/// sum of rewards over steps, or, while it runs, over Σ (1 + turnedAway). Seeds decide where in the trace an episode begins, when
/// requests arrive and how bandwidth is misread, never what actions do: strategies can be compared seed by seed.
class Environment {
public:
    /// Errors name the option and its range. The trace repeats.
    static base::Result<Environment> make(std::shared_ptr<const Evaluator> evaluator, const Trace& bandwidth,
                                          const EnvironmentOptions& options);

    /// Starts an episode: where in the trace, and every later chance, comes from the seed.
    const decision::State& reset(std::uint64_t seed);
    [[nodiscard]] const decision::State& state() const { return m_state; }
    /// The true conditions of the request to be decided (its rate: that at its start).
    [[nodiscard]] profile::Conditions conditions() const;
    /// Before the episode has ended; any action, invalid ones too (they bring 0, and take their time).
    StepResult step(std::size_t action);

    [[nodiscard]] const Evaluator& evaluator() const { return *m_evaluator; }
    [[nodiscard]] const Trace& bandwidth() const { return m_trace; }
    /// With what 0 stood for.
    [[nodiscard]] const EnvironmentOptions& options() const { return m_options; }
    /// Takes effect with the next step.
    void setObjective(std::shared_ptr<const Evaluator> evaluator);

    /// What an episode's seed decides about requests, whatever is done.
    struct Episode {
        double traceStartMs = 0;  ///< where in the trace it begins
        std::vector<double> arrivalsMs{};  ///< since the episode's start, one per request; start times but for Queue
        struct Load {
            double device = 1, edge = 1;  ///< so many times as long each half takes
        };
        std::vector<Load> loads{};  ///< one per request; none but for Load
    };
    [[nodiscard]] Episode episodeOf(std::uint64_t seed) const;
    /// The true conditions of an episode's request that is started when it arrives.
    [[nodiscard]] profile::Conditions conditionsOf(const Episode& episode, std::size_t request) const;

    /// What serving takes and brings by itself: no waiting, no switching. The rate is the conditions'.
    struct Service {
        Scored scored;
        double latencyMs = 0;
        bool fallback = false;
    };
    [[nodiscard]] Service serve(std::size_t action, const profile::Conditions& conditions) const;

private:
    Environment(std::shared_ptr<const Evaluator> evaluator, const Trace& bandwidth, const EnvironmentOptions& options);
    [[nodiscard]] double rateAt(double ms) const { return m_trace.rateAt(m_episode.traceStartMs + ms); }
    [[nodiscard]] bool switches(std::size_t action) const;
    /// Requests that have come by now join the queue, or are turned away: their number.
    int admitArrivals();
    void takeNext();
    void observe();
    /// What is told of a link that carries `rate`: misread by `noise`, and the interval of that.
    void readLink(double rate, double noise);
    /// ln of what is told over an earlier rate; 0 where either has no limit, or is nothing.
    [[nodiscard]] double trendSince(double rate) const;
    static constexpr double kTrendMs = 3000;  ///< so far back trends go
    // what is hidden (environment_hidden.cpp)
    [[nodiscard]] std::vector<Episode::Load> drawLoads(base::Random& random) const;
    [[nodiscard]] double usualBudget() const;
    void resetBelief();
    void learn(const StepResult& result);
    void observeLate();
    void believe();

    std::shared_ptr<const Evaluator> m_evaluator;
    Trace m_trace;
    EnvironmentOptions m_options;
    double m_serviceMs = 1;  ///< of the fastest decision at the mean rate
    std::vector<std::size_t> m_localOfExit;  ///< actions: all on the device

    Episode m_episode;
    base::Random m_random{0};
    double m_nowMs = 0;  ///< since the episode's start
    double m_arrivedMs = 0;  ///< the request to be decided did
    std::size_t m_next = 0;  ///< first arrival that has not been looked at
    std::vector<double> m_waiting;  ///< arrival times, the oldest first
    bool m_ended = true;
    decision::State m_state;
    // what strategies could make of what they saw
    RateFilter m_rateFilter;
    LoadFilter m_deviceFilter, m_edgeFilter;
    EnergyPacer m_pacer;
    double m_joulesLeft = 0;
    std::vector<double> m_reports;
    struct Told {
        double latencyMs, energyJoules, accuracy;
    };
    std::vector<Told> m_results;  ///< Stale: of all requests, to be told later
};

/// What no strategy can exceed, as mean reward of an episode's requests, by dynamic programming: paper: the optimum of every
/// step; switch: the best sequence for the trace, knowing it, exactly; queue: the best for the episode's arrivals and trace,
/// knowing them, on a grid of times that rounds in the strategy's favour; stale and load: the optimum of every step, knowing what
/// is hidden; budget: Lagrange's dual of the best choice for the whole trace within the budget, knowing it, which is off by one
/// request's reward at most.
struct Bound {
    double meanReward = 0;
    std::string kind;  ///< "optimum of every step", "clairvoyant"
};
base::Result<Bound> upperBound(const Environment& environment, std::uint64_t seed);

}  // namespace splitscope::sim
