// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/link_measurement.h"

#include "core/codec/wire_size.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>

namespace splitscope::session {

namespace {

constexpr auto kPatience = std::chrono::seconds(30);
constexpr std::size_t kWarmUpFrames = 5;  ///< after each change of the decision

double median(std::vector<double> values)
{
    if (values.empty())
        return 0;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

/// What no stage but the link's accounts for.
double beyondStages(const wire::StageTimes& s)
{
    return s.total - s.capture - s.deviceSegment - s.encode - s.decode - s.edgeSegment;
}

std::size_t chunksOf(const wire::FrameRecord& record)
{
    return codec::requestOnWire(record.count, record.payloadBytes, 0).chunks;
}

/// Those of a run, for the thread that waits for them.
class Collector : public ExperimentObserver {
public:
    explicit Collector(std::stop_token stop) : m_stop(std::move(stop)) {}

    /// The next frames under this decision, without the first few.
    base::Result<std::vector<Sample>> gather(Experiment& run, const decision::Decision& decision, std::size_t frames)
    {
        if (auto status = run.setStrategy("fixed", decision); !status)
            return status.error();
        std::unique_lock lock(m_mutex);
        m_wanted = decision;
        m_samples.clear();
        for (auto before = m_samples.size(); m_samples.size() < frames + kWarmUpFrames; before = m_samples.size()) {
            m_changed.wait_for(lock, m_stop, kPatience, [&] { return m_over || m_samples.size() > before; });
            if (m_stop.stop_requested())
                return base::Error{base::ErrorCode::Cancelled, "stopped", "link measurement"};
            if (m_over || m_samples.size() == before)
                return base::Error{base::ErrorCode::Unreachable,
                                   m_trouble.empty() ? "no frame was finished within 30 s" : m_trouble, "link measurement"};
        }
        return std::vector<Sample>(m_samples.begin() + kWarmUpFrames, m_samples.end());
    }

    void onSample(const Sample& sample) override
    {
        {
            const std::lock_guard lock(m_mutex);
            if (sample.record.decision == m_wanted)
                m_samples.push_back(sample);
        }
        m_changed.notify_all();
    }
    void onStatus(const ExperimentStatus& status) override
    {
        {
            const std::lock_guard lock(m_mutex);
            m_over = status.phase == Phase::Failed || status.phase == Phase::Stopped;
            if (m_over && m_trouble.empty())
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
    const std::stop_token m_stop;
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    decision::Decision m_wanted;
    std::vector<Sample> m_samples;
    std::string m_trouble;
    bool m_over = false;
};

/// Some that send tensors, from the smallest to the largest.
std::vector<decision::Decision> spreadOfSizes(const model::NetworkSpec& spec, const LinkMeasurementOptions& options)
{
    const decision::DecisionSpace space(spec, options.actions);
    std::vector<std::pair<double, decision::Decision>> bySize;
    for (const auto& decision : space.decisions()) {
        const auto elements = base::elementCount(space.path(decision.exit).cutShape(decision.partition));
        if (decision.coding.kind == codec::CodingKind::Quantized)
            bySize.emplace_back(static_cast<double>(elements) * decision.coding.parameter / 8, decision);
        else if (decision.coding.kind == codec::CodingKind::Raw)
            bySize.emplace_back(static_cast<double>(elements), decision);
    }
    std::stable_sort(bySize.begin(), bySize.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<decision::Decision> spread;
    const auto count = std::min<std::size_t>(static_cast<std::size_t>(std::max(options.sizes, 2)), bySize.size());
    for (std::size_t i = 0; i < count; ++i)
        spread.push_back(bySize[(bySize.size() - 1) * i / std::max<std::size_t>(count - 1, 1)].second);
    return spread;
}

}  // namespace

base::Result<profile::LinkProfile> fitLink(std::span<const wire::FrameRecord> records, double rttMs, const std::string& source)
{
    std::map<std::size_t, std::vector<double>> beyondByChunks;
    for (const auto& record : records)
        if (record.outcome == wire::Outcome::Done && record.payloadBytes > 0)
            beyondByChunks[chunksOf(record)].push_back(beyondStages(record.stages));
    if (beyondByChunks.empty())
        return base::Error{base::ErrorCode::InvalidInput, "no request crossed the link as decided", "link measurement"};
    double n = 0, sumX = 0, sumY = 0, sumXx = 0, sumXy = 0;
    for (const auto& [chunks, times] : beyondByChunks) {
        const double x = static_cast<double>(chunks - 1);
        const double y = median(times);
        n += 1;
        sumX += x;
        sumY += y;
        sumXx += x * x;
        sumXy += x * y;
    }
    const double spread = n * sumXx - sumX * sumX;
    profile::LinkProfile link;
    link.rttMs = rttMs;
    link.perChunkMs = spread > 0 ? std::max(0.0, (n * sumXy - sumX * sumY) / spread) : 0;
    link.requestOverheadMs = (sumY - link.perChunkMs * sumX) / n - rttMs;
    link.source = source;
    return link;
}

base::Result<profile::LinkProfile> measureLink(Scenario scenario, const ExperimentOptions& experiment,
                                               const LinkMeasurementOptions& options, std::stop_token stop)
{
    const auto spec = model::loadNetworkSpec(scenario.model);
    if (!spec)
        return spec.error();
    const auto decisions = spreadOfSizes(*spec, options);
    if (decisions.empty())
        return base::Error{base::ErrorCode::InvalidInput, "none of the actions sends anything", "link measurement"};
    scenario.strategy = "fixed";
    scenario.decision = decisions.front();
    scenario.bandwidth = "unlimited";
    scenario.shaping = {};
    scenario.probe = false;
    scenario.frames = wire::kMaxFrames;  // until enough is known
    scenario.minIntervalMs = options.minIntervalMs;
    scenario.minFailoverMs = 60'000;
    Collector collector(std::move(stop));
    auto run = Experiment::start(scenario, experiment, collector);
    if (!run)
        return run.error();
    std::vector<wire::FrameRecord> records;
    std::vector<double> roundTrips;
    for (const auto& decision : decisions) {
        const auto samples = collector.gather(**run, decision, static_cast<std::size_t>(options.framesPerSize));
        if (!samples)
            return samples.error();
        for (const auto& sample : *samples) {
            records.push_back(sample.record);
            roundTrips.push_back(sample.rttMs);
        }
    }
    run->reset();
    return fitLink(records, median(std::move(roundTrips)),
                   "measured: " + std::to_string(records.size()) + " unshaped requests of " + std::to_string(decisions.size())
                       + " payload sizes, " + scenario.model + ", device " + scenario.device);
}

}  // namespace splitscope::session
