// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/fleet.h"

#include "core/base/clock.h"
#include "core/session/shared_edge.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <mutex>
#include <set>

namespace splitscope::session {

namespace {

constexpr std::size_t kRecentRequests = 1'000;
constexpr double kRecentMs = 5'000, kLeastMs = 1'000;
constexpr const char* kLoopback = "loopback";

/// What a device's requests came to, and the last of them.
class Outcomes {
public:
    void add(const wire::FrameRecord& record)
    {
        const std::lock_guard lock(m_mutex);
        const auto frames = static_cast<std::uint64_t>(record.count);
        (record.outcome == wire::Outcome::Done           ? m_done
             : record.outcome == wire::Outcome::Fallback ? m_fallback
                                                         : m_lost)
            += frames;
        m_decision = record.decision;
        m_requests.push_back({base::nowNs(), record.count, record.stages.total, record.outcome != wire::Outcome::Lost});
        if (m_requests.size() > kRecentRequests)
            m_requests.pop_front();
    }
    void tell(DeviceStatistics& device) const
    {
        const std::lock_guard lock(m_mutex);
        device.done = m_done;
        device.fallback = m_fallback;
        device.lost = m_lost;
        device.frames = m_done + m_fallback + m_lost;
        device.decision = m_decision;
        device.framesPerSecond = framesPerSecond();
    }
    void appendLatencies(std::vector<double>& to) const
    {
        const std::lock_guard lock(m_mutex);
        for (const auto& request : m_requests)
            if (request.hasLabel)
                to.push_back(request.latencyMs);
    }

private:
    /// Over the last requests, back to the oldest one that is kept or 5 s, and over a second at least: a first frame is no rate.
    [[nodiscard]] double framesPerSecond() const
    {
        const auto now = base::nowNs();
        double frames = 0;
        auto beganNs = now - base::fromMs(kLeastMs);
        for (auto request = m_requests.rbegin(); request != m_requests.rend(); ++request) {
            if (base::toMs(now - request->atNs) > kRecentMs)
                break;
            frames += request->frames;
            beganNs = std::min(beganNs, request->atNs);
        }
        return 1e3 * frames / base::toMs(now - beganNs);
    }

    struct Request {
        std::int64_t atNs = 0;
        int frames = 0;
        double latencyMs = 0;
        bool hasLabel = false;
    };
    mutable std::mutex m_mutex;
    std::deque<Request> m_requests;
    std::optional<decision::Decision> m_decision;  ///< of the last one
    std::uint64_t m_done = 0, m_fallback = 0, m_lost = 0;  ///< frames
};

/// Nearest rank, as in Summary; sorts what it is given.
void tellLatencies(std::vector<double>& latencies, double& p50, double& p95, double& p99)
{
    if (latencies.empty())
        return;
    std::sort(latencies.begin(), latencies.end());
    const auto at = [&](double q) {
        const auto rank = static_cast<std::size_t>(std::ceil(q * static_cast<double>(latencies.size())));
        return latencies[std::max<std::size_t>(rank, 1) - 1];
    };
    p50 = at(0.50);
    p95 = at(0.95);
    p99 = at(0.99);
}

base::Status checkMembers(const std::vector<FleetMember>& members)
{
    if (members.empty())
        return base::Error{base::ErrorCode::InvalidInput, "names no device", "fleet"};
    std::set<std::string> devices;
    for (const auto& member : members)
        if (member.scenario.device != kLoopback && !devices.insert(member.scenario.device).second)
            return base::Error{base::ErrorCode::InvalidInput, "is named twice; a device runs for one experiment at a time",
                               member.scenario.device};
    return {};
}

}  // namespace

struct Fleet::Private {
    /// One member, and what its experiment tells.
    struct Device final : ExperimentObserver {
        FleetMember member;
        std::size_t index = 0;
        FleetObserver* observer = nullptr;
        Outcomes outcomes;
        mutable std::mutex mutex;
        std::optional<base::Error> cannotBegin;  ///< why there is none; guarded, as is the next one
        std::shared_ptr<Experiment> experiment;  ///< null while another one begins. Last: it calls the above

        base::Status begin();
        [[nodiscard]] std::shared_ptr<Experiment> current() const
        {
            const std::lock_guard lock(mutex);
            return experiment;
        }
        [[nodiscard]] bool ended() const;
        void stop();
        void tell(DeviceStatistics& one) const;

        void onSample(const Sample& sample) override
        {
            outcomes.add(sample.record);
            if (observer)
                observer->onSample(index, sample);
        }
        void onStatus(const ExperimentStatus& status) override
        {
            if (observer)
                observer->onStatus(index, status);
        }
        void onTrouble(const base::Error& error) override
        {
            if (observer)
                observer->onTrouble(index, error);
        }
    };

