// SPDX-License-Identifier: GPL-3.0-or-later
// `bench link`: what the way between device and edge adds to what cannot be avoided.
#pragma once

#include "app/bench/bench_report.h"
#include "core/link/host_pair.h"

#include <stop_token>

namespace splitscope::app {

struct LinkBenchOptions {
    bool full = false;  ///< all decisions; otherwise a sample of them, within 45 s
    double seconds = 7;  ///< for the latencies over the floor, as far as the machine allows
};

/// Per-frame overhead on unshaped loopback, over a bare ZeroMQ CURVE echo of the same bytes (link_overhead.cpp).
base::Status measureOverhead(const LinkBenchOptions& options, const std::stop_token& stop, BenchReport& report);

/// Latency over the unavoidable floor between two hosts, by rate (link_latency.cpp).
base::Status measureLatency(const LinkBenchOptions& options, link::HostPair& hosts, const std::stop_token& stop,
                            BenchReport& report);

/// Throughput with several requests in flight over the rate of the slowest stage, where that is the device, the link, the edge
/// (link_pipeline.cpp).
base::Status measurePipeline(const LinkBenchOptions& options, link::HostPair& hosts, const std::stop_token& stop,
                             BenchReport& report);

/// What is believed of the uplink, held against the rate that it is shaped to: error, steps, false alarms (link_estimator.cpp).
base::Status measureEstimator(const LinkBenchOptions& options, link::HostPair& hosts, const std::stop_token& stop,
                              BenchReport& report);

/// All of them; what takes two hosts is left out, saying why, where there can be none.
base::Status runLinkBench(const LinkBenchOptions& options, const std::stop_token& stop, BenchReport& report);

}  // namespace splitscope::app
