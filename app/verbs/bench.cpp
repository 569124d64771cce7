// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-cli bench
#include "app/bench/codec_bench.h"
#include "app/bench/decision_bench.h"
#include "app/bench/fleet_bench.h"
#include "app/bench/link_bench.h"
#include "app/bench/policy_bench.h"
#include "app/bench/records_bench.h"
#include "app/bench/segments_bench.h"
#include "app/bench/ui_bench.h"
#include "app/verbs/verbs.h"

#include <cstdio>

namespace splitscope::app {

namespace {

int print(const BenchReport& report, bool json)
{
    if (json)
        std::fprintf(stderr, "%s", report.toTable().c_str());
    std::puts((json ? report.toJson() : report.toTable()).c_str());
    return kDone;
}

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
    return print(report, json);
}

int segments(const std::vector<std::string>& arguments, std::stop_token stop)
{
    SegmentsBenchOptions bench;
    bool json = false, resident = false;
    Options options("bench segments [options]",
                    "Measures how fast networks and their slices run on one thread, over eager LibTorch and over ONNX Runtime\n"
                    "(from npm, for this benchmark only; left out without), what a cut costs, and what the segments keep in\n"
                    "memory. Both sides of each ratio are of this run, in turns.");
    options.flag("--full", "every exit, and every prefix and suffix against ONNX Runtime: takes minutes", bench.full);
    options.custom("--model", "NAME|FILE", "only this network; may be given several times", [&](const std::string& name) {
        bench.models.push_back(name);
        return base::Status();
    });
    options.real("--seconds", "N", "for all timings; the slices of --full come on top (32; with --full 240)", bench.seconds, 1,
                 36'000);
    options.path("--onnxruntime", "DIR", "holds serve.mjs and node_modules (tests/bench/onnxruntime)", bench.onnxRuntime);
    options.flag("--resident", "only the memory, of one network in this process", resident);
    options.flag("--json", "prints one JSON object", json);
    if (const auto answered = parseOrAnswer(options, "bench segments", arguments))
        return *answered;
    for (const auto& model : bench.models)
        if (const auto spec = model::loadNetworkSpec(model); !spec)
            return wrongUsage("bench segments", spec.error());
    BenchReport report("segments");
    if (resident) {
        const auto memory
            = residentOverWeightsHere(bench.models.empty() ? model::shippedNetworks().front() : bench.models.front());
        if (!memory)
            return fail(memory.error());
        report.add("resident_over_weights", memory->kept);
        report.add("resident_with_freed_over_weights", memory->withFreed);
    } else if (const auto status = runSegmentsBench(bench, stop, report); !status) {
        return fail(status.error());
    }
    return print(report, json);
}

int decision(const std::vector<std::string>& arguments, std::stop_token stop)
{
    DecisionBenchOptions bench;
    bool json = false;
    Options options("bench decision [options]",
                    "Builds the cost tables of this machine, then holds the latencies that they predict against those measured\n"
                    "between two hosts in network namespaces, at rates and a slowdown that no table was built with (takes root;\n"
                    "left out without); and tells how many decisions are ever the best. Beside other programs, run it as\n"
                    "`chrt -f 10 splitscope-cli bench decision`: it then waits for none of them.");
    options.flag("--full", "all decisions: takes about ten minutes a network", bench.full);
    options.custom("--model", "NAME", "only this network (alexnet3 and alexnet3-128)", [&](const std::string& name) {
        bench.models = {name};
        return base::Status();
    });
    options.real("--seconds", "N", "for the measured latencies, without --full (12)", bench.seconds, 1, 3600);
    options.real("--slowdown", "X", "of the device (6)", bench.slowdown, 1, 1000);
    options.custom("--coder", "CODER",
                   "of tensors (none: sizes are then the same for all frames, and errors the prediction's alone)",
                   [&](const std::string& text) -> base::Status {
                       const auto coder = codec::parseEntropyCoder(text);
                       if (!coder)
                           return coder.error();
                       bench.coder = *coder;
                       return {};
                   });
    options.path("--cells", "FILE", "writes each predicted and measured latency, stage by stage, as CSV", bench.cells);
    options.flag("--json", "prints one JSON object", json);
    if (const auto answered = parseOrAnswer(options, "bench decision", arguments))
        return *answered;
    BenchReport report("decision");
    if (const auto status = runDecisionBench(bench, stop, report); !status)
        return fail(status.error());
    return print(report, json);
}

int codec(const std::vector<std::string>& arguments, std::stop_token stop)
{
    CodecBenchOptions bench;
    bool json = false;
    Options options(
        "bench codec [options]",
        "Measures what feature maps become, at every cut and bit width by every coder (none, huffman, huffman-adaptive,\n"
        "context, zstd at levels 1 and 9): bytes, over float32 and over their pooled entropy, and how fast they are encoded\n"
        "and decoded on one thread. Then whole frames: raw, lossless, JPEG; and packing over copying the same floats.\n"
        "Coders whose codebook does not ship are left out. Every number is in --json; people see sums over the cuts.");
    options.flag("--full", "every width from 2 to 16 bits, 200 pictures instead of 40, and tables of each cut: takes minutes",
                 bench.full);
    options.custom("--model", "NAME|FILE", "only this network; may be given several times (alexnet3 and alexnet3-128)",
                   [&](const std::string& name) {
                       bench.models.push_back(name);
                       return base::Status();
                   });
    options.real("--seconds", "N", "for packing over copying (8)", bench.seconds, 1, 3600);
    options.flag("--json", "prints one JSON object", json);
    if (const auto answered = parseOrAnswer(options, "bench codec", arguments))
        return *answered;
    for (const auto& model : bench.models)
        if (const auto spec = model::loadNetworkSpec(model); !spec)
            return wrongUsage("bench codec", spec.error());
    BenchReport report("codec");
    if (const auto status = runCodecBench(bench, stop, report); !status)
        return fail(status.error());
    return print(report, json);
}

int policy(const std::vector<std::string>& arguments, std::stop_token stop)
{
    PolicyBenchOptions bench;
    constexpr double kSlowdown = 8;  // tables are measured with one machine as both halves
    bench.ground.scenario.slowdown = kSlowdown;
    bool json = false;
    Options options(
        "bench policy [options]",
        "Trains policies on a cost table and measures how near they come to the optimum and the bounds on traces that\n"
        "they were not trained on, how long they decide, and how many updates a second they learn with, over Python's\n"
        "PyTorch (python3-torch, for this benchmark only; left out without) in the same run.");
    options.flag("--full", "five seeds of everything: takes minutes", bench.full);
    addGround(options, bench.ground);
    options.path("--python", "FILE", "the script that trains with PyTorch (tests/bench/sacd_update.py)", bench.python);
    options.flag("--json", "prints one JSON object", json);
    if (const auto answered = parseOrAnswer(options, "bench policy", arguments))
        return *answered;
    if (bench.python.empty())
        bench.python = std::filesystem::path(SPLITSCOPE_BENCH) / "sacd_update.py";
    BenchReport report("policy");
    if (const auto status = runPolicyBench(bench, stop, report); !status)
        return fail(status.error());
    return print(report, json);
}

int records(const std::vector<std::string>& arguments, std::stop_token stop)
{
    RecordsBenchOptions bench;
    bool json = false;
    Options options("bench records [options]", "Measures how fast a day of records is written, opened, exported and reported.");
    options.integer("--frames", "N", "of the run (1000000: what the goals are of)", bench.frames, 1, 100'000'000);
    options.path("--folder", "DIR", "keeps the database and the files there (a temporary folder)", bench.folder);
    options.flag("--json", "prints one JSON object", json);
    if (const auto answered = parseOrAnswer(options, "bench records", arguments))
        return *answered;
    BenchReport report("records");
    if (const auto status = runRecordsBench(bench, stop, report); !status)
        return fail(status.error());
    return print(report, json);
}

int fleet(const std::vector<std::string>& arguments, std::stop_token stop)
{
    FleetBenchOptions bench;
    bool json = false;
    Options options(
        "bench fleet [options]",
        "Measures how one edge serves 1, 4, 16 and 64 devices at once: stubs (the whole protocol over real sockets, with\n"
        "recorded tensors) and two daemons beside them. Frames per second over one thread that computes the same in full\n"
        "batches, how evenly devices are served, T, and what an idle device takes in memory. Checks the books.");
    options.flag("--full", "20 s for each number of devices, and 128 of them", bench.full);
    options.real("--seconds", "N", "for each number of devices (3)", bench.seconds, 0.1, 3600);
    options.integer("--devices", "N", "only so many stubs", bench.stubs, 1, 500);
    options.flag("--json", "prints one JSON object", json);
    if (const auto answered = parseOrAnswer(options, "bench fleet", arguments))
        return *answered;
    BenchReport report("fleet");
    if (const auto status = runFleetBench(bench, stop, report); !status)
        return fail(status.error());
    return print(report, json);
}

int ui(const std::vector<std::string>& arguments, std::stop_token stop)
{
    UiBenchOptions bench;
    bool json = false;
    Options options("bench ui [options]",
                    "Measures the dashboard with a day of samples: what a frame costs beside a naive chart of the same run, how\n"
                    "soon window and first sample are there, and what keeps the GUI's thread from its event loop.");
    options.integer("--frames", "N", "of the run (1000000: what the goals are of)", bench.frames, 10'000, 1'000'000);
    options.integer("--starts", "N", "of the program, after one that warms up (3)", bench.starts, 1, 100);
    options.path("--folder", "DIR", "keeps the database and the files there (a temporary folder)", bench.folder);
    options.flag("--json", "prints one JSON object", json);
    if (const auto answered = parseOrAnswer(options, "bench ui", arguments))
        return *answered;
    BenchReport report("ui");
    if (const auto status = runUiBench(bench, stop, report); !status)
        return fail(status.error());
    return print(report, json);
}

}  // namespace

int benchVerb(const std::vector<std::string>& arguments, std::stop_token stop)
{
    return chooseSubVerb("bench", "Measures this program against baselines of the same run.",
                         {{"segments", "networks and their slices on this machine", segments},
                          {"decision", "what the cost table predicts, against what happens", decision},
                          {"codec", "what feature maps become in bytes by each coder, and how fast", codec},
                          {"policy", "how near to the optimum policies come, and how fast they learn and decide", policy},
                          {"records", "how fast long runs are opened and exported", records},
                          {"ui", "how the dashboard keeps up with a day of samples, and what holds it up", ui},
                          {"link", "the way between device and edge", link},
                          {"fleet", "one edge and many devices at once", fleet}},
                         arguments, stop);
}

}  // namespace splitscope::app
