// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rl/features.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace splitscope::rl {

namespace {

constexpr double kQueueFull = 20;  ///< requests: the input is 1 there
constexpr Range kEnergyJoules{1e-4, 100};  ///< of a frame
constexpr double kLogOdds = 6;  ///< ±: beyond it one side of the reward is all that counts
constexpr int kLastRequestInputs = 3;
constexpr int kTrendInputs = 2;
constexpr int kQueueInputs = 2;
constexpr int kObjectiveInputs = 2;
constexpr int kRateBeliefInputs = 3;
constexpr int kLoadBeliefInputs = 7;
constexpr int kBudgetInputs = 3;

/// −1 at the lower end, 1 at the upper one. Not a number: −1.
double logarithmic(const Range& range, double value)
{
    if (!(value > range.low))
        return -1;
    if (value >= range.high)
        return 1;
    return 2 * std::log(value / range.low) / std::log(range.high / range.low) - 1;
}

double clamped(double value, double limit) { return std::isnan(value) ? 0 : std::clamp(value, -limit, limit); }

/// a, as the scale it was trained with would have it: r orders decisions by a/(acc_max − acc_min)·acc + b/(1/T_min − 1/T_max)/T,
/// so only the quotient of the two weights counts. Returns a/b.
double odds(const decision::Objective& objective, const decision::RewardScale& trained, const decision::RewardScale& actual,
            double bytesPerSecond)
{
    const double a = decision::accuracyWeight(objective, actual, bytesPerSecond);
    const auto accuracySpan = [](const auto& scale) { return scale.accuracyMax - scale.accuracyMin; };
    const auto speedSpan = [](const auto& scale) { return 1 / scale.latencyMinMs - 1 / scale.latencyMaxMs; };
    double shift = 1;
    if (!(trained == actual)) {
        shift = accuracySpan(trained) / accuracySpan(actual) * (speedSpan(actual) / speedSpan(trained));
        if (!std::isfinite(shift) || shift <= 0)
            shift = 1;
    }
    return a / (1 - a) * shift;  // infinite at a = 1
}

/// Visits the blocks of inputs in their order.
class Writer {
public:
    explicit Writer(std::span<float> out) : m_out(out) {}
    void add(double value) { m_out[m_at++] = static_cast<float>(value); }
    void addOneHot(int index, int count)
    {
        for (int i = 0; i < count; ++i)
            add(i == index ? 1 : 0);
    }
    [[nodiscard]] std::size_t written() const { return m_at; }

private:
    std::span<float> m_out;
    std::size_t m_at = 0;
};

void writeBelief(const FeatureOptions& options, const decision::State& state, Writer& writer)
{
    const auto& belief = state.belief;
    const auto share = [](double value) { return std::max(0.0, clamped(value, 1)); };
    if (options.rateBelief) {
        constexpr double kMostWidth = 20;
        const bool known = belief.rateCount > 1;  // else what is reported is all there is, as on real links
        writer.add(logarithmic(options.bytesPerSecond, known ? belief.medianRate() : state.bytesPerSecond));
        const auto last = static_cast<std::size_t>(std::max(1, belief.rateCount) - 1);
        const double width = known ? std::log(belief.bytesPerSecond[last] / belief.bytesPerSecond[0]) : 0;
        writer.add(std::tanh(clamped(width, kMostWidth) / 2));
        writer.add(share(belief.down));
    }
    if (options.loadBelief) {
        constexpr double kMostLog = 3, kLongUnseen = 50;
        writer.add(share(belief.deviceSlow));
        writer.add(share(belief.edgeSlow));
        for (const double ratio : {belief.deviceRatio, belief.edgeRatio, belief.lastDeviceRatio, belief.lastEdgeRatio})
            writer.add(clamped(std::log(ratio), kMostLog) / kMostLog);
        writer.add(std::log1p(std::max(0.0, clamped(belief.edgeUnseen, kLongUnseen))) / std::log1p(kLongUnseen));
    }
    if (options.budget) {
        constexpr double kDear = 10;  ///< reward for a joule
        const double pace = belief.stepsShare > 0 ? belief.budgetShare / belief.stepsShare : 0;
        writer.add(clamped(pace - 1, 1));
        writer.add(2 * share(belief.stepsShare) - 1);
        writer.add(std::tanh(clamped(belief.joulePrice / kDear, kDear)));
    }
}

}  // namespace

std::size_t featureCount(const FeatureOptions& options)
{
    int count = 1;
    count += options.lastRequest ? kLastRequestInputs : 0;
    count += options.queue ? kQueueInputs : 0;
    count += options.trend ? kTrendInputs : 0;
    count += options.lastDecision ? options.exits + options.layers + 1 : 0;
    count += options.rateBelief ? kRateBeliefInputs : 0;
    count += options.loadBelief ? kLoadBeliefInputs : 0;
    count += options.budget ? kBudgetInputs : 0;
    count += options.objective ? kObjectiveInputs : 0;
    for (const auto* range : {&options.energyLimitJoules, &options.deadlineMs, &options.rttMs, &options.deviceSlowdown})
        count += range->empty() ? 0 : 1;
    return static_cast<std::size_t>(count);
}

