// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bench/segments_bench.h"
#include "core/model/path.h"

#include <algorithm>

namespace splitscope::app {

namespace {

constexpr double kTurnMs = 3;
constexpr Goal kNoDearer{1.05, true};

struct Cut {
    int exit, layer, batch;
    std::string name;
    double ratio;
};

/// A prefix and then the suffix on what it made, over the whole.
base::Result<double> measureCut(const Subject& subject, const Cut& cut, const base::Tensor& input, double seconds,
                                const std::stop_token& stop)
{
    const int length = model::Path(subject.spec, cut.exit).length();
    const auto whole = timed(
        [&]() -> base::Status {
            const auto result = subject.executor->run(cut.exit, 0, length, input);
            return result ? base::Status() : result.error();
        },
        Clock::Thread);
    const auto halves = timed(
        [&]() -> base::Status {
            const auto between = subject.executor->run(cut.exit, 0, cut.layer, input);
            if (!between)
                return between.error();
            const auto result = subject.executor->run(cut.exit, cut.layer, length, *between);
            return result ? base::Status() : result.error();
        },
        Clock::Thread);
    const auto race = Race::run({whole, halves}, seconds, kTurnMs, stop);
    return race ? base::Result<double>(race->ratio(1, 0)) : race.error();
}

std::vector<Cut> cutsOf(const Subject& subject, bool full)
{
    std::vector<Cut> cuts;
    for (int exit = full ? 1 : subject.lastExit(); exit <= subject.lastExit(); ++exit) {
        const model::Path path(subject.spec, exit);
        for (const int layer : path.distinctCuts())
            for (const int batch : kBenchBatches)
                if (layer > 0 && layer < path.length() && (full || batch == 1))
                    cuts.push_back({exit, layer, batch, path.cutName(layer), 0});
    }
    return cuts;
}

}  // namespace

base::Status CutRatios::measure(const Subject& subject, const SegmentsBenchOptions& options, double seconds,
                                const std::stop_token& stop, BenchReport& report)
{
    constexpr std::size_t kAgain = 3;  // the largest of many medians is an unlucky one: those are measured for longer
    std::map<int, base::Tensor> inputs;
    for (const int batch : kBenchBatches) {
        auto input = subject.input(batch);
        if (!input)
            return input.error();
        inputs.emplace(batch, std::move(*input));
    }
    auto cuts = cutsOf(subject, options.full);
    const auto measureAll = [&](std::size_t count, double share) -> base::Status {
        for (std::size_t i = 0; i < count; ++i) {
            const auto ratio
                = measureCut(subject, cuts[i], inputs.at(cuts[i].batch), seconds * share / static_cast<double>(count), stop);
            if (!ratio)
                return ratio.error();
            cuts[i].ratio = *ratio;
        }
        std::sort(cuts.begin(), cuts.end(), [](const auto& a, const auto& b) { return a.ratio > b.ratio; });
        return {};
    };
    if (auto status = measureAll(cuts.size(), 0.6); !status)
        return status;
    if (auto status = measureAll(std::min(kAgain, cuts.size()), 0.4); !status)
        return status;
    std::vector<double> ratios;
    for (const auto& cut : cuts)
        ratios.push_back(cut.ratio);
    m_ratios.insert(m_ratios.end(), ratios.begin(), ratios.end());
    report.add(subject.name + "_prefix_plus_suffix_over_whole_median", quantile(ratios, 0.5), kNoDearer);
    report.add(subject.name + "_prefix_plus_suffix_over_whole_max", cuts.front().ratio, kNoDearer);
    report.note(format("%s: the dearest cut is behind %s of exit %d at batch %d", subject.name.c_str(), cuts.front().name.c_str(),
                       cuts.front().exit, cuts.front().batch));
    return {};
}

void CutRatios::addAll(BenchReport& report) const
{
    report.add("prefix_plus_suffix_over_whole_median", quantile(m_ratios, 0.5), kNoDearer);
    report.add("prefix_plus_suffix_over_whole_max", quantile(m_ratios, 1), kNoDearer);
}

}  // namespace splitscope::app
