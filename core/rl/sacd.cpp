// SPDX-License-Identifier: GPL-3.0-or-later
// Soft actor-critic for discrete actions, as the paper's eqs. 7–11 mean it and Christodoulou (arXiv 1910.07207) published it:
// eqs. 9 and 10 leave out the minimum of the twin critics, and eq. 11 as printed only lets α grow (temperature.h).
#include "core/base/torch_p.h"

#include "core/rl/temperature.h"
#include "core/rl/torch_nets_p.h"

namespace splitscope::rl {

namespace {

/// π(·|s) and log π(·|s) over the valid actions; both 0 elsewhere. Masked ones get no −∞, which 0·(−∞) would turn into NaN.
struct Distribution {
    at::Tensor p, logP;

    Distribution(const at::Tensor& logits, const at::Tensor& mask)
    {
        const auto shift = std::get<0>((logits + (mask - 1) * 1e9).max(1, true)).detach();
        const auto weights = ((logits - shift) * mask).exp() * mask;
        const auto sum = weights.sum(1, true);
        p = weights / sum;
        logP = (logits - shift - sum.log()) * mask;
    }
};

class Sacd : public Learner {
public:
    explicit Sacd(const LearnerOptions& options) : m_options(options), m_actor(options.shape, options.seed + 2)
    {
        for (std::uint64_t critic = 0; critic < (options.twinCritics ? 2U : 1U); ++critic) {
            m_critics.emplace_back(options.shape, options.seed + critic);
            m_targets.emplace_back(options.shape, options.seed + critic);
        }
        if (!options.start.empty()) {
            m_actor.set(options.start);
            for (auto* nets : {&m_critics, &m_targets})
                for (auto& net : *nets)
                    net.set(scaledOutputs(options.start, options.initialAlpha));
        }
        m_temperature.logAlpha = static_cast<float>(std::log(options.initialAlpha));
    }

    Losses update(const Batch& batch, const UpdateStep& step) override
    {
        const auto& shape = m_options.shape;
        const auto s = unpadded(batch.observations, batch.rows, shape.inputs);
        const auto mask = unpadded(batch.masks, batch.rows, shape.outputs);
        const auto a = column(batch.actions);
        const double alpha = m_temperature.alpha();

        // Eq. 9: Q̂(s, a) = r + γ·E[min Q̂(s', a') − α·log π(a'|s')], the expectation over a' as a sum.
        const auto y = wanted(batch, alpha);
        // Eq. 8: J_Q = E[½(Q(s, a) − Q̂(s, a))²], of each critic.
        auto criticLoss = torch::zeros({});
        at::Tensor least;
        for (auto& critic : m_critics) {
            const auto q = critic.forward(s);
            criticLoss = criticLoss + (q.gather(1, a) - y).square().mean() * 0.5;
            least = least.defined() ? torch::min(least, q.detach()) : q.detach();
        }
        // Eq. 10: J_π = E[π(s)ᵀ(α·log π(s) − min Q(s))].
        const auto known = knownOf(batch, batch.known);
        least = least + known;
        const Distribution policy(m_actor.forward(s) + known / alpha, mask);
        const auto actorLoss = (policy.p * (policy.logP * alpha - least)).sum(1).mean();

        for (auto* nets : {&m_critics, &m_targets})
            for (auto& net : *nets)
                net.clearGradients();
        m_actor.clearGradients();
        criticLoss.backward();
        actorLoss.backward();
        for (auto& critic : m_critics)
            critic.step(step.learningRate, step.index);
        const auto actorIndex = step.index - m_options.actorWaits;
        if (actorIndex > 0)
            m_actor.step(step.learningRate, actorIndex);

        // Eq. 11, corrected: L_α = log α·(H(π) − H̄), H̄ a share of the logarithm of the number of valid actions.
        const auto entropy = -(policy.p * policy.logP).sum(1).detach();
        const double excess = (entropy - mask.sum(1).log() * step.entropyRatio).mean().item<double>();
        Losses losses;
        if (actorIndex > 0)
            losses.alpha = m_temperature.step(excess, step.alphaRate, actorIndex);
        losses.critic = criticLoss.item<double>();
        losses.actor = actorLoss.item<double>();
        losses.entropy = entropy.mean().item<double>();
        losses.temperature = alpha;
        moveTargets(step.index);
        return losses;
    }

    void outputs(std::span<const float> observation, std::span<float> out) override
    {
        const torch::NoGradGuard noGradient;
        const auto s = torch::from_blob(const_cast<float*>(observation.data()), {1, m_options.shape.inputs}, torch::kFloat32);
        const auto logits = m_actor.forward(s).contiguous();
        std::copy_n(logits.data_ptr<float>(), m_options.shape.outputs, out.begin());
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
        for (auto* nets : {&m_critics, &m_targets})
            for (auto& net : *nets)
                net.restoreState(state);
        m_actor.restoreState(state);
        return {};
    }

    [[nodiscard]] std::vector<float> gradients() const override
    {
        std::vector<float> values;
        for (const auto& critic : m_critics)
            critic.appendGradients(values);
        m_actor.appendGradients(values);
        return values;
    }

private:
    /// Of each action; 0 where nothing is known.
    at::Tensor knownOf(const Batch& batch, const std::vector<float>& known) const
    {
        return known.empty() ? torch::zeros({1, 1}) : unpadded(known, batch.rows, m_options.shape.outputs);
    }

    at::Tensor wanted(const Batch& batch, double alpha) const
    {
        const torch::NoGradGuard noGradient;
        const auto r = column(batch.rewards);
        if (m_options.gamma == 0)
            return r;
        const auto next = unpadded(batch.next, batch.rows, m_options.shape.inputs);
        const auto known = knownOf(batch, batch.nextKnown);
        const Distribution policy(m_actor.forward(next) + known / alpha,
                                  unpadded(batch.nextMasks, batch.rows, m_options.shape.outputs));
        auto least = m_targets.front().forward(next);
        if (m_options.twinCritics)
            least = torch::min(least, m_targets.back().forward(next));
        least = least + known;
        const auto value = (policy.p * (least - policy.logP * alpha)).sum(1, true);
        return r + column(batch.goesOn) * value * m_options.gamma;
    }

    void moveTargets(std::int64_t index)
    {
        const bool copies = m_options.copyTargetEvery > 0;
        if (m_options.gamma == 0 || (copies && index % m_options.copyTargetEvery != 0))
            return;
        for (std::size_t i = 0; i < m_critics.size(); ++i)
            m_targets[i].follow(m_critics[i], copies ? 1.0 : m_options.tau);
    }

    LearnerOptions m_options;
    std::vector<TorchNet> m_critics, m_targets;
    TorchNet m_actor;
    Temperature m_temperature;
};

}  // namespace

std::unique_ptr<Learner> makeSacd(const LearnerOptions& options) { return std::make_unique<Sacd>(options); }

}  // namespace splitscope::rl
