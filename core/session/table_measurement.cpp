// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/table_measurement.h"

#include "core/profile/emulated_device.h"
#include "core/profile/local_profile.h"
#include "core/session/model_package.h"

namespace splitscope::session {

namespace {

using Options = TableMeasurementOptions;

base::Result<profile::AccuracyTable> findAccuracy(const Options& options, const std::string& network)
{
    if (!options.accuracy.empty())
        return profile::loadAccuracyTable(options.accuracy);
    return loadFirst(weightsNames(options.scenario.data),
                     [&](const auto& name) { return profile::loadShippedAccuracyTable(network, name); },
                     {base::ErrorCode::NotFound,
                      "no accuracy table of " + network + " ships for '" + options.scenario.data
                          + "': name a file (--accuracy), or make one with `splitscope-cli table accuracy`",
                      "accuracy table"});
}

base::Result<profile::ComputeProfile> loadProfile(const std::filesystem::path& path, const model::NetworkSpec& spec)
{
    auto loaded = profile::loadComputeProfile(path);
    if (!loaded)
        return loaded;
    if (const auto status = checkFits(spec, *loaded); !status)
        return base::Error{status.error().code, status.error().message(), path.string()};
    return loaded;
}

/// Another board in this machine's place: its layers' factors take the layers' own times, which a run does not tell.
base::Result<profile::ComputeProfile> emulateBoard(const Options& options, const ModelPackage& package,
                                                   const profile::ComputeProfile& here, const std::stop_token& stop,
                                                   const profile::ProfilerObserver& observer)
{
    const auto& spec = package.executor->spec();
    const auto factors = profile::deviceFactors(options.emulated, spec);
    if (!factors)
        return factors.error();
    auto base = here;
    if (base.layers.empty()) {
        const auto& scenario = options.scenario;
        const auto weights = findWeights(spec.name, scenario.data, scenario.weights);
        if (!weights)
            return weights.error();
        auto profiler = options.profiler;
        profiler.coder = package.coder;
        profiler.codebook = package.codebook;
        const auto measured = profile::measureHere(spec, *weights, scenario.data, profiler, stop, observer);
        if (!measured)
            return measured.error();
        base.layers = measured->profile.layers;
    }
    return profile::emulate(spec, base, *factors);
}

/// Both profiles and the link: what is given, and the rest as a run of all decisions tells.
base::Result<RunMeasurement> findTimes(const Options& options, const ModelPackage& package, const std::stop_token& stop,
                                       const profile::ProfilerObserver& observer)
{
    auto scenario = options.scenario;
    scenario.actionSet = decision::withoutGates(scenario.actionSet);
    auto times = measureRun(scenario, options.experiment, options.run, stop, observer);
    if (!times)
        return times;
    for (const auto& [path, target] :
         {std::pair(&options.deviceProfile, &times->device), std::pair(&options.edgeProfile, &times->edge)}) {
        if (path->empty())
            continue;
        auto loaded = loadProfile(*path, package.executor->spec());
        if (!loaded)
            return loaded.error();
        *target = *std::move(loaded);
    }
    if (options.emulated.empty())
        return times;
    auto board = emulateBoard(options, package, times->device, stop, observer);
    if (!board)
        return board.error();
    times->device = *std::move(board);
    return times;
}

}  // namespace

base::Result<profile::CostTable> measureCostTable(const Options& options, const std::stop_token& stop,
                                                  const profile::ProfilerObserver& observer)
{
    const auto actions = decision::parseSpaceOptions(options.scenario.actionSet);
    if (!actions)
        return actions.error();
    const auto package = loadModelPackage(options.scenario);
    if (!package)
        return package.error();
    const auto& spec = package->executor->spec();
    const auto accuracy = findAccuracy(options, spec.name);
    if (!accuracy)
        return accuracy.error();
    if (accuracy->modelHash != package->hash)
        return base::Error{base::ErrorCode::Mismatch,
                           "is of other weights (model " + accuracy->modelHash.substr(0, 12) + ", not "
                               + package->hash.substr(0, 12) + "): build it again for these",
                           options.accuracy.empty() ? "the shipped accuracy table" : options.accuracy.string()};
    auto times = findTimes(options, *package, stop, observer);
    if (!times)
        return times.error();
    return profile::CostTable::make(spec, *actions, std::move(times->device), std::move(times->edge), times->link, *accuracy);
}

}  // namespace splitscope::session
