// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bench/fleet_bench.h"

#include "app/bench/fleet_ground.h"
#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/session/fleet.h"
#include "core/session/pricing.h"

#include <QTemporaryDir>
#include <algorithm>
#include <ctime>
#include <fstream>
#include <malloc.h>
#include <unistd.h>

namespace splitscope::app {

namespace {

constexpr int kRecorded = 256;
constexpr int kFullBatch = wire::kMaxBatch;
constexpr double kBaselineSeconds = 0.8;
constexpr double kWarmUpMs = 1'000;
constexpr double kPatienceMs = 60'000;
constexpr double kRealIntervalMs = 100;
constexpr int kRealDevices = 2;
constexpr int kGoalStubs = 64;
constexpr int kIdleStubs = 64;  ///< of few, what one takes is lost in what any start takes now and then

/// What came between two moments.
class Gatherer final : public session::FleetObserver {
public:
    explicit Gatherer(std::size_t devices) : m_frames(devices) {}

    void onSample(std::size_t device, const session::Sample& sample) override
    {
        const std::lock_guard lock(m_mutex);
        if (!m_gathering)
            return;
        m_requests += 1;
        m_fallbacks += sample.record.outcome == wire::Outcome::Fallback ? 1 : 0;
        if (sample.record.outcome != wire::Outcome::Done)
            return;
        m_frames[device] += sample.record.count;
        m_latenciesMs.push_back(sample.record.stages.total);
    }
    void onStatus(std::size_t, const session::ExperimentStatus&) override {}
    void onTrouble(std::size_t, const base::Error& error) override
    {
        const std::lock_guard lock(m_mutex);
        m_lastTrouble = error.message();
    }

    void begin()
    {
        const std::lock_guard lock(m_mutex);
        m_gathering = true;
        m_beganNs = base::nowNs();
        m_beganCpu = std::clock();
    }
    void end()
    {
        const std::lock_guard lock(m_mutex);
        m_gathering = false;
        m_seconds = base::toMs(base::nowNs() - m_beganNs) * 1e-3;
        m_cpuSeconds = static_cast<double>(std::clock() - m_beganCpu) / CLOCKS_PER_SEC;
    }
    [[nodiscard]] std::string lastTrouble() const
    {
        const std::lock_guard lock(m_mutex);
        return m_lastTrouble;
    }

