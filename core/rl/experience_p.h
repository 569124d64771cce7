// SPDX-License-Identifier: GPL-3.0-or-later
// Where transitions, or rewards of all actions, come from.
#pragma once

#include "core/rl/replay_buffer.h"
#include "core/rl/training_plan_p.h"

namespace splitscope::rl {

/// Episodes of the environment, walked step by step. With sliders as inputs, settings change in mid-episode.
class Walk {
public:
    static base::Result<Walk> make(const TrainingTask& task, const TrainingPlan& plan);

    /// What is decided on: valid until step().
    [[nodiscard]] std::span<const float> observation() const { return m_now.observation; }
    [[nodiscard]] std::span<const char> mask() const { return m_now.mask; }
    [[nodiscard]] std::span<const float> known() const { return m_now.known; }
    /// Takes an action (an index of the plan's), adds the transition, goes on. Before that tries options.branches random ones in
    /// copies of the environment, and adds theirs.
    base::Result<sim::StepResult> step(std::size_t action, ReplayBuffer& buffer);

    /// A random valid action.
    [[nodiscard]] std::size_t randomAction(base::Random& random) const;

    /// Between two episodes nothing but the number below is state: checkpoints are taken there.
    [[nodiscard]] bool betweenEpisodes() const { return m_atStart; }
    [[nodiscard]] std::uint64_t episode() const { return m_episode; }
    base::Status startAt(std::uint64_t episode);

private:
    struct View {
        std::vector<float> observation;  ///< padded
        std::vector<char> mask;
        std::vector<float> known;  ///< over the table's optimum; where the plan's rewards are known, else empty
        double optimum = 0;  ///< the table's, where γ > 0
    };

    Walk(const TrainingTask& task, const TrainingPlan& plan) : m_task(&task), m_plan(&plan) {}
    base::Status startEpisode();
    base::Status changeObjective();
    void look(const sim::Environment& environment, View& view);
    /// Takes the action there and adds the transition from m_now; what is seen then is in m_next.
    sim::StepResult take(sim::Environment& environment, std::size_t action, ReplayBuffer& buffer);

    const TrainingTask* m_task;
    const TrainingPlan* m_plan;
    std::vector<sim::Environment> m_environments;
    sim::Environment* m_environment = nullptr;
    std::shared_ptr<const sim::Evaluator> m_evaluator;  ///< with the objective of now
    base::Random m_random{0};
    View m_now, m_next;
    FrontScratch m_front;
    std::uint64_t m_episode = 0;
    bool m_atStart = true;
};

/// Batches with every action's reward, at random rates, conditions and settings: nothing is walked.
class TableSampler {
public:
    TableSampler(const TrainingTask& task, const TrainingPlan& plan);
    void sample(base::Random& random, Batch& batch);
    /// Mean reward, and regret, of the actions with the greatest outputs, on the last batch.
    [[nodiscard]] std::pair<double, double> judge(Learner& learner, const Batch& batch) const;

private:
    void sampleRow(base::Random& random, Batch& batch, std::size_t row) const;

    const sim::Evaluator* m_evaluator;
    profile::Conditions m_conditions;
    const TrainingPlan* m_plan;
};

}  // namespace splitscope::rl
