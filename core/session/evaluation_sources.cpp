// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/evaluation_sources.h"

#include "core/base/units.h"
#include "core/sim/bandwidth.h"
#include "core/sim/episodes.h"

#include <algorithm>

namespace splitscope::session {

namespace {

constexpr const char* kPresets = "presets";
constexpr const char* kReal = "real";

struct About {
    const char* name;
    const char* text;
};
constexpr About kSources[] = {
    {"walk", "log-rate walks"},
    {"markov", "four rates in turn by chance"},
    {"outage", "one rate that fails for seconds"},
    {"sweep", "up or down the whole range"},
    {"step", "jumps to any rate"},
    {kPresets, "CAT1, 3G, 4G and WiFi in turn"},
    {kReal, "recorded traces that nothing is trained on, scaled into the range"},
};

base::Result<std::vector<sim::Trace>> presets()
{
    std::vector<sim::Trace> traces;
    for (const auto& name : sim::bandwidthPresets()) {
        auto trace = sim::parseBandwidth("preset:" + name);
        if (!trace)
            return trace.error();
        traces.push_back(*std::move(trace));
    }
    return traces;
}

}  // namespace

const std::vector<std::string>& evaluationSourceNames()
{
    static const std::vector<std::string> names = [] {
        std::vector<std::string> list;
        for (const auto& source : kSources)
            list.emplace_back(source.name);
        return list;
    }();
    return names;
}

base::Result<EvaluationSource> evaluationSource(const std::string& name, const sim::RateRange& rates, std::uint64_t seed,
                                                int episodes)
{
    std::string names;
    for (const auto& source : kSources) {
        names += std::string(source.name) + ", ";
        if (name != source.name)
            continue;
        sim::EpisodeOptions options;
        options.use = sim::TraceUse::Evaluation;
        options.rates = rates;
        options.seed = seed;
        options.count = std::min(episodes, sim::kMaxEpisodeTraces);
        auto traces = name == kPresets ? presets() : sim::episodeTraces(name, options);
        if (!traces)
            return traces.error();
        return EvaluationSource{name, *std::move(traces),
                                std::string(source.text) + "; " + base::formatBytesPerSecond(rates.low) + " to "
                                    + base::formatBytesPerSecond(rates.high)};
    }
    const auto typed = sim::parseBandwidth(name);
    if (!typed)
        return base::Error{base::ErrorCode::InvalidInput,
                           "'" + name + "' is neither of " + names + "nor a bandwidth: " + typed.error().text, "source"};
    return EvaluationSource{name, {*typed}, "as typed"};
}

std::vector<std::string> usualEvaluationSources()
{
    auto names = evaluationSourceNames();
    const auto folder = sim::recordedTraces();
    if (!folder || sim::recordedTraceFiles(*folder, sim::TraceUse::Evaluation).empty())
        std::erase(names, kReal);
    return names;
}

}  // namespace splitscope::session
