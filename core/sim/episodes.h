// SPDX-License-Identifier: GPL-3.0-or-later
// Bandwidths for experiments: what is trained on, and what is evaluated on, kept apart.
#pragma once

#include "core/sim/evaluator.h"
#include "core/sim/trace.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace splitscope::sim {

enum class TraceUse {
    Training,  ///< odd seeds; four of five recorded files
    Evaluation  ///< even seeds; the other files
};

/// Where rates lie, and how many traces there are.
struct EpisodeOptions {
    TraceUse use = TraceUse::Training;
    RateRange rates{};  ///< of the traces: see interestingRates(); 0 < low < high
    std::uint64_t seed = 1;  ///< no seed of one use gives a trace of the other
    int count = 8;  ///< traces, at most kMaxEpisodeTraces
    double durationMs = 300'000;  ///< of generated ones
};
inline constexpr int kMaxEpisodeTraces = 1000;

/// Sources by name. "constant": rates log-uniform in the range. "walk", "markov", "outage", "sweep", "step": generated over the
/// whole range. "mixed": these in turn. "real": files below recordedTraces(), means over a second, each scaled so that its mean
/// lies somewhere in the middle half of the range (by its logarithm), and rates above the range cut down to it; the first ones
/// again where `count` is more. The same options give the same traces on every machine. An Error lists the names, or says that
/// there are no recorded traces.
base::Result<std::vector<Trace>> episodeTraces(const std::string& source, const EpisodeOptions& options);
const std::vector<std::string>& episodeSources();

/// Whose a recorded file is: told by its name, so that it is the same wherever it lies and whatever lies beside it.
TraceUse useOf(const std::filesystem::path& file);
/// Files with recorded traces below a folder that are for this use, sorted.
std::vector<std::filesystem::path> recordedTraceFiles(const std::filesystem::path& folder, TraceUse use);
/// The folder that SPLITSCOPE_TRACES names, else the data folder's traces/; nothing where neither is there.
std::optional<std::filesystem::path> recordedTraces();

/// Scaled so that its mean (without its outages) is `mean`, and rates above `highest` cut down to it.
base::Result<Trace> fitted(const Trace& trace, double mean, double highest);

}  // namespace splitscope::sim
