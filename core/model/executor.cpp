// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/torch_p.h"

#include "core/model/executor.h"
#include "core/model/path.h"
#include "core/model/prepared_network_p.h"

#include <algorithm>
#include <chrono>
#include <utility>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace splitscope::model {

using base::Error;
using base::ErrorCode;

namespace {

constexpr std::pair<Backend, std::string_view> kBackendNames[]{
    {Backend::Automatic, "automatic"}, {Backend::Plain, "plain"}, {Backend::OneDnn, "onednn"}, {Backend::XnnPack, "xnnpack"}};

/// On x86-64 it always was, and processes that need not measure all choose the same; so their results have equal bits.
#if defined(__x86_64__)
constexpr bool kOneDnnIsFastest = true;
#else
constexpr bool kOneDnnIsFastest = false;
#endif

/// Packing takes large temporaries, which glibc would otherwise keep.
void releaseFreeMemory()
{
#if defined(__GLIBC__)
    malloc_trim(0);
#endif
}

}  // namespace

std::string_view name(Backend backend)
{
    for (const auto& [value, text] : kBackendNames)
        if (value == backend)
            return text;
    return {};
}

std::vector<Backend> availableBackends()
{
    std::vector<Backend> result{Backend::OneDnn, Backend::Plain};
    if (hasXnnPack())
        result.push_back(Backend::XnnPack);
    return result;
}

struct Executor::Private {
    NetworkSpec spec;
    std::vector<Path> paths;  ///< of exit e: paths[e − 1]
    Backend backend = Backend::Plain;
    std::unique_ptr<PreparedNetwork> network;

    void prepare(Backend with, const Weights& weights)
    {
        backend = with;
        switch (with) {
        case Backend::OneDnn: network = prepareOneDnn(spec, weights); break;
        case Backend::XnnPack: network = prepareXnnPack(spec, weights); break;
        default: network = preparePlain(spec, weights); break;
        }
        // The first run of an operation is slow: libraries choose and compile their kernels then.
        for (const auto& path : paths)
            runWhole(path);
    }

    void prepareFastest(const Weights& weights)
    {
        if (kOneDnnIsFastest)
            return prepare(Backend::OneDnn, weights);
        std::unique_ptr<PreparedNetwork> best;
        auto bestBackend = Backend::Plain;
        auto bestTime = std::chrono::steady_clock::duration::max();
        for (const auto candidate : availableBackends()) {
            prepare(candidate, weights);
            const auto time = shortestTime();
            if (time < bestTime) {
                bestTime = time;
                bestBackend = candidate;
                best = std::move(network);
            }
        }
        backend = bestBackend;
        network = std::move(best);
    }

private:
    void runWhole(const Path& path) const
    {
        static_cast<void>(network->run(path.exit(), 0, path.length(), base::Tensor(1, spec.input)));
    }

    std::chrono::steady_clock::duration shortestTime() const
    {
        constexpr int kRuns = 7;
        auto shortest = std::chrono::steady_clock::duration::max();
        for (int i = 0; i < kRuns; ++i) {
            const auto began = std::chrono::steady_clock::now();
            runWhole(paths.back());
            shortest = std::min(shortest, std::chrono::steady_clock::now() - began);
        }
        return shortest;
    }
};

Executor::Executor(std::unique_ptr<Private> data) : d(std::move(data)) {}
Executor::~Executor() = default;

base::Result<std::unique_ptr<Executor>> Executor::create(const NetworkSpec& spec, const Weights& weights,
                                                         const ExecutorOptions& options)
{
    if (auto status = validate(spec, spec.name); !status)
        return status.error();
    if (auto status = checkWeights(spec, weights); !status)
        return status.error();
    const auto available = availableBackends();
    if (options.backend != Backend::Automatic
        && std::find(available.begin(), available.end(), options.backend) == available.end())
        return Error{ErrorCode::Unsupported, "this build cannot compute with " + std::string(name(options.backend)),
                     "network " + spec.name};
    try {
        auto data = std::make_unique<Private>();
        data->spec = spec;
        for (int exit = 1; exit <= spec.exitCount(); ++exit)
            data->paths.emplace_back(spec, exit);
        if (options.backend == Backend::Automatic)
            data->prepareFastest(weights);
        else
            data->prepare(options.backend, weights);
        releaseFreeMemory();
        return std::unique_ptr<Executor>(new Executor(std::move(data)));
    } catch (const std::exception& problem) {
        return Error{ErrorCode::Internal, problem.what(), "network " + spec.name};
    }
}

base::Result<base::Tensor> Executor::run(int exit, int first, int last, const base::Tensor& input) const
{
    const auto refuse = [](const std::string& text) { return Error{ErrorCode::InvalidInput, text, "executor"}; };
    if (exit < 1 || exit > d->spec.exitCount())
        return refuse("there is no exit " + std::to_string(exit) + "; " + d->spec.name + " has "
                      + std::to_string(d->spec.exitCount()));
    const auto& path = d->paths[static_cast<std::size_t>(exit - 1)];
    if (first < 0 || last < first || last > path.length())
        return refuse("there are no layers " + std::to_string(first + 1) + " to " + std::to_string(last) + " of exit "
                      + std::to_string(exit) + ", which has " + std::to_string(path.length()));
    const auto& expected = path.cutShape(first);
    if (input.shape != expected || input.batch < 1
        || input.values.size() != static_cast<std::size_t>(input.batch) * input.rowSize())
        return refuse("a tensor of " + base::toString(input.shape) + " and batch " + std::to_string(input.batch)
                      + " does not fit at cut " + std::to_string(first) + ", which takes " + base::toString(expected));
    if (first == last)
        return input;
    try {
        return d->network->run(exit, first, last, input);
    } catch (const std::exception& problem) {
        return Error{ErrorCode::Internal, problem.what(),
                     "layers " + std::to_string(first + 1) + " to " + std::to_string(last) + " of exit " + std::to_string(exit)};
    }
}

const NetworkSpec& Executor::spec() const { return d->spec; }

std::string_view Executor::backendName() const { return name(d->backend); }

bool Executor::fusesWithNext(int exit, int layer) const { return d->network->fusesWithNext(exit, layer); }

void Executor::setThreadCount(int threads) { at::set_num_threads(std::max(1, threads)); }

}  // namespace splitscope::model
