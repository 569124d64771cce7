// SPDX-License-Identifier: GPL-3.0-or-later
// What no strategy can exceed, by dynamic programming over an episode whose chances are known.
#include "core/sim/environment.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace splitscope::sim {

namespace {

using Episode = Environment::Episode;

constexpr double kNever = std::numeric_limits<double>::infinity();

profile::Conditions conditionsAt(const Environment& environment, double rate)
{
    auto conditions = environment.options().conditions;
    conditions.bytesPerSecond = rate;
    return conditions;
}

double meanOfOptima(const Environment& environment, const Episode& episode)
{
    const auto& evaluator = environment.evaluator();
    double sum = 0;
    for (const double at : episode.arrivalsMs) {
        const auto here = conditionsAt(environment, environment.bandwidth().rateAt(episode.traceStartMs + at));
        sum += evaluator.score(evaluator.best(here), here).reward;
    }
    return sum / static_cast<double>(episode.arrivalsMs.size());
}

// --- switch: the exit and cut last used is all that the past leaves -------------------------------------------------------

/// Which actions share exit and cut: going between them costs nothing.
struct Places {
    std::vector<std::size_t> ofAction;
    std::size_t count = 0;
};

Places placesOf(const Evaluator& evaluator)
{
    Places places;
    std::map<std::pair<int, int>, std::size_t> known;
    for (std::size_t action = 0; action < evaluator.actionCount(); ++action) {
        const auto& decision = evaluator.decisionOf(action);
        const auto found = known.try_emplace({decision.exit, decision.partition}, known.size()).first;
        places.ofAction.push_back(found->second);
    }
    places.count = known.size();
    return places;
}

/// The best reward at each place at one step: there already, or come from elsewhere.
struct PlaceRewards {
    std::vector<double> stayed, moved;
};

PlaceRewards rewardsAt(const Environment& environment, const Places& places, double rate)
{
    const auto& evaluator = environment.evaluator();
    const auto& options = environment.options();
    const auto here = conditionsAt(environment, rate);
    PlaceRewards rewards{std::vector<double>(places.count, -kNever), std::vector<double>(places.count, -kNever)};
    for (std::size_t action = 0; action < evaluator.actionCount(); ++action) {
        const auto service = environment.serve(action, here);
        const double stayed = service.scored.reward;
        const double moved
            = (service.scored.feasible ? evaluator.rewardOf(action, here, service.latencyMs + options.switchMs) : 0)
            - options.switchCost;
        const auto place = places.ofAction[action];
        rewards.stayed[place] = std::max(rewards.stayed[place], stayed);
        rewards.moved[place] = std::max(rewards.moved[place], moved);
    }
    return rewards;
}

double bestSequence(const Environment& environment, const Episode& episode)
{
    const auto places = placesOf(environment.evaluator());
    std::map<double, PlaceRewards> byRate;
    const auto rewardsOf = [&](std::size_t step) -> const PlaceRewards& {
        const double rate = environment.bandwidth().rateAt(episode.traceStartMs + episode.arrivalsMs[step]);
        const auto found = byRate.find(rate);
        return found != byRate.end() ? found->second : byRate.emplace(rate, rewardsAt(environment, places, rate)).first->second;
    };
    std::vector<double> later(places.count, 0);  // best sum from the next step on, by the place used in this one
    std::vector<double> now(places.count);
    for (std::size_t step = episode.arrivalsMs.size(); step-- > 1;) {
        const auto& rewards = rewardsOf(step);
        double bestMove = -kNever;  // a move to the place itself is never better than to stay
        for (std::size_t place = 0; place < places.count; ++place)
            bestMove = std::max(bestMove, rewards.moved[place] + later[place]);
        for (std::size_t place = 0; place < places.count; ++place)
            now[place] = std::max(rewards.stayed[place] + later[place], bestMove);
        later.swap(now);
    }
    const auto& first = rewardsOf(0);
    double best = -kNever;  // the first decision switches nothing
    for (std::size_t place = 0; place < places.count; ++place)
        best = std::max(best, first.stayed[place] + later[place]);
    return best / static_cast<double>(episode.arrivalsMs.size());
}

// --- queue: how long the request at the head has waited ------------------------------------------------------------------

/// A way to serve that no other one beats in both time and worth.
struct Way {
    double ms = 0;
    decision::Outcome outcome{};
    bool worth = false;  ///< else it brings nothing
};

/// At one rate, the fastest first; each brings more than those before.
struct RateWays {
    std::vector<Way> ways;
    double weight = 0;
};

RateWays waysAt(const Environment& environment, double rate)
{
    const auto& evaluator = environment.evaluator();
    const auto here = conditionsAt(environment, rate);
    std::vector<Way> all;
    for (std::size_t action = 0; action < evaluator.actionCount(); ++action) {
        const auto service = environment.serve(action, here);
        const auto& prediction = service.scored.prediction;
        all.push_back({service.latencyMs,
                       {prediction.accuracy, service.latencyMs, prediction.energyJoules, evaluator.batch()},
                       service.scored.feasible});
    }
    std::sort(all.begin(), all.end(), [](const Way& a, const Way& b) { return a.ms < b.ms; });
    RateWays result{{}, decision::accuracyWeight(evaluator.objective(), evaluator.scale(), rate)};
    double best = -1;
    for (const auto& way : all) {
        if (!way.worth && !result.ways.empty())
            continue;
        if (way.worth && way.outcome.accuracy <= best)
            continue;
        best = way.worth ? way.outcome.accuracy : best;
        result.ways.push_back(way);
    }
    return result;
}

/// For each request, and each time on a grid at which the server may come to it, the most that it and all later ones can bring.
/// Times are rounded down and the server may idle, so that being earlier is never worse: the true value is never more.
class QueueBound {
public:
    QueueBound(const Environment& environment, const Episode& episode)
        : m_environment(environment), m_episode(episode), m_evaluator(environment.evaluator())
    {
        for (const auto& point : environment.bandwidth().points()) {
            const auto& ways = waysFor(point.bytesPerSecond);
            m_fastestMs = std::min(m_fastestMs, ways.ways.front().ms);
        }
        m_gridMs = m_fastestMs / kCellsOfAService;
        const auto untilTurnedAway = static_cast<std::size_t>(environment.options().queueLimit + 1) * kCellsOfAService;
        m_cells = std::clamp(2 * untilTurnedAway, kLeastCells, kMostCells);
        for (const auto& [rate, ways] : m_ways)
            for (const auto& way : ways.ways)
                m_worthFarBehind = std::max(m_worthFarBehind, worth(way, ways.weight, lastCellMs()));
    }

