// SPDX-License-Identifier: GPL-3.0-or-later
// sacd.cpp's update with its gradients written out: the same numbers, without a graph, allocations or copies.
#include "core/base/random.h"
#include "core/rl/fast_net.h"
#include "core/rl/temperature.h"

#include <algorithm>
#include <numeric>

namespace splitscope::rl {

namespace {

class FastSacd : public Learner {
public:
    explicit FastSacd(const LearnerOptions& options) : m_options(options), m_actor(options.shape, options.batch, options.seed + 2)
    {
        for (std::uint64_t critic = 0; critic < (options.twinCritics ? 2U : 1U); ++critic) {
            m_critics.emplace_back(options.shape, options.batch, options.seed + critic);
            m_targets.emplace_back(options.shape, options.batch, options.seed + critic);
        }
        if (!options.start.empty()) {
            m_actor.set(options.start);
            for (auto* nets : {&m_critics, &m_targets})
                for (auto& net : *nets)
                    net.set(scaledOutputs(options.start, options.initialAlpha));
        }
        m_temperature.logAlpha = static_cast<float>(std::log(options.initialAlpha));
        const auto rows = static_cast<std::size_t>(options.batch);
        const auto cells = rows * static_cast<std::size_t>(m_actor.outputWidth());
        for (auto* values : {&m_p, &m_logP, &m_gradient})
            values->resize(cells);
        for (auto* values : {&m_logits, &m_q1, &m_q2})
            values->resize(cells);
        for (auto* values : {&m_value, &m_entropy, &m_wanted})
            values->resize(rows);
    }

    Losses update(const Batch& batch, const UpdateStep& step) override
    {
        Losses losses;
        losses.temperature = m_temperature.alpha();
        wantValues(batch);
        std::vector<const float*>& q = m_q;
        q.clear();
        for (auto& critic : m_critics) {
            q.push_back(critic.forward(batch.observations.data(), batch.rows));
            losses.critic += criticGradient(batch, q.back());
            critic.backward(batch.observations.data(), m_gradient.data(), batch.rows);
        }
        losses.actor = actorGradient(batch, q.front(), q.back());
        m_actor.backward(batch.observations.data(), m_gradient.data(), batch.rows);

        double excess = 0;
        for (int row = 0; row < batch.rows; ++row) {
            const auto* mask = &batch.masks[static_cast<std::size_t>(row) * static_cast<std::size_t>(batch.actionWidth)];
            const float valid = std::accumulate(mask, mask + batch.actionWidth, 0.0F);
            const double entropy = m_entropy[static_cast<std::size_t>(row)];
            losses.entropy += entropy / batch.rows;
            excess += (entropy - step.entropyRatio * std::log(valid)) / batch.rows;
        }
        for (auto& critic : m_critics)
            critic.step(step.learningRate, step.index);
        if (const auto index = step.index - m_options.actorWaits; index > 0) {
            m_actor.step(step.learningRate, index);
            losses.alpha = m_temperature.step(excess, step.alphaRate, index);
        }
        moveTargets(step.index);
        return losses;
    }

    void outputs(std::span<const float> observation, std::span<float> out) override
    {
        std::copy_n(m_actor.forward(observation.data(), 1), std::min<std::size_t>(out.size(), m_p.size()), out.begin());
    }

    [[nodiscard]] double knownScale() const override { return 1 / static_cast<double>(m_temperature.alpha()); }
    [[nodiscard]] std::vector<Layer> policyLayers() const override { return m_actor.layers(); }

    [[nodiscard]] std::vector<float> state() const override
    {
        std::vector<float> values{m_temperature.logAlpha, m_temperature.first, m_temperature.second};
        for (const auto* nets : {&m_critics, &m_targets})
            for (const auto& net : *nets)
                net.appendState(values);
        m_actor.appendState(values);
        return values;
    }

    base::Status restore(std::span<const float> state) override
    {
        if (state.size() != 3 + (2 * m_critics.size() + 1) * m_actor.stateSize())
            return base::Error{base::ErrorCode::Mismatch, "holds networks of another size", "checkpoint"};
        m_temperature = {state[0], state[1], state[2]};
        state = state.subspan(3);
        const auto restoreNext = [&](FastNet& net) {
            net.restoreState(state.first(net.stateSize()));
            state = state.subspan(net.stateSize());
        };
        for (auto* nets : {&m_critics, &m_targets})
            for (auto& net : *nets)
                restoreNext(net);
        restoreNext(m_actor);
        return {};
    }

