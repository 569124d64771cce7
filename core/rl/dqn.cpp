// SPDX-License-Identifier: GPL-3.0-or-later
// Deep Q-learning, the paper's baseline: y = r + γ·max_a' Q̂(s', a'), L = E[½(Q(s, a) − y)²].
#include "core/base/torch_p.h"

#include "core/rl/torch_nets_p.h"

namespace splitscope::rl {

namespace {

class Dqn : public Learner {
public:
    explicit Dqn(const LearnerOptions& options)
        : m_options(options), m_net(options.shape, options.seed), m_target(options.shape, options.seed)
    {
        if (options.start.empty())
            return;
        m_net.set(options.start);
        m_target.set(options.start);
    }

    Losses update(const Batch& batch, const UpdateStep& step) override
    {
        const auto s = unpadded(batch.observations, batch.rows, m_options.shape.inputs);
        const auto y = wanted(batch);
        const auto loss = (m_net.forward(s).gather(1, column(batch.actions)) - y).square().mean() * 0.5;
        m_net.clearGradients();
        loss.backward();
        m_net.step(step.learningRate, step.index);

        const bool copies = m_options.copyTargetEvery > 0;
        if (m_options.gamma > 0 && (!copies || step.index % m_options.copyTargetEvery == 0))
            m_target.follow(m_net, copies ? 1.0 : m_options.tau);
        Losses losses;
        losses.critic = loss.item<double>();
        return losses;
    }

    void outputs(std::span<const float> observation, std::span<float> out) override
    {
        const torch::NoGradGuard noGradient;
        const auto s = torch::from_blob(const_cast<float*>(observation.data()), {1, m_options.shape.inputs}, torch::kFloat32);
        const auto values = m_net.forward(s).contiguous();
        std::copy_n(values.data_ptr<float>(), m_options.shape.outputs, out.begin());
    }

    [[nodiscard]] std::vector<Layer> policyLayers() const override { return m_net.layers(); }

    [[nodiscard]] std::vector<float> state() const override
    {
        std::vector<float> values;
        m_net.appendState(values);
        m_target.appendState(values);
        return values;
    }

    base::Status restore(std::span<const float> state) override
    {
        if (state.size() != 2 * m_net.stateSize())
            return base::Error{base::ErrorCode::Mismatch, "holds networks of another size", "checkpoint"};
        m_net.restoreState(state);
        m_target.restoreState(state);
        return {};
    }

    [[nodiscard]] std::vector<float> gradients() const override
    {
        std::vector<float> values;
        m_net.appendGradients(values);
        return values;
    }

private:
    at::Tensor wanted(const Batch& batch) const
    {
        const torch::NoGradGuard noGradient;
        const auto r = column(batch.rewards);
        if (m_options.gamma == 0)
            return r;
        const auto next = unpadded(batch.next, batch.rows, m_options.shape.inputs);
        const auto mask = unpadded(batch.nextMasks, batch.rows, m_options.shape.outputs);
        const auto best = std::get<0>((m_target.forward(next) * mask + (mask - 1) * 1e9).max(1, true));
        return r + column(batch.goesOn) * best * m_options.gamma;
    }

    LearnerOptions m_options;
    TorchNet m_net, m_target;
};

}  // namespace

std::unique_ptr<Learner> makeDqn(const LearnerOptions& options) { return std::make_unique<Dqn>(options); }

}  // namespace splitscope::rl
