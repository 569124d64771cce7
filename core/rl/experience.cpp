// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rl/experience_p.h"

#include <algorithm>
#include <cmath>

namespace splitscope::rl {

namespace {

constexpr int kSlowdowns = 8;  ///< devices that an episode's is drawn from, log-spaced
constexpr float kChangeOfSetting = 0.05F;  ///< where decisions change what comes, after a step
constexpr int kEpisodeSteps = 100;  ///< where decisions change what comes: a training then sees many traces
constexpr double kLeastReward = -1;

double between(const Range& range, double share) { return range.low * std::pow(range.high / range.low, share); }

}  // namespace

// --- Walk --------------------------------------------------------------------------------------------------------------

base::Result<Walk> Walk::make(const TrainingTask& task, const TrainingPlan& plan)
{
    Walk walk(task, plan);
    std::vector<double> slowdowns{task.environment.conditions.deviceSlowdown};
    if (!plan.options.deviceSlowdown.empty()) {
        slowdowns.clear();
        for (int i = 0; i < kSlowdowns; ++i)
            slowdowns.push_back(between(plan.options.deviceSlowdown, static_cast<double>(i) / (kSlowdowns - 1)));
    }
    for (const auto& trace : task.training)
        for (double slowdown : slowdowns) {
            auto options = task.environment;
            options.conditions.deviceSlowdown = slowdown;
            if (options.kind != sim::EnvironmentKind::Paper) {
                const auto interval = usualInterval(task, trace);
                if (!interval)
                    return interval.error();
                options.intervalMs = *interval;
                options.steps = std::min(options.steps, kEpisodeSteps);
            }
            auto environment = sim::Environment::make(task.evaluator, trace, options);
            if (!environment)
                return environment.error();
            walk.m_environments.push_back(*std::move(environment));
        }
    walk.m_evaluator = task.evaluator;
    for (auto* view : {&walk.m_now, &walk.m_next}) {
        view->observation.resize(featureCount(plan.features));
        view->mask.resize(plan.rows.size());
        view->known.resize(plan.knownRewards ? plan.rows.size() : 0);
    }
    return walk;
}

base::Status Walk::startAt(std::uint64_t episode)
{
    m_episode = episode;
    return startEpisode();
}

base::Status Walk::startEpisode()
{
    const auto seed = base::mixBits(base::mixBits(m_plan->options.seed) + m_episode);
    m_random = base::Random(seed);
    m_environment = &m_environments[static_cast<std::size_t>(m_random.below(static_cast<int>(m_environments.size())))];
    m_environment->reset(seed);
    m_atStart = true;
    if (auto status = changeObjective(); !status)
        return status;
    look(*m_environment, m_now);
    return {};
}

base::Status Walk::changeObjective()
{
    if (!slidersMove(m_plan->features))
        return {};
    const auto changed
        = m_task->evaluator->withObjective(randomObjective(m_plan->features, m_task->evaluator->objective(), m_random));
    if (!changed)
        return changed.error();
    m_evaluator = std::make_shared<const sim::Evaluator>(*changed);
    m_environment->setObjective(m_evaluator);
    return {};
}

void Walk::look(const sim::Environment& environment, View& view)
{
    const auto& state = environment.state();
    writeFeatures(m_plan->features, state, m_evaluator->objective(), m_evaluator->scale(), view.observation);
    writeMask(*m_evaluator, m_plan->rows, sim::conditionsOf(state, environment.options().conditions), state.waitedMs,
              m_plan->limits, view.mask);
    if (m_plan->frontOnly)
        keepFront(*m_evaluator, m_plan->rows, sim::conditionsOf(state, environment.options().conditions), state.last, view.mask,
                  m_front);
    if (!m_plan->overOptimum)
        return;
    const KnownRewards known(*m_evaluator, m_plan->features, state, environment.options().conditions);
    if (believes(m_plan->features)) {
        view.optimum = -1;
        for (std::size_t i = 0; i < view.mask.size(); ++i)
            if (view.mask[i])
                view.optimum = std::max(view.optimum, known.of(m_plan->rows[i]));
    } else {
        const auto here = sim::conditionsOf(state, environment.options().conditions);
        view.optimum = m_evaluator->score(m_evaluator->best(here), here).reward;
    }
    for (std::size_t i = 0; i < view.known.size(); ++i)
        view.known[i] = view.mask[i] ? static_cast<float>(known.of(m_plan->rows[i]) - view.optimum) : 0;
}

sim::StepResult Walk::take(sim::Environment& environment, std::size_t action, ReplayBuffer& buffer)
{
    const auto row = m_plan->rows[action];
    const double price = environment.state().belief.joulePrice;
    const auto result = environment.step(row);
    // An energy that must last: its worth is part of the reward, as it is of what is known; too far off for any discount.
    double reward = result.unpaid ? kLeastReward : result.reward - price * result.energyJoules * m_evaluator->batch();
    if (m_plan->overOptimum) {
        // Counted against the table's optimum of that moment, which no decision changes: values stay near 0, and bandwidth, which
        // moves rewards more than decisions do, is no noise. Steps are not requests: those turned away bring nothing and have no
        // step of their own. Bounded: what fills the queue many times over is no worse for learning than what fills it; but what
        // energy is worth is known of both sides, and cancels.
        reward -= (1 + result.turnedAway) * m_now.optimum;
        if (!m_plan->features.budget)
            reward = std::max(kLeastReward, reward);
        if (m_plan->knownRewards)
            reward -= static_cast<double>(m_now.known[action]);
    }
    if (!result.ended)
        look(environment, m_next);
    const auto& next = result.ended ? m_now : m_next;
    // An episode's end is where somebody stopped looking, not where the world ends: its last step says nothing of what follows.
    buffer.add({.observation = m_now.observation,
                .next = next.observation,
                .mask = m_now.mask,
                .nextMask = next.mask,
                .action = action,
                .reward = static_cast<float>(m_plan->rewardUnit * reward),
                .ended = false,
                .known = m_now.known,
                .nextKnown = next.known});
    return result;
}

base::Result<sim::StepResult> Walk::step(std::size_t action, ReplayBuffer& buffer)
{
    for (int i = 0; i < m_plan->branches; ++i) {
        auto copy = *m_environment;
        take(copy, randomAction(m_random), buffer);
    }
    const auto result = take(*m_environment, action, buffer);
    m_atStart = false;
    if (result.ended) {
        ++m_episode;
        if (auto status = startEpisode(); !status)
            return status.error();
        return result;
    }
    std::swap(m_now, m_next);
    if (slidersMove(m_plan->features) && (m_plan->gamma == 0 || m_random.unit() < kChangeOfSetting)) {
        if (auto status = changeObjective(); !status)
            return status.error();
        look(*m_environment, m_now);
    }
    return result;
}

std::size_t Walk::randomAction(base::Random& random) const
{
    const auto valid = static_cast<int>(std::count(m_now.mask.begin(), m_now.mask.end(), 1));
    int left = random.below(std::max(1, valid));
    for (std::size_t i = 0; i < m_now.mask.size(); ++i)
        if (m_now.mask[i] && left-- == 0)
            return i;
    return 0;
}

// --- TableSampler ------------------------------------------------------------------------------------------------------

TableSampler::TableSampler(const TrainingTask& task, const TrainingPlan& plan)
    : m_evaluator(task.evaluator.get()), m_conditions(task.environment.conditions), m_plan(&plan)
{
}

void TableSampler::sample(base::Random& random, Batch& batch)
{
    batch.targets.resize(batch.masks.size());
    for (std::size_t row = 0; row < static_cast<std::size_t>(batch.rows); ++row)
        sampleRow(random, batch, row);
}

void TableSampler::sampleRow(base::Random& random, Batch& batch, std::size_t row) const
{
    const auto& features = m_plan->features;
    auto conditions = m_conditions;
    conditions.bytesPerSecond = between(features.bytesPerSecond, random.unit());
    if (!features.deviceSlowdown.empty())
        conditions.deviceSlowdown = between(features.deviceSlowdown, random.unit());
    if (!features.rttMs.empty())
        conditions.rttMs = between(features.rttMs, random.unit());
    const auto objective = randomObjective(features, m_evaluator->objective(), random);
    decision::State state;
    state.bytesPerSecond = conditions.bytesPerSecond;
    state.rttMs = conditions.rttMs;
    state.deviceSlowdown = conditions.deviceSlowdown;

    const auto& scale = m_evaluator->scale();
    writeFeatures(features, state, objective, scale,
                  std::span(batch.observations).subspan(row * static_cast<std::size_t>(batch.width)));
    // Limits are masks, so the rewards to be learned have no cliffs.
    auto unlimited = objective;
    unlimited.energyLimitJoules = unlimited.deadlineMs = decision::kNoLimit;
    const double weight = decision::accuracyWeight(objective, scale, conditions.bytesPerSecond);
    float* mask = &batch.masks[row * static_cast<std::size_t>(batch.actionWidth)];
    float* target = &batch.targets[row * static_cast<std::size_t>(batch.actionWidth)];
    bool any = false;
    for (std::size_t i = 0; i < m_plan->rows.size(); ++i) {
        const auto prediction = m_evaluator->table().predict(m_plan->rows[i], m_evaluator->batch(), conditions);
        const decision::Outcome outcome{.accuracy = prediction.accuracy,
                                        .latencyMs = prediction.totalMs,
                                        .energyJoules = prediction.energyJoules,
                                        .frames = m_evaluator->batch()};
        target[i] = static_cast<float>(decision::rewardAtWeight(unlimited, scale, weight, outcome));
        mask[i] = m_evaluator->allows(m_plan->rows[i]) && decision::withinLimits(objective, outcome) ? 1.0F : 0.0F;
        any = any || mask[i] > 0;
    }
    if (!any)
        for (std::size_t i = 0; i < m_plan->rows.size(); ++i)
            mask[i] = m_evaluator->allows(m_plan->rows[i]) ? 1.0F : 0.0F;
}

std::pair<double, double> TableSampler::judge(Learner& learner, const Batch& batch) const
{
    std::vector<float> outputs(static_cast<std::size_t>(batch.actionWidth));
    double reward = 0, regret = 0;
    for (std::size_t row = 0; row < static_cast<std::size_t>(batch.rows); ++row) {
        learner.outputs(std::span(batch.observations).subspan(row * static_cast<std::size_t>(batch.width)), outputs);
        const float* mask = &batch.masks[row * outputs.size()];
        const float* target = &batch.targets[row * outputs.size()];
        float greatest = -1e30F, best = -1e30F, taken = 0;
        for (std::size_t i = 0; i < m_plan->rows.size(); ++i) {
            if (!(mask[i] > 0))
                continue;
            best = std::max(best, target[i]);
            if (outputs[i] > greatest) {
                greatest = outputs[i];
                taken = target[i];
            }
        }
        reward += static_cast<double>(taken) / batch.rows;
        regret += static_cast<double>(best - taken) / batch.rows;
    }
    return {reward, regret};
}

}  // namespace splitscope::rl
