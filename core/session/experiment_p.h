// SPDX-License-Identifier: GPL-3.0-or-later
// The insides of an Experiment: a state machine on one worker thread, fed by the link's, the edge half's and the
// recorder's threads. Members are grouped by who may touch them.
#pragma once

#include "core/exec/edge_runtime.h"
#include "core/profile/energy_model.h"
#include "core/session/appraisal.h"
#include "core/session/books.h"
#include "core/session/experiment.h"
#include "core/session/incidents.h"
#include "core/session/loopback_daemon.h"
#include "core/session/model_package.h"
#include "core/session/pending_requests.h"
#include "core/session/recorder.h"
#include "core/session/reported_health.h"
#include "core/session/resumed_run.h"
#include "core/session/shared_edge.h"
#include "core/session/worker.h"
#include "core/strategy/strategy.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

namespace splitscope::session {

/// With a candidate in the shadow where `shadow` names its policy file.
base::Result<std::unique_ptr<strategy::Strategy>> makeStrategy(const std::string& name, const std::string& shadow,
                                                               const model::NetworkSpec& spec,
                                                               const strategy::StrategyOptions& options);

/// "connecting", "connected", "silent".
std::string toString(link::LinkState state);

/// Results that came too late: the device had finished by itself when the edge's answer was ready. Thread-safe.
class LateResults {
public:
    /// The edge has answered this request; true if the device had already finished it alone.
    bool answered(std::uint64_t firstFrame);
    /// The device's record came; true if it finished alone although the edge had answered.
    bool recorded(std::uint64_t firstFrame, bool fellBack);

private:
    std::mutex m_mutex;
    std::set<std::uint64_t> m_answered, m_fellBack;
};

struct Experiment::Private {
    /// Hands one link's calls to the worker; those of a link that was replaced meanwhile are dropped there.
    class LinkListener : public link::EdgeLinkHandler {
    public:
        LinkListener(Private& experiment, int generation) : m_experiment(experiment), m_generation(generation) {}
        void onControl(const wire::Message& message) override;
        void onRequest(link::ArrivedRequest request) override;
        void onState(link::LinkState state, const std::string& why) override;
        void onRoundTrip(double rttMs) override;
        void onProbe(const std::vector<link::Arrival>& curve) override;

    private:
        Private& m_experiment;
        int m_generation;
    };

    Private(const Scenario& toRun, const ExperimentOptions& with, model::NetworkSpec network, Uplink uplink,
            ExperimentObserver& toTell);
    ~Private();

    base::Status openRecorder(RecorderEvents events);  ///< before the worker's thread begins

    // --- connecting: experiment_connect.cpp, worker's thread ---
    void begin();
    void connect();
    base::Result<link::EdgeLinkOptions> loopbackAddress();
    void closeLink();
    void watchDaemon();
    void watchConnecting();
    void onLinkState(link::LinkState state, const std::string& why);
    void ask(const char* what, wire::Body body, double deadlineMs, PendingRequests::OnAnswer onAnswer, base::Bytes payload = {});
    void hello();
    void onWelcome(const wire::Welcome& welcome);
    void queryParcel(std::size_t index);
    void pushParcel(std::size_t index, std::uint64_t offset);
    void startRun();
    void askToStart();
    void onRunning();
    void handshakeFailed(const base::Error& error);

    // --- the uplink: experiment_uplink.cpp, worker's thread ---
    void setUplink(const std::string& bandwidth, const Uplink& uplink);
    void sendSchedule(std::size_t offset, std::function<void()> then);
    void probeUplink();
    [[nodiscard]] link::BandwidthEstimate uplinkEstimate();

    // --- running: experiment_run.cpp, worker's thread ---
    void onControl(const wire::Message& message);
    void onPong(const wire::Pong& pong);
    void onDeviceState(const wire::RunState& state);
    void onJournal(const wire::Journal& journal);
    void onEarlierRun(const wire::Journal& journal);
    void takeRecord(wire::FrameRecord record);
    void acknowledge(std::uint64_t ofRun, const std::vector<std::uint64_t>& firstFrames);
    void onRunEnded(const wire::RunState& state);
    void runIsGone(const std::string& why);
    void loseMissing(std::uint64_t end, const std::string& reason);
    void update(wire::UpdateRun change);
    void resendSettings();
    void beginStop();
    void tick();
    void settle();
    void settleStop();
    void settleRun();
    void end(Phase phase, const std::string& text);
    void fail(const base::Error& error);
    void atEnd();

