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
    for (std::size_t request = 0; request < episode.arrivalsMs.size(); ++request) {
        const auto here = environment.conditionsOf(episode, request);
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

/// For each request, and each stretch of time on a grid within which the server may come to it, the most that it and all later
/// ones can bring from any moment of that stretch. Never less than the truth: what begins within a stretch ends in one of the two
/// that its end may fall into, whichever is better; and where some are turned away, the newest of those that came are taken to
/// wait. How many wait and how many are turned away is exact, and the server never idles for longer than a stretch.
class QueueBound {
public:
    QueueBound(const Environment& environment, const Episode& episode)
        : m_environment(environment), m_arrivals(episode.arrivalsMs), m_traceStartMs(episode.traceStartMs),
          m_evaluator(environment.evaluator()), m_limit(static_cast<std::size_t>(environment.options().queueLimit))
    {
        double fastestMs = kNever;
        for (const auto& point : environment.bandwidth().points())
            fastestMs = std::min(fastestMs, waysFor(point.bytesPerSecond).ways.front().ms);
        // Coarser where an episode would take too many.
        double allMs = 0;
        for (std::size_t i = 0; i < m_arrivals.size(); ++i)
            allMs += isTail(i) ? tailMs(fastestMs) : m_arrivals[i + m_limit] - m_arrivals[i];
        m_gridMs = std::max(fastestMs / kCellsOfAService, allMs / kMostCells);
        m_tailCells = static_cast<std::size_t>(tailMs(fastestMs) / m_gridMs) + 1;
    }

    double sum()
    {
        m_values.resize(m_arrivals.size());
        for (std::size_t i = m_values.size(); i-- > 0;) {
            m_values[i].resize(cellsOf(i));
            for (std::size_t cell = m_values[i].size(); cell-- > 0;)
                m_values[i][cell] = inCell(i, cell);
        }
        return valueBetween(0, m_arrivals.front(), m_arrivals.front());
    }

private:
    static constexpr double kCellsOfAService = 32, kMostCells = 4e6;
    static constexpr double kRoundingMs = 1e-3;  ///< the episode's times are whole microseconds

    /// At the end, where no more come that could take its place, a request's last cell is for all later times.
    [[nodiscard]] double tailMs(double fastestMs) const { return 2 * static_cast<double>(m_limit + 1) * fastestMs; }
    [[nodiscard]] bool isTail(std::size_t i) const { return i + m_limit >= m_arrivals.size(); }
    /// Until so many more have come that it cannot be the oldest that waits.
    [[nodiscard]] std::size_t cellsOf(std::size_t i) const
    {
        return isTail(i) ? m_tailCells : static_cast<std::size_t>((m_arrivals[i + m_limit] - m_arrivals[i]) / m_gridMs) + 1;
    }

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
    /// The oldest that can wait at a time, of those from i on.
    [[nodiscard]] std::size_t oldestAt(std::size_t i, double ms) const
    {
        const auto come = static_cast<std::size_t>(
            std::distance(m_arrivals.begin(), std::upper_bound(m_arrivals.begin(), m_arrivals.end(), ms)));
        return std::max(i, come > m_limit ? come - m_limit : 0);
    }
    [[nodiscard]] std::size_t cellAt(std::size_t i, double ms) const
    {
        const double cell = std::floor(std::max(0.0, ms - m_arrivals[i]) / m_gridMs);
        return std::min(m_values[i].size() - 1, static_cast<std::size_t>(cell));
    }
    /// What requests from i on bring if the server is free at any moment between these two, less than a cell apart.
    [[nodiscard]] double valueBetween(std::size_t i, double fromMs, double toMs) const
    {
        double best = 0;
        for (i = oldestAt(i, fromMs); i < m_values.size(); ++i) {
            const double untilMs = isTail(i) ? toMs : std::min(toMs, m_arrivals[i + m_limit]);
            best = std::max({best, m_values[i][cellAt(i, fromMs)], m_values[i][cellAt(i, untilMs)]});
            if (untilMs >= toMs)
                break;
            fromMs = untilMs;
        }
        return best;
    }
    /// The server comes to request i within this cell of time since its arrival.
    double inCell(std::size_t i, std::size_t cell)
    {
        const double waitedMs = static_cast<double>(cell) * m_gridMs;
        const double at = m_arrivals[i] + waitedMs;
        if (isTail(i) && cell + 1 == m_tailCells)
            return everAfter(i, waitedMs);
        double best = 0;
        const auto& trace = m_environment.bandwidth();
        double traceMs = m_traceStartMs + at;
        const double end = traceMs + m_gridMs;
        while (traceMs < end) {
            const auto& [ways, weight] = waysFor(trace.rateAt(traceMs));
            for (const auto& way : ways) {
                const double freeMs = at + way.ms - kRoundingMs;
                best = std::max(best, worth(way, weight, waitedMs) + valueBetween(i + 1, freeMs, freeMs + m_gridMs));
            }
            traceMs = trace.nextChangeMs(traceMs);
        }
        return best;
    }
    /// … or at any time after that, at the end of an episode.
    [[nodiscard]] double everAfter(std::size_t i, double waitedMs) const
    {
        double now = 0, later = 0;
        for (const auto& [rate, ways] : m_ways)
            for (const auto& way : ways.ways)
                now = std::max(now, worth(way, ways.weight, waitedMs));
        if (i + 1 < m_values.size())
            for (std::size_t cell = cellAt(i + 1, m_arrivals[i] + waitedMs); cell < m_values[i + 1].size(); ++cell)
                later = std::max(later, m_values[i + 1][cell]);
        return now + later;
    }

    const Environment& m_environment;
    const std::vector<double>& m_arrivals;
    double m_traceStartMs = 0;
    const Evaluator& m_evaluator;
    std::size_t m_limit = 1;
    std::map<double, RateWays> m_ways;
    std::vector<std::vector<double>> m_values;  ///< by request and cell
    double m_gridMs = 1;
    std::size_t m_tailCells = 1;
};

// --- budget: what the energy of an episode can buy ------------------------------------------------------------------------

/// Σ_i max(0, max_a r_i(a) − λ·e_i(a)) + λ·budget: for any λ ≥ 0 no less than the best choice within the budget; the least of
/// them.
double budgetDual(const Environment& environment, const Episode& episode)
{
    struct Priced {
        double joules, reward;
    };
    const auto& evaluator = environment.evaluator();
    std::map<double, std::pair<double, std::vector<Priced>>> byRate;  // how often, and how it can be served
    for (std::size_t request = 0; request < episode.arrivalsMs.size(); ++request) {
        const auto here = environment.conditionsOf(episode, request);
        auto& [count, ways] = byRate[here.bytesPerSecond];
        for (std::size_t action = 0; count == 0 && action < evaluator.actionCount(); ++action) {
            const auto service = environment.serve(action, here);
            const double reward = service.scored.feasible ? evaluator.rewardOf(action, here, service.latencyMs) : 0;
            if (reward > 0)
                ways.push_back({service.scored.prediction.energyJoules * evaluator.batch(), reward});
        }
        ++count;
    }
    const double budget = environment.options().budgetJoules;
    const auto dual = [&](double price) {
        double sum = price * budget;
        for (const auto& [rate, served] : byRate) {
            double best = 0;
            for (const auto& way : served.second)
                best = std::max(best, way.reward - price * way.joules);
            sum += served.first * best;
        }
        return sum;
    };
    // Convex in the price: thirds of ever smaller ranges; whatever is looked at is a bound.
    double low = 0, high = 1, least = dual(0);
    for (; dual(2 * high) < dual(high) && high < 1e12; high *= 2)
        ;
    high *= 2;
    constexpr int kThirds = 100;
    for (int i = 0; i < kThirds; ++i) {
        const double a = low + (high - low) / 3, b = high - (high - low) / 3;
        const double atA = dual(a), atB = dual(b);
        least = std::min({least, atA, atB});
        (atA < atB ? high : low) = atA < atB ? b : a;
    }
    return least;
}

}  // namespace

base::Result<Bound> upperBound(const Environment& environment, std::uint64_t seed)
{
    const auto episode = environment.episodeOf(seed);
    const auto requests = static_cast<double>(episode.arrivalsMs.size());
    switch (environment.options().kind) {
    case EnvironmentKind::Paper:
    case EnvironmentKind::Stale:
    case EnvironmentKind::Load: return Bound{meanOfOptima(environment, episode), "optimum of every step"};
    case EnvironmentKind::Switch: return Bound{bestSequence(environment, episode), "clairvoyant"};
    case EnvironmentKind::Budget: return Bound{budgetDual(environment, episode) / requests, "clairvoyant"};
    case EnvironmentKind::Queue: break;
    }
    return Bound{QueueBound(environment, episode).sum() / requests, "clairvoyant"};
}

}  // namespace splitscope::sim