    std::shared_ptr<SharedEdge> edge;
    std::vector<std::unique_ptr<Device>> devices;
};

base::Status Fleet::Private::Device::begin()
{
    auto started = Experiment::start(member.scenario, member.options, *this);
    const std::lock_guard lock(mutex);
    if (started) {
        experiment = std::move(*started);
        return {};
    }
    cannotBegin = started.error();
    cannotBegin->where = member.name + (cannotBegin->where.empty() ? "" : ": " + cannotBegin->where);
    return *cannotBegin;
}

bool Fleet::Private::Device::ended() const
{
    const std::lock_guard lock(mutex);
    return experiment ? experiment->ended() : cannotBegin.has_value();
}

void Fleet::Private::Device::stop()
{
    if (const auto now = current(); now && !now->ended())  // its records would tell of a stop that was none
        now->stop();
}

void Fleet::Private::Device::tell(DeviceStatistics& one) const
{
    one.name = member.name;
    if (const auto now = current()) {
        const auto status = now->status();
        one.phase = status.phase;
        one.text = status.text;
        one.link = status.link;
        one.edge = now->edgeStatistics();
    } else if (const std::lock_guard lock(mutex); cannotBegin) {
        one.phase = Phase::Failed;
        one.text = cannotBegin->message();
    }
    outcomes.tell(one);
}

Fleet::Fleet(std::unique_ptr<Private> priv) : d(std::move(priv)) {}

Fleet::~Fleet()
{
    stop();  // all devices hear of it before the first one is waited for
}

base::Result<std::unique_ptr<Fleet>> Fleet::start(std::vector<FleetMember> members, FleetObserver* observer,
                                                  const exec::EdgeServiceOptions& edge)
{
    if (const auto status = checkMembers(members); !status)
        return status.error();
    auto priv = std::make_unique<Private>();
    priv->edge = std::make_shared<SharedEdge>(edge);
    for (auto& member : members) {
        auto device = std::make_unique<Private::Device>();
        device->member = std::move(member);
        device->index = priv->devices.size();
        device->observer = observer;
        auto& options = device->member.options;
        options.edge = priv->edge;
        if (options.scenarioName.empty())
            options.scenarioName = device->member.name;
        if (auto begun = device->begin(); !begun)
            return begun.error();
        priv->devices.push_back(std::move(device));
    }
    return std::unique_ptr<Fleet>(new Fleet(std::move(priv)));
}

std::size_t Fleet::size() const { return d->devices.size(); }

const FleetMember& Fleet::member(std::size_t device) const { return d->devices.at(device)->member; }

Experiment& Fleet::experiment(std::size_t device) { return *d->devices.at(device)->experiment; }

const Experiment& Fleet::experiment(std::size_t device) const { return *d->devices.at(device)->experiment; }

void Fleet::stop()
{
    for (const auto& device : d->devices)
        device->stop();
}

void Fleet::stop(std::size_t device) { d->devices.at(device)->stop(); }

base::Status Fleet::startAgain(std::size_t index)
{
    auto& device = *d->devices.at(index);
    std::shared_ptr<Experiment> earlier;
    {
        const std::lock_guard lock(device.mutex);
        if (device.experiment ? !device.experiment->ended() : !device.cannotBegin)
            return base::Error{base::ErrorCode::Busy, "has not ended; stop it first", device.member.name};
        earlier = std::move(device.experiment);
        device.cannotBegin.reset();
    }
    earlier.reset();  // its link and its daemon go before there are others
    return device.begin();
}

bool Fleet::ended() const
{
    return std::ranges::all_of(d->devices, [](const auto& device) { return device->ended(); });
}

bool Fleet::waitUntilEnded(double timeoutMs)
{
    const auto untilNs = base::nowNs() + base::fromMs(timeoutMs);
    const auto left = [untilNs] { return std::max(0.0, base::toMs(untilNs - base::nowNs())); };
    while (!ended())
        for (const auto& device : d->devices) {
            const auto now = device->current();
            if (now ? !now->waitUntilEnded(left()) : left() == 0)
                return false;
            if (!now)  // another one begins
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    return true;
}

FleetStatistics Fleet::statistics() const
{
    FleetStatistics all;
    all.edge = d->edge->service()->statistics();
    std::vector<double> latencies;
    std::uint64_t least = UINT64_MAX, most = 0;
    for (const auto& device : d->devices) {
        DeviceStatistics one;
        device->tell(one);
        std::vector<double> own;
        device->outcomes.appendLatencies(own);
        latencies.insert(latencies.end(), own.begin(), own.end());
        tellLatencies(own, one.p50Ms, one.p95Ms, one.p99Ms);
        all.frames += one.frames;
        all.done += one.done;
        all.fallback += one.fallback;
        all.lost += one.lost;
        all.framesPerSecond += one.framesPerSecond;
        least = std::min(least, one.frames);
        most = std::max(most, one.frames);
        all.devices.push_back(std::move(one));
    }
    tellLatencies(latencies, all.p50Ms, all.p95Ms, all.p99Ms);
    if (least > 0)
        all.shareMaxOverMin = static_cast<double>(most) / static_cast<double>(least);
    for (auto& one : all.devices)
        one.share = all.frames > 0 ? static_cast<double>(one.frames) / static_cast<double>(all.frames) : 0;
    return all;
}

}  // namespace splitscope::session
