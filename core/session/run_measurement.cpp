// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/run_measurement.h"

#include "core/base/clock.h"
#include "core/base/date.h"
#include "core/base/median.h"
#include "core/session/model_package.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>

namespace splitscope::session {

namespace {

constexpr std::size_t kWarmUpRequests = 5;
constexpr auto kPatience = std::chrono::seconds(30);

/// Keeps a run's samples for the thread that waits for its end.
class Collector : public ExperimentObserver {
public:
    explicit Collector(std::stop_token stop) : m_stop(std::move(stop)) {}

    /// onProgress(samples so far) is called without the lock.
    template <typename OnProgress>
    base::Result<std::vector<Sample>> waitForAll(OnProgress onProgress)
    {
        std::unique_lock lock(m_mutex);
        for (;;) {
            const auto before = m_samples.size();
            lock.unlock();
            onProgress(before);
            lock.lock();
            m_changed.wait_for(lock, m_stop, kPatience,
                               [&] { return m_phase == Phase::Finished || over() || m_samples.size() > before; });
            if (m_phase == Phase::Finished && !m_samples.empty())
                return m_samples;
            if (m_stop.stop_requested())
                return base::Error{base::ErrorCode::Cancelled, "stopped", "measurement"};
            if (over() || m_samples.size() == before)
                return base::Error{base::ErrorCode::Unreachable,
                                   m_trouble.empty() ? "no frame was finished within 30 s" : m_trouble, "measurement"};
        }
    }
    std::string machine()
    {
        const std::lock_guard lock(m_mutex);
        return m_deviceName.empty() ? m_machine : m_deviceName + ", " + m_machine;
    }

    void onSample(const Sample& sample) override
    {
        {
            const std::lock_guard lock(m_mutex);
            m_samples.push_back(sample);
        }
        m_changed.notify_all();
    }
    void onStatus(const ExperimentStatus& status) override
    {
        {
            const std::lock_guard lock(m_mutex);
            m_phase = status.phase;
            m_deviceName = status.deviceName;
            m_machine = status.machine;
            if (status.phase == Phase::Failed && m_trouble.empty())
                m_trouble = status.text;
        }
        m_changed.notify_all();
    }
    void onTrouble(const base::Error& error) override
    {
        const std::lock_guard lock(m_mutex);
        m_trouble = error.message();
    }

private:
    [[nodiscard]] bool over() const { return m_phase == Phase::Failed || m_phase == Phase::Stopped; }

    const std::stop_token m_stop;
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::vector<Sample> m_samples;
    std::string m_trouble, m_deviceName, m_machine;
    Phase m_phase = Phase::Connecting;
};

void describeBoth(const Scenario& scenario, const ModelPackage& package, const std::string& deviceMachine, RunMeasurement& found)
{
    auto& edge = found.edge;
    edge.network = package.executor->spec().name;
    edge.modelHash = package.hash;
    edge.date = base::utcNow();
    edge.machine = profile::describeMachine();
    edge.backend = package.executor->backendName();
    edge.threads = scenario.edgeThreads;
    edge.coder = package.coder;
    auto device = edge;
    if (scenario.device != "loopback") {
        device.machine = {};
        device.machine.name = deviceMachine;
        device.backend = {};
    }
    device.threads = scenario.deviceThreads;
    found.device = std::move(device);
}

}  // namespace

base::Result<RunMeasurement> measureRun(Scenario scenario, const ExperimentOptions& experiment,
                                        const RunMeasurementOptions& options, std::stop_token stop,
                                        const profile::ProfilerObserver& observer)
{
    const auto package = loadModelPackage(scenario);
    if (!package)
        return package.error();
    const auto actions = decision::parseSpaceOptions(scenario.actionSet);
    if (!actions)
        return actions.error();
    const auto& spec = package->executor->spec();
    const auto decisions = decision::DecisionSpace(spec, *actions).decisions().size();
    scenario.strategy = "cycle";
    scenario.coder = package->coder;
    scenario.costTable = "none";
    scenario.dwell = std::max(options.framesPerDecision, 1);
    scenario.bandwidth = "unlimited";
    scenario.shaping = {};
    scenario.slowdown = 1;
    scenario.depth = 1;
    scenario.probe = false;
    scenario.minIntervalMs = options.minIntervalMs;
    scenario.minFailoverMs = 60'000;
    std::vector<wire::FrameRecord> records;
    std::vector<double> roundTrips;
    std::string machine;
    const auto dwell = static_cast<std::size_t>(scenario.dwell);
    const auto warmUpDecisions = (kWarmUpRequests + dwell - 1) / dwell;  // they come again at the end
    const auto requests = (decisions + warmUpDecisions + 2) * dwell;
    const auto startedNs = base::nowNs();
    std::size_t earlier = 0;  // requests of the batches before
    const auto tell = [&](std::size_t samples) {
        const auto done = earlier + samples;
        const auto total = requests * options.batches.size();
        const double tookS = base::toMs(base::nowNs() - startedNs) / 1e3;
        if (observer && done > 0)
            observer({done, total, "run of all decisions",
                      tookS / static_cast<double>(done) * static_cast<double>(total - std::min(done, total))});
    };
    for (const int batch : options.batches) {
        scenario.batch = batch;
        scenario.frames = requests * static_cast<std::size_t>(batch);
        Collector collector(stop);
        const auto run = Experiment::start(scenario, experiment, collector);
        if (!run)
            return run.error();
        const auto samples = collector.waitForAll(tell);
        if (!samples)
            return samples.error();
        for (const auto& sample : std::span(*samples).subspan(std::min(kWarmUpRequests, samples->size() - 1))) {
            records.push_back(sample.record);
            roundTrips.push_back(sample.rttMs);
        }
        machine = collector.machine();
        earlier += requests;
    }
    RunMeasurement found;
    describeBoth(scenario, *package, machine, found);
    fillProfiles(spec, records, found.device, found.edge);
    auto link = fitLink(records, base::upperMedian(std::move(roundTrips)));
    if (!link)
        return link.error();
    link->source = "measured: " + std::to_string(records.size()) + " unshaped requests, device " + scenario.device;
    found.link = *std::move(link);
    return found;
}

}  // namespace splitscope::session
