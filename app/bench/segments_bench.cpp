// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bench/segments_bench.h"

#include "core/base/random.h"
#include "core/data/data_set.h"
#include "core/model/path.h"
#include "core/session/model_package.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <random>
#include <thread>

namespace splitscope::app {

namespace {

constexpr Goal kLittleMemory{2.5, true};
constexpr double kWholeShare = 0.5;  ///< of the time; the rest is for cuts

/// Timings are what other programs leave: say how much they take.
void noteLoad(BenchReport& report)
{
    double load = 0;
    if (::getloadavg(&load, 1) == 1)
        report.note(format("one thread each, in turns, at a load of %.1f on %u cores; where others work too, run it by "
                           "chrt --rr 1 to have a core for itself",
                           load, std::thread::hardware_concurrency()));
}

std::unique_ptr<OnnxRuntime> startOnnxRuntime(const SegmentsBenchOptions& options, const std::stop_token& stop,
                                              BenchReport& report)
{
    auto started = OnnxRuntime::start(options.onnxRuntime, stop);
    if (!started) {
        report.note("not measured: ratios to ONNX Runtime (" + started.error().message() + ")");
        return nullptr;
    }
    report.note("ONNX Runtime " + (*started)->version() + ", called from Node.js: what that adds is *_onnxruntime_binding_us_p50 "
                + "(the same call with a model that copies the logits), taken off in *_net_of_binding only");
    return std::move(*started);
}

base::Result<std::vector<Subject>> loadSubjects(const SegmentsBenchOptions& options, BenchReport& report)
{
    std::vector<Subject> subjects;
    for (const auto& name : options.models.empty() ? model::shippedNetworks() : options.models) {
        auto subject = loadSubject(name);
        if (!subject)
            return subject.error();
        report.note(format("%s is computed by %s", subject->name.c_str(), std::string(subject->executor->backendName()).c_str()));
        subjects.push_back(std::move(*subject));
    }
    return subjects;
}

base::Status measureMemory(const SegmentsBenchOptions& options, BenchReport& report)
{
    std::fprintf(stderr, "memory…\n");
    ResidentMemory worst;
    for (const auto& name : options.models.empty() ? model::shippedNetworks() : options.models) {
        const auto resident = residentOverWeights(name);
        if (!resident)
            return resident.error();
        report.add(name + "_resident_over_weights", resident->kept, kLittleMemory);
        report.add(name + "_resident_with_freed_over_weights", resident->withFreed);
        worst = {std::max(worst.kept, resident->kept), std::max(worst.withFreed, resident->withFreed)};
    }
    report.add("resident_over_weights", worst.kept, kLittleMemory);
    report.add("resident_with_freed_over_weights", worst.withFreed);
    return {};
}

}  // namespace

model::Weights randomWeights(const model::NetworkSpec& spec)
{
    std::mt19937 random(1);
    model::Weights weights;
    const auto fill = [&](const std::string& name, base::Shape shape, double deviation) {
        std::normal_distribution<float> distribution(0, static_cast<float>(deviation));
        model::Parameter parameter{std::move(shape), {}};
        parameter.values.resize(base::elementCount(parameter.shape));
        for (auto& value : parameter.values)
            value = distribution(random);
        weights.parameters[name] = std::move(parameter);
    };
    for (int exit = 1; exit <= spec.exitCount(); ++exit) {
        for (const auto& layer : model::Path(spec, exit).layers()) {
            for (const auto& inner : model::innerLayers(layer)) {
                auto shape = model::weightShape(inner.spec, inner.input);
                if (shape.empty())
                    continue;
                const auto perOutput = static_cast<double>(base::elementCount(shape)) / shape[0];
                fill(inner.spec.name + ".weight", std::move(shape), std::sqrt(2 / perOutput));
                fill(inner.spec.name + ".bias", {inner.spec.outputs}, 0.1);
            }
        }
    }
    return weights;
}

base::Result<base::Tensor> Subject::input(int batch) const
{
    const auto images = data::openDataSet("patterns", model::frameSize(spec), data::Split::Evaluation);
    if (!images)
        return images.error();
    std::vector<data::Image> frames;
    for (int i = 0; i < batch; ++i) {
        auto image = (*images)->image(static_cast<std::size_t>(i));
        if (!image)
            return image.error();
        frames.push_back(std::move(*image));
    }
    return model::toInput(spec, frames);
}

base::Result<Subject> loadSubject(const std::string& model)
{
    model::Executor::setThreadCount(1);
    auto spec = model::loadNetworkSpec(model);
    if (!spec)
        return spec.error();
    auto weights = session::findWeights(spec->name, "patterns", {});
    Subject subject{spec->name, *spec, weights ? std::move(*weights) : randomWeights(*spec), nullptr};
    auto executor = model::Executor::create(subject.spec, subject.weights);
    if (!executor)
        return executor.error();
    subject.executor = std::move(*executor);
    return subject;
}

base::Status runSegmentsBench(const SegmentsBenchOptions& options, const std::stop_token& stop, BenchReport& report)
{
    noteLoad(report);
    if (auto status = measureMemory(options, report); !status)
        return status;
    const auto onnx = startOnnxRuntime(options, stop, report);
    const auto subjects = loadSubjects(options, report);
    if (!subjects)
        return subjects.error();
    const double allSeconds = options.seconds > 0 ? options.seconds : options.full ? 240 : 32;
    const double seconds = allSeconds / static_cast<double>(subjects->size());
    WholeRatios wholes;
    CutRatios cuts;
    for (const auto& subject : *subjects) {
        std::fprintf(stderr, "%s: whole…\n", subject.name.c_str());
        if (auto status = wholes.measure(subject, onnx.get(), options, kWholeShare * seconds, stop, report); !status)
            return status;
        std::fprintf(stderr, "%s: cuts…\n", subject.name.c_str());
        if (auto status = cuts.measure(subject, options, (1 - kWholeShare) * seconds, stop, report); !status)
            return status;
        if (options.full && onnx) {
            std::fprintf(stderr, "%s: every slice…\n", subject.name.c_str());
            if (auto status = measureSlices(subject, *onnx, stop, report); !status)
                return status;
        }
    }
    wholes.addWorst(report);
    cuts.addAll(report);
    return {};
}

}  // namespace splitscope::app