    // --- an interrupted run: experiment_resume.cpp, worker's thread ---
    base::Status goOn();  ///< where the records stand; an Error where the files are not those of then
    void takeUp(const wire::Welcome& welcome);
    [[nodiscard]] bool untouched() const { return options.resumed && !takenUp; }

    // --- faults: experiment_faults.cpp, worker's thread ---
    void inject(const Fault& fault, bool scheduled = false);
    void injectDue();
    void restartDaemon();
    void endFaults();
    void tellSlowdown();
    [[nodiscard]] double slowdownNow() const;  ///< what the device is to be told
    void tellFault(const Fault& fault, const char* state, bool scheduled);

    // --- any thread ---
    [[nodiscard]] base::Status canInject(const Fault& fault) const;
    [[nodiscard]] std::int64_t wallClockMs() const;  ///< the edge's time of day, as it says it
    void jumpClock(wire::Reply& reply);
    [[nodiscard]] bool hasEnded() const;
    void setPhase(Phase phase, const std::string& text);
    void tellStatus();
    void tellTrouble(const base::Error& error);
    void sendFromRuntime(const wire::Message& message);
    void makeRuntime();
    // --- deciding: experiment_decide.cpp, any thread ---
    base::Status checkBook(const decision::Decision& fixed);
    [[nodiscard]] bool deviceKnowsGateOf(const decision::Decision& fixed) const;
    [[nodiscard]] static double assumedRateOf(const Uplink& uplink);
    [[nodiscard]] double knownRttMs();  ///< of the link now; negative: not known
    [[nodiscard]] std::optional<wire::Health> lastHealth() const;  ///< of the device that is heard now
    [[nodiscard]] decision::State believedState();
    /// What the device told of its queue with a request; one that does not tell has none.
    void noteQueue(const wire::Request& request);
    decision::Decision decide();
    void appraise(Sample& sample);
    /// What the record took, stage by stage, held against what could be foretold before it came. strategyMutex is held.
    void watchPrediction(const wire::FrameRecord& record, profile::Conditions conditions, double rateAfter, double rowsTogether);
    exec::EdgeDeviceStatistics edgeStatistics();
    [[nodiscard]] profile::StageFits fitsNow();
    void warnOfOtherTable();  ///< worker's thread

    // --- records: experiment_records.cpp ---
    [[nodiscard]] RunInfo runInfo(const std::string& device) const;  ///< worker's thread
    void beginRecords(const std::string& device);  ///< worker's thread, before the first record; again when the device is known
    void recordEvent(const std::string& kind, const std::string& text, const std::string& detail = {});  ///< any thread
    void recordPhase(Phase phase, const std::string& text);  ///< where it is another one; any thread
    void recordObjective(const decision::Objective& objective, std::uint64_t nextFrame);  ///< that no device had begun
    void recordHealth(const wire::RunState& state);  ///< worker's thread
    void takeHealth(const wire::Health& health);  ///< worker's thread
    void forgetHealth();  ///< worker's thread: nothing is heard
    void tellIncidents(const std::vector<Incident>& found);  ///< into records and log; worker's thread

    // Never change after start.
    const Scenario scenario;
    const ExperimentOptions options;
    const model::NetworkSpec spec;
    const profile::EnergyModel energy;
    const std::uint64_t run;
    ExperimentObserver& observer;

