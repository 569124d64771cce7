// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bench/bare_transfer.h"
#include "app/bench/bench_run.h"
#include "app/bench/link_bench.h"

#include "core/base/clock.h"
#include "core/base/units.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace splitscope::app {

namespace {

// The kernel, with a burst of one MTU, gives 0.9 and more of these; the truth is what it gives to a bare TCP connection.
constexpr std::array kRates{0.5e6, 1e6, 2e6, 4e6};
constexpr double kSteps[] = {1e6, 3e6, 0.6e6, 2e6, 1.2e6, 4e6};  ///< factors 0.2 to 3.3
const decision::Decision kLarge{3, 0, {codec::CodingKind::Raw, 0}};  ///< 49 KB of alexnet3-128: 32 × the burst
const decision::Decision kSmall{3, 0, {codec::CodingKind::Jpeg, 60}};  ///< one chunk: only probes tell
constexpr std::size_t kWarmUp = 5;

double medianRatio(const std::vector<session::Sample>& samples, double truth)
{
    std::vector<double> ratios;
    ratios.reserve(samples.size());
    for (const auto& sample : samples)
        ratios.push_back(sample.estimatedBytesPerSecond / truth);
    return quantile(std::move(ratios), 0.5);
}

struct Held {
    std::vector<double> medians;  ///< estimate / set rate, at each rate
    std::vector<double> overSet;  ///< |estimate / set rate − 1|
    std::vector<double> errors;  ///< |estimate / truth − 1|
    std::size_t inside = 0;  ///< the truth lay in the interval
    std::size_t alarms = 0;
    double seconds = 0;

    void take(const std::vector<session::Sample>& samples, double set, double truth)
    {
        medians.push_back(medianRatio(samples, set));
        bool was = true;  // an alarm that went before is of the change to this rate
        for (const auto& sample : samples) {
            errors.push_back(std::abs(sample.estimatedBytesPerSecond / truth - 1));
            overSet.push_back(std::abs(sample.estimatedBytesPerSecond / set - 1));
            inside += sample.estimateLow <= truth && truth <= sample.estimateHigh ? 1 : 0;
            alarms += sample.uplinkChanged && !was ? 1 : 0;
            was = sample.uplinkChanged;
        }
    }
};

/// Holds each rate for a while; the first frames at it are not counted.
base::Result<Held> holdRates(BenchRun& run, link::HostPair& hosts, const BareTransfer& bare, double secondsEach)
{
    Held held;
    for (const double rate : kRates) {
        if (auto status = hosts.shape(rate); !status)
            return status.error();
        if (const auto warm = run.nextRecords(kWarmUp + 1); !warm)
            return warm.error();
        const auto first = run.recordCount();
        const auto beganNs = base::nowNs();
        while (base::toMs(base::nowNs() - beganNs) < secondsEach * 1e3)
            if (const auto next = run.nextRecord(); !next)
                return next.error();
        held.seconds += base::toMs(base::nowNs() - beganNs) / 1e3;
        const auto samples = run.samplesFrom(first);
        held.take(samples, rate, rate * bare.rateOverSet(rate));
    }
    return held;
}

struct Noticed {
    std::vector<double> frames, ms;
    std::size_t inTime = 0;  ///< within 3 frames or 300 ms
};

/// After each step: how many whole frames, and how long, until the estimate is nearer to the new rate than to the old one.
base::Result<Noticed> stepRates(BenchRun& run, link::HostPair& hosts, int rounds)
{
    constexpr std::size_t kSettle = 8, kGiveUp = 100;
    Noticed noticed;
    double before = kRates.back();
    for (int round = 0; round < rounds; ++round)
        for (const double rate : kSteps) {
            const double middle = std::sqrt(before * rate);
            if (auto status = hosts.shape(rate); !status)
                return status.error();
            const auto beganNs = base::nowNs();
            const auto inFlight = run.recordCount();  // this one crosses at both rates
            std::size_t frames = 0;
            bool there = false;
            while (!there && frames < kGiveUp) {
                if (const auto next = run.nextRecord(); !next)
                    return next.error();
                frames = run.recordCount() - inFlight;
                const double estimate = run.samplesFrom(run.recordCount() - 1).front().estimatedBytesPerSecond;
                there = rate > before ? estimate > middle : estimate < middle;
            }
            const double ms = base::toMs(base::nowNs() - beganNs);
            const auto whole = static_cast<double>(frames > 0 ? frames - 1 : 0);
            noticed.frames.push_back(whole);
            noticed.ms.push_back(ms);
            noticed.inTime += there && (whole <= 3 || ms <= 300) ? 1 : 0;
            before = rate;
            if (const auto settled = run.nextRecords(kSettle); !settled)
                return settled.error();
        }
    return noticed;
}

void addHeld(const Held& held, const BareTransfer& bare, BenchReport& report)
{
    constexpr double kTenMinutes = 600;
    report.add("estimate_error_median", quantile(held.overSet, 0.5), Goal{0.05, true});
    report.add("estimate_error_p95", quantile(held.overSet, 0.95));
    report.add("estimate_error_to_bare_tcp_median", quantile(held.errors, 0.5), Goal{0.05, true});
    report.add("estimate_error_to_bare_tcp_p95", quantile(held.errors, 0.95));
    report.add("estimate_interval_coverage",
               held.errors.empty() ? 0 : static_cast<double>(held.inside) / static_cast<double>(held.errors.size()),
               Goal{0.9, false});
    report.add("false_alarms_per_10_minutes", static_cast<double>(held.alarms) / held.seconds * kTenMinutes, Goal{1, true});
    for (std::size_t i = 0; i < held.medians.size(); ++i)
        report.note(format("estimate over the set rate at %s: %.3f; a bare TCP connection gets %.3f",
                           base::formatBytesPerSecond(kRates[i]).c_str(), held.medians[i], bare.rateOverSet(kRates[i])));
    report.note(format("estimate: %zu transfers of 49 KB at 0.5 to 4 MB/s, %.0f s, %zu false alarms", held.errors.size(),
                       held.seconds, held.alarms));
}

}  // namespace

