// SPDX-License-Identifier: GPL-3.0-or-later
// Over which rates a table's decisions change, and what rewards are standardised by there.
#include "core/sim/evaluator.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace splitscope::sim {

namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();
constexpr double kLowest = 1e3, kHighest = 1e9;
constexpr int kStepsPerDecade = 20;

/// `steps` rates from one to the other, each the same factor from the one before.
double logSpaced(double low, double high, int step, int steps)
{
    return low * std::pow(high / low, static_cast<double>(step) / steps);
}

struct Fastest {
    std::size_t row = 0;
    double ms = kNever;
};

/// The row of least T among these.
Fastest fastestOf(const profile::CostTable& table, const std::vector<std::size_t>& rows, int batch,
                  profile::Conditions conditions, double rate)
{
    conditions.bytesPerSecond = rate;
    Fastest fastest;
    for (const std::size_t row : rows)
        if (const double ms = table.predict(row, batch, conditions).totalMs; ms < fastest.ms)
            fastest = {row, ms};
    return fastest;
}

/// An exit's rows that answer nearly as well as its best one.
std::vector<std::size_t> goodRowsOf(const profile::CostTable& table, int exit)
{
    constexpr double kLoss = 0.01;
    double best = 0;
    for (const auto& row : table.rows())
        if (row.decision.exit == exit)
            best = std::max(best, row.accuracy.accuracy);
    std::vector<std::size_t> rows;
    for (std::size_t row = 0; row < table.rows().size(); ++row)
        if (table.rows()[row].decision.exit == exit && table.rows()[row].accuracy.accuracy >= best - kLoss)
            rows.push_back(row);
    return rows;
}

/// Down or up to 1, 2 or 5 times a power of ten.
double rounded(double value, bool up)
{
    constexpr std::array kDigits{1.0, 2.0, 5.0, 10.0};
    constexpr double kSlack = 1e-9;
    const double power = std::pow(10, std::floor(std::log10(value) + kSlack));
    const double digits = value / power;
    double best = up ? kDigits.back() : kDigits.front();
    for (const double digit : kDigits)
        if (up ? digit >= digits - kSlack && digit < best : digit <= digits + kSlack && digit > best)
            best = digit;
    return std::round(best * power);
}

RateRange roundedOutwards(double low, double high)
{
    return {rounded(std::clamp(low, kLowest, kHighest), false), rounded(std::clamp(high, kLowest, kHighest), true)};
}

/// Around where a raw frame takes as long as the last exit takes on the device.
RateRange aroundRawFrames(const profile::CostTable& table, int batch, const profile::Conditions& conditions)
{
    const auto& spec = table.spec();
    // Not of the rows of good accuracy: by chance, on few images, only what is sent may be among them.
    const auto local = table.rowOf(decision::onDevice(spec, spec.exitCount()));
    const double localMs = local ? table.predict(*local, batch, conditions).totalMs
                                 : fastestOf(table, goodRowsOf(table, spec.exitCount()), batch, conditions, kNever).ms;
    double pixels = batch;
    for (const auto size : spec.input)
        pixels *= static_cast<double>(size);
    const double rate = pixels / localMs * 1e3;
    return roundedOutwards(rate / 10, rate * 10);
}

/// Between the first change of what is fastest, and the rate beyond which more bandwidth gains little; low is infinite where
/// nothing changes.
RateRange rangeOf(const profile::CostTable& table, const std::vector<std::size_t>& rows, int batch,
                  const profile::Conditions& conditions)
{
    constexpr double kLittleGain = 1.25;
    const int steps = static_cast<int>(std::log10(kHighest / kLowest)) * kStepsPerDecade;
    const double unlimitedMs = fastestOf(table, rows, batch, conditions, kNever).ms;
    const auto atLowest = fastestOf(table, rows, batch, conditions, kLowest).row;
    RateRange range{kNever, 0};
    for (int step = 0; step <= steps; ++step) {
        const double rate = logSpaced(kLowest, kHighest, step, steps);
        const auto fastest = fastestOf(table, rows, batch, conditions, rate);
        if (fastest.row != atLowest)
            range.low = std::min(range.low, rate);
        if (fastest.ms > kLittleGain * unlimitedMs)
            range.high = rate;
    }
    return range;
}

}  // namespace

decision::RewardScale standardScale(const profile::CostTable& table, int batch, const profile::Conditions& conditions,
                                    double lowBytesPerSecond, double highBytesPerSecond)
{
    constexpr int kSteps = 60;
    decision::RewardScale scale{
        .accuracyMin = 1, .accuracyMax = 0, .latencyMinMs = kNever, .latencyMaxMs = 0, .maxBytesPerSecond = highBytesPerSecond};
    for (std::size_t row = 0; row < table.rows().size(); ++row) {
        const double accuracy = table.rows()[row].accuracy.accuracy;
        scale.accuracyMin = std::min(scale.accuracyMin, accuracy);
        scale.accuracyMax = std::max(scale.accuracyMax, accuracy);
        auto here = conditions;
        for (int step = 0; step <= kSteps; ++step) {
            here.bytesPerSecond = logSpaced(lowBytesPerSecond, highBytesPerSecond, step, kSteps);
            const double ms = table.predict(row, batch, here).totalMs;
            scale.latencyMinMs = std::min(scale.latencyMinMs, ms);
            scale.latencyMaxMs = std::max(scale.latencyMaxMs, ms);
        }
    }
    return scale;
}

RateRange interestingRates(const profile::CostTable& table, int batch, const profile::Conditions& conditions)
{
    constexpr double kMarginBelow = 3, kMarginAbove = 2, kLeastWidth = 10;
    double low = kNever, high = 0;
    for (int exit = 1; exit <= table.spec().exitCount(); ++exit) {
        const auto range = rangeOf(table, goodRowsOf(table, exit), batch, conditions);
        if (range.low == kNever)
            continue;
        low = std::min(low, range.low);
        high = std::max({high, range.high, range.low});
    }
    if (low == kNever)
        return aroundRawFrames(table, batch, conditions);
    return roundedOutwards(low / kMarginBelow, std::max(kMarginAbove * high, kLeastWidth * low));
}

}  // namespace splitscope::sim
