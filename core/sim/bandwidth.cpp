// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/bandwidth.h"

#include "core/base/units.h"
#include "core/sim/bandwidth_arguments_p.h"
#include "core/sim/trace_generate.h"
#include "core/sim/trace_import.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <limits>
#include <utility>

namespace splitscope::sim {

namespace {

struct Preset {
    const char* name;
    double megabitsPerSecond;
};

/// Uplink rates as the field's papers use them: LTE Cat. 1 at the cell's edge, 3G, 4G and Wi-Fi.
constexpr std::array<Preset, 4> kPresets{{{"cat1", 0.13}, {"3g", 1.1}, {"4g", 5.85}, {"wifi", 18.88}}};
constexpr double kBytesPerMegabit = 1e6 / 8;
constexpr const char* kKinds = "a rate like 2MB/s or 5.85Mbit/s, unlimited, preset:…, trace:…, sweep:…, step:…, markov, walk or "
                               "outage";

base::Result<Trace> parsePreset(const std::string& name)
{
    std::string names;
    for (const auto& preset : kPresets) {
        if (name == preset.name)
            return Trace::constant(preset.megabitsPerSecond * kBytesPerMegabit);
        names += std::string(names.empty() ? "" : ", ") + preset.name;
    }
    return base::Error{base::ErrorCode::InvalidInput, "there is no such preset; there are " + names, "preset:" + name};
}

/// The changes in a fixed order, whatever the order in which they are written.
base::Result<Trace> changed(const Trace& trace, Arguments& arguments)
{
    const auto cut = arguments.times("cut");
    const auto scale = arguments.number("scale");
    const auto clip = arguments.rates("clip");
    const auto offset = arguments.time("offset");
    const bool once = arguments.flag("once");
    if (const auto status = arguments.done(); !status)
        return status.error();
    base::Result<Trace> result = trace.repeating(trace.repeats() && !once);
    if (cut)
        result = result->cut(cut->first, cut->second);
    if (result && scale)
        result = result->scaled(*scale);
    if (result && clip)
        result = result->clipped(clip->first, clip->second);
    if (result && offset)
        result = result->shifted(*offset);
    return result;
}

base::Result<Trace> parseRecorded(Arguments arguments)
{
    if (arguments.values().empty())
        return base::Error{base::ErrorCode::InvalidInput, "names no file: trace:FILE", "trace"};
    const auto file = findTrace(arguments.takeValue());
    if (!file)
        return file.error();
    ImportOptions options;
    if (const auto format = arguments.text("format")) {
        const auto parsed = parseTraceFormat(*format);
        if (!parsed)
            return parsed.error();
        options.format = *parsed;
    }
    options.binMs = arguments.time("bin").value_or(0);
    auto trace = importTrace(*file, options);
    return trace ? changed(*std::move(trace), arguments) : trace;
}

base::Result<Trace> parseSweep(Arguments arguments)
{
    const auto range = rateRange(arguments.takeValue());
    if (!range)
        return range.error();
    const double steps = arguments.number("steps").value_or(20);
    const double dwellMs = arguments.time("dwell").value_or(5000);
    if (!(steps >= 0 && steps <= 1e6) || steps != static_cast<int>(steps))
        return base::Error{base::ErrorCode::InvalidInput, "is no whole number up to 100000", "steps"};
    auto trace = generateSweep(range->first, range->second, static_cast<int>(steps), dwellMs);
    return trace ? changed(*std::move(trace), arguments) : trace;
}

base::Result<Trace> parseSteps(Arguments arguments)
{
    std::vector<double> rates;
    while (!arguments.values().empty()) {
        const auto rate = parseRate(arguments.takeValue());
        if (!rate)
            return rate.error();
        rates.push_back(*rate);
    }
    if (rates.empty())
        return base::Error{base::ErrorCode::InvalidInput, "needs rates: step:1MB/s,100KB/s", "step"};
    const auto everyMs = arguments.time("every").value_or(10'000);
    auto trace = generateSteps(rates, everyMs);
    return trace ? changed(*std::move(trace), arguments) : trace;
}

/// The options of all random traces. False where a rate is given that leaves no room for a mean.
base::Status readRandom(Arguments& arguments, RandomTraceOptions& options, bool rateIsGiven, const char* rateKey)
{
    options.seed = arguments.seed("seed").value_or(options.seed);
    options.durationMs = arguments.time("duration").value_or(options.durationMs);
    const auto mean = arguments.rate("mean");
    if (mean && rateIsGiven)
        return base::Error{base::ErrorCode::InvalidInput, std::string("contradicts ") + rateKey + ": give one of the two",
                           "mean"};
    options.meanBytesPerSecond = mean.value_or(options.meanBytesPerSecond);
    return {};
}

base::Result<Trace> parseMarkov(Arguments arguments)
{
    MarkovOptions options;
    options.states = arguments.rateList("states");
    if (const auto status = readRandom(arguments, options.random, !options.states.empty(), "states"); !status)
        return status.error();
    options.stepMs = arguments.time("every").value_or(options.stepMs);
    options.stay = arguments.number("stay").value_or(options.stay);
    options.transitions = arguments.matrix("transitions");
    if (const auto status = arguments.valid(); !status)
        return status.error();
    auto trace = generateMarkov(options);
    return trace ? changed(*std::move(trace), arguments) : trace;
}

base::Result<Trace> parseWalk(Arguments arguments)
{
    WalkOptions options;
    if (const auto status = readRandom(arguments, options.random, false, ""); !status)
        return status.error();
    options.stepMs = arguments.time("every").value_or(options.stepMs);
    options.sigma = arguments.number("sigma").value_or(options.sigma);
    options.range = arguments.number("range").value_or(options.range);
    if (const auto status = arguments.valid(); !status)
        return status.error();
    auto trace = generateWalk(options);
    return trace ? changed(*std::move(trace), arguments) : trace;
}

base::Result<Trace> parseOutage(Arguments arguments)
{
    OutageOptions options;
    options.bytesPerSecond = arguments.rate("rate");
    if (const auto status = readRandom(arguments, options.random, options.bytesPerSecond.has_value(), "rate"); !status)
        return status.error();
    options.onMs = arguments.time("on").value_or(options.onMs);
    options.offMs = arguments.time("off").value_or(options.offMs);
    if (const auto status = arguments.valid(); !status)
        return status.error();
    auto trace = generateOutage(options);
    return trace ? changed(*std::move(trace), arguments) : trace;
}

base::Result<Trace> parseConstant(const std::string& text)
{
    const auto rate = parseRate(text);
    if (rate)
        return Trace::constant(*rate);
    return base::Error{base::ErrorCode::InvalidInput, std::string("is no bandwidth; expected ") + kKinds, text};
}

}  // namespace

base::Result<Trace> parseBandwidth(const std::string& text)
{
    constexpr std::pair<const char*, base::Result<Trace> (*)(Arguments)> kParsers[]
        = {{"trace", parseRecorded}, {"sweep", parseSweep}, {"step", parseSteps},
           {"markov", parseMarkov},  {"walk", parseWalk},   {"outage", parseOutage}};
    const auto colon = text.find(':');
    const auto kind = text.substr(0, colon);
    const auto rest = colon == std::string::npos ? std::string() : text.substr(colon + 1);
    base::Result<Trace> trace = base::Error{};
    const auto* parser
        = std::find_if(std::begin(kParsers), std::end(kParsers), [&](const auto& one) { return kind == one.first; });
    if (parser != std::end(kParsers))
        trace = parser->second(Arguments(rest));
    else if (kind == "preset" && colon != std::string::npos)
        trace = parsePreset(rest);
    else
        trace = parseConstant(text);
    return trace ? trace->named(text) : trace;
}

base::Result<Trace> openTrace(const std::string& fileOrBandwidth)
{
    std::error_code failure;
    if (std::filesystem::is_regular_file(fileOrBandwidth, failure))
        return importTrace(fileOrBandwidth);
    const bool path = fileOrBandwidth.starts_with('/') || fileOrBandwidth.starts_with('.');
    if (const auto found = findTrace(fileOrBandwidth); path && !found)
        return found.error();
    auto trace = parseBandwidth(fileOrBandwidth);
    if (!trace && trace.error().where == fileOrBandwidth)
        return base::Error{trace.error().code, "there is no such file, and it " + trace.error().text, fileOrBandwidth};
    return trace;
}

base::Result<Trace> withChanges(const Trace& trace, const std::string& changes)
{
    Arguments arguments(changes);
    return changed(trace, arguments);
}

std::vector<std::string> bandwidthPresets()
{
    std::vector<std::string> names;
    names.reserve(kPresets.size());
    for (const auto& preset : kPresets)
        names.emplace_back(preset.name);
    return names;
}

}  // namespace splitscope::sim
