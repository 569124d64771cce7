// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/trace_generate.h"

#include "core/sim/draws_p.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <numeric>

namespace splitscope::sim {

namespace {

using base::Random;

constexpr std::array<double, 4> kRelativeStates{0.1, 0.5, 1, 2};
constexpr double kMostBytesPerSecond = 1e12;
constexpr double kYearMs = 365. * 24 * 3600 * 1000;

base::Status inRange(const char* option, double value, double low, double high)
{
    if (value >= low && value <= high)  // false for NaN
        return {};
    std::array<char, 96> text{};
    std::snprintf(text.data(), text.size(), "%.10g is outside %.10g..%.10g", value, low, high);
    return base::Error{base::ErrorCode::InvalidInput, text.data(), option};
}

base::Status checkRandom(const RandomTraceOptions& options)
{
    if (auto status = inRange("mean (bytes/s)", options.meanBytesPerSecond, 1, kMostBytesPerSecond); !status)
        return status;
    return inRange("duration (ms)", options.durationMs, 1, kYearMs);
}

base::Status checkSteps(const RandomTraceOptions& options, double stepMs)
{
    if (auto status = checkRandom(options); !status)
        return status;
    return inRange("every (ms)", stepMs, std::max(1.0, options.durationMs / static_cast<double>(kMaxTracePoints)),
                   options.durationMs);
}

/// Times a factor that gives the mean (0: as they are). Whole numbers swallow what mathematical libraries differ in.
base::Result<Trace> finish(std::vector<RatePoint> points, double durationMs, double meanBytesPerSecond)
{
    for (auto& point : points)
        point.atMs = std::round(point.atMs);
    auto made = Trace::create({}, std::move(points), std::round(durationMs), true);
    if (!made)
        return made;
    const double mean = made->meanRate(0, made->durationMs());
    const double factor = meanBytesPerSecond > 0 && mean > 0 ? meanBytesPerSecond / mean : 1;
    points = made->points();
    for (auto& point : points)
        point.bytesPerSecond = std::round(point.bytesPerSecond * factor);
    return Trace::create({}, std::move(points), made->durationMs(), true);
}

/// Rates that follow each other every stepMs.
template <typename Next>
std::vector<RatePoint> everyStep(double stepMs, double durationMs, Next next)
{
    std::vector<RatePoint> points;
    const double whole = std::round(stepMs);
    const auto count = static_cast<std::size_t>(std::ceil(std::round(durationMs) / whole));
    points.reserve(count);
    while (points.size() < count)
        points.push_back({static_cast<double>(points.size()) * whole, next()});
    return points;
}

base::Status checkTransitions(const MarkovOptions& options, std::size_t states)
{
    const auto wrong = [](const std::string& text) { return base::Error{base::ErrorCode::InvalidInput, text, "transitions"}; };
    if (!options.transitions.empty() && options.transitions.size() != states)
        return wrong(std::to_string(options.transitions.size()) + " rows; there are " + std::to_string(states) + " states");
    for (std::size_t i = 0; i < options.transitions.size(); ++i) {
        const auto& row = options.transitions[i];
        const std::string name = "row " + std::to_string(i + 1);
        if (row.size() != states)
            return wrong(name + " has " + std::to_string(row.size()) + " probabilities; there are " + std::to_string(states)
                         + " states");
        if (std::any_of(row.begin(), row.end(), [](double p) { return !(p >= 0 && p <= 1); }))
            return wrong(name + " holds a probability outside 0..1");
        constexpr double kSlack = 1e-6;
        if (std::abs(std::accumulate(row.begin(), row.end(), 0.0) - 1) > kSlack)
            return wrong(name + " does not sum to 1");
    }
    return inRange("stay", options.stay, 0, 1);
}

std::size_t nextState(const MarkovOptions& options, std::size_t state, std::size_t states, Random& random)
{
    double draw = drawUnit(random);
    if (!options.transitions.empty()) {
        const auto& row = options.transitions[state];
        for (std::size_t to = 0; to + 1 < states; ++to)
            if ((draw -= row[to]) < 0)
                return to;
        return states - 1;
    }
    if (draw < options.stay || states == 1)
        return state;
    const bool up = drawUnit(random) < 0.5;
    if (state == 0 || state + 1 == states)
        return state == 0 ? 1 : state - 1;
    return up ? state + 1 : state - 1;
}

}  // namespace

base::Result<Trace> generateMarkov(const MarkovOptions& options)
{
    const std::vector<double> states
        = options.states.empty() ? std::vector<double>(kRelativeStates.begin(), kRelativeStates.end()) : options.states;
    if (auto status = checkSteps(options.random, options.stepMs); !status)
        return status.error();
    if (auto status = checkTransitions(options, states.size()); !status)
        return status.error();
    for (const double state : states)
        if (auto status = inRange("states (bytes/s)", state, 0, kMostBytesPerSecond); !status)
            return status.error();
    Random random(options.random.seed);
    std::size_t state = states.size() / 2;
    auto points = everyStep(options.stepMs, options.random.durationMs, [&] {
        const double rate = states[state];
        state = nextState(options, state, states.size(), random);
        return rate;
    });
    const double mean = options.states.empty() ? options.random.meanBytesPerSecond : 0;
    return finish(std::move(points), options.random.durationMs, mean);
}

base::Result<Trace> generateWalk(const WalkOptions& options)
{
    if (auto status = checkSteps(options.random, options.stepMs); !status)
        return status.error();
    if (auto status = inRange("sigma", options.sigma, 0, 10); !status)
        return status.error();
    if (auto status = inRange("range", options.range, 1, 1e9); !status)
        return status.error();
    Random random(options.random.seed);
    const double width = std::log(options.range);
    double place = width / 2;  // ln(rate / lowest)
    auto points = everyStep(options.stepMs, options.random.durationMs, [&] {
        const double rate = std::exp(place);
        place += options.sigma * drawNormal(random);
        // Folding by twice the width is what many reflections at both walls come to.
        place = width > 0 ? std::fmod(std::abs(place), 2 * width) : 0;
        place = place > width ? 2 * width - place : place;
        return rate;
    });
    return finish(std::move(points), options.random.durationMs, options.random.meanBytesPerSecond);
}

base::Result<Trace> generateOutage(const OutageOptions& options)
{
    if (auto status = checkRandom(options.random); !status)
        return status.error();
    const double shortest = std::max(1.0, options.random.durationMs / 100'000);
    for (const auto& [name, value] : {std::pair("on (ms)", options.onMs), std::pair("off (ms)", options.offMs)})
        if (auto status = inRange(name, value, shortest, kYearMs); !status)
            return status.error();
    if (options.bytesPerSecond)
        if (auto status = inRange("rate (bytes/s)", *options.bytesPerSecond, 1, kMostBytesPerSecond); !status)
            return status.error();
    Random random(options.random.seed);
    std::vector<RatePoint> points;
    bool works = true;
    const double end = std::round(options.random.durationMs);
    for (double at = 0; at < end; works = !works) {
        points.push_back({at, works ? options.bytesPerSecond.value_or(1) : 0});
        at += std::max(1.0, std::round(drawExponential(random, works ? options.onMs : options.offMs)));
    }
    const double mean = options.bytesPerSecond ? 0 : options.random.meanBytesPerSecond;
    return finish(std::move(points), options.random.durationMs, mean);
}

base::Result<Trace> generateSteps(const std::vector<double>& bytesPerSecond, double everyMs)
{
    if (auto status = inRange("every (ms)", everyMs, 1, kYearMs); !status)
        return status.error();
    std::vector<RatePoint> points;
    points.reserve(bytesPerSecond.size());
    for (const double rate : bytesPerSecond)
        points.push_back({static_cast<double>(points.size()) * everyMs, rate});
    const auto count = static_cast<double>(points.size());
    return Trace::create({}, std::move(points), count * everyMs, true);
}

base::Result<Trace> generateSweep(double fromBytesPerSecond, double toBytesPerSecond, int steps, double dwellMs)
{
    for (const double end : {fromBytesPerSecond, toBytesPerSecond})
        if (auto status = inRange("sweep (bytes/s)", end, 1, kMostBytesPerSecond); !status)
            return status.error();
    constexpr int kMostSteps = 100'000;
    if (auto status = inRange("steps", steps, 2, kMostSteps); !status)
        return status.error();
    std::vector<double> rates;
    const double width = std::log(toBytesPerSecond / fromBytesPerSecond);
    for (int i = 0; i + 1 < steps; ++i)
        rates.push_back(std::round(fromBytesPerSecond * std::exp(width * i / (steps - 1))));
    rates.push_back(std::round(toBytesPerSecond));
    if (auto status = inRange("dwell (ms)", dwellMs, 1, kYearMs); !status)
        return status.error();
    return generateSteps(rates, dwellMs);
}

}  // namespace splitscope::sim
