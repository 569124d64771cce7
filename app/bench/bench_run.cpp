// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bench/bench_run.h"

#include "app/bench/bench_report.h"

namespace splitscope::app {

namespace {

constexpr auto kPatience = std::chrono::minutes(1);

}  // namespace

BenchRun::BenchRun(const session::Scenario& scenario, const session::ExperimentOptions& options, std::stop_token stop,
                   std::function<void(std::uint64_t)> atEdge)
    : m_stop(std::move(stop)), m_atEdge(std::move(atEdge)), m_experiment(session::Experiment::start(scenario, options, *this))
{
}

BenchRun::~BenchRun()
{
    if (m_experiment)
        m_experiment->reset();
}

base::Status BenchRun::waitForRecords(std::size_t count)
{
    std::size_t seen = 0;
    for (;;) {  // the patience is for each next record, not for all of them
        std::size_t now = 0;
        if (auto status = waitFor([&] {
                now = m_samples.size();
                return now >= count || now > seen;
            });
            !status)
            return status;
        if (now >= count)
            return {};
        seen = now;
    }
}

base::Result<wire::FrameRecord> BenchRun::nextRecord()
{
    if (auto status = waitForRecords(recordCount() + 1); !status)
        return status.error();
    const std::lock_guard lock(m_mutex);
    return m_samples.back().record;
}

base::Result<std::vector<wire::FrameRecord>> BenchRun::nextRecords(std::size_t count)
{
    const auto first = recordCount();
    if (auto status = waitForRecords(first + count); !status)
        return status.error();
    auto next = records();
    next.erase(next.begin(), next.begin() + static_cast<std::ptrdiff_t>(first));
    next.resize(count);
    return next;
}

base::Result<wire::FrameRecord> BenchRun::decide(const decision::Decision& decision)
{
    if (!m_experiment)
        return m_experiment.error();
    if (auto status = (*m_experiment)->setStrategy("fixed", decision); !status)
        return status.error();
    auto record = nextRecord();
    while (record && record->decision != decision)
        record = nextRecord();
    return record;
}

void BenchRun::setSlowdown(double slowdown)
{
    if (m_experiment)
        (*m_experiment)->setSlowdown(slowdown);
}

base::Status BenchRun::waitFor(const std::function<bool()>& condition)
{
    if (!m_experiment)
        return m_experiment.error();
    std::unique_lock lock(m_mutex);
    const auto over = [&] { return m_phase == session::Phase::Failed || m_phase == session::Phase::Stopped; };
    bool met = false;
    m_changed.wait_for(lock, m_stop, kPatience, [&] {
        met = condition();
        return met || over();
    });
    if (met)
        return {};
    if (m_stop.stop_requested())
        return base::Error{base::ErrorCode::Cancelled, "stopped", "benchmark"};
    if (over())
        return base::Error{base::ErrorCode::Io, "its run failed: " + m_lastTrouble, "benchmark"};
    return base::Error{base::ErrorCode::Unreachable,
                       "no frame was finished within a minute" + (m_lastTrouble.empty() ? "" : ": " + m_lastTrouble),
                       "benchmark"};
}

std::vector<wire::FrameRecord> BenchRun::records() const
{
    const std::lock_guard lock(m_mutex);
    std::vector<wire::FrameRecord> records;
    records.reserve(m_samples.size());
    for (const auto& sample : m_samples)
        records.push_back(sample.record);
    return records;
}

std::vector<session::Sample> BenchRun::samplesFrom(std::size_t first) const
{
    const std::lock_guard lock(m_mutex);
    return {m_samples.begin() + static_cast<std::ptrdiff_t>(std::min(first, m_samples.size())), m_samples.end()};
}

std::size_t BenchRun::recordCount() const
{
    const std::lock_guard lock(m_mutex);
    return m_samples.size();
}

void BenchRun::onSample(const session::Sample& sample)
{
    {
        const std::lock_guard lock(m_mutex);
        m_samples.push_back(sample);
    }
    m_changed.notify_all();
}

void BenchRun::onStatus(const session::ExperimentStatus& status)
{
    {
        const std::lock_guard lock(m_mutex);
        m_phase = status.phase;
        if (status.phase == session::Phase::Failed && m_lastTrouble.empty())
            m_lastTrouble = status.text;
    }
    m_changed.notify_all();
}

void BenchRun::onTrouble(const base::Error& error)
{
    const std::lock_guard lock(m_mutex);
    m_lastTrouble = error.message();
}

void BenchRun::onLogits(const wire::Request& request, const base::Tensor& logits)
{
    static_cast<void>(logits);
    if (m_atEdge)
        m_atEdge(request.firstFrame);
}

session::Scenario benchScenario(const std::string& model, const decision::Decision& decision)
{
    session::Scenario scenario;
    scenario.model = model;
    scenario.costTable = "none";
    scenario.coder = codec::EntropyCoder::None;
    scenario.strategy = "fixed";
    scenario.decision = decision;
    scenario.frames = wire::kMaxFrames;  // until the run is destroyed
    scenario.minFailoverMs = 60'000;
    scenario.probe = false;
    return scenario;
}

double medianOf(const std::vector<wire::FrameRecord>& records, const std::function<double(const wire::FrameRecord&)>& value)
{
    std::vector<double> values;
    values.reserve(records.size());
    for (const auto& record : records)
        values.push_back(value(record));
    return quantile(std::move(values), 0.5);
}

double meanOf(const std::vector<wire::FrameRecord>& records, const std::function<double(const wire::FrameRecord&)>& value)
{
    double sum = 0;
    for (const auto& record : records)
        sum += value(record);
    return records.empty() ? 0 : sum / static_cast<double>(records.size());
}

}  // namespace splitscope::app
