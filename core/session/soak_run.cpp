// SPDX-License-Identifier: GPL-3.0-or-later
// The edge of a soak: its run, and the faults that it suffers.
#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/session/experiment.h"
#include "core/session/soak.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <optional>

namespace splitscope::session {

namespace {

constexpr double kRecoverMs = 120'000;  ///< a machine that is busy takes its time to start a daemon
constexpr double kQuietMs = 2'000;  ///< at the end
constexpr double kLookMs = 10;

/// What can happen to it: a fault, or being stopped.
using Blow = std::optional<FaultKind>;

Scenario scenarioOf(const SoakOptions& options)
{
    Scenario scenario;
    scenario.strategy = "cycle";
    scenario.dwell = 2;
    scenario.bandwidth = "step:4MB/s,1MB/s";
    scenario.minIntervalMs = 5;
    scenario.frames = wire::kMaxFrames;
    scenario.seed = options.seed;
    return scenario;
}

/// Each kind once a round: in the first one those that are quickly over come early, the later ones are shuffled.
class Blows {
public:
    explicit Blows(base::Random& random) : m_random(random)
    {
        m_kinds.emplace_back(std::nullopt);
        m_kinds.emplace_back(FaultKind::Restart);
        for (auto info = faults().rbegin(); info != faults().rend(); ++info)
            if (info->kind != FaultKind::Restart)
                m_kinds.emplace_back(info->kind);
    }
    Blow next()
    {
        if (m_next == m_kinds.size()) {
            m_next = 0;
            for (auto i = m_kinds.size() - 1; i > 0; --i)
                std::swap(m_kinds[i], m_kinds[static_cast<std::size_t>(m_random.below(static_cast<int>(i) + 1))]);
        }
        return m_kinds[m_next++];
    }

private:
    base::Random& m_random;
    std::vector<Blow> m_kinds;
    std::size_t m_next = 0;
};

/// So long as may be met, but so short that a soak sees many.
Fault randomFault(FaultKind kind, base::Random& random)
{
    Fault fault = usualFault(kind);
    const auto& info = infoOf(kind);
    if (info.lasts())
        fault.ms = static_cast<int>(random.between(50, 2500));
    else if (info.takesTime())
        fault.ms = random.below(2) == 0 ? -fault.ms : fault.ms;
    return fault;
}

/// Stops its own process when it is told to, with the answer computed and not sent.
class SoakEdge : public ExperimentObserver {
public:
    void onSample(const Sample&) override {}
    void onStatus(const ExperimentStatus&) override {}
    void onTrouble(const base::Error&) override {}
    void onLogits(const wire::Request&, const base::Tensor&) override
    {
        if (!m_stops.exchange(false))
            return;
        static_cast<void>(std::raise(SIGSTOP));  // whoever watches continues it
        ++m_stopped;
    }

    void stopWithTheNextAnswer() { m_stops = true; }
    [[nodiscard]] int stopped() const { return m_stopped; }

private:
    std::atomic<bool> m_stops{false};
    std::atomic<int> m_stopped{0};
};

/// The experiment under its faults.
class Soaking {
public:
    Soaking(const SoakOptions& options, const std::stop_token& stop) : m_options(options), m_stop(stop), m_random(options.seed) {}

