// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bench/link_plan.h"

#include "core/base/tensor.h"

#include <algorithm>

namespace splitscope::app {

namespace {

constexpr double kBurstBytes = 1514;
constexpr double kRecordBytes = 1'200;  ///< of the frame before, and what TCP adds
constexpr double kSegmentsMs = 9;  ///< both halves of the largest network, and coding

/// Rates that share a run, and what a sample of decisions may cost there.
struct RateGroup {
    std::vector<double> rates;
    double longestMs;  ///< transfer of the slowest decision in a sample
    std::size_t samples;
    std::size_t sizes;  ///< of those that count, in a sample
};
// The fast ones first: what the kernel counts of a frame is told apart best there.
const RateGroup kGroups[] = {{{10e6, 100e6}, 40, 30, 3}, {{1e6}, 60, 12, 3}, {{0.1e6}, 250, 5, 1}};

double payloadBytesOf(const decision::DecisionSpace& space, const decision::Decision& decision)
{
    const auto elements = static_cast<double>(base::elementCount(space.path(decision.exit).cutShape(decision.partition)));
    return decision.coding.kind == codec::CodingKind::Quantized ? 8 + elements * decision.coding.parameter / 8 : elements;
}

double transferMs(double payloadBytes, double rate) { return (payloadBytes * 1.06 + 500) / rate * 1e3; }

/// The link is idle, and the bucket full, before the next frame begins.
double intervalMs(double payloadBytes, double rate)
{
    constexpr double kThreadsMs = 4;
    return transferMs(payloadBytes, rate) + kSegmentsMs + (kBurstBytes + kRecordBytes) / rate * 1e3 + kThreadsMs;
}

std::vector<PlannedDecision> sendingDecisions(const model::NetworkSpec& spec, bool full)
{
    const decision::DecisionSpace space(spec, {});
    std::vector<PlannedDecision> planned;
    for (const auto& decision : space.decisions()) {
        const auto kind = decision.coding.kind;
        if (kind == codec::CodingKind::LabelOnly)
            continue;
        if (full || kind == codec::CodingKind::Quantized || kind == codec::CodingKind::Raw)
            planned.push_back({decision, payloadBytesOf(space, decision)});
    }
    std::stable_sort(planned.begin(), planned.end(),
                     [](const auto& a, const auto& b) { return a.payloadBytes < b.payloadBytes; });
    return planned;
}

/// Some from the smallest to the largest that the link carries in time, of those that count, and one small one.
std::vector<PlannedDecision> sampleOf(const std::vector<PlannedDecision>& all, const RateGroup& group)
{
    std::vector<PlannedDecision> small, large;
    for (const auto& planned : all) {
        if (planned.payloadBytes < kSmallPayloadBytes)
            small.push_back(planned);
        else if (transferMs(planned.payloadBytes, group.rates.front()) <= group.longestMs)
            large.push_back(planned);
    }
    std::vector<PlannedDecision> sample;
    if (!small.empty())
        sample.push_back(small[small.size() / 2]);
    for (std::size_t i = 0; i < group.sizes && !large.empty(); ++i) {
        const auto& next = large[(large.size() - 1) * i / std::max<std::size_t>(group.sizes - 1, 1)];
        if (sample.empty() || sample.back().decision != next.decision)
            sample.push_back(next);
    }
    return sample;
}

/// Runs whose slowest decision takes at most half as long again as the quickest.
std::vector<LatencyCell> cellsOf(const std::string& model, const std::vector<PlannedDecision>& decisions, const RateGroup& group)
{
    constexpr double kSpread = 1.5;
    std::vector<LatencyCell> cells;
    double quickest = 0;
    for (const auto& planned : decisions) {
        const double interval = intervalMs(planned.payloadBytes, group.rates.front());
        if (cells.empty() || interval > kSpread * quickest) {
            cells.push_back({model, group.rates, {}, 0, group.samples});
            quickest = interval;
        }
        cells.back().decisions.push_back(planned);
        cells.back().intervalMs = interval;
    }
    return cells;
}

}  // namespace

base::Result<std::vector<LatencyCell>> planLatency(const std::string& model, bool full)
{
    const auto spec = model::loadNetworkSpec(model);
    if (!spec)
        return spec.error();
    const auto all = sendingDecisions(*spec, full);
    std::vector<LatencyCell> cells;
    for (const auto& group : kGroups) {
        if (full) {
            const auto some = cellsOf(model, all, group);
            cells.insert(cells.end(), some.begin(), some.end());
        } else if (auto sample = sampleOf(all, group); !sample.empty()) {
            const double interval = intervalMs(sample.back().payloadBytes, group.rates.front());
            cells.push_back({model, group.rates, std::move(sample), interval, group.samples});
        }
    }
    return cells;
}

}  // namespace splitscope::app
