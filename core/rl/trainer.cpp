// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rl/trainer.h"

#include "core/base/date.h"
#include "core/rl/boomerang.h"
#include "core/rl/experience_p.h"
#include "core/rl/kernels_p.h"
#include "core/rl/training_checkpoint_p.h"
#include "core/sim/trace_generate.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace splitscope::rl {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMostTransitions = 100'000;
constexpr std::uint64_t kEvaluationSeed = 900'000'000;  ///< far from any episode of training

double secondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

class Training {
public:
    Training(const TrainingTask& task, TrainingPlan plan, std::stop_token stop, const TrainingObserver& observer)
        : m_task(task), m_plan(std::move(plan)), m_stop(std::move(stop)), m_observer(observer), m_learner(makeLearner(m_plan)),
          m_batch(m_plan.options.batch, static_cast<int>(featureCount(m_plan.features)), static_cast<int>(m_plan.actions.size())),
          m_outputs(static_cast<std::size_t>(m_batch.actionWidth)), m_observation(static_cast<std::size_t>(m_batch.width))
    {
    }

    base::Result<TrainingResult> run()
    {
        m_start = Clock::now();
        const bool walks = m_plan.options.algorithm != Algorithm::Supervised;
        if (auto status = walks ? walk() : regress(); !status)
            return status.error();
        return finish();
    }

private:
    // --- learning by trial ---------------------------------------------------------------------------------------------

    base::Status walk()
    {
        const auto& options = m_plan.options;
        auto walk = Walk::make(m_task, m_plan);
        if (!walk)
            return walk.error();
        const auto steps = static_cast<std::size_t>(options.randomSteps) + static_cast<std::size_t>(options.updates);
        const auto transitions = steps * static_cast<std::size_t>(1 + m_plan.branches);
        ReplayBuffer buffer(std::min(transitions, kMostTransitions), featureCount(m_plan.features), m_plan.actions.size(),
                            m_plan.knownRewards);
        TrainingCheckpoint checkpoint{.identity = m_plan.identity, .learner = m_learner.get(), .buffer = &buffer};
        if (auto status = resume(checkpoint); !status)
            return status;
        if (auto status = walk->startAt(checkpoint.episode); !status)
            return status;
        int saved = m_update;
        for (std::size_t step = checkpoint.step; step < steps; ++step) {
            if (m_stop.stop_requested())
                return cancelled();
            if (walk->betweenEpisodes() && m_update - saved >= options.checkpointEvery && !options.checkpoint.empty()) {
                checkpoint.step = step;
                checkpoint.update = m_update;
                checkpoint.episode = walk->episode();
                if (auto status = save(checkpoint, options.checkpoint); !status)
                    return status;
                saved = m_update;
            }
            base::Random random(
                base::mixBits(options.seed * 0x9e3779b97f4a7c15ULL + step));  // each step its own: nothing to save
            const bool learns = step >= static_cast<std::size_t>(options.randomSteps);
            const auto action = learns ? explore(*walk, random) : walk->randomAction(random);
            const auto result = walk->step(action, buffer);
            if (!result)
                return result.error();
            m_window.reward += result->reward;
            m_window.regret += result->regret;
            ++m_windowSteps;
            if (!learns)
                continue;
            buffer.sample(random, m_batch);
            if (auto status = update(); !status)
                return status;
        }
        return {};
    }

    /// ε-greedy, or an action from π(·|s).
    std::size_t explore(const Walk& walk, base::Random& random)
    {
        const auto mask = walk.mask();
        if (isDqn(m_plan.options.algorithm) && random.unit() < explorationAt(m_plan, m_update))
            return walk.randomAction(random);
        std::copy(walk.observation().begin(), walk.observation().end(), m_observation.begin());
        m_learner->outputs(m_observation, m_outputs);
        for (std::size_t i = 0; i < walk.known().size(); ++i)
            m_outputs[i] += static_cast<float>(m_learner->knownScale()) * walk.known()[i];
        std::size_t best = mask.size();
        for (std::size_t i = 0; i < mask.size(); ++i)
            if (mask[i] && (best == mask.size() || m_outputs[i] > m_outputs[best]))
                best = i;
        if (isDqn(m_plan.options.algorithm) || best == mask.size())
            return best == mask.size() ? 0 : best;
        double sum = 0;
        const float greatest = m_outputs[best];
        for (std::size_t i = 0; i < mask.size(); ++i) {
            m_outputs[i] = mask[i] ? std::exp(m_outputs[i] - greatest) : 0;
            sum += static_cast<double>(m_outputs[i]);
        }
        double left = static_cast<double>(random.unit()) * sum;
        for (std::size_t i = 0; i < mask.size(); ++i) {
            left -= static_cast<double>(m_outputs[i]);
            if (mask[i] && left < 0)
                return i;
        }
        return best;
    }