    base::Result<SoakRun> run()
    {
        ExperimentOptions options;
        options.outFolder = m_options.folder;
        options.scenarioName = "soak";
        auto started = Experiment::start(scenarioOf(m_options), options, m_edge);
        if (!started)
            return started.error();
        m_experiment = std::move(*started);
        m_result.run = m_experiment->run();
        auto status = suffer();
        m_experiment->stop();
        if (!m_experiment->waitUntilEnded(kRecoverMs) && status)
            status = base::Error{base::ErrorCode::Internal, "did not end within two minutes", "soak"};
        m_result.discarded = m_experiment->summary().discarded();
        m_result.faults["stop"] = m_edge.stopped();
        if (!status)
            return status.error();
        return m_result;
    }

private:
    base::Status suffer()
    {
        if (auto runs = recover("starting"); !runs)
            return runs;
        const auto lastsNs = base::fromMs(m_options.minutes * 60'000);
        const auto beganNs = base::nowNs();
        Blows blows(m_random);
        while (base::nowNs() - beganNs < lastsNs && !m_stop.stop_requested()) {
            const auto blow = blows.next();
            const bool late = base::nowNs() - beganNs > lastsNs / 2;
            if (blow == FaultKind::Restart && late)
                continue;  // one daemon for all of this half: its memory must not grow
            if (auto status = strike(blow); !status)
                return status;
            wait(m_random.between(300, 1500));
        }
        wait(kQuietMs);
        return recover("the last fault");
    }

    base::Status strike(Blow blow)
    {
        if (!blow) {
            const int before = m_edge.stopped();
            m_edge.stopWithTheNextAnswer();
            return waitFor([&] { return m_edge.stopped() > before; }, "being stopped and continued");
        }
        const auto fault = randomFault(*blow, m_random);
        // Between the look and the fault the link may go: then it comes when the link is back.
        for (auto injected = m_experiment->inject(fault); !injected; injected = m_experiment->inject(fault)) {
            if (injected.error().code != base::ErrorCode::Busy)
                return injected;
            if (auto status = recover(toString(fault)); !status)
                return status;
        }
        ++m_result.faults[infoOf(*blow).name];
        wait(fault.ms > 0 && infoOf(*blow).lasts() ? fault.ms : 0);
        return recover(toString(fault));
    }

    base::Status recover(const std::string& after)
    {
        return waitFor([&] { return m_experiment->status().phase == Phase::Running; }, after);
    }

    template <typename Condition>
    base::Status waitFor(const Condition& condition, const std::string& after)
    {
        for (const auto untilNs = base::nowNs() + base::fromMs(kRecoverMs); !condition();) {
            if (m_stop.stop_requested())
                return base::Error{base::ErrorCode::Cancelled, "was stopped", "soak"};
            if (base::nowNs() > untilNs || m_experiment->ended())
                return base::Error{base::ErrorCode::Internal, "did not run on within two minutes: " + m_experiment->status().text,
                                   "after " + after};
            m_experiment->waitUntilEnded(kLookMs);
        }
        return {};
    }

    void wait(double ms)
    {
        for (const auto untilNs = base::nowNs() + base::fromMs(ms); base::nowNs() < untilNs && !m_stop.stop_requested();)
            if (m_experiment->waitUntilEnded(kLookMs))
                return;
    }

    const SoakOptions& m_options;
    const std::stop_token& m_stop;
    base::Random m_random;
    SoakEdge m_edge;
    SoakRun m_result;
    std::unique_ptr<Experiment> m_experiment;  ///< last: its threads use the edge
};

}  // namespace

base::Result<SoakRun> runSoak(const SoakOptions& options, const std::stop_token& stop) { return Soaking(options, stop).run(); }

std::string toJson(const SoakRun& run)
{
    QJsonObject faults;
    for (const auto& [name, count] : run.faults)
        faults[QString::fromStdString(name)] = count;
    // Ids are below 2^53, as JSON's numbers hold them.
    const QJsonObject object{
        {"run", static_cast<qint64>(run.run)}, {"discarded", static_cast<qint64>(run.discarded)}, {"faults", faults}};
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

base::Result<SoakRun> parseSoakRun(const std::string& json)
{
    const auto object = QJsonDocument::fromJson(QByteArray::fromStdString(json)).object();
    SoakRun run;
    run.run = static_cast<std::uint64_t>(object["run"].toInteger());
    run.discarded = static_cast<std::uint64_t>(object["discarded"].toInteger());
    const auto faults = object["faults"].toObject();
    for (const auto& name : faults.keys())
        run.faults[name.toStdString()] = faults[name].toInt();
    if (run.run == 0)
        return base::Error{base::ErrorCode::InvalidInput, "is not what the edge of a soak says: " + json, "soak"};
    return run;
}

}  // namespace splitscope::session
