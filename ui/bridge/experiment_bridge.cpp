// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/experiment_bridge.h"

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/threads.h"

#include <utility>

namespace splitscope::ui {

namespace {

constexpr std::size_t kMostTroubles = 64;  // waiting for the GUI; more of them tell nothing new
constexpr std::size_t kSamplesBetweenLooks = 16;  // at the clock
constexpr std::size_t kMostRecorded = 50'000, kRecordedPerDrain = 4'000;

}  // namespace

ExperimentBridge::ExperimentBridge(QObject* parent) : QObject(parent)
{
    m_timer.setInterval(kDrainIntervalMs);
    connect(&m_timer, &QTimer::timeout, this, &ExperimentBridge::drain);
}

ExperimentBridge::~ExperimentBridge() { shutdown(); }

base::Status ExperimentBridge::start(const session::Scenario& scenario, const session::ExperimentOptions& options)
{
    return launch(options, [this, scenario, options]() -> StartResult {
        auto experiment = session::Experiment::start(scenario, options, *this);
        if (!experiment)
            return experiment.error();
        return Started{*std::move(experiment)};
    });
}

base::Status ExperimentBridge::resume(const session::RunKey& run, const session::ExperimentOptions& options)
{
    return launch(options, [this, run, options] { return startResumed(run, options); });
}

/// Any thread.
ExperimentBridge::StartResult ExperimentBridge::startResumed(const session::RunKey& run, session::ExperimentOptions options)
{
    const auto resumed = session::readInterrupted(run);
    if (!resumed)
        return resumed.error();
    auto recorded = session::readRun(run);
    if (!recorded)
        return recorded.error();
    options.resumed = *resumed;
    auto experiment = session::Experiment::start((*resumed)->scenario, options, *this);
    if (!experiment)
        return experiment.error();
    return Started{*std::move(experiment), *resumed, *std::move(recorded)};
}

base::Status ExperimentBridge::launch(const session::ExperimentOptions& options, std::function<StartResult()> start)
{
    if (m_active)
        return base::Error{base::ErrorCode::Busy, "an experiment is under way; stop it first", "start"};
    while (m_ring.pop()) {}
    m_active = true;
    m_stopWanted = false;
    m_status = {};
    m_status.text = "starting";
    m_record = {};
    if (!options.outFolder.empty())
        m_record.records = options.outFolder / "records.sqlite";
    {
        const std::lock_guard lock(m_mutex);
        m_logged.reset();
    }
    Q_EMIT started();
    Q_EMIT statusChanged(m_status);
    // Starting loads weights and starts a daemon: too long for the GUI thread.
    m_starter = std::jthread([this, start = std::move(start)] {
        base::nameThisThread("starter");
        StartResult result = start();
        const std::lock_guard lock(m_mutex);
        m_startResult.emplace(std::move(result));
    });
    m_timer.start();
    return {};
}

void ExperimentBridge::pause(bool paused)
{
    if (m_experiment)
        m_experiment->pause(paused);
}

void ExperimentBridge::stop()
{
    m_stopWanted = true;
    if (m_experiment)
        m_experiment->stop();
}

void ExperimentBridge::setUplink(const std::string& bandwidth, const wire::Shaping& shaping)
{
    if (!m_experiment)
        return;
    if (const auto status = m_experiment->setUplink(bandwidth, shaping); !status)
        Q_EMIT troubleArrived(status.error());
}

void ExperimentBridge::setSlowdown(double slowdown)
{
    if (m_experiment)
        m_experiment->setSlowdown(slowdown);
}

void ExperimentBridge::setTableCorrection(bool corrects)
{
    if (m_experiment)
        m_experiment->setTableCorrection(corrects);
}

void ExperimentBridge::setStrategy(const std::string& name, const decision::Decision& fixed, const std::string& policyFile)
{
    if (!m_experiment)
        return;
    if (const auto set = m_experiment->setStrategy(name, fixed, policyFile); !set)
        Q_EMIT troubleArrived(set.error());
}

void ExperimentBridge::setObjective(const decision::Objective& objective)
{
    if (!m_experiment)
        return;
    if (const auto set = m_experiment->setObjective(objective); !set)
        Q_EMIT troubleArrived(set.error());
}

void ExperimentBridge::inject(const session::Fault& fault)
{
    if (!m_experiment)
        return;
    if (const auto injected = m_experiment->inject(fault); !injected)
        Q_EMIT troubleArrived(injected.error());
}

std::shared_ptr<const sim::Evaluator> ExperimentBridge::evaluator() const
{
    return m_experiment ? m_experiment->evaluator() : nullptr;
}

void ExperimentBridge::shutdown()
{
    m_timer.stop();
    if (m_starter.joinable())
        m_starter.join();
    {
        const std::lock_guard lock(m_mutex);
        if (m_startResult && m_startResult->ok())
            m_experiment = std::move((*m_startResult)->experiment);
        m_startResult.reset();
    }
    m_experiment.reset();
    m_ending = false;
    m_active = false;
}

void ExperimentBridge::onSample(const session::Sample& sample) { m_ring.push(sample); }

void ExperimentBridge::onStatus(const session::ExperimentStatus& status)
{
    const std::lock_guard lock(m_mutex);
    // Each change of phase or of the link is worth a line in the log; the text alone changes too often.
    if (const std::pair now(status.phase, status.link); m_logged != now) {
        m_logged = now;
        base::log(base::LogLevel::Info, "experiment", session::toString(status.phase) + ": " + status.text);
    }
    m_nextStatus = status;
}

void ExperimentBridge::onTrouble(const base::Error& error)
{
    const std::lock_guard lock(m_mutex);
    if (m_troubles.size() < kMostTroubles)
        m_troubles.push_back(error);
}

void ExperimentBridge::takeStarted()
{
    std::optional<StartResult> result;
    {
        const std::lock_guard lock(m_mutex);
        result.swap(m_startResult);
    }
    if (!result)
        return;
    m_starter.join();
    if (!result->ok()) {
        Q_EMIT troubleArrived(result->error());
        m_status.phase = session::Phase::Failed;
        m_status.text = result->error().message();
        Q_EMIT statusChanged(m_status);
        finish();
        return;
    }
    Started begun = std::move(*result).value();
    if (begun.resumed)
        Q_EMIT resumed(begun.resumed);  // before it can be told anything: who shows its settings changes none
    m_experiment = std::move(begun.experiment);
    if (!m_record.records.empty())
        m_record.run = m_experiment->run();
    m_recorded = std::move(begun.recorded);
    m_nextRecorded = m_recorded.size() - std::min(m_recorded.size(), kMostRecorded);
    if (m_stopWanted)
        m_experiment->stop();
}

/// True if there are none left. New samples wait meanwhile, so that charts are filled in time's order.
bool ExperimentBridge::drainRecorded()
{
    const auto end = std::min(m_recorded.size(), m_nextRecorded + kRecordedPerDrain);
    std::vector<session::Sample> samples;
    for (; m_nextRecorded < end; ++m_nextRecorded)
        samples.push_back(m_recorded.sample(m_nextRecorded));
    if (!samples.empty())
        Q_EMIT recordedArrived(samples);
    if (m_nextRecorded < m_recorded.size())
        return false;
    m_recorded = {};
    m_nextRecorded = 0;
    return true;
}

/// True if the ring was emptied.
bool ExperimentBridge::drainSamples()
{
    const auto deadline = base::nowNs() + base::fromMs(kDrainBudgetMs);
    std::vector<session::Sample> samples;
    bool empty = false;
    while (samples.size() % kSamplesBetweenLooks != 0 || base::nowNs() < deadline) {
        auto sample = m_ring.pop();
        if (!sample) {
            empty = true;
            break;
        }
        samples.push_back(std::move(*sample));
    }
    if (!samples.empty())
        Q_EMIT samplesArrived(samples);
    return empty;
}

void ExperimentBridge::drain()
{
    takeStarted();
    // Asked before draining: what ended has delivered its last sample by then.
    const bool over = m_experiment && m_experiment->ended();
    const bool empty = drainRecorded() && drainSamples();
    std::optional<session::ExperimentStatus> status;
    std::deque<base::Error> troubles;
    {
        const std::lock_guard lock(m_mutex);
        status.swap(m_nextStatus);
        troubles.swap(m_troubles);
    }
    for (const auto& trouble : troubles)
        Q_EMIT troubleArrived(trouble);
    if (status) {
        m_status = *status;
        Q_EMIT statusChanged(m_status);
    }
    if (over && empty)
        end();
    else if (m_ending && m_gone)
        finish();
}

/// Its threads are joined and its sockets closed on another thread: that takes longer than a frame.
void ExperimentBridge::end()
{
    m_summary = m_experiment->summary();
    m_status = m_experiment->status();
    Q_EMIT statusChanged(m_status);
    m_ending = true;
    m_gone = false;
    m_starter = std::jthread([this, experiment = std::move(m_experiment)]() mutable {
        base::nameThisThread("ender");
        experiment.reset();
        m_gone = true;
    });
}

void ExperimentBridge::finish()
{
    m_timer.stop();
    if (m_starter.joinable())
        m_starter.join();
    m_ending = false;
    m_active = false;
    m_record = {};
    Q_EMIT ended(std::exchange(m_summary, {}));
}

}  // namespace splitscope::ui
