// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/codec/context_learning_p.h"

#include <cmath>
#include <numeric>

namespace splitscope::codec {

namespace {

constexpr std::size_t kExpectedBuckets = 40;
constexpr std::size_t kSpreadBuckets = 8;
constexpr std::size_t kSamplesPerContext = 300;

/// Bounds between buckets that are met equally often.
std::vector<std::uint16_t> quantiles(std::span<const std::uint64_t> counts, std::size_t buckets)
{
    const double all = static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}));
    std::vector<std::uint16_t> bounds;
    double below = 0;
    for (std::size_t i = 0; i + 1 < counts.size() && bounds.size() + 1 < buckets; ++i) {
        below += static_cast<double>(counts[i]);
        const auto next = static_cast<double>(bounds.size() + 1);
        if (below * static_cast<double>(buckets) < all * next)
            continue;
        bounds.push_back(static_cast<std::uint16_t>(i + 1));
    }
    return bounds;
}

/// What `count` symbols in `length` places alike cost, but for what depends on the sum of all.
double costOf(double count, double length) { return count > 0 ? count * std::log2(length / count) : 0; }

struct Run {
    double count;
    double length;
    double mergedCost;  ///< more than apart, if it were one with the next
};

void updateCost(std::vector<Run>& runs, std::size_t i)
{
    if (i + 1 < runs.size())
        runs[i].mergedCost = costOf(runs[i].count + runs[i + 1].count, runs[i].length + runs[i + 1].length)
            - costOf(runs[i].count, runs[i].length) - costOf(runs[i + 1].count, runs[i + 1].length);
}

std::vector<Run> mergedRuns(std::span<const std::uint32_t> counts, double leastBits)
{
    std::vector<Run> runs;
    for (const std::uint32_t count : counts)
        runs.push_back({static_cast<double>(count), 1, 0});
    for (std::size_t i = 0; i < runs.size(); ++i)
        updateCost(runs, i);
    while (runs.size() > 1) {
        const auto least = std::min_element(runs.begin(), runs.end() - 1,
                                            [](const Run& a, const Run& b) { return a.mergedCost < b.mergedCost; });
        if (least->mergedCost > leastBits)
            break;
        least->count += least[1].count;
        least->length += least[1].length;
        const auto at = static_cast<std::size_t>(least - runs.begin());
        runs.erase(least + 1);
        updateCost(runs, at);
        if (at > 0)
            updateCost(runs, at - 1);
    }
    return runs;
}

/// Eight steps to an octave; the unit is half a slot or so.
std::uint8_t logOf(double share)
{
    const double log = std::round(8 * (std::log2(share) + kRansBits + 2));
    return static_cast<std::uint8_t>(std::clamp(log, 1.0, 1.0 * kMaxLogFrequency));
}

/// How often each context met each symbol, counted from 0 and from what was expected.
struct Counts {
    std::vector<std::uint32_t> plain;
    std::vector<std::uint32_t> residual;
};

Counts countSymbols(const SymbolFrames& frames, const Predictor& predictor, const ContextBounds& bounds)
{
    const ContextFinder finder(bounds);
    const std::uint32_t symbols = 1U << predictor.symbolBits;
    // An origin is the same in all contexts but for a mask: one that always counts from what is expected.
    ContextShape counting{true, 1, {{static_cast<std::uint16_t>(symbols), 8}}};
    const ContextTables origin(predictor.symbolBits, {counting});
    Counts counts{std::vector<std::uint32_t>(bounds.contexts() * symbols),
                  std::vector<std::uint32_t>(bounds.contexts() * symbols)};
    PredictorWalk walk;
    const PlacedPredictor placed(predictor);
    for (const auto& frame : frames)
        walk.run(placed, [&](std::size_t i, const Expectation& e) {
            const std::size_t at = finder.contextOf(e) * symbols;
            ++counts.plain[at + frame[i]];
            ++counts.residual[at + ((frame[i] - origin.originOf(0, e)) & (symbols - 1))];
            return frame[i];
        });
    return counts;
}

}  // namespace

ContextBounds learnBounds(const SymbolFrames& frames, const Predictor& predictor)
{
    std::vector<std::uint64_t> expected(kExpectedSteps);
    std::vector<std::uint64_t> spread(kSpreadSteps);
    PredictorWalk walk;
    const PlacedPredictor placed(predictor);
    for (const auto& frame : frames)
        walk.run(placed, [&](std::size_t i, const Expectation& e) {
            const int place = e.expected + kExpectedMargin;
            ++expected[static_cast<std::size_t>(place)];
            ++spread[static_cast<std::size_t>(e.spread)];
            return frame[i];
        });
    const double samples = static_cast<double>(frames.size() * predictor.shape.count());
    const double fewer = std::min(1.0, std::sqrt(samples / (kSamplesPerContext * kExpectedBuckets * kSpreadBuckets)));
    const auto buckets = [fewer](std::size_t most) {
        return static_cast<std::size_t>(std::max(1.0, std::round(fewer * static_cast<double>(most))));
    };
    return {quantiles(expected, buckets(kExpectedBuckets)), quantiles(spread, buckets(kSpreadBuckets))};
}

ContextShape shapeOf(std::span<const std::uint32_t> counts, double leastBits, double& cost)
{
    const double sum = std::accumulate(counts.begin(), counts.end(), 0.0);
    const auto runs = mergedRuns(counts, leastBits);
    ContextShape shape;
    cost = costOf(sum, sum * sum) + leastBits * static_cast<double>(runs.size());
    // Symbols that were met once tell how likely new ones are.
    double escaping = 0.5 + 0.25 * static_cast<double>(std::count(counts.begin(), counts.end(), 1U));
    const double all = sum + escaping;
    for (const auto& run : runs) {
        cost += costOf(run.count, run.length);
        const double share = run.count / run.length / all;
        const bool escapes = share * kRansTotal < 0.4;
        if (escapes)
            escaping += run.count;
        const std::uint8_t log = escapes ? 0 : logOf(share);
        const auto length = static_cast<std::uint16_t>(run.length);
        if (!shape.segments.empty() && shape.segments.back().logFrequency == log)
            shape.segments.back().length = static_cast<std::uint16_t>(shape.segments.back().length + length);
        else
            shape.segments.push_back({length, log});
    }
    shape.escapeLog = logOf(escaping / all);
    return shape;
}

std::vector<ContextShape> learnContexts(const SymbolFrames& frames, const Predictor& predictor, const ContextBounds& bounds)
{
    const auto counts = countSymbols(frames, predictor, bounds);
    const std::size_t symbols = std::size_t{1} << predictor.symbolBits;
    const double leastBits = std::max(14.0, 0.02 * static_cast<double>(frames.size()));
    std::vector<ContextShape> shapes;
    for (std::size_t context = 0; context < bounds.contexts(); ++context) {
        double plainCost = 0;
        double residualCost = 0;
        auto plain = shapeOf(std::span(counts.plain).subspan(context * symbols, symbols), leastBits, plainCost);
        auto residual = shapeOf(std::span(counts.residual).subspan(context * symbols, symbols), leastBits, residualCost);
        residual.residual = true;
        shapes.push_back(residualCost < plainCost ? std::move(residual) : std::move(plain));
    }
    return shapes;
}

}  // namespace splitscope::codec
