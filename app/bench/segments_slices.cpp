// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bench/segments_bench.h"
#include "core/model/onnx_export.h"
#include "core/model/path.h"

#include <algorithm>
#include <set>

namespace splitscope::app {

namespace {

constexpr double kTurnMs = 8;
constexpr double kSeconds = 0.4;
constexpr Goal kNoSlower{1.0, true};

struct Slice {
    int exit, first, last;
    std::string name;
};

/// Prefixes that exits share count once.
std::vector<Slice> slicesOf(const model::NetworkSpec& spec)
{
    std::vector<Slice> slices;
    std::set<std::string> prefixes;
    for (int exit = 1; exit <= spec.exitCount(); ++exit) {
        const model::Path path(spec, exit);
        for (const int cut : path.distinctCuts()) {
            if (cut == 0 || cut == path.length())
                continue;
            if (prefixes.insert(path.cutName(cut)).second)
                slices.push_back({exit, 0, cut, "input…" + path.cutName(cut)});
            slices.push_back({exit, cut, path.length(), path.cutName(cut) + "…" + path.cutName(path.length())});
        }
    }
    return slices;
}

struct SliceTimes {
    std::string name;
    double ratio, netRatio, us, theirsUs;
};

base::Result<SliceTimes> measureSlice(const Subject& subject, const Slice& slice, const base::Tensor& frames, OnnxRuntime& onnx,
                                      const std::stop_token& stop)
{
    const auto input = subject.executor->run(slice.exit, 0, slice.first, frames);
    if (!input)
        return input.error();
    const auto& [exit, first, last, name] = slice;
    const auto model = model::toOnnx(subject.spec, subject.weights, {exit, first, last, frames.batch});
    if (!model)
        return model.error();
    if (auto status = onnx.load("slice", *model, *input); !status)
        return status.error();
    const auto ours = timed([&]() -> base::Status {
        const auto result = subject.executor->run(slice.exit, slice.first, slice.last, *input);
        return result ? base::Status() : result.error();
    });
    if (auto status = loadIdentity(onnx, subject, frames.batch); !status)
        return status.error();
    const auto race = Race::run({ours, inOnnxRuntime(onnx, "slice"), inOnnxRuntime(onnx, "identity")}, kSeconds, kTurnMs, stop);
    if (!race)
        return race.error();
    // What computes next to nothing leaves nothing to compare with.
    const double least = 0.1 * race->us(1);
    const double binding = std::min(race->us(2), race->us(1) - least);
    return SliceTimes{name, race->ratio(0, 1), race->ratio(0, 1, binding), race->us(0), race->us(1)};
}

}  // namespace

base::Status measureSlices(const Subject& subject, OnnxRuntime& onnx, const std::stop_token& stop, BenchReport& report)
{
    for (const int batch : kBenchBatches) {
        const auto frames = subject.input(batch);
        if (!frames)
            return frames.error();
        std::vector<SliceTimes> all;
        for (const auto& slice : slicesOf(subject.spec)) {
            auto times = measureSlice(subject, slice, *frames, onnx, stop);
            if (!times)
                return times.error();
            all.push_back(std::move(*times));
        }
        std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.ratio > b.ratio; });
        std::vector<double> ratios, net;
        for (const auto& times : all) {
            ratios.push_back(times.ratio);
            net.push_back(times.netRatio);
        }
        const auto name = subject.name + "_slices_b" + std::to_string(batch) + "_over_onnxruntime";
        report.add(name + "_median", quantile(ratios, 0.5), kNoSlower);
        report.add(name + "_max", all.front().ratio, kNoSlower);
        report.add(name + "_net_of_binding_median", quantile(net, 0.5));
        for (const auto& times : all)
            if (times.ratio > kNoSlower.limit || &times == &all.front())
                report.note(format("%s, batch %d, %s: %.1f us, ONNX Runtime %.1f us, ratio %.3f", subject.name.c_str(), batch,
                                   times.name.c_str(), times.us, times.theirsUs, times.ratio));
    }
    return {};
}

}  // namespace splitscope::app