    // --- learning from the table ---------------------------------------------------------------------------------------

    base::Status regress()
    {
        const auto& options = m_plan.options;
        TableSampler sampler(m_task, m_plan);
        TrainingCheckpoint checkpoint{.identity = m_plan.identity, .learner = m_learner.get(), .buffer = nullptr};
        if (auto status = resume(checkpoint); !status)
            return status;
        int saved = m_update;
        while (m_update < options.updates) {
            if (m_stop.stop_requested())
                return cancelled();
            if (m_update - saved >= options.checkpointEvery && !options.checkpoint.empty()) {
                checkpoint.update = saved = m_update;
                if (auto status = save(checkpoint, options.checkpoint); !status)
                    return status;
            }
            base::Random random(base::mixBits(options.seed * 0x9e3779b97f4a7c15ULL + static_cast<std::uint64_t>(m_update)));
            sampler.sample(random, m_batch);
            if ((m_update + 1) % options.observeEvery == 0) {
                const auto [reward, regret] = sampler.judge(*m_learner, m_batch);
                m_window.reward += reward;
                m_window.regret += regret;
                ++m_windowSteps;
            }
            if (auto status = update(); !status)
                return status;
        }
        return {};
    }

    // --- both ----------------------------------------------------------------------------------------------------------

    base::Status update()
    {
        const auto before = Clock::now();
        const auto step = stepAt(m_plan, ++m_update);
        const auto losses = m_learner->update(m_batch, step);
        m_learningSeconds += secondsSince(before);
        ++m_updatesHere;
        ++m_windowUpdates;
        m_window.losses.critic += losses.critic;
        m_window.losses.actor += losses.actor;
        m_window.losses.alpha += losses.alpha;
        m_window.losses.entropy += losses.entropy;
        m_window.losses.temperature = losses.temperature;
        m_window.learningRate = step.learningRate;
        if (!std::isfinite(losses.critic) || !std::isfinite(losses.actor))
            return base::Error{base::ErrorCode::InvalidInput,
                               "diverged at update " + std::to_string(m_update) + "; lower the learning rate", "training"};
        const bool last = m_update == m_plan.options.updates;
        const bool evaluates = m_plan.options.evaluateEvery > 0 && m_update % m_plan.options.evaluateEvery == 0 && !last;
        if (m_update % m_plan.options.observeEvery != 0 && !evaluates && !last)
            return {};
        return report(evaluates);
    }

    base::Status report(bool evaluates)
    {
        m_window.update = m_update;
        m_window.updates = m_plan.options.updates;
        m_window.reward /= std::max(1, m_windowSteps);
        m_window.regret /= std::max(1, m_windowSteps);
        const double updates = std::max(1, m_windowUpdates);
        m_window.losses.critic /= updates;
        m_window.losses.actor /= updates;
        m_window.losses.alpha /= updates;
        m_window.losses.entropy /= updates;
        m_window.updatesPerSecond = m_updatesHere / std::max(1e-9, m_learningSeconds);
        if (evaluates) {
            const auto evaluation = judge(policy());
            if (!evaluation)
                return evaluation.error();
            m_window.gap = evaluation->gap();
        }
        m_history.push_back(m_window);
        if (m_observer)
            m_observer(m_window);
        m_window = {};
        m_windowSteps = m_windowUpdates = 0;
        return {};
    }

    base::Result<Evaluation> judge(const Policy& policy) const
    {
        return evaluate(policy, m_task.evaluator, m_task.environment, m_task.evaluation, m_plan.options.evaluationEpisodes,
                        kEvaluationSeed, m_stop);
    }

    [[nodiscard]] Policy policy() const
    {
        const auto& table = m_task.evaluator->table();
        Policy made;
        made.algorithm = toString(m_plan.options.algorithm);
        made.network = table.spec().name;
        made.modelHash = table.modelHash();
        made.actions = m_plan.actions;
        made.batch = m_task.evaluator->batch();
        made.features = m_plan.features;
        made.scale = m_task.evaluator->scale();
        made.objective = m_task.evaluator->objective();
        made.layers = m_learner->policyLayers();
        made.frontOnly = m_plan.frontOnly;
        made.knownScale = m_plan.knownRewards ? m_learner->knownScale() : 0;
        made.command = m_plan.options.command;
        made.date = base::utcNow();
        return made;
    }

