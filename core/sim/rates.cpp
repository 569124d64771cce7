// SPDX-License-Identifier: GPL-3.0-or-later
// Over which rates a table's decisions change, and what rewards are standardised by there.
#include "core/sim/evaluator.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace splitscope::sim {

namespace {

using codec::CodingKind;

constexpr double kNever = std::numeric_limits<double>::infinity();
constexpr double kLowest = 1e3, kHighest = 1e9;
constexpr int kStepsPerDecade = 20;

/// `steps` rates from one to the other, each the same factor from the one before.
double logSpaced(double low, double high, int step, int steps)
{
    return low * std::pow(high / low, static_cast<double>(step) / steps);
}

/// Least T over the rows of an exit that `counts` takes.
template <typename Counts>
double fastestMs(const profile::CostTable& table, int batch, profile::Conditions conditions, double rate, Counts counts)
{
    conditions.bytesPerSecond = rate;
    double fastest = kNever;
    for (std::size_t row = 0; row < table.rows().size(); ++row)
        if (counts(table.rows()[row].decision))
            fastest = std::min(fastest, table.predict(row, batch, conditions).totalMs);
    return fastest;
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
    const int last = spec.exitCount();
    const double localMs = fastestMs(table, batch, conditions, 0, [last](const decision::Decision& d) { return d.exit == last; });
    double pixels = batch;
    for (const auto size : spec.input)
        pixels *= static_cast<double>(size);
    const double rate = pixels / localMs * 1e3;
    return roundedOutwards(rate / 10, rate * 10);
}

/// What bounds the range for a group of decisions; low is infinite where sending never gains.
template <typename Counts>
RateRange rangeOf(const profile::CostTable& table, int batch, const profile::Conditions& conditions, double localMs,
                  Counts counts)
{
    constexpr double kGain = 0.99, kNoMoreGain = 1.05;
    const int steps = static_cast<int>(std::log10(kHighest / kLowest)) * kStepsPerDecade;
    const double unlimitedMs = fastestMs(table, batch, conditions, kNever, counts);
    RateRange range{kNever, 0};
    for (int step = 0; step <= steps; ++step) {
        const double rate = logSpaced(kLowest, kHighest, step, steps);
        const double ms = fastestMs(table, batch, conditions, rate, counts);
        if (ms < kGain * localMs)
            range.low = std::min(range.low, rate);
        if (ms > kNoMoreGain * unlimitedMs)
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
    constexpr double kMargin = 3;
    double low = kNever, high = 0;
    for (int exit = 1; exit <= table.spec().exitCount(); ++exit) {
        const auto ofExit = [exit](const decision::Decision& d) { return d.exit == exit; };
        const double localMs = fastestMs(table, batch, conditions, 0, ofExit);
        const auto all = rangeOf(table, batch, conditions, localMs, ofExit);
        if (all.low == kNever)
            continue;
        low = std::min(low, all.low);
        high = std::max(high, all.high);
        const auto raw = rangeOf(table, batch, conditions, localMs, [exit](const decision::Decision& d) {
            return d.exit == exit && (d.coding.kind == CodingKind::Raw || d.coding.kind == CodingKind::LabelOnly);
        });
        high = std::max(high, raw.low == kNever ? 0 : raw.high);
    }
    if (low == kNever)
        return aroundRawFrames(table, batch, conditions);
    return roundedOutwards(low / kMargin, high * kMargin);
}

}  // namespace splitscope::sim
