// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bench/segments_bench.h"
#include "core/base/process.h"
#include "core/model/path.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <fstream>
#include <malloc.h>

namespace splitscope::app {

namespace {

constexpr double kPatienceMs = 120'000;

/// Memory that belongs to this process alone and is resident: not the libraries' code.
base::Result<double> residentBytes()
{
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;)
        if (double kilobytes = 0; word == "RssAnon:" && status >> kilobytes)
            return kilobytes * 1024;
    return base::Error{base::ErrorCode::Unsupported, "does not tell RssAnon", "/proc/self/status"};
}

model::LayerSpec layer(model::LayerType type, const std::string& name, int outputs, int kernel)
{
    model::LayerSpec spec;
    spec.type = type;
    spec.name = name;
    spec.outputs = outputs;
    spec.kernel = kernel;
    return spec;
}

/// What the libraries take once for all networks is no network's: a tiny one lets them have it.
base::Status startLibraries()
{
    model::NetworkSpec spec;
    spec.name = "warm-up";
    spec.input = {3, 8, 8};
    spec.classes = 2;
    spec.mean = spec.deviation = {1, 1, 1};
    spec.trunk = {layer(model::LayerType::Conv, "conv1", 8, 3), layer(model::LayerType::Relu, "relu1", 0, 0),
                  layer(model::LayerType::MaxPool, "pool1", 0, 2), layer(model::LayerType::Fc, "fc2", 2, 0)};
    spec.exits = {{"exit1", 4, {}}};
    const auto executor = model::Executor::create(spec, randomWeights(spec));
    if (!executor)
        return executor.error();
    for (const int batch : kBenchBatches)
        if (const auto result = (*executor)->run(1, 0, 4, base::Tensor(batch, spec.input)); !result)
            return result.error();
    return {};
}

/// Every segment that a decision may use, on both sides of each cut.
base::Status runAllSegments(const Subject& subject)
{
    for (int exit = 1; exit <= subject.lastExit(); ++exit) {
        const model::Path path(subject.spec, exit);
        for (const int cut : path.distinctCuts())
            for (const int batch : kBenchBatches) {
                const auto between = subject.executor->run(exit, 0, cut, base::Tensor(batch, subject.spec.input));
                if (!between)
                    return between.error();
                if (const auto result = subject.executor->run(exit, cut, path.length(), *between); !result)
                    return result.error();
            }
    }
    return {};
}

}  // namespace

base::Result<ResidentMemory> residentOverWeightsHere(const std::string& model)
{
    model::Executor::setThreadCount(1);
    if (auto status = startLibraries(); !status)
        return status.error();
    const auto before = residentBytes();
    auto subject = loadSubject(model);
    if (!subject)
        return subject.error();
    double weightBytes = 0;
    for (const auto& [name, parameter] : subject->weights.parameters)
        weightBytes += static_cast<double>(parameter.values.size() * sizeof(float));
    subject->weights = {};  // the executor has its own
    if (auto status = runAllSegments(*subject); !status)
        return status.error();
    const auto after = residentBytes();
    ::malloc_trim(0);
    const auto kept = residentBytes();
    if (!before || !after || !kept)
        return (!before ? before : !after ? after : kept).error();
    return ResidentMemory{(*kept - *before) / weightBytes, (*after - *before) / weightBytes};
}

base::Result<ResidentMemory> residentOverWeights(const std::string& model)
{
    const auto ran
        = base::runProcessOrFail({"/proc/self/exe", "bench", "segments", "--resident", "--json", "--model", model}, kPatienceMs);
    if (!ran)
        return ran.error();
    const auto metrics = QJsonDocument::fromJson(QByteArray::fromStdString(ran->output)).object()["metrics"].toObject();
    const auto kept = metrics["resident_over_weights"], withFreed = metrics["resident_with_freed_over_weights"];
    if (!kept.isDouble() || !withFreed.isDouble())
        return base::Error{base::ErrorCode::Internal, "its process measured nothing: " + ran->errors, "resident memory"};
    return ResidentMemory{kept.toDouble(), withFreed.toDouble()};
}

}  // namespace splitscope::app