std::vector<std::string> featureNames(const FeatureOptions& options)
{
    std::vector<std::string> names{"bandwidth"};
    const auto add = [&](bool wanted, std::initializer_list<const char*> block) {
        if (wanted)
            names.insert(names.end(), block.begin(), block.end());
    };
    add(options.lastRequest, {"last latency", "last energy", "last accuracy"});
    add(options.queue, {"queued requests", "waited"});
    add(options.trend, {"bandwidth trend", "bandwidth uncertainty"});
    if (options.lastDecision) {
        for (int exit = 1; exit <= options.exits; ++exit)
            names.push_back("last exit " + std::to_string(exit));
        for (int cut = 0; cut <= options.layers; ++cut)
            names.push_back("last cut " + std::to_string(cut));
    }
    add(options.rateBelief, {"likely bandwidth", "likely bandwidth's width", "link may be down"});
    add(options.loadBelief,
        {"device may be slow", "edge may be slow", "device ratio", "edge ratio", "last device ratio", "last edge ratio",
         "edge unseen"});
    add(options.budget, {"budget's pace", "requests left", "price of energy"});
    add(options.objective, {"accuracy weight", "accuracy weight's log odds"});
    add(!options.energyLimitJoules.empty(), {"energy limit"});
    add(!options.deadlineMs.empty(), {"deadline"});
    add(!options.rttMs.empty(), {"round trip"});
    add(!options.deviceSlowdown.empty(), {"device slowdown"});
    return names;
}

std::vector<Range> featureRanges(const FeatureOptions& options)
{
    std::vector<Range> ranges;
    for (const auto& name : featureNames(options)) {
        Range range;
        if (name == "bandwidth" || name == "likely bandwidth")
            range = options.bytesPerSecond;
        else if (name == "last latency" || name == "waited")
            range = options.latencyMs;
        else if (name == "round trip")
            range = options.rttMs;
        else if (name == "device slowdown")
            range = options.deviceSlowdown;
        ranges.push_back(range);
    }
    return ranges;
}

void writeFeatures(const FeatureOptions& options, const decision::State& state, const decision::Objective& objective,
                   const decision::RewardScale& trained, const decision::RewardScale& actual, std::span<float> out)
{
    assert(out.size() >= featureCount(options));
    Writer writer(out);
    writer.add(logarithmic(options.bytesPerSecond, state.bytesPerSecond));
    if (options.lastRequest) {
        writer.add(logarithmic(options.latencyMs, state.latencyMs));
        writer.add(logarithmic(kEnergyJoules, state.energyJoules));
        writer.add(clamped(2 * state.accuracy - 1, 1));
    }
    if (options.queue) {
        const double queued = std::max(0.0, clamped(state.queuedRequests, kQueueFull));
        writer.add(2 * std::log1p(queued) / std::log1p(kQueueFull) - 1);
        writer.add(logarithmic(options.latencyMs, state.waitedMs));
    }
    if (options.trend) {
        writer.add(std::tanh(clamped(state.bandwidthTrend, 10)));
        const bool known = state.bandwidthLow > 0 && state.bandwidthHigh > state.bandwidthLow;
        writer.add(known ? std::tanh(std::log(state.bandwidthHigh / state.bandwidthLow)) : 0);
    }
    if (options.lastDecision) {
        writer.addOneHot(state.last ? state.last->exit - 1 : -1, options.exits);
        writer.addOneHot(state.last ? state.last->partition : -1, options.layers + 1);
    }
    writeBelief(options, state, writer);
    if (options.objective) {
        const double ratio = odds(objective, trained, actual, state.bytesPerSecond);
        writer.add(std::isfinite(ratio) ? 2 * ratio / (1 + ratio) - 1 : 1);
        writer.add(ratio > 0 ? clamped(std::log(ratio), kLogOdds) / kLogOdds : -1);
    }
    if (!options.energyLimitJoules.empty())
        writer.add(logarithmic(options.energyLimitJoules, objective.energyLimitJoules));
    if (!options.deadlineMs.empty())
        writer.add(logarithmic(options.deadlineMs, objective.deadlineMs));
    if (!options.rttMs.empty())
        writer.add(logarithmic(options.rttMs, state.rttMs < 0 ? options.usualRttMs : state.rttMs));
    if (!options.deviceSlowdown.empty())
        writer.add(logarithmic(options.deviceSlowdown, state.deviceSlowdown));
    assert(writer.written() == featureCount(options));
}

void writeFeatures(const FeatureOptions& options, const decision::State& state, const decision::Objective& objective,
                   const decision::RewardScale& scale, std::span<float> out)
{
    writeFeatures(options, state, objective, scale, scale, out);
}

}  // namespace splitscope::rl