    double sum()
    {
        std::vector<double> later(m_cells, 0), now(m_cells, 0);
        const auto count = m_episode.arrivalsMs.size();
        for (std::size_t i = count; i-- > 0;) {
            const double nextArrival = i + 1 < count ? m_episode.arrivalsMs[i + 1] : 0;
            for (std::size_t cell = m_cells; cell-- > 0;)
                now[cell] = cell + 1 == m_cells ? farBehind(i, nextArrival, later)
                                                : std::max(now[cell + 1], inCell(i, cell, nextArrival, later));
            later.swap(now);
        }
        return later[0];
    }

private:
    static constexpr std::size_t kCellsOfAService = 64, kLeastCells = 512, kMostCells = 8192;
    static constexpr double kRoundingMs = 1e-3;  ///< the episode's times are whole microseconds

    const RateWays& waysFor(double rate)
    {
        auto found = m_ways.find(rate);
        if (found == m_ways.end())
            found = m_ways.emplace(rate, waysAt(m_environment, rate)).first;
        return found->second;
    }
    [[nodiscard]] double worth(const Way& way, double weight, double waitedMs) const
    {
        if (!way.worth)
            return 0;
        auto outcome = way.outcome;
        outcome.latencyMs = waitedMs + way.ms;
        return decision::rewardAtWeight(m_evaluator.objective(), m_evaluator.scale(), weight, outcome);
    }
    /// What later requests bring if the server is free at this time.
    [[nodiscard]] double laterFrom(double freeMs, double nextArrival, const std::vector<double>& later) const
    {
        const double cell = std::floor(std::max(0.0, freeMs - nextArrival) / m_gridMs);
        return later[std::min(m_cells - 1, static_cast<std::size_t>(cell))];
    }
    /// The server comes to request i within this cell of time since its arrival.
    double inCell(std::size_t i, std::size_t cell, double nextArrival, const std::vector<double>& later)
    {
        const double waitedMs = static_cast<double>(cell) * m_gridMs;
        const double at = m_episode.arrivalsMs[i] + waitedMs;
        double best = mayBeTurnedAway(cell) ? laterFrom(at, nextArrival, later) : 0;
        const auto& trace = m_environment.bandwidth();
        double traceMs = m_episode.traceStartMs + at;
        const double end = traceMs + m_gridMs;
        while (traceMs < end) {
            const auto& [ways, weight] = waysFor(trace.rateAt(traceMs));
            for (const auto& way : ways)
                best = std::max(best, worth(way, weight, waitedMs) + laterFrom(at + way.ms - kRoundingMs, nextArrival, later));
            traceMs = trace.nextChangeMs(traceMs);
        }
        return best;
    }
    /// … or any time after the grid's end: at the best of all rates.
    [[nodiscard]] double farBehind(std::size_t i, double nextArrival, const std::vector<double>& later) const
    {
        return m_worthFarBehind + laterFrom(m_episode.arrivalsMs[i] + lastCellMs(), nextArrival, later);
    }
    [[nodiscard]] double lastCellMs() const { return static_cast<double>(m_cells - 1) * m_gridMs; }
    /// A full queue was before it when it came: all of that has been served since.
    [[nodiscard]] bool mayBeTurnedAway(std::size_t cell) const
    {
        return cell + 1 >= static_cast<std::size_t>(m_environment.options().queueLimit) * kCellsOfAService;
    }

    const Environment& m_environment;
    const Episode& m_episode;
    const Evaluator& m_evaluator;
    std::map<double, RateWays> m_ways;
    double m_fastestMs = kNever;
    double m_gridMs = 1;
    std::size_t m_cells = 1;
    double m_worthFarBehind = 0;
};

}  // namespace

base::Result<Bound> upperBound(const Environment& environment, std::uint64_t seed)
{
    const auto episode = environment.episodeOf(seed);
    switch (environment.options().kind) {
    case EnvironmentKind::Paper: return Bound{meanOfOptima(environment, episode), "optimum of every step"};
    case EnvironmentKind::Switch: return Bound{bestSequence(environment, episode), "clairvoyant"};
    case EnvironmentKind::Queue: break;
    }
    const double sum = QueueBound(environment, episode).sum();
    return Bound{sum / static_cast<double>(episode.arrivalsMs.size()), "clairvoyant, may hold back"};
}

}  // namespace splitscope::sim