base::Status measureEstimator(const LinkBenchOptions& options, link::HostPair& hosts, const std::stop_token& stop,
                              BenchReport& report)
{
    const auto bare = BareTransfer::measure(hosts, {kRates.begin(), kRates.end()}, stop);
    if (!bare)
        return bare.error();
    auto scenario = benchScenario("alexnet3-128", kLarge);
    scenario.probe = true;  // as in use; frames of this size leave it nothing to ask
    session::ExperimentOptions place;
    place.daemonPlace.commandPrefix = hosts.deviceCommandPrefix();
    place.daemonPlace.address = hosts.deviceAddress();
    const auto edge = hosts.enterEdge();
    if (!edge)
        return edge.error();
    BenchRun run(scenario, place, stop);
    if (const auto first = run.nextRecord(); !first)
        return first.error();
    const auto held = holdRates(run, hosts, *bare, options.full ? 150 : 0.6);
    if (!held)
        return held.error();
    addHeld(*held, *bare, report);
    const auto noticed = stepRates(run, hosts, options.full ? 10 : 1);
    if (!noticed)
        return noticed.error();
    const auto steps = static_cast<double>(noticed->frames.size());
    report.add("steps_noticed_in_time", static_cast<double>(noticed->inTime) / steps, Goal{1, false});
    report.add("step_noticed_frames_p50", quantile(noticed->frames, 0.5));
    report.add("step_noticed_frames_max", quantile(noticed->frames, 1));
    report.add("step_noticed_ms_p50", quantile(noticed->ms, 0.5));
    if (const auto small = run.decide(kSmall); !small)
        return small.error();
    const auto probed = holdRates(run, hosts, *bare, options.full ? 20 : 0.3);
    if (!probed)
        return probed.error();
    report.add("estimate_error_median_small_payloads", quantile(probed->overSet, 0.5));
    report.note("small payloads: JPEG frames of about 2.6 KB, one chunk each; the estimate is the probes'");
    return {};
}

}  // namespace splitscope::app
