// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/evaluation_episode_p.h"

#include "core/base/clock.h"

#include <array>
#include <deque>

namespace splitscope::session {

namespace {

constexpr std::array<double, 3> kLatencyShares{0.5, 0.95, 0.99};

/// Runs an episode to its end; `choose` gives the action for a state, `learn` sees what came of it.
template <typename Choose, typename Learn>
base::Result<Episode> runEpisode(sim::Environment& environment, std::uint64_t seed, Choose choose, Learn learn)
{
    Episode episode;
    const auto* state = &environment.reset(seed);
    const decision::Decision* before = nullptr;
    for (bool ended = false; !ended;) {
        const base::Result<std::size_t> action = choose(*state, episode);
        if (!action)
            return action.error();
        const auto step = environment.step(*action);
        episode.add(step);
        const auto& decision = environment.evaluator().decisionOf(*action);
        episode.switches += before && (before->exit != decision.exit || before->partition != decision.partition) ? 1 : 0;
        before = &decision;
        learn(*action, step);
        state = &environment.state();
        ended = step.ended;
    }
    return episode;
}

/// The row of a strategy's episodes.
class RowMaker {
public:
    RowMaker(const Bootstrap& bootstrap, std::vector<Episode> episodes) : m_bootstrap(bootstrap), m_episodes(std::move(episodes))
    {
    }

    void fill(EvaluationRow& row, const Baselines& baselines, int batch)
    {
        const auto rewards = each([](const Episode& e) { return e.reward / e.asked(); });
        row.episodes = static_cast<int>(m_episodes.size());
        for (const auto& episode : m_episodes)
            row.requests += static_cast<std::size_t>(episode.requests);
        row.reward = m_bootstrap.mean(rewards);
        row.belowOptimum = m_bootstrap.difference(baselines.optimum, rewards);
        row.overOptimum = m_bootstrap.ratio(rewards, baselines.optimum);
        row.overBound = m_bootstrap.ratio(rewards, baselines.bound);
        row.regret = mean([](const Episode& e) { return e.regret / e.requests; });
        row.accuracy = mean([](const Episode& e) { return e.accuracy / e.requests; });
        row.latencyMeanMs = mean([](const Episode& e) { return e.latencyMs / e.requests; });
        row.deadlineMet = mean([](const Episode& e) { return 1.0 * e.deadlineMet / e.asked(); });
        row.infeasible = mean([](const Episode& e) { return 1.0 * e.infeasible / e.requests; });
        row.energyJoules = mean([](const Episode& e) { return e.energy / e.requests; });
        row.bytesPerFrame = mean([batch](const Episode& e) { return e.bytes / e.requests / batch; });
        row.fallbacks = mean([](const Episode& e) { return 1.0 * e.fallbacks / e.requests; });
        row.switches = mean([](const Episode& e) { return 1.0 * e.switches / e.requests; });
        row.turnedAway = mean([](const Episode& e) { return 1.0 * e.turnedAway / e.asked(); });
        fillQuantiles(row);
    }

private:
    template <typename Value>
    [[nodiscard]] std::vector<double> each(Value value) const
    {
        std::vector<double> values;
        for (const auto& episode : m_episodes)
            values.push_back(value(episode));
        return values;
    }
    template <typename Value>
    [[nodiscard]] Estimate mean(Value value) const
    {
        return m_bootstrap.mean(each(value));
    }
    void fillQuantiles(EvaluationRow& row)
    {
        std::vector<std::vector<float>> latencies, decideUs;
        for (auto& episode : m_episodes) {
            latencies.push_back(std::move(episode.latencies));
            decideUs.push_back(std::move(episode.decideUs));
        }
        const auto quantiles = m_bootstrap.quantiles(latencies, kLatencyShares);
        row.latencyP50Ms = quantiles[0];
        row.latencyP95Ms = quantiles[1];
        row.latencyP99Ms = quantiles[2];
        const auto times = m_bootstrap.quantiles(decideUs, kLatencyShares);
        row.decideP50Us = times[0];
        row.decideP99Us = times[2];
    }

    const Bootstrap& m_bootstrap;
    std::vector<Episode> m_episodes;
};

}  // namespace

base::Result<Episode> runOptimum(sim::Environment& environment, std::uint64_t seed)
{
    const auto& evaluator = environment.evaluator();
    return runEpisode(
        environment, seed,
        [&](const decision::State&, Episode&) -> base::Result<std::size_t> { return evaluator.best(environment.conditions()); },
        [](std::size_t, const sim::StepResult&) {});
}

base::Result<Episode> runStrategy(sim::Environment& environment, std::uint64_t seed, strategy::Strategy& strategy)
{
    const auto& evaluator = environment.evaluator();
    const auto choose = [&](const decision::State& state, Episode& episode) {
        const auto start = base::nowNs();
        const auto decision = strategy.decide(state);
        episode.decideUs.push_back(static_cast<float>(base::toMs(base::nowNs() - start) * 1000));
        return evaluator.table().rowOf(decision);
    };
    // Where reports come late, so does what became of requests, and the link's rate only by reports.
    const bool late = environment.options().kind == sim::EnvironmentKind::Stale;
    const auto delay = late ? static_cast<std::size_t>(environment.options().reportDelay) : 0;
    std::deque<strategy::Observation> untold;
    return runEpisode(environment, seed, choose, [&](std::size_t action, const sim::StepResult& step) {
        untold.push_back({.decision = evaluator.decisionOf(action),
                          .latencyMs = step.latencyMs,
                          .energyJoules = step.energyJoules,
                          .accuracy = step.accuracy,
                          .deviceMs = step.deviceMs,
                          .edgeMs = step.edgeMs,
                          .bytesPerSecond = late ? 0 : step.bytesPerSecond,
                          .reward = step.reward,
                          .fallback = step.fallback});
        if (untold.size() <= delay)
            return;
        strategy.observe(untold.front());
        untold.pop_front();
    });
}

void fillRow(EvaluationRow& row, std::vector<Episode> episodes, const Baselines& baselines, const Bootstrap& bootstrap, int batch)
{
    RowMaker(bootstrap, std::move(episodes)).fill(row, baselines, batch);
}

}  // namespace splitscope::session
