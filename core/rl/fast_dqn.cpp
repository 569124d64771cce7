// SPDX-License-Identifier: GPL-3.0-or-later
// dqn.cpp's update with its gradients written out, and the regression of all actions' rewards: one network each.
#include "core/rl/fast_net.h"

#include <algorithm>
#include <limits>

namespace splitscope::rl {

namespace {

/// One network of values; what differs is the gradient in its outputs.
class FastValues : public Learner {
public:
    explicit FastValues(const LearnerOptions& options)
        : m_options(options), m_net(options.shape, options.batch, options.seed),
          m_gradient(static_cast<std::size_t>(options.batch) * static_cast<std::size_t>(m_net.outputWidth()))
    {
        if (!options.start.empty())
            m_net.set(options.start);
    }

    Losses update(const Batch& batch, const UpdateStep& step) override
    {
        Losses losses;
        const float* q = prepare(batch);
        losses.critic = gradient(batch, q);
        m_net.backward(batch.observations.data(), m_gradient.data(), batch.rows);
        m_net.step(step.learningRate, step.index);
        finish(step.index);
        return losses;
    }

    void outputs(std::span<const float> observation, std::span<float> out) override
    {
        std::copy_n(m_net.forward(observation.data(), 1), std::min<std::size_t>(out.size(), m_gradient.size()), out.begin());
    }

    [[nodiscard]] std::vector<Layer> policyLayers() const override { return m_net.layers(); }

    [[nodiscard]] std::vector<float> state() const override
    {
        std::vector<float> values;
        m_net.appendState(values);
        return values;
    }

    base::Status restore(std::span<const float> state) override
    {
        if (state.size() != m_net.stateSize())
            return base::Error{base::ErrorCode::Mismatch, "holds networks of another size", "checkpoint"};
        m_net.restoreState(state);
        return {};
    }

    [[nodiscard]] std::vector<float> gradients() const override
    {
        std::vector<float> values;
        appendValues(m_net.gradientLayers(), values);
        return values;
    }

protected:
    /// Whatever needs other networks, then the values of the batch's observations.
    virtual const float* prepare(const Batch& batch) { return m_net.forward(batch.observations.data(), batch.rows); }
    /// Fills m_gradient; returns the loss.
    virtual double gradient(const Batch& batch, const float* q) = 0;
    virtual void finish(std::int64_t index) { static_cast<void>(index); }

    LearnerOptions m_options;
    FastNet m_net;
    std::vector<float> m_gradient;
};

class FastDqn final : public FastValues {
public:
    explicit FastDqn(const LearnerOptions& options)
        : FastValues(options), m_target(options.shape, options.batch, options.seed),
          m_wanted(static_cast<std::size_t>(options.batch))
    {
        if (!options.start.empty())
            m_target.set(options.start);
    }

    [[nodiscard]] std::vector<float> state() const override
    {
        auto values = FastValues::state();
        m_target.appendState(values);
        return values;
    }

    base::Status restore(std::span<const float> state) override
    {
        if (state.size() != 2 * m_net.stateSize())
            return base::Error{base::ErrorCode::Mismatch, "holds networks of another size", "checkpoint"};
        m_net.restoreState(state.first(m_net.stateSize()));
        m_target.restoreState(state.subspan(m_net.stateSize()));
        return {};
    }

private:
    /// y = r + γ·max_a' Q̂(s', a')
    const float* prepare(const Batch& batch) override
    {
        std::copy(batch.rewards.begin(), batch.rewards.end(), m_wanted.begin());
        if (m_options.gamma > 0) {
            const float* q = m_target.forward(batch.next.data(), batch.rows);
            const float* mask = batch.nextMasks.data();
            for (std::size_t row = 0; row < m_wanted.size(); ++row, q += batch.actionWidth, mask += batch.actionWidth) {
                float best = -std::numeric_limits<float>::infinity();
                for (int a = 0; a < batch.actionWidth; ++a)
                    best = mask[a] > 0 ? std::max(best, q[a]) : best;
                m_wanted[row] += static_cast<float>(m_options.gamma) * batch.goesOn[row] * best;
            }
        }
        return FastValues::prepare(batch);
    }

    /// Of mean ½(Q(s, a) − y)²
    double gradient(const Batch& batch, const float* q) override
    {
        std::fill(m_gradient.begin(), m_gradient.end(), 0.0F);
        double loss = 0;
        for (std::size_t row = 0; row < m_wanted.size(); ++row) {
            const auto cell = row * static_cast<std::size_t>(batch.actionWidth) + static_cast<std::size_t>(batch.actions[row]);
            const float error = q[cell] - m_wanted[row];
            m_gradient[cell] = error / static_cast<float>(batch.rows);
            loss += 0.5 * static_cast<double>(error) * error / batch.rows;
        }
        return loss;
    }

    void finish(std::int64_t index) override
    {
        const bool copies = m_options.copyTargetEvery > 0;
        if (m_options.gamma > 0 && (!copies || index % m_options.copyTargetEvery == 0))
            m_target.follow(m_net, copies ? 1.0F : static_cast<float>(m_options.tau));
    }

    FastNet m_target;
    std::vector<float> m_wanted;
};

class Supervised final : public FastValues {
public:
    using FastValues::FastValues;

private:
    /// Of mean over rows of Σ over valid actions of ½(Q(s, a) − r(s, a))²
    double gradient(const Batch& batch, const float* q) override
    {
        double loss = 0;
        for (std::size_t cell = 0; cell < m_gradient.size(); ++cell) {
            const float error = batch.masks[cell] * (q[cell] - batch.targets[cell]);
            m_gradient[cell] = error / static_cast<float>(batch.rows);
            loss += 0.5 * static_cast<double>(error) * error / batch.rows;
        }
        return loss;
    }
};

}  // namespace

std::unique_ptr<Learner> makeFastDqn(const LearnerOptions& options) { return std::make_unique<FastDqn>(options); }

std::unique_ptr<Learner> makeSupervised(const LearnerOptions& options) { return std::make_unique<Supervised>(options); }

}  // namespace splitscope::rl