    // After end():
    [[nodiscard]] double framesPerSecond() const
    {
        double frames = 0;
        for (const auto ofDevice : m_frames)
            frames += ofDevice;
        return frames / m_seconds;
    }
    /// Of this process: what the edge takes of processors, however busy they are with other things.
    [[nodiscard]] double cpuUsPerFrame() const { return 1e6 * m_cpuSeconds / m_seconds / framesPerSecond(); }
    [[nodiscard]] double shareMaxOverMin(std::size_t devices) const
    {
        const auto [least, most] = std::minmax_element(m_frames.begin(), m_frames.begin() + static_cast<std::ptrdiff_t>(devices));
        return *least > 0 ? *most / *least : INFINITY;
    }
    [[nodiscard]] double latencyMs(double q) const { return quantile(m_latenciesMs, q); }
    [[nodiscard]] double fallbackShare() const { return m_requests > 0 ? m_fallbacks / m_requests : 0; }

private:
    mutable std::mutex m_mutex;
    bool m_gathering = false;
    std::int64_t m_beganNs = 0;
    std::clock_t m_beganCpu = 0;
    double m_seconds = 0, m_cpuSeconds = 0, m_requests = 0, m_fallbacks = 0;
    std::vector<double> m_frames;
    std::vector<double> m_latenciesMs;
    std::string m_lastTrouble;
};

double residentBytes()
{
    std::ifstream statm("/proc/self/statm");
    double pages = 0, resident = 0;
    statm >> pages >> resident;
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

base::Error troubled(const std::string& what, const std::string& why)
{
    return {base::ErrorCode::Unreachable, what + (why.empty() ? "" : ": " + why), "bench fleet"};
}

class Bench {
public:
    Bench(const FleetBenchOptions& options, std::stop_token stop, BenchReport& report)
        : m_options(options), m_stop(std::move(stop)), m_report(report)
    {
        m_scenario.decision = {3, 6, {codec::CodingKind::Quantized, 8}};
        m_scenario.strategy = "fixed";
        m_scenario.frames = wire::kMaxFrames;
        m_scenario.probe = false;
        m_scenario.depth = 2;
        session::freeze(m_scenario);
    }

    base::Status run()
    {
        if (!m_folder.isValid())
            return base::Error{base::ErrorCode::Io, "no temporary folder can be made", "bench fleet"};
        if (auto status = record(); !status)
            return status;
        const auto sizes = m_options.stubs > 0 ? std::vector<int>{m_options.stubs}
            : m_options.full                   ? std::vector<int>{1, 4, 16, 64, 128}
                                               : std::vector<int>{1, 4, 16, 64};
        if (auto status = measureIdle(); !status)
            return status;
        for (const int stubs : sizes)
            if (auto status = measure(stubs); !status)
                return status;
        m_report.note("two daemons with a network of their own ask for a frame every 100 ms each beside the stubs");
        return {};
    }

private:
    base::Status record()
    {
        const auto edge = link::edgeKeys();
        if (!edge)
            return edge.error();
        m_edgeKey = edge->publicKey;
        auto package = session::loadModelPackage(m_scenario);
        if (!package)
            return package.error();
        auto recording = recordRequests(m_scenario, *package, kRecorded);
        if (!recording)
            return recording.error();
        m_package = *std::move(package);
        m_recording = *std::move(recording);
        return save(m_recording, file());
    }

    /// So many stubs of a process, and the real ones behind them.
    [[nodiscard]] std::vector<session::FleetMember> members(const StubProcess& process, int stubs, int real) const
    {
        std::vector<session::FleetMember> all;
        for (int i = 0; i < stubs; ++i) {
            auto scenario = m_scenario;
            scenario.device = process.device(i);
            scenario.deviceKey = process.key();
            all.push_back({format("stub %d", i + 1), scenario});
        }
        for (int i = 0; i < real; ++i) {
            auto scenario = m_scenario;
            scenario.depth = 1;
            scenario.minIntervalMs = kRealIntervalMs;
            all.push_back({format("daemon %d", i + 1), scenario});
        }
        return all;
    }

    /// Until all devices have begun their run.
    base::Status await(const session::Fleet& fleet, const std::vector<session::Phase>& phases, const Gatherer& gatherer)
    {
        const auto untilNs = base::nowNs() + base::fromMs(kPatienceMs);
        const auto there = [&] {
            for (std::size_t i = 0; i < fleet.size(); ++i)
                if (std::ranges::find(phases, fleet.experiment(i).status().phase) == phases.end())
                    return false;
            return true;
        };
        while (!there()) {
            if (base::nowNs() > untilNs || fleet.ended())
                return troubled("not all devices have begun", gatherer.lastTrouble());
            if (auto status = rest(20); !status)
                return status;
        }
        return {};
    }

    base::Status rest(double ms)
    {
        constexpr double kSliceMs = 20;
        for (const auto untilNs = base::nowNs() + base::fromMs(ms); base::nowNs() < untilNs;) {
            if (m_stop.stop_requested())
                return base::Error{base::ErrorCode::Cancelled, "was stopped", "bench fleet"};
            std::this_thread::sleep_for(std::chrono::duration<double, std::milli>(std::min(kSliceMs, ms)));
        }
        return {};
    }

    /// Resident memory of this process with so many paused devices.
    base::Result<double> idleBytes(const StubProcess& process, int stubs)
    {
        Gatherer gatherer(static_cast<std::size_t>(stubs));
        const auto fleet = session::Fleet::start(members(process, stubs, 0), &gatherer);
        if (!fleet)
            return fleet.error();
        for (std::size_t i = 0; i < (*fleet)->size(); ++i)
            (*fleet)->experiment(i).pause(true);
        if (const auto begun = await(**fleet, {session::Phase::Paused}, gatherer); !begun)
            return begun.error();
        if (const auto rested = rest(kWarmUpMs); !rested)
            return rested.error();
        ::malloc_trim(0);  // what starting took and gave back is not a device's
        return residentBytes();
    }

    /// First of all, so that no memory that was freed before hides what a device takes.
    base::Status measureIdle()
    {
        constexpr Goal kGoal{1e6, true};
        const auto process = StubProcess::start(kIdleStubs, file(), m_edgeKey);
        if (!process)
            return process.error();
        const auto one = idleBytes(**process, 1);
        if (!one)
            return one.error();
        const auto all = idleBytes(**process, kIdleStubs);
        if (!all)
            return all.error();
        m_report.add("idle_bytes_per_device", (*all - *one) / (kIdleStubs - 1), kGoal);
        return {};
    }

    base::Status measure(int stubs)
    {
        const auto before = runFullBatches(m_recording, m_package, kFullBatch, kBaselineSeconds);
        if (!before)
            return before.error();
        const auto process = StubProcess::start(stubs, file(), m_edgeKey);
        if (!process)
            return process.error();
        Gatherer gatherer(static_cast<std::size_t>(stubs + kRealDevices));
        const auto fleet = session::Fleet::start(members(**process, stubs, kRealDevices), &gatherer);
        if (!fleet)
            return fleet.error();
        if (auto status = await(**fleet, {session::Phase::Running}, gatherer); !status)
            return status;
        if (auto status = rest(kWarmUpMs); !status)
            return status;
        const auto edgeBefore = (*fleet)->statistics().edge;
        gatherer.begin();
        const double seconds = m_options.seconds > 0 ? m_options.seconds : m_options.full ? 20 : 3;
        if (auto status = rest(seconds * 1e3); !status)
            return status;
        gatherer.end();
        const auto edgeAfter = (*fleet)->statistics().edge;
        if (auto status = settleBooks(**fleet); !status)
            return status;
        const auto after = runFullBatches(m_recording, m_package, kFullBatch, kBaselineSeconds);
        if (!after)
            return after.error();
        tell(stubs, gatherer, edgeBefore, edgeAfter,
             {(before->decodedAndComputed + after->decodedAndComputed) / 2, (before->computed + after->computed) / 2});
        return {};
    }

    /// Every frame that a device has begun has its one outcome here.
    static base::Status settleBooks(session::Fleet& fleet)
    {
        fleet.stop();
        if (!fleet.waitUntilEnded(kPatienceMs))
            return troubled("not all runs ended", {});
        for (std::size_t i = 0; i < fleet.size(); ++i) {
            const auto summary = fleet.experiment(i).summary();
            const auto device = fleet.experiment(i).status().device;
            if (summary.frames() != device.nextFrame || summary.lost() > 0)
                return troubled("the books of " + fleet.member(i).name + " do not balance",
                                format("%llu frames begun, %llu with an outcome, %llu lost",
                                       static_cast<unsigned long long>(device.nextFrame),
                                       static_cast<unsigned long long>(summary.frames()),
                                       static_cast<unsigned long long>(summary.lost())));
        }
        return {};
    }

    void tell(int stubs, const Gatherer& gathered, const exec::EdgeServiceStatistics& before,
              const exec::EdgeServiceStatistics& after, const FullBatches& full)
    {
        const auto goal = [&](Goal it) { return stubs == kGoalStubs ? std::optional(it) : std::nullopt; };
        const auto name = [&](const char* metric) { return format("fleet_%d_%s", stubs, metric); };
        double batches = 0;
        for (std::size_t rows = 1; rows < after.batchesOfRows.size(); ++rows)
            batches += static_cast<double>(after.batchesOfRows[rows] - before.batchesOfRows[rows]);
        m_report.add(name("throughput_over_full_batches"), gathered.framesPerSecond() / full.decodedAndComputed,
                     goal({0.85, false}));
        m_report.add(name("throughput_over_computing_decoded_batches"), gathered.framesPerSecond() / full.computed);
        m_report.add(name("share_max_over_min"), gathered.shareMaxOverMin(static_cast<std::size_t>(stubs)), goal({1.5, true}));
        m_report.add(name("latency_ms_p50"), gathered.latencyMs(0.50));
        m_report.add(name("latency_ms_p95"), gathered.latencyMs(0.95));
        m_report.add(name("latency_ms_p99"), gathered.latencyMs(0.99));
        m_report.add(name("frames_per_s"), gathered.framesPerSecond());
        m_report.add(name("edge_cpu_us_per_frame"), gathered.cpuUsPerFrame());
        m_report.add(name("rows_per_batch"), batches > 0 ? static_cast<double>(after.rows - before.rows) / batches : 0);
        m_report.add(name("fallback_share"), gathered.fallbackShare());
    }

    [[nodiscard]] std::filesystem::path file() const { return m_folder.filePath("requests").toStdString(); }

    const FleetBenchOptions& m_options;
    const std::stop_token m_stop;
    BenchReport& m_report;
    const QTemporaryDir m_folder;
    session::Scenario m_scenario;
    std::string m_edgeKey;
    session::ModelPackage m_package;
    stub::Recording m_recording;
};

}  // namespace

base::Status runFleetBench(const FleetBenchOptions& options, const std::stop_token& stop, BenchReport& report)
{
    base::setLogLevel(base::LogLevel::Error);  // a busy edge is what is measured, not news
    return Bench(options, stop, report).run();
}

}  // namespace splitscope::app
