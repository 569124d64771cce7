// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/profiler.h"

#include "core/base/clock.h"
#include "core/base/date.h"
#include "core/profile/timing_rounds_p.h"
#include "core/profile/workload_p.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace splitscope::profile {

namespace {

using base::Error;
using base::ErrorCode;

constexpr double kWarmUpMs = 300;  // with the whole network, so that the processor's clock is up
constexpr double kWarmUpShare = 0.1;  // of the budget at most

base::Status check(const data::DataSet& images, const ProfilerOptions& options)
{
    const auto wrong = [](const std::string& text) { return Error{ErrorCode::InvalidInput, text, "profile"}; };
    if (options.batches.empty() || *std::min_element(options.batches.begin(), options.batches.end()) < 1)
        return wrong("at least one batch size is needed, and none below 1");
    if (options.threads < 1)
        return wrong("at least one thread is needed, not " + std::to_string(options.threads));
    if (!(options.budgetSeconds > 0) || !(options.relativeInterval >= 0))
        return wrong("the time to measure must be above 0 s, and the interval not negative");
    if (images.size() == 0)
        return wrong("there is no image in '" + images.name() + "'");
    return {};
}

std::vector<std::string> fusedLayers(const model::Executor& executor)
{
    std::vector<std::string> names;
    for (int exit = 1; exit <= executor.spec().exitCount(); ++exit) {
        const model::Path path(executor.spec(), exit);
        for (int i = 1; i < path.length(); ++i) {
            const auto& name = path.layer(i).spec.name;
            if (executor.fusesWithNext(exit, i) && std::find(names.begin(), names.end(), name) == names.end())
                names.push_back(name);
        }
    }
    return names;
}

base::Status warmUp(const model::Executor& executor, const base::Tensor& input, double milliseconds, const std::stop_token& stop)
{
    const int exit = executor.spec().exitCount();
    const auto untilNs = base::nowNs() + base::fromMs(milliseconds);
    do {
        if (stop.stop_requested())
            return Error{ErrorCode::Cancelled, "the measurement was stopped", "profile"};
        const auto output = executor.run(exit, 0, decision::onDevice(executor.spec(), exit).partition, input);
        if (!output)
            return output.error();
    } while (base::nowNs() < untilNs);
    return {};
}

}  // namespace

base::Result<ComputeProfile> measureProfile(const model::Executor& executor, const std::string& modelHash,
                                            const data::DataSet& images, const ProfilerOptions& options, std::stop_token stop,
                                            const ProfilerObserver& observer)
{
    if (auto status = check(images, options); !status)
        return status.error();
    const auto readState = [&] { return options.readState ? options.readState() : readMachineState(); };
    ComputeProfile profile;
    profile.network = executor.spec().name;
    profile.modelHash = modelHash;
    profile.date = base::utcNow();
    profile.machine = describeMachine();
    profile.before = readState();
    profile.backend = executor.backendName();
    profile.threads = options.threads;
    profile.fusedWithNext = fusedLayers(executor);
    profile.coder = options.coder;

    model::Executor::setThreadCount(options.threads);
    const base::Tensor blank(1, executor.spec().input);
    const double warmUpMs = std::min(kWarmUpMs, kWarmUpShare * 1000 * options.budgetSeconds);
    if (auto status = warmUp(executor, blank, warmUpMs, stop); !status)
        return status.error();
    const auto workload = Workload::make(executor, images, options);
    if (!workload)
        return workload.error();
    const auto times = timeInTurns((*workload)->things(), options, stop, observer);
    if (!times)
        return times.error();
    (*workload)->store(*times, profile);
    profile.after = readState();
    return profile;
}

std::vector<Reconciliation> reconcile(const model::NetworkSpec& spec, const ComputeProfile& profile)
{
    std::map<std::pair<std::string, int>, double> layerMs;
    for (const auto& layer : profile.layers)
        layerMs[{layer.layer, layer.batch}] = layer.time.p50Ms;

    std::vector<Reconciliation> result;
    for (const auto& segment : profile.segments) {
        if (segment.first != 0 || segment.exit < 1 || segment.exit > spec.exitCount())
            continue;
        const model::Path path(spec, segment.exit);
        Reconciliation line{segment.exit, segment.last, segment.batch, segment.time.p50Ms, 0};
        bool complete = segment.last <= path.length();
        for (int i = 1; complete && i <= segment.last; ++i) {
            const auto found = layerMs.find({path.layer(i).spec.name, segment.batch});
            complete = found != layerMs.end();
            line.layersMs += complete ? found->second : 0;
        }
        if (complete)
            result.push_back(line);
    }
    std::sort(result.begin(), result.end(), [](const Reconciliation& a, const Reconciliation& b) {
        return std::tie(a.exit, a.last, a.batch) < std::tie(b.exit, b.last, b.batch);
    });
    return result;
}

}  // namespace splitscope::profile
