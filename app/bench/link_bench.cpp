// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bench/link_bench.h"

#include "core/base/clock.h"

#include <cstdio>
#include <cstdlib>
#include <thread>

namespace splitscope::app {

namespace {

/// Tells what is being measured, and for how long the last was.
class Progress {
public:
    ~Progress() { end(); }
    Progress() = default;
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    void begin(const char* what)
    {
        end();
        std::fprintf(stderr, "%s… ", what);
        m_beganNs = base::nowNs();
    }

private:
    void end()
    {
        if (m_beganNs != 0)
            std::fprintf(stderr, "%.1f s\n", base::toMs(base::nowNs() - m_beganNs) / 1e3);
        m_beganNs = 0;
    }
    std::int64_t m_beganNs = 0;
};

/// Timings are what other programs leave: say how much they take.
void noteLoad(BenchReport& report)
{
    double load = 0;
    if (::getloadavg(&load, 1) == 1)
        report.note(format("measured at a load of %.1f on %u cores: absolute times are for ratios of the same run only", load,
                           std::thread::hardware_concurrency()));
}

}  // namespace

base::Status runLinkBench(const LinkBenchOptions& options, const std::stop_token& stop, BenchReport& report)
{
    noteLoad(report);
    Progress progress;
    progress.begin("per-frame overhead on loopback");
    if (auto status = measureOverhead(options, stop, report); !status)
        return status;
    auto hosts = link::HostPair::create();
    if (!hosts) {
        report.note("not measured, for want of two hosts: latency over the floor, pipelining, estimate ("
                    + hosts.error().message() + ")");
        return {};
    }
    progress.begin("latency over the floor, between two hosts");
    if (auto status = measureLatency(options, **hosts, stop, report); !status)
        return status;
    progress.begin("pipelined throughput");
    if (auto status = measurePipeline(options, **hosts, stop, report); !status)
        return status;
    progress.begin("bandwidth estimate");
    return measureEstimator(options, **hosts, stop, report);
}

}  // namespace splitscope::app
