// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/run_statistics.h"

#include "core/session/figure.h"
#include "core/session/figure_text.h"

#include <QtGlobal>
#include <algorithm>
#include <cmath>
#include <map>

namespace splitscope::session {

namespace {

constexpr std::array<RunQuantityInfo, kRunQuantities> kQuantities{
    {{RunQuantity::Latency, "latency", QT_TRANSLATE_NOOP("splitscope::session::RunQuantity", "latency"), "latency_ms", "ms",
      "median latency", 2},
     {RunQuantity::Bandwidth, "bandwidth", QT_TRANSLATE_NOOP("splitscope::session::RunQuantity", "achieved bandwidth"),
      "mb_per_s", "MB/s", "median bandwidth", 3},
     {RunQuantity::Accuracy, "accuracy", QT_TRANSLATE_NOOP("splitscope::session::RunQuantity", "running accuracy"),
      "accuracy_percent", "%", "accuracy", 2},
     {RunQuantity::Energy, "energy", QT_TRANSLATE_NOOP("splitscope::session::RunQuantity", "modelled energy a frame"),
      "energy_mj", "mJ", "mean energy a frame", 2},
     {RunQuantity::Reward, "reward", QT_TRANSLATE_NOOP("splitscope::session::RunQuantity", "reward"), "reward", "", "mean reward",
      4},
     {RunQuantity::Regret, "regret", QT_TRANSLATE_NOOP("splitscope::session::RunQuantity", "regret"), "regret", "", "mean regret",
      4},
     {RunQuantity::Temperature, "temperature", QT_TRANSLATE_NOOP("splitscope::session::RunQuantity", "device temperature"),
      "device_temperature_c", "°C", "mean device temperature", 1},
     {RunQuantity::Busy, "busy", QT_TRANSLATE_NOOP("splitscope::session::RunQuantity", "device utilization"),
      "device_busy_percent", "%", "mean device utilization", 1},
     {RunQuantity::Clock, "clock", QT_TRANSLATE_NOOP("splitscope::session::RunQuantity", "device clock"), "device_clock_mhz",
      "MHz", "mean device clock", 0},
     {RunQuantity::Power, "power", QT_TRANSLATE_NOOP("splitscope::session::RunQuantity", "device power, measured"),
      "device_power_w", "W", "mean device power", 2}}};

/// Of those that are there.
Estimate medianEstimate(const std::vector<double>& values)
{
    std::vector<double> finite;
    std::copy_if(values.begin(), values.end(), std::back_inserter(finite), [](double value) { return std::isfinite(value); });
    if (finite.empty())
        return {kNoValue, kNoValue, kNoValue};
    return Bootstrap(finite.size()).median(finite);
}

}  // namespace

const std::array<RunQuantityInfo, kRunQuantities>& runQuantities() { return kQuantities; }

const RunQuantityInfo& infoOf(RunQuantity quantity) { return kQuantities[static_cast<std::size_t>(quantity)]; }

double medianOfFinite(std::vector<float> values)
{
    std::erase_if(values, [](float value) { return !std::isfinite(value); });
    if (values.empty())
        return kNoValue;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    const auto upper = static_cast<double>(*middle);
    return values.size() % 2 ? upper : (upper + static_cast<double>(*std::max_element(values.begin(), middle))) / 2;
}

double meanOfFinite(std::span<const float> values)
{
    double sum = 0;
    std::size_t count = 0;
    for (const float value : values)
        if (std::isfinite(value)) {
            sum += static_cast<double>(value);
            ++count;
        }
    return count > 0 ? sum / static_cast<double>(count) : kNoValue;
}

std::vector<StrategyEstimate> estimateStrategies(const std::vector<ComparedRun>& runs, RunQuantity quantity)
{
    std::vector<StrategyEstimate> strategies;
    for (const auto& run : runs) {
        auto found = std::find_if(strategies.begin(), strategies.end(),
                                  [&](const StrategyEstimate& one) { return one.strategy == run.strategy; });
        if (found == strategies.end())
            found = strategies.insert(found, StrategyEstimate{run.strategy, {}, {}, {}});
        found->runs.push_back(&run);
        found->values.push_back(run.summary(quantity));
    }
    for (auto& strategy : strategies)
        strategy.median = medianEstimate(strategy.values);
    return strategies;
}

std::vector<PairedDifference> pairedDifferences(const std::vector<StrategyEstimate>& strategies, const std::string& baseline)
{
    // A setting and seed that was run more than once counts as one run: the median of them.
    const auto byCondition = [](const StrategyEstimate& strategy) {
        std::map<std::pair<std::string, std::uint64_t>, std::vector<double>> values;
        for (std::size_t i = 0; i < strategy.runs.size(); ++i)
            if (std::isfinite(strategy.values[i]))
                values[{strategy.runs[i]->setting, strategy.runs[i]->seed}].push_back(strategy.values[i]);
        return values;
    };
    const auto base = std::find_if(strategies.begin(), strategies.end(),
                                   [&](const StrategyEstimate& one) { return one.strategy == baseline; });
    if (base == strategies.end())
        return {};
    const auto against = byCondition(*base);
    std::vector<PairedDifference> differences;
    for (const auto& strategy : strategies) {
        if (&strategy == &*base)
            continue;
        PairedDifference one{strategy.strategy, 0, {}, {}};
        for (const auto& [condition, values] : byCondition(strategy))
            if (const auto other = against.find(condition); other != against.end())
                one.differences.push_back(medianOf(values) - medianOf(other->second));
        one.pairs = static_cast<int>(one.differences.size());
        one.median = medianEstimate(one.differences);
        differences.push_back(std::move(one));
    }
    return differences;
}

std::string usualBaseline(const std::vector<StrategyEstimate>& strategies)
{
    for (const char* name : {"on-device", "on-edge", "fixed"})
        if (std::any_of(strategies.begin(), strategies.end(), [&](const auto& one) { return one.strategy == name; }))
            return name;
    return strategies.empty() ? std::string() : strategies.front().strategy;
}

Estimate shareInterval(double part, double whole)
{
    constexpr double kZ = 1.959964;
    if (whole <= 0)
        return {kNoValue, kNoValue, kNoValue};
    const double share = part / whole, z2 = kZ * kZ;
    const double centre = (share + z2 / (2 * whole)) / (1 + z2 / whole);
    const double half = kZ * std::sqrt(share * (1 - share) / whole + z2 / (4 * whole * whole)) / (1 + z2 / whole);
    return {share, centre - half, centre + half};
}

PredictionError predictionError(const ComparedRun& run)
{
    std::vector<float> errors, offsets;
    std::size_t close = 0;
    for (std::size_t i = 0; i < run.predictedMs.size(); ++i) {
        const double predicted = static_cast<double>(run.predictedMs[i]), measured = static_cast<double>(run.latencyMs[i]);
        if (!std::isfinite(predicted) || predicted <= 0 || measured <= 0)
            continue;
        errors.push_back(static_cast<float>(std::abs(measured - predicted) / measured));
        offsets.push_back(static_cast<float>((measured - predicted) / predicted));
        close += std::abs(measured - predicted) < 0.1 * predicted ? 1 : 0;
    }
    if (errors.empty())
        return {};
    const auto count = errors.size();
    return {count, medianOfFinite(std::move(errors)), medianOfFinite(std::move(offsets)),
            static_cast<double>(close) / static_cast<double>(count)};
}

}  // namespace splitscope::session
