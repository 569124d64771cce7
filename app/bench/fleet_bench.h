// SPDX-License-Identifier: GPL-3.0-or-later
// `bench fleet`: how one edge serves many devices at once.
#pragma once

#include "app/bench/bench_report.h"
#include "core/base/result.h"

#include <stop_token>

namespace splitscope::app {

struct FleetBenchOptions {
    bool full = false;  ///< longer, and with 128 stubs
    double seconds = 0;  ///< for each number of stubs; 0: 3, with `full` 20
    int stubs = 0;  ///< only so many; 0: 1, 4, 16 and 64
};

/// Devices are stubs (the real protocol over real sockets, in a process of their own without LibTorch, on one thread and one of
/// ZeroMQ's, each with two requests under way) and two daemons that compute. Per number of stubs: how evenly stubs were served;
/// T; and frames per second over one thread that decodes and computes the same requests in batches of 64 rows with one Torch
/// thread, as the edge's own computation has, while nothing else of the benchmark runs, measured before and after. So the ratio
/// is what is left of such a thread where sockets, encryption, decisions, books and the devices themselves need processors, too.
/// And what an idle device costs the edge in memory. An Error where the books of a device do not balance.
base::Status runFleetBench(const FleetBenchOptions& options, const std::stop_token& stop, BenchReport& report);

}  // namespace splitscope::app
