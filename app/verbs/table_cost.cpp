// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-cli table build
#include "app/verbs/table_cost.h"

#include "app/verbs/model_report.h"
#include "app/verbs/verbs.h"
#include "core/base/units.h"
#include "core/data/data_set.h"
#include "core/session/table_measurement.h"

#include <cstdio>

namespace splitscope::app {

namespace {

namespace fs = std::filesystem;

struct BuildArguments {
    session::TableMeasurementOptions measured;
    fs::path out;
    bool json = false;
};

void addOptions(Options& options, BuildArguments& a)
{
    auto& m = a.measured;
    auto& s = m.scenario;
    auto& p = m.profiler;
    p.batches = {1, 8};
    s.split = data::toString(data::Split::Table);
    options.text("--model", "NAME|FILE", kModelChoice, s.model);
    options.text("--data", "SOURCE", "patterns, cifar10, imagenette, or a folder or zip of images", s.data);
    options.text("--weights", "FILE", "weights (default: those shipped for the model and the data)", s.weights);
    options.path("--accuracy", "FILE", "accuracy table (default: the one shipped for the model and the data)", m.accuracy);
    options.text("--device", "DEVICE", "loopback (a daemon on this machine), or tcp://HOST:PORT", s.device);
    options.text("--device-key", "KEY", "public key of a tcp device (else it is looked up among the known devices)", s.deviceKey);
    options.path("--device-profile", "FILE", "what the device takes, in place of what is measured", m.deviceProfile);
    options.path("--edge-profile", "FILE", "the same of the edge", m.edgeProfile);
    options.text("--emulate", "NAME", "makes the device's profile that of another board: pi3", m.emulated);
    options.integers("--batches", "N,N", "frames in a request that are measured (1,8)", p.batches, 1,
                     profile::CostTable::kMaxBatch);
    options.integer("--frames", "N", "requests of each decision and batch (9)", m.run.framesPerDecision, 1, 10'000);
    options.custom("--interval", "TIME",
                   "start of a request to the start of the next, as in the runs to be predicted (45ms):\nwhat a processor does "
                   "meanwhile leaves its caches cold",
                   [&m](const std::string& text) -> base::Status {
                       const auto ms = base::parseMilliseconds(text);
                       if (!ms)
                           return ms.error();
                       m.run.minIntervalMs = *ms;
                       return {};
                   });
    options.real("--budget", "SECONDS", "for measuring the layers that --emulate takes (60)", p.budgetSeconds, 0.1, 86'400);
    options.text("--codebook", "FILE", "what huffman and context need (default: the one shipped for model and data)", s.codebook);
    options.custom("--coder", "CODER", codec::kEntropyCoderChoice, [&s](const std::string& text) -> base::Status {
        const auto coder = codec::parseEntropyCoder(text);
        if (!coder)
            return coder.error();
        s.coder = *coder;
        return {};
    });
    options.text("--action-set", "SET",
                 "standard (default), paper, verification, or bits:4,8; with gates: +gates or +gates:0.1,0.5, +edge-gates\n"
                 "likewise, or both",
                 s.actionSet);
    options.path("--out", "FILE", "writes the table there (JSON)", a.out);
    options.flag("--json", "prints one JSON object about it", a.json);
}

base::Result<profile::CostTable> build(BuildArguments& a, const std::stop_token& stop)
{
    std::fprintf(stderr, "a run of all decisions, unshaped, device %s\n", a.measured.scenario.device.c_str());
    a.measured.run.batches = a.measured.profiler.batches;
    std::size_t said = 0;
    return session::measureCostTable(a.measured, stop, [&said](const profile::ProfilerProgress& progress) {
        if (progress.total == 0 || progress.done * 10 / progress.total == said)
            return;
        said = progress.done * 10 / progress.total;
        std::fprintf(stderr, "%s: %zu of %zu measured, about %.0f s left\n", progress.what.c_str(), progress.done, progress.total,
                     progress.secondsLeft);
    });
}

}  // namespace

int tableBuildVerb(const std::vector<std::string>& arguments, std::stop_token stop)
{
    BuildArguments a;
    Options options(
        "table build [options]",
        "Builds the cost table: what every decision takes and brings. Runs all of them, unshaped and not slowed, and\n"
        "takes the times of both halves and of what lies between them; accuracies come from an accuracy table.\n"
        "Leave the machines alone meanwhile.");
    addOptions(options, a);
    if (const auto answered = parseOrAnswer(options, "table build", arguments))
        return *answered;
    if (a.out.empty())
        return wrongUsage("table build", {base::ErrorCode::InvalidInput, "where to? --out FILE", "--out"});
    if (const auto actions = decision::parseSpaceOptions(a.measured.scenario.actionSet); !actions)
        return wrongUsage("table build", actions.error());
    const auto table = build(a, stop);
    if (!table)
        return fail(table.error());
    if (const auto saved = table->save(a.out); !saved)
        return fail(saved.error());
    const CostView view{.batches = a.measured.profiler.batches};
    if (a.json)
        std::puts(costTableSummary(*table, view).c_str());
    else
        std::printf("%zu decisions of %s: %s\n", table->rows().size(), table->spec().name.c_str(), a.out.c_str());
    return kDone;
}

}  // namespace splitscope::app
