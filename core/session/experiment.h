// SPDX-License-Identifier: GPL-3.0-or-later
// One experiment from the edge's side: connect, hand over the model, start the run, serve it, keep the books, end it.
#pragma once

#include "core/exec/edge_service.h"
#include "core/profile/prediction_watch.h"
#include "core/session/loopback_daemon.h"
#include "core/session/scenario.h"
#include "core/session/summary.h"
#include "core/sim/evaluator.h"

#include <functional>
#include <memory>
#include <stop_token>

namespace splitscope::session {

enum class Phase { Connecting, Preparing, Running, Paused, Reconnecting, Finished, Stopped, Failed };
std::string toString(Phase phase);

/// The cost table held against the last requests.
struct PredictionStatus {
    profile::StageFits fits;
    double deviceTimes = 1, edgeTimes = 1;  ///< running means: so much slower than the table is each machine
    bool corrects = false;  ///< strategies see the table corrected by them
};

struct ExperimentStatus {
    Phase phase = Phase::Connecting;
    std::string text;  ///< what is going on, for people: "sending the model, 40 %", "device silent for 1.2 s; reconnecting"
    link::LinkState link = link::LinkState::Connecting;
    std::string deviceName;
    std::string machine;
    wire::Welcome welcome;  ///< the device's greeting: board, system, program, …
    std::optional<wire::Health> health;  ///< its last report; nothing where it makes none
    std::uint64_t healthReports = 0;  ///< so far: a new number, a new report
    double rttMs = 0;
    link::BandwidthEstimate uplink;  ///< what is believed about its rate
    wire::RunState device;  ///< the device's own books
    std::string strategy;  ///< what goes on beside deciding: "shadow sacd watches: 40 of 100 requests compared; …"
    PredictionStatus prediction;  ///< of the cost table; of no requests where there is none
};

/// Calls come on the experiment's threads, one at a time; keep them short.
class ExperimentObserver {
public:
    virtual ~ExperimentObserver() = default;
    virtual void onSample(const Sample& sample) = 0;
    virtual void onStatus(const ExperimentStatus& status) = 0;
    /// The other half's or our own troubles, each with what to do.
    virtual void onTrouble(const base::Error& error) = 0;
    /// Verification only.
    virtual void onLogits(const wire::Request& request, const base::Tensor& logits)
    {
        static_cast<void>(request);
        static_cast<void>(logits);
    }
};

class SharedEdge;
struct ResumedRun;

struct ExperimentOptions {
    std::filesystem::path outFolder;  ///< records go to outFolder/records.sqlite; empty: none are kept
    std::filesystem::path daemonProgram;  ///< for loopback; empty: splitscoped beside this program
    LoopbackPlace daemonPlace = {};  ///< for loopback: here, or on another host of a test bench
    std::string scenarioName = {};  ///< in the records: the name of the file or queue entry that the scenario came from
    /// Starts the daemon of a device that is not this machine again, for FaultKind::Restart; null: it cannot be done from here.
    /// Runs on a thread of its own, until it is done or the token stops.
    std::function<base::Status(const std::stop_token&)> restartDaemon = {};
    std::shared_ptr<SharedEdge> edge = {};  ///< what it shares with other experiments of this edge; null: nothing
    /// An interrupted run to go on with: the scenario is its own, and its records are outFolder's. Until its device answers,
    /// nothing of it changes: where it cannot be taken up it stays interrupted.
    std::shared_ptr<const ResumedRun> resumed = {};
};

/// Runs until the scenario's frames have their outcomes, or stop(). Reconnects by itself; a loopback daemon that dies is
/// started again, frames that died with it are `lost`, and the run goes on. Methods are thread-safe and return at once.
class Experiment {
public:
    static base::Result<std::unique_ptr<Experiment>> start(const Scenario& scenario, const ExperimentOptions& options,
                                                           ExperimentObserver& observer);
    ~Experiment();  ///< stops, joins; idempotent with stop()
    Experiment(const Experiment&) = delete;
    Experiment& operator=(const Experiment&) = delete;

    void pause(bool paused);
    /// Asks the device to end the run and waits in the background for the last records (2 s at most).
    void stop();
    /// The uplink from now on: `bandwidth` as in sim::parseBandwidth(). A trace that was playing goes on where only the shaping
    /// is new.
    base::Status setUplink(const std::string& bandwidth, const wire::Shaping& shaping);
    void setSlowdown(double slowdown);
    /// Replaces the strategy from the next decision on; `policyFile` is what learned ones decide with, empty: as before.
    base::Status setStrategy(const std::string& name, const decision::Decision& fixed, const std::string& policyFile = {});
    /// The sliders: takes effect with the next decision, and for the rewards of records from now on.
    base::Status setObjective(const decision::Objective& objective);
    /// Whether strategies see the cost table corrected by what requests of late took; from the next decision on.
    void setTableCorrection(bool corrects);
    /// Now, besides the scenario's own. An Error where the fault is none, nothing runs, or it cannot be done from here.
    base::Status inject(const Fault& fault);
    /// The cost table under the sliders of now; null where there is none.
    [[nodiscard]] std::shared_ptr<const sim::Evaluator> evaluator() const;

    /// Into the run's records, beside what the experiment records by itself (phases, link, troubles, and all of the changes
    /// above): "slider", "s 10 → 20 MB/s". `detail` is JSON or empty. Nothing where none are kept.
    void recordEvent(const std::string& kind, const std::string& text, const std::string& detail = {});

    [[nodiscard]] bool ended() const;  ///< Finished, Stopped or Failed
    /// Blocks until ended, at most so long; true if ended.
    bool waitUntilEnded(double timeoutMs);
    [[nodiscard]] Summary summary() const;
    [[nodiscard]] ExperimentStatus status() const;
    [[nodiscard]] std::uint64_t run() const;
    /// What this edge has computed for the device, and what waits.
    [[nodiscard]] exec::EdgeDeviceStatistics edgeStatistics() const;

private:
    struct Private;
    explicit Experiment(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

}  // namespace splitscope::session