    [[nodiscard]] std::vector<float> gradients() const override
    {
        std::vector<float> values;
        for (const auto& critic : m_critics)
            appendValues(critic.gradientLayers(), values);
        appendValues(m_actor.gradientLayers(), values);
        return values;
    }

private:
    /// values + factor·known, in `sum`; the values themselves where nothing is known.
    static const float* withKnown(const float* values, const std::vector<float>& known, float factor, std::vector<float>& sum)
    {
        if (known.empty())
            return values;
        for (std::size_t cell = 0; cell < sum.size(); ++cell)
            sum[cell] = values[cell] + factor * known[cell];
        return sum.data();
    }

    /// y = r + γ·Σ_a' π(a'|s')·(min Q̂(s', a') − α·log π(a'|s')), into m_wanted.
    void wantValues(const Batch& batch)
    {
        std::copy(batch.rewards.begin(), batch.rewards.end(), m_wanted.begin());
        if (m_options.gamma == 0)
            return;
        const auto& kernel = kernels();
        const float* logits
            = withKnown(m_actor.forward(batch.next.data(), batch.rows), batch.nextKnown, 1 / m_temperature.alpha(), m_logits);
        kernel.softmax(logits, batch.nextMasks.data(), m_p.data(), m_logP.data(), batch.rows, batch.actionWidth);
        const float* q1 = withKnown(m_targets.front().forward(batch.next.data(), batch.rows), batch.nextKnown, 1, m_q1);
        const float* q2 = m_options.twinCritics
            ? withKnown(m_targets.back().forward(batch.next.data(), batch.rows), batch.nextKnown, 1, m_q2)
            : q1;
        kernel.softValue(m_p.data(), m_logP.data(), q1, q2, m_temperature.alpha(), m_value.data(), m_entropy.data(), batch.rows,
                         batch.actionWidth);
        const auto gamma = static_cast<float>(m_options.gamma);
        for (std::size_t row = 0; row < m_wanted.size(); ++row)
            m_wanted[row] += gamma * batch.goesOn[row] * m_value[row];
    }

    /// Of mean ½(Q(s, a) − y)², into m_gradient.
    double criticGradient(const Batch& batch, const float* q)
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

    /// Of mean Σ_a π(a|s)·(α·log π(a|s) − min Q(s, a)), into m_gradient.
    double actorGradient(const Batch& batch, const float* q1, const float* q2)
    {
        const auto& kernel = kernels();
        const float alpha = m_temperature.alpha();
        const float* logits = withKnown(m_actor.forward(batch.observations.data(), batch.rows), batch.known, 1 / alpha, m_logits);
        q1 = withKnown(q1, batch.known, 1, m_q1);
        q2 = withKnown(q2, batch.known, 1, m_q2);
        kernel.softmax(logits, batch.masks.data(), m_p.data(), m_logP.data(), batch.rows, batch.actionWidth);
        kernel.softValue(m_p.data(), m_logP.data(), q1, q2, alpha, m_value.data(), m_entropy.data(), batch.rows,
                         batch.actionWidth);
        kernel.policyGradient(m_p.data(), m_logP.data(), q1, q2, alpha, m_value.data(), 1 / static_cast<float>(batch.rows),
                              m_gradient.data(), batch.rows, batch.actionWidth);
        return -std::accumulate(m_value.begin(), m_value.end(), 0.0) / batch.rows;
    }

    void moveTargets(std::int64_t index)
    {
        if (m_options.gamma == 0)
            return;  // nothing reads them
        const bool copies = m_options.copyTargetEvery > 0;
        if (copies && index % m_options.copyTargetEvery != 0)
            return;
        for (std::size_t i = 0; i < m_critics.size(); ++i)
            m_targets[i].follow(m_critics[i], copies ? 1.0F : static_cast<float>(m_options.tau));
    }

    LearnerOptions m_options;
    std::vector<FastNet> m_critics, m_targets;
    FastNet m_actor;
    Temperature m_temperature;
    std::vector<float> m_p, m_logP, m_gradient, m_logits, m_q1, m_q2;  ///< rows × actions
    std::vector<float> m_value, m_entropy, m_wanted;  ///< rows
    std::vector<const float*> m_q;
};

}  // namespace

std::unique_ptr<Learner> makeFastSacd(const LearnerOptions& options) { return std::make_unique<FastSacd>(options); }

}  // namespace splitscope::rl
