// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ring_buffer.h"
#include "core/session/experiment.h"
#include "core/session/resumed_run.h"

#include <QObject>
#include <QTimer>

#include <atomic>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

namespace splitscope::ui {

/// Carries an experiment's news to the GUI thread. The only QObject that other threads call into: they only fill a
/// bounded ring and small locked slots, which a timer empties 30 times a second under a time budget.
class ExperimentBridge : public QObject, private session::ExperimentObserver {
    Q_OBJECT

public:
    static constexpr std::size_t kRingCapacity = 4096;
    static constexpr int kDrainIntervalMs = 33;
    static constexpr double kDrainBudgetMs = 4;

    explicit ExperimentBridge(QObject* parent = nullptr);
    ~ExperimentBridge() override;

    /// Begins in the background; started() or troubleArrived() and ended() follow. Busy while one is under way.
    base::Status start(const session::Scenario& scenario, const session::ExperimentOptions& options);
    /// The same with an interrupted run, which is read first: resumed() comes with it, then what its charts need.
    base::Status resume(const session::RunKey& run, const session::ExperimentOptions& options);
    void pause(bool paused);
    void stop();
    void setUplink(const std::string& bandwidth, const wire::Shaping& shaping);
    void setSlowdown(double slowdown);
    void setTableCorrection(bool corrects);
    /// `policyFile`: of learned strategies; empty: as before.
    void setStrategy(const std::string& name, const decision::Decision& fixed, const std::string& policyFile);
    void setObjective(const decision::Objective& objective);
    void inject(const session::Fault& fault);
    /// The running experiment's cost table under its sliders; null where there is none, or no experiment.
    [[nodiscard]] std::shared_ptr<const sim::Evaluator> evaluator() const;
    /// Stops and joins; nothing arrives afterwards. Idempotent.
    void shutdown();

    /// Under way: from start() until ended().
    [[nodiscard]] bool active() const { return m_active; }
    [[nodiscard]] const session::ExperimentStatus& status() const { return m_status; }
    /// Where the running experiment is recorded; run 0: nowhere, or it has not begun.
    [[nodiscard]] const session::RunKey& record() const { return m_record; }
    /// Samples that the charts missed because the ring was full, all runs together; the records file has them.
    [[nodiscard]] std::uint64_t dropped() const { return m_ring.dropped(); }

Q_SIGNALS:
    void started();
    void resumed(const std::shared_ptr<const splitscope::session::ResumedRun>& run);
    /// Samples that an interrupted run had recorded, the latest 50,000 of them, before the first new one.
    void recordedArrived(const std::vector<splitscope::session::Sample>& samples);
    void samplesArrived(const std::vector<splitscope::session::Sample>& samples);
    void statusChanged(const splitscope::session::ExperimentStatus& status);
    void troubleArrived(const splitscope::base::Error& error);
    /// The experiment is over, all its samples have been delivered.
    void ended(const splitscope::session::Summary& summary);

private:
    struct Started {
        std::unique_ptr<session::Experiment> experiment;
        std::shared_ptr<const session::ResumedRun> resumed = {};
        session::RunColumns recorded = {};
    };
    using StartResult = base::Result<Started>;

    base::Status launch(const session::ExperimentOptions& options, std::function<StartResult()> start);
    StartResult startResumed(const session::RunKey& run, session::ExperimentOptions options);

    void onSample(const session::Sample& sample) override;
    void onStatus(const session::ExperimentStatus& status) override;
    void onTrouble(const base::Error& error) override;

    void drain();
    bool drainRecorded();
    bool drainSamples();
    void takeStarted();
    void end();
    void finish();

    base::RingBuffer<session::Sample> m_ring{kRingCapacity};
    std::mutex m_mutex;
    std::optional<std::pair<session::Phase, link::LinkState>> m_logged;  ///< guarded, as are the next three
    std::optional<session::ExperimentStatus> m_nextStatus;
    std::deque<base::Error> m_troubles;
    std::optional<StartResult> m_startResult;

    QTimer m_timer;
    session::ExperimentStatus m_status;
    std::unique_ptr<session::Experiment> m_experiment;
    session::Summary m_summary;
    session::RunKey m_record;
    session::RunColumns m_recorded;
    std::size_t m_nextRecorded = 0;
    std::atomic<bool> m_gone = false;  ///< the experiment that is ending
    std::jthread m_starter;  ///< and ender
    bool m_active = false;
    bool m_ending = false;
    bool m_stopWanted = false;
};

}  // namespace splitscope::ui
