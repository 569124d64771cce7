// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-cli trace states
#include "app/verbs/model_report.h"
#include "app/verbs/trace_verbs.h"
#include "app/verbs/verbs.h"
#include "core/base/units.h"
#include "core/sim/bandwidth_states.h"
#include "core/sim/episodes.h"
#include "core/sim/trace_import.h"

#include <cstdio>

namespace splitscope::app {

int traceStates(const std::vector<std::string>& arguments, std::stop_token stop)
{
    std::vector<std::string> folders;
    std::filesystem::path out;
    int count = 24;
    Options options("trace states FOLDER --out FILE [options]",
                    "Tells what states the links of recorded traces are in, for edgent-dynamic. Takes the files that are for\n"
                    "training; those that strategies are evaluated on are left out.");
    options.positional("FOLDER", "with traces in any format that `trace import` reads", folders, 1);
    options.integer("--count", "N", "states (24)", count, 1, 1000);
    options.path("--out", "FILE", "the states, as JSON", out);
    if (const auto answered = parseOrAnswer(options, "trace states", arguments))
        return *answered;
    if (folders.empty() || out.empty())
        return wrongUsage("trace states",
                          {base::ErrorCode::InvalidInput, folders.empty() ? "which folder?" : "name the file",
                           folders.empty() ? "FOLDER" : "--out"});
    std::vector<sim::Trace> traces;
    for (const auto& file : sim::recordedTraceFiles(folders.front(), sim::TraceUse::Training)) {
        if (stop.stop_requested())
            return fail({base::ErrorCode::Cancelled, "stopped", "trace states"});
        auto trace = sim::importTrace(file);
        if (!trace)
            return fail(trace.error());
        traces.push_back(*std::move(trace));
    }
    auto states = sim::bandwidthStates(traces, count);
    if (!states)
        return fail(states.error());
    states->command = repeatableCommand("trace states", arguments);
    states->source
        = std::filesystem::path(folders.front()).filename().string() + ", " + std::to_string(traces.size()) + " traces";
    if (const auto saved = save(*states, out); !saved)
        return fail(saved.error());
    std::printf("%zu states of %zu traces, %s to %s, written to %s\n", states->bytesPerSecond.size(), traces.size(),
                base::formatBytesPerSecond(states->bytesPerSecond.front()).c_str(),
                base::formatBytesPerSecond(states->bytesPerSecond.back()).c_str(), out.c_str());
    return kDone;
}

}  // namespace splitscope::app
