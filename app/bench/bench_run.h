// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/experiment.h"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <vector>

namespace splitscope::app {

/// An experiment whose records are gathered for a benchmark.
class BenchRun : private session::ExperimentObserver {
public:
    /// `atEdge` is called on the edge's compute thread when a request is computed, before its answer leaves.
    BenchRun(const session::Scenario& scenario, const session::ExperimentOptions& options, std::stop_token stop,
             std::function<void(std::uint64_t firstFrame)> atEdge = {});
    ~BenchRun() override;
    BenchRun(const BenchRun&) = delete;
    BenchRun& operator=(const BenchRun&) = delete;

    /// Waits for this many records in all. An Error: the run failed, it was stopped, or a minute passed without one.
    base::Status waitForRecords(std::size_t count);
    [[nodiscard]] std::vector<wire::FrameRecord> records() const;
    /// From this one on, with what was believed of the uplink when each came.
    [[nodiscard]] std::vector<session::Sample> samplesFrom(std::size_t first) const;
    [[nodiscard]] std::size_t recordCount() const;
    /// All frames from now on, and waits for the first under this decision. Its record, or what waitForRecords() says.
    base::Result<wire::FrameRecord> decide(const decision::Decision& decision);
    /// Waits for one more record.
    base::Result<wire::FrameRecord> nextRecord();
    /// The next so many records.
    base::Result<std::vector<wire::FrameRecord>> nextRecords(std::size_t count);
    void setSlowdown(double slowdown);

private:
    void onSample(const session::Sample& sample) override;
    void onStatus(const session::ExperimentStatus& status) override;
    void onTrouble(const base::Error& error) override;
    void onLogits(const wire::Request& request, const base::Tensor& logits) override;
    base::Status waitFor(const std::function<bool()>& condition);

    const std::stop_token m_stop;
    const std::function<void(std::uint64_t)> m_atEdge;
    mutable std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::vector<session::Sample> m_samples;
    std::string m_lastTrouble;
    session::Phase m_phase = session::Phase::Connecting;
    base::Result<std::unique_ptr<session::Experiment>> m_experiment;  ///< last: it calls into all of the above
};

/// A scenario of one decision whose link and pace nothing disturbs: no probes, and a device that never gives up waiting.
session::Scenario benchScenario(const std::string& model, const decision::Decision& decision);

/// Median of something of the records.
double medianOf(const std::vector<wire::FrameRecord>& records, const std::function<double(const wire::FrameRecord&)>& value);
double meanOf(const std::vector<wire::FrameRecord>& records, const std::function<double(const wire::FrameRecord&)>& value);

}  // namespace splitscope::app