    base::Result<TrainingResult> finish()
    {
        TrainingResult result;
        result.updatesPerSecond = m_updatesHere / std::max(1e-9, m_learningSeconds);
        result.policy = policy();
        result.policy.tableHash = base::sha256(base::asBytes(m_task.evaluator->table().toJson()));
        if (m_plan.knownRewards) {
            const auto scale = bestKnownScale(result.policy, m_task, m_stop);
            if (!scale)
                return scale.error();
            result.policy.knownScale = *scale;
        }
        result.seconds = secondsSince(m_start);
        auto evaluation = judge(result.policy);
        if (!evaluation)
            return evaluation.error();
        result.evaluation = *evaluation;
        result.policy.gap = evaluation->gap();
        if (!m_history.empty())
            m_history.back().gap = evaluation->gap();
        if (m_observer && !m_history.empty())
            m_observer(m_history.back());
        result.history = std::move(m_history);
        return result;
    }

    base::Status resume(TrainingCheckpoint& checkpoint)
    {
        std::error_code ec;
        if (m_plan.options.checkpoint.empty() || !std::filesystem::exists(m_plan.options.checkpoint, ec))
            return {};
        if (auto status = load(checkpoint, m_plan.options.checkpoint); !status)
            return status;
        m_update = checkpoint.update;
        return {};
    }

    [[nodiscard]] base::Error cancelled() const
    {
        return {base::ErrorCode::Cancelled, "stopped after " + std::to_string(m_update) + " updates", "training"};
    }

    const TrainingTask& m_task;
    TrainingPlan m_plan;
    std::stop_token m_stop;
    const TrainingObserver& m_observer;
    std::unique_ptr<Learner> m_learner;
    Batch m_batch;
    std::vector<float> m_outputs, m_observation;
    int m_update = 0;
    int m_updatesHere = 0;  ///< since it was started or resumed
    TrainingMetrics m_window;
    int m_windowSteps = 0, m_windowUpdates = 0;
    std::vector<TrainingMetrics> m_history;
    Clock::time_point m_start;
    double m_learningSeconds = 0;
};

}  // namespace

base::Result<std::vector<sim::Trace>> makeTraces(const sim::Evaluator& evaluator, const profile::Conditions& conditions,
                                                 int count, std::uint64_t seed)
{
    const auto range = sim::interestingRates(evaluator.table(), evaluator.batch(), conditions);
    constexpr int kSweepSteps = 100;
    constexpr double kSweepMs = 1000;
    std::vector<sim::Trace> traces;
    for (int i = 0; i < count; ++i) {
        if (i % 2 == 0 && i < 2) {
            auto sweep = sim::generateSweep(range.low, range.high, kSweepSteps, kSweepMs);
            if (!sweep)
                return sweep.error();
            traces.push_back(sweep->named("sweep"));
            continue;
        }
        sim::WalkOptions walk;
        walk.random.seed = base::mixBits(seed + static_cast<std::uint64_t>(i));
        walk.range = range.high / range.low;
        walk.sigma = 0.5;
        walk.random.meanBytesPerSecond = std::sqrt(range.low * range.high);
        auto trace = sim::generateWalk(walk);
        if (!trace)
            return trace.error();
        // A walk's mean lies among its highest rates: moved to the middle of the range, on the logarithmic scale.
        double sum = 0;
        for (const auto& point : trace->points())
            sum += std::log(point.bytesPerSecond) / static_cast<double>(trace->points().size());
        auto centred = trace->scaled(std::sqrt(range.low * range.high) / std::exp(sum));
        if (!centred)
            return centred.error();
        auto clipped = centred->clipped(range.low, range.high);
        if (!clipped)
            return clipped.error();
        traces.push_back(clipped->named("walk " + std::to_string(i)));
    }
    return traces;
}

base::Result<TrainingResult> train(const TrainingTask& task, const TrainerOptions& options, const std::stop_token& stop,
                                   const TrainingObserver& observer)
{
    if (options.algorithm == Algorithm::Boomerang && task.evaluator
        && task.evaluator->objective().kind != decision::RewardKind::Edgent) {
        const auto own = boomerangTask(task);
        return own ? train(*own, options, stop, observer) : own.error();
    }
    auto plan = makePlan(task, options);
    if (!plan)
        return plan.error();
    Training training(task, *std::move(plan), stop, observer);
    return training.run();
}

}  // namespace splitscope::rl
