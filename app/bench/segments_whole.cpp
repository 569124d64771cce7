// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bench/segments_bench.h"
#include "core/model/onnx_export.h"
#include "core/model/path.h"

#include <algorithm>
#include <cmath>

namespace splitscope::app {

namespace {

constexpr double kTurnMs = 12;
constexpr Goal kNoSlower{1.0, true};
constexpr Goal kSameValues{1e-4, true};

double largestDifference(const std::vector<float>& a, const std::vector<float>& b)
{
    double largest = a.size() == b.size() ? 0 : INFINITY;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
        largest = std::max(largest, static_cast<double>(std::abs(a[i] - b[i])));
    return largest;
}

}  // namespace

base::Status loadIdentity(OnnxRuntime& onnx, const Subject& subject, int batch)
{
    const int length = model::Path(subject.spec, subject.lastExit()).length();
    const auto model = model::toOnnx(subject.spec, subject.weights, {subject.lastExit(), length, length, batch});
    return model ? onnx.load("identity", *model, base::Tensor(batch, {subject.spec.classes})) : base::Status(model.error());
}

Contender inOnnxRuntime(OnnxRuntime& onnx, const std::string& name)
{
    return [&onnx, name](int warmUp, int runs) { return onnx.time(name, warmUp, runs); };
}

void WholeRatios::keepWorst(const std::string& metric, double value)
{
    const auto known = std::find_if(m_worst.begin(), m_worst.end(), [&](const auto& one) { return one.first == metric; });
    if (known == m_worst.end())
        m_worst.emplace_back(metric, value);
    else
        known->second = std::max(known->second, value);
}

base::Status WholeRatios::measureExit(const Subject& subject, int exit, int batch, OnnxRuntime* onnx, double seconds,
                                      const std::stop_token& stop, BenchReport& report)
{
    const auto input = subject.input(batch);
    if (!input)
        return input.error();
    const int length = model::Path(subject.spec, exit).length();
    const EagerNetwork eager(subject.spec, subject.weights);
    const auto logits = subject.executor->run(exit, 0, length, *input);
    if (!logits)
        return logits.error();
    keepWorst("max_difference_from_eager", largestDifference(logits->values, eager.run(exit, *input).values));

    std::vector<Contender> contenders{timed([&]() -> base::Status {
                                          const auto result = subject.executor->run(exit, 0, length, *input);
                                          return result ? base::Status() : result.error();
                                      }),
                                      timed([&]() -> base::Status {
                                          static_cast<void>(eager.run(exit, *input));
                                          return {};
                                      })};
    if (onnx) {
        const auto model = model::toOnnx(subject.spec, subject.weights, {exit, 0, {}, batch});
        if (!model)
            return model.error();
        if (auto status = onnx->load("whole", *model, *input); !status)
            return status;
        const auto theirs = onnx->run("whole");
        if (!theirs)
            return theirs.error();
        keepWorst("max_difference_from_onnxruntime", largestDifference(logits->values, *theirs));
        if (auto status = loadIdentity(*onnx, subject, batch); !status)
            return status;
        contenders.push_back(inOnnxRuntime(*onnx, "whole"));
        contenders.push_back(inOnnxRuntime(*onnx, "identity"));
    }
    const auto race = Race::run(contenders, seconds, kTurnMs, stop);
    if (!race)
        return race.error();
    const auto batchName = "_b" + std::to_string(batch);
    const auto name = subject.name + (exit == subject.lastExit() ? "" : "_exit" + std::to_string(exit)) + batchName;
    const auto addRatio = [&](const std::string& what, double value, std::optional<Goal> goal) {
        report.add(name + what, value, goal);
        if (exit == subject.lastExit())
            keepWorst("segments" + batchName + what, value);
    };
    report.add(name + "_us_p50", race->us(0));
    report.add(name + "_eager_us_p50", race->us(1));
    if (onnx) {
        report.add(name + "_onnxruntime_us_p50", race->us(2));
        report.add(name + "_onnxruntime_binding_us_p50", race->us(3));
        addRatio("_over_onnxruntime", race->ratio(0, 2), kNoSlower);
        addRatio("_over_onnxruntime_net_of_binding", race->ratio(0, 2, race->us(3)), {});
    }
    addRatio("_over_eager", race->ratio(0, 1), {});
    return {};
}

base::Status WholeRatios::measure(const Subject& subject, OnnxRuntime* onnx, const SegmentsBenchOptions& options, double seconds,
                                  const std::stop_token& stop, BenchReport& report)
{
    for (int exit = options.full ? 1 : subject.lastExit(); exit <= subject.lastExit(); ++exit)
        for (const int batch : kBenchBatches)
            if (auto status = measureExit(subject, exit, batch, onnx, seconds / std::size(kBenchBatches), stop, report); !status)
                return status;
    return {};
}

void WholeRatios::addWorst(BenchReport& report) const
{
    for (const auto& [metric, value] : m_worst) {
        std::optional<Goal> goal;
        if (metric.ends_with("_over_onnxruntime"))
            goal = kNoSlower;
        else if (metric.starts_with("max_difference"))
            goal = kSameValues;
        report.add(metric, value, goal);
    }
}

}  // namespace splitscope::app
