// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/prediction_watch.h"

#include "core/base/median.h"

#include <algorithm>
#include <cmath>

namespace splitscope::profile {

namespace {

constexpr std::size_t at(Stage stage) { return static_cast<std::size_t>(stage); }

template <typename Pairs, typename Value>
double medianOf(const Pairs& pairs, Value value)
{
    std::vector<double> values;
    values.reserve(pairs.size());
    for (const auto& pair : pairs)
        values.push_back(value(pair));
    return base::upperMedian(std::move(values));
}

bool isKnown(double ms) { return ms > 0 && std::isfinite(ms); }

}  // namespace

std::string toString(Stage stage)
{
    switch (stage) {
    case Stage::Capture: return "capture";
    case Stage::Device: return "device";
    case Stage::Encode: return "encode";
    case Stage::Transfer: return "transfer";
    case Stage::Decode: return "decode";
    case Stage::Edge: return "edge";
    case Stage::Total: break;
    }
    return "total";
}

StageMs stageMsOf(const Prediction& p)
{
    StageMs ms{p.captureMs, p.deviceMs, p.encodeMs, p.transferMs, p.decodeMs, p.edgeMs, p.totalMs};
    for (auto& stage : ms)
        if (!std::isfinite(stage))
            stage = 0;
    return ms;
}

void PredictionWatch::Window::add(Pair pair)
{
    if (pairs.size() < kWindow)
        pairs.push_back(pair);
    else
        pairs[next] = pair;
    next = (next + 1) % kWindow;
}

void PredictionWatch::learn(const StageMs& predicted, const StageMs& measured)
{
    for (std::size_t stage = 0; stage < kStageCount; ++stage)
        if (isKnown(predicted[stage]) && isKnown(measured[stage]))
            m_windows[stage].add({predicted[stage], measured[stage]});
    // Layers and their coding are one machine's work: emulated and real slowdowns hit both.
    m_device.learn(measured[at(Stage::Device)] + measured[at(Stage::Encode)],
                   predicted[at(Stage::Device)] + predicted[at(Stage::Encode)]);
    m_edge.learn(measured[at(Stage::Decode)] + measured[at(Stage::Edge)],
                 predicted[at(Stage::Decode)] + predicted[at(Stage::Edge)]);
    judge();
}

void PredictionWatch::judge()
{
    for (auto& [pairs, next, fit] : m_windows) {
        if (pairs.empty())
            continue;
        fit.requests = pairs.size();
        fit.predictedMs = medianOf(pairs, [](const Pair& pair) { return pair.predicted; });
        fit.measuredMs = medianOf(pairs, [](const Pair& pair) { return pair.measured; });
        fit.times = medianOf(pairs, [](const Pair& pair) { return pair.measured / pair.predicted; });
    }
    const auto& total = m_windows[at(Stage::Total)].fit;
    const double leastMs = kLeastShare * std::max(total.predictedMs, total.measuredMs);
    for (auto& window : m_windows) {
        auto& fit = window.fit;
        const double offBy = std::max(fit.times, 1 / fit.times);
        const bool matters = fit.requests >= kLeast && std::max(fit.predictedMs, fit.measuredMs) >= leastMs;
        fit.off = matters && offBy > (fit.off ? kFitsTimes : kOffTimes);
    }
}

StageFits PredictionWatch::fits() const
{
    StageFits fits;
    for (std::size_t stage = 0; stage < kStageCount; ++stage)
        fits[stage] = m_windows[stage].fit;
    return fits;
}

}  // namespace splitscope::profile