    // Any thread, each under its mutex. No two are held at once, but the observer's.
    std::mutex observerMutex;  ///< one call at a time
    mutable std::mutex stateMutex;
    std::condition_variable stateChanged;
    ExperimentStatus status;
    Summary summary;
    bool ended = false;
    std::mutex strategyMutex;
    std::unique_ptr<strategy::Strategy> strategy;
    std::shared_ptr<const codec::Codebook> codebook;  ///< of the package, once it is loaded
    strategy::StrategyOptions strategyOptions;  ///< with the evaluator of the sliders of now; null without a cost table
    profile::PredictionWatch predictionWatch;
    LastBest lastBest;
    double foreseenRate = 0;  ///< of the uplink, before the last record came: what the next one is predicted with
    decision::State lastRequest;  ///< what it leaves for the next one's state
    std::deque<std::pair<std::int64_t, double>> pastRates;  ///< estimates of the last seconds, and when
    std::map<std::pair<int, std::string>, std::pair<std::uint64_t, std::uint64_t>> accuracyOf;  ///< correct, all
    std::mutex linkMutex;
    std::unique_ptr<link::EdgeLink> link;
    mutable std::mutex runtimeMutex;
    std::unique_ptr<exec::EdgeRuntime> runtime;
    std::atomic<double> rttMs{0};
    std::atomic<bool> recordsBegun{false};
    std::atomic<std::int64_t> recordStartNs{0};  ///< firstStartNs, for any thread
    std::atomic<int> recordedPhase{-1};
    std::atomic<double> slowdown{1};
    std::atomic<bool> correctsTable{false};
    std::atomic<double> wallClockOffMs{0}, clockJumpsByMs{0};  ///< FaultKind::ClockJump: so far; with the next answer
    std::atomic<double> rewardDeadlineMs{decision::kNoLimit};  ///< of the sliders of now
    std::atomic<double> assumedRate{0};  ///< of the uplink, while nothing is known of it
    std::mutex earlyMutex;
    std::vector<RunEvent> earlyEvents;  ///< before there were records to keep them
    std::mutex estimatorMutex;
    link::BandwidthEstimator estimator;
    std::atomic<std::uint64_t> requestedEnd{0};  ///< one behind the highest frame that the device has begun, as far as we know
    LateResults lateResults;

    // The worker's thread only.
    std::optional<LoopbackDaemon> daemon;
    std::unique_ptr<LinkListener> listener;
    int linkGeneration = 0;
    link::KeyPair edgeKeys;
    std::shared_ptr<const ModelPackage> package;
    PendingRequests pending;
    FrameBooks books;
    std::set<std::pair<std::uint64_t, std::uint64_t>> uncommitted;  ///< run and first frame: they wait for the recorder
    std::vector<std::uint64_t> taken;  ///< first frames of records that nobody writes, to be acknowledged together
    std::int64_t takenSinceNs = 0;
    std::set<std::uint64_t> earlierRuns;  ///< of this edge, whose last records came late
    wire::UpdateRun settings;  ///< as they should be now
    std::string bandwidth;  ///< as it was written
    std::optional<sim::Trace> rate;  ///< the uplink's over time, where it varies
    std::int64_t rateStartedNs = 0;  ///< 0: not yet
    std::uint64_t probes = 0;
    std::uint64_t bootId = 0;
    std::atomic<bool> deviceKnowsGates = true, deviceKnowsEdgeGates = true;  ///< until it has said that it does not
    bool takenUp = false;  ///< an interrupted run: its device has answered
    bool runStarted = false;  ///< the device has acknowledged it
    std::optional<wire::RunState> runEnded;
    int strangePongs = 0, failedHandshakes = 0, daemonStarts = 0;
    std::int64_t connectingSinceNs = 0, restartAtNs = 0, helloAtNs = 0, completeSinceNs = 0, stopDeadlineNs = 0;
    std::int64_t firstStartNs = 0;
    std::int64_t recordedHealthNs = 0;
    Incidents incidents;
    ReportedHealth reportedHealth;
    std::int64_t wallStartMs = 0;
    std::vector<ScheduledFault> faultsToCome;
    std::vector<std::pair<std::int64_t, Fault>> lastingFaults;  ///< when each is over
    double captureOffsetMs = 0;  ///< a run that is taken up again counts its time anew; ours goes on
    bool toldUnreachable = false;

    std::shared_ptr<Recorder> recorder;  ///< thread-safe; its thread posts to the worker
    Worker worker;
    std::atomic<bool> daemonRestarts{false};
    std::jthread restarting;  ///< the daemon of another machine
};

}  // namespace splitscope::session
