// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-cli bench
#include "app/bench/link_bench.h"
#include "app/verbs/verbs.h"

#include <cstdio>

namespace splitscope::app {

namespace {

int link(const std::vector<std::string>& arguments, std::stop_token stop)
{
    LinkBenchOptions bench;
    bool json = false;
    Options options("bench link [options]",
                    "Measures what the way between device and edge adds: per-frame overhead on loopback over a bare ZeroMQ echo\n"
                    "of the same bytes; latency over the unavoidable floor, and pipelined throughput, between two hosts in\n"
                    "network namespaces (takes root; left out without). Both sides of each ratio are of this run.");
    options.flag("--full", "all decisions of all networks: takes about an hour, most of it at 0.1 MB/s", bench.full);
    options.real("--seconds", "N", "for the latencies over the floor, without --full (7)", bench.seconds, 1, 3600);
    options.flag("--json", "prints one JSON object", json);
    if (const auto answered = parseOrAnswer(options, "bench link", arguments))
        return *answered;
    BenchReport report("link");
    if (const auto status = runLinkBench(bench, stop, report); !status)
        return fail(status.error());
    if (json)
        std::fprintf(stderr, "%s", report.toTable().c_str());
    std::puts((json ? report.toJson() : report.toTable()).c_str());
    return kDone;
}

}  // namespace

int benchVerb(const std::vector<std::string>& arguments, std::stop_token stop)
{
    return chooseSubVerb("bench", "Measures this program against baselines of the same run.",
                         {{"link", "the way between device and edge", link}}, arguments, stop);
}

}  // namespace splitscope::app
