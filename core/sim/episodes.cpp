// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/episodes.h"

#include "core/base/files.h"
#include "core/sim/draws_p.h"
#include "core/sim/trace_generate.h"
#include "core/sim/trace_import.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <span>

namespace splitscope::sim {

namespace fs = std::filesystem;

namespace {

using Generate = base::Result<Trace> (*)(const EpisodeOptions&, std::uint64_t seed);

/// Whole bytes/s, so that mathematical libraries' last bits don't matter.
double drawRate(base::Random& random, const RateRange& rates, double from = 0, double to = 1)
{
    const double share = from + (to - from) * drawUnit(random);
    return std::round(rates.low * std::pow(rates.high / rates.low, share));
}

base::Result<Trace> makeConstant(const EpisodeOptions& options, std::uint64_t seed)
{
    base::Random random(seed);
    return Trace::constant(drawRate(random, options.rates));
}

base::Result<Trace> makeWalk(const EpisodeOptions& options, std::uint64_t seed)
{
    const auto& [low, high] = options.rates;
    constexpr double kSigma = 0.3;
    const double ratio = high / low;
    const double mean = (high - low) / std::log(ratio);  // of rates spread evenly by their logarithm
    auto made = generateWalk({.random = {.seed = seed, .meanBytesPerSecond = mean, .durationMs = options.durationMs},
                              .sigma = kSigma,
                              .range = ratio});
    return made ? made->clipped(low, high) : made;
}

base::Result<Trace> makeMarkov(const EpisodeOptions& options, std::uint64_t seed)
{
    base::Random random(seed);
    constexpr int kStates = 4;
    MarkovOptions markov{.random = {.seed = seed, .durationMs = options.durationMs}};
    for (int state = 0; state < kStates; ++state)
        markov.states.push_back(drawRate(random, options.rates, static_cast<double>(state) / kStates, (state + 1.0) / kStates));
    return generateMarkov(markov);
}

base::Result<Trace> makeOutage(const EpisodeOptions& options, std::uint64_t seed)
{
    base::Random random(seed);
    const double rate = drawRate(random, options.rates);
    return generateOutage({.random = {.seed = seed, .durationMs = options.durationMs}, .bytesPerSecond = rate});
}

/// Up or down.
base::Result<Trace> makeSweep(const EpisodeOptions& options, std::uint64_t seed)
{
    base::Random random(seed);
    constexpr int kFewest = 30, kSpread = 31;
    const int steps = kFewest + random.below(kSpread);
    auto from = options.rates.low, to = options.rates.high;
    if (random.below(2) == 1)
        std::swap(from, to);
    return generateSweep(from, to, steps, std::max(1.0, std::round(options.durationMs / steps)));
}

base::Result<Trace> makeSteps(const EpisodeOptions& options, std::uint64_t seed)
{
    base::Random random(seed);
    constexpr int kSteps = 20;
    std::vector<double> rates;
    rates.reserve(kSteps);
    for (int i = 0; i < kSteps; ++i)
        rates.push_back(drawRate(random, options.rates));
    return generateSteps(rates, std::max(1.0, std::round(options.durationMs / kSteps)));
}

struct Generator {
    const char* name;
    Generate generate;
};
constexpr std::array kGenerators{Generator{"constant", makeConstant}, Generator{"walk", makeWalk},
                                 Generator{"markov", makeMarkov},     Generator{"outage", makeOutage},
                                 Generator{"sweep", makeSweep},       Generator{"step", makeSteps}};

base::Status check(const EpisodeOptions& options)
{
    const auto wrong = [](const std::string& text) { return base::Error{base::ErrorCode::InvalidInput, text, "episodes"}; };
    if (!(options.rates.low >= 1 && options.rates.low < options.rates.high && options.rates.high <= 1e12))
        return wrong("rates must be a range within 1 B/s and 1 TB/s, the lower one first");
    if (options.count < 1 || options.count > kMaxEpisodeTraces)
        return wrong(std::to_string(options.count) + " traces; there may be 1 to " + std::to_string(kMaxEpisodeTraces));
    if (!(options.durationMs >= 1000 && options.durationMs <= 24. * 3600 * 1000))
        return wrong("a trace lasts from one second to one day");
    return {};
}

/// Odd for training, even for evaluation, and another one for every trace of every seed.
std::uint64_t seedOf(const EpisodeOptions& options, int index)
{
    const auto mixed = base::mixBits(options.seed * kMaxEpisodeTraces + static_cast<std::uint64_t>(index));
    return (mixed << 1) | (options.use == TraceUse::Training ? 1U : 0U);
}

base::Result<std::vector<Trace>> generateTraces(std::span<const Generator> generators, const EpisodeOptions& options)
{
    std::vector<Trace> traces;
    for (int i = 0; i < options.count; ++i) {
        const auto& [name, generate] = generators[static_cast<std::size_t>(i) % generators.size()];
        auto made = generate(options, seedOf(options, i));
        if (!made)
            return made.error();
        traces.push_back(made->named(std::string(name) + " " + std::to_string(i + 1)));
    }
    return traces;
}

/// Collections say what they hold in files beside their traces.
bool isTraceFile(const fs::path& path)
{
    const auto extension = path.extension().string();
    constexpr std::array kKnown{".csv", ".json", ".log", ".txt", ".up", ".down"};
    return std::find(kKnown.begin(), kKnown.end(), extension) != kKnown.end();
}

base::Result<std::vector<Trace>> importTraces(const std::vector<fs::path>& files, const EpisodeOptions& options)
{
    constexpr double kBinMs = 1000, kFrom = 0.25, kTo = 0.75;
    std::vector<Trace> traces;
    // Spread over the list, so that a few traces are of all collections.
    for (std::size_t i = 0; i < static_cast<std::size_t>(options.count); ++i) {
        const std::size_t stride = std::max<std::size_t>(1, files.size() / static_cast<std::size_t>(options.count));
        const auto& file = files[i * stride % files.size()];
        auto read = importTrace(file, {.format = {}, .binMs = kBinMs});
        if (!read)
            return read.error();
        base::Random random(seedOf(options, static_cast<int>(i)));
        auto made = fitted(*read, drawRate(random, options.rates, kFrom, kTo), options.rates.high);
        if (!made)
            return base::Error{made.error().code, made.error().message(), file.string()};
        traces.push_back(made->named(read->name()).repeating(true));
    }
    return traces;
}

base::Result<std::vector<Trace>> recordedOnes(const EpisodeOptions& options)
{
    const auto folder = recordedTraces();
    const auto files = folder ? recordedTraceFiles(*folder, options.use) : std::vector<fs::path>();
    if (files.empty())
        return base::Error{base::ErrorCode::NotFound,
                           "there are no recorded traces: set SPLITSCOPE_TRACES to a folder of them, or SPLITSCOPE_DATA to one "
                           "that holds traces/",
                           "episodes"};
    return importTraces(files, options);
}

}  // namespace

const std::vector<std::string>& episodeSources()
{
    static const std::vector<std::string> names = [] {
        std::vector<std::string> all;
        all.reserve(std::size(kGenerators) + 2);
        for (const auto& generator : kGenerators)
            all.emplace_back(generator.name);
        all.insert(all.end(), {"mixed", "real"});
        return all;
    }();
    return names;
}

base::Result<std::vector<Trace>> episodeTraces(const std::string& source, const EpisodeOptions& options)
{
    if (auto status = check(options); !status)
        return status.error();
    if (source == "mixed")
        return generateTraces(kGenerators, options);
    if (source == "real")
        return recordedOnes(options);
    for (const auto& generator : kGenerators)
        if (source == generator.name)
            return generateTraces({&generator, 1}, options);
    std::string known;
    for (const auto& name : episodeSources())
        known += (known.empty() ? "" : ", ") + name;
    return base::Error{base::ErrorCode::InvalidInput, "'" + source + "' is no source of bandwidth; there are " + known,
                       "episodes"};
}

TraceUse useOf(const fs::path& file)
{
    constexpr std::uint64_t kShares = 5;
    std::uint64_t hash = 0;
    for (const char letter : file.filename().string())
        hash = base::mixBits(hash ^ static_cast<unsigned char>(letter));
    return hash % kShares == 0 ? TraceUse::Evaluation : TraceUse::Training;
}

std::vector<fs::path> recordedTraceFiles(const fs::path& folder, TraceUse use)
{
    std::vector<fs::path> files;
    std::error_code error;
    for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
        if (it->is_regular_file() && isTraceFile(it->path()) && useOf(it->path()) == use)
            files.push_back(it->path());
    std::sort(files.begin(), files.end());
    return files;
}

std::optional<fs::path> recordedTraces()
{
    std::error_code error;
    if (const char* named = std::getenv("SPLITSCOPE_TRACES"); named != nullptr && fs::is_directory(named, error))
        return fs::path(named);
    if (const auto data = base::dataFolder(); data && fs::is_directory(*data / "traces", error))
        return *data / "traces";
    return std::nullopt;
}

base::Result<Trace> fitted(const Trace& trace, double mean, double highest)
{
    double bytes = 0, upMs = 0;
    const auto& points = trace.points();
    for (std::size_t i = 0; i < points.size(); ++i) {
        const double end = i + 1 < points.size() ? points[i + 1].atMs : trace.durationMs();
        if (!(points[i].bytesPerSecond > 0))
            continue;
        upMs += end - points[i].atMs;
        bytes += (end - points[i].atMs) * points[i].bytesPerSecond;
    }
    if (!(bytes > 0 && std::isfinite(bytes / upMs)))
        return base::Error{base::ErrorCode::InvalidInput, "has no rate that could be scaled", trace.name()};
    auto scaled = trace.scaled(mean / (bytes / upMs));
    if (!scaled)
        return scaled;
    return scaled->clipped(0, highest);
}

}  // namespace splitscope::sim
