// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-cli table build
#include "app/verbs/table_cost.h"

#include "app/verbs/model_report.h"
#include "app/verbs/verbs.h"
#include "core/base/units.h"
#include "core/data/data_set.h"
#include "core/profile/emulated_device.h"
#include "core/profile/profiler.h"
#include "core/session/model_package.h"
#include "core/session/run_measurement.h"

#include <cstdio>

namespace splitscope::app {

namespace {

namespace fs = std::filesystem;

struct BuildArguments {
    session::Scenario scenario;
    fs::path deviceProfile, edgeProfile, accuracy, out;
    std::string emulated;
    profile::ProfilerOptions profiler;
    session::RunMeasurementOptions run;
    bool json = false;
};

void addOptions(Options& options, BuildArguments& a)
{
    auto& s = a.scenario;
    auto& p = a.profiler;
    p.batches = {1, 8};
    s.split = data::toString(data::Split::Table);
    options.text("--model", "NAME|FILE", kModelChoice, s.model);
    options.text("--data", "SOURCE", "patterns, cifar10, imagenette, or a folder or zip of images", s.data);
    options.text("--weights", "FILE", "weights (default: those shipped for the model and the data)", s.weights);
    options.path("--accuracy", "FILE", "accuracy table (default: the one shipped for the model and the data)", a.accuracy);
    options.text("--device", "DEVICE", "loopback (a daemon on this machine), or tcp://HOST:PORT", s.device);
    options.text("--device-key", "KEY", "public key of a tcp device (else it is looked up among the known devices)", s.deviceKey);
    options.path("--device-profile", "FILE", "what the device takes, in place of what is measured", a.deviceProfile);
    options.path("--edge-profile", "FILE", "the same of the edge", a.edgeProfile);
    options.text("--emulate", "NAME", "makes the device's profile that of another board: pi3", a.emulated);
    options.integers("--batches", "N,N", "frames in a request that are measured (1,8)", p.batches, 1,
                     profile::CostTable::kMaxBatch);
    options.integer("--frames", "N", "requests of each decision and batch (9)", a.run.framesPerDecision, 1, 10'000);
    options.custom("--interval", "TIME",
                   "start of a request to the start of the next, as in the runs to be predicted (45ms):\nwhat a processor does "
                   "meanwhile leaves its caches cold",
                   [&a](const std::string& text) -> base::Status {
                       const auto ms = base::parseMilliseconds(text);
                       if (!ms)
                           return ms.error();
                       a.run.minIntervalMs = *ms;
                       return {};
                   });
    options.real("--budget", "SECONDS", "for measuring the layers that --emulate takes (60)", p.budgetSeconds, 0.1, 86'400);
    options.text("--codebook", "FILE", "what huffman and context need (default: the one shipped for model and data)",
                 a.scenario.codebook);
    options.custom("--coder", "CODER", codec::kEntropyCoderChoice, [&a](const std::string& text) -> base::Status {
        const auto coder = codec::parseEntropyCoder(text);
        if (!coder)
            return coder.error();
        a.scenario.coder = *coder;
        return {};
    });
    options.text("--action-set", "SET", "standard (default), paper, verification, or bits:4,8", s.actionSet);
    options.path("--out", "FILE", "writes the table there (JSON)", a.out);
    options.flag("--json", "prints one JSON object about it", a.json);
}

base::Result<profile::AccuracyTable> findAccuracy(const BuildArguments& a, const std::string& network)
{
    if (!a.accuracy.empty())
        return profile::loadAccuracyTable(a.accuracy);
    base::Error last;
    for (const auto& name : session::weightsNames(a.scenario.data)) {
        auto table = profile::loadShippedAccuracyTable(network, name);
        if (table.ok() || table.error().code != base::ErrorCode::NotFound)
            return table;
        last = table.error();
    }
    return last;
}

base::Result<profile::ComputeProfile> loadProfile(const fs::path& path, const model::NetworkSpec& spec)
{
    auto loaded = profile::loadComputeProfile(path);
    if (!loaded)
        return loaded;
    if (const auto status = checkFits(spec, *loaded); !status)
        return base::Error{status.error().code, status.error().message(), path.string()};
    return loaded;
}

base::Result<profile::ComputeProfile> measureHere(const BuildArguments& a, const session::ModelPackage& package,
                                                  const std::stop_token& stop)
{
    const auto& executor = *package.executor;
    const auto images = data::openDataSet(a.scenario.data, model::frameSize(executor.spec()), data::Split::Table);
    if (!images)
        return images.error();
    std::size_t said = 0;
    auto profiler = a.profiler;
    profiler.codebook = package.codebook;
    return profile::measureProfile(executor, package.hash, **images, profiler, stop,
                                   [&said](const profile::ProfilerProgress& progress) {
                                       if (progress.total == 0 || progress.done * 10 / progress.total == said)
                                           return;
                                       said = progress.done * 10 / progress.total;
                                       std::fprintf(stderr, "profile: %zu of %zu measured, about %.0f s left\n", progress.done,
                                                    progress.total, progress.secondsLeft);
                                   });
}

/// Another board in this machine's place: its layers' factors take the layers' own times, which a run does not tell.
base::Result<profile::ComputeProfile> emulateBoard(const BuildArguments& a, const session::ModelPackage& package,
                                                   const profile::ComputeProfile& here, const std::stop_token& stop)
{
    const auto& spec = package.executor->spec();
    const auto factors = profile::deviceFactors(a.emulated, spec);
    if (!factors)
        return factors.error();
    auto base = here;
    if (base.layers.empty()) {
        const auto measured = measureHere(a, package, stop);
        if (!measured)
            return measured.error();
        base.layers = measured->layers;
    }
    return profile::emulate(spec, base, *factors);
}

/// Both profiles and the link: what is given, and the rest as a run of all decisions tells.
base::Result<session::RunMeasurement> findTimes(const BuildArguments& a, const session::ModelPackage& package,
                                                const std::stop_token& stop)
{
    const auto& spec = package.executor->spec();
    std::fprintf(stderr, "a run of all decisions, unshaped, device %s\n", a.scenario.device.c_str());
    auto options = a.run;
    options.batches = a.profiler.batches;
    auto times = session::measureRun(a.scenario, {}, options, stop);
    if (!times)
        return times;
    for (const auto& [path, target] : {std::pair(&a.deviceProfile, &times->device), std::pair(&a.edgeProfile, &times->edge)}) {
        if (path->empty())
            continue;
        auto loaded = loadProfile(*path, spec);
        if (!loaded)
            return loaded.error();
        *target = *std::move(loaded);
    }
    if (a.emulated.empty())
        return times;
    auto board = emulateBoard(a, package, times->device, stop);
    if (!board)
        return board.error();
    times->device = *std::move(board);
    return times;
}

base::Result<profile::CostTable> build(BuildArguments& a, const std::stop_token& stop)
{
    const auto actions = decision::parseSpaceOptions(a.scenario.actionSet);
    if (!actions)
        return actions.error();
    const auto package = session::loadModelPackage(a.scenario);
    if (!package)
        return package.error();
    a.profiler.coder = package->coder;
    const auto& spec = package->executor->spec();
    const auto accuracy = findAccuracy(a, spec.name);
    if (!accuracy)
        return accuracy.error();
    if (accuracy->modelHash != package->hash)
        return base::Error{base::ErrorCode::Mismatch,
                           "is of other weights (model " + accuracy->modelHash.substr(0, 12) + ", not "
                               + package->hash.substr(0, 12) + "): build it again for these",
                           a.accuracy.empty() ? "the shipped accuracy table" : a.accuracy.string()};
    auto times = findTimes(a, *package, stop);
    if (!times)
        return times.error();
    return profile::CostTable::make(spec, *actions, std::move(times->device), std::move(times->edge), times->link, *accuracy);
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
    if (const auto actions = decision::parseSpaceOptions(a.scenario.actionSet); !actions)
        return wrongUsage("table build", actions.error());
    const auto table = build(a, stop);
    if (!table)
        return fail(table.error());
    if (const auto saved = table->save(a.out); !saved)
        return fail(saved.error());
    const CostView view{.batches = a.profiler.batches};
    if (a.json)
        std::puts(costTableSummary(*table, view).c_str());
    else
        std::printf("%zu decisions of %s: %s\n", table->rows().size(), table->spec().name.c_str(), a.out.c_str());
    return kDone;
}

}  // namespace splitscope::app
