// SPDX-License-Identifier: GPL-3.0-or-later
// Autodidactic Neurosurgeon (Zhang, Chen, Xu: WWW 2021): μLinUCB over the cuts p of the whole network. What the device takes for
// its half is known beforehand; what lies behind the hand-over (link and edge) is linear in the context
//     x_p = (operations and number of layers behind the cut, by type; bytes sent),    d_p = d_p^front + θᵀx_p,
// and learnt online from delays alone, without a profile of edge or link:
//     p_t = argmin d_p^front + θ̂ᵀx_p − α √(x_pᵀ A⁻¹ x_p),    A ← A + x xᵀ,  b ← b + x d^behind,  θ̂ = A⁻¹ b.
// All on the device (x = 0) teaches nothing, so that UCB could stay there for ever: at each ⌈T^μ⌉-th request of a phase of T
// requests another cut is taken. T is not known beforehand: phases double. Its weights of key frames are left out: here all
// frames weigh the same. α and the ridge are not known from the publication for these units: α is a share of the all-local time.
#include "core/strategy/strategies_p.h"
#include "core/strategy/table_strategy_p.h"

#include <array>
#include <cmath>

namespace splitscope::strategy {

namespace {

constexpr std::size_t kTypes = 3;  ///< convolutions, fully connected, others
constexpr std::size_t kInputs = 2 * kTypes + 1;
using Context = std::array<double, kInputs>;

constexpr double kMu = 0.25;  ///< of forced samples: within (0, 0.5)
constexpr double kExploration = 0.1;  ///< α, of the all-local time
constexpr double kRidge = 1e-2;  ///< A's diagonal at the start; contexts are at most 1
constexpr int kFirstPhase = 32;  ///< requests

std::size_t typeOf(model::LayerType type) { return model::convolves(type) ? 0 : type == model::LayerType::Fc ? 1 : 2; }

/// Ridge regression that keeps the inverse of A (Sherman–Morrison).
class Regression {
public:
    Regression()
    {
        for (std::size_t i = 0; i < kInputs; ++i)
            m_inverse[i][i] = 1 / kRidge;
    }
    void learn(const Context& x, double y)
    {
        const auto direction = times(x);
        const double scale = 1 + dot(x, direction);
        for (std::size_t i = 0; i < kInputs; ++i) {
            for (std::size_t j = 0; j < kInputs; ++j)
                m_inverse[i][j] -= direction[i] * direction[j] / scale;
            m_b[i] += x[i] * y;
        }
    }
    [[nodiscard]] double predict(const Context& x) const { return dot(m_b, times(x)); }
    [[nodiscard]] double deviation(const Context& x) const { return std::sqrt(std::max(0.0, dot(x, times(x)))); }

private:
    [[nodiscard]] Context times(const Context& x) const
    {
        Context product{};
        for (std::size_t i = 0; i < kInputs; ++i)
            product[i] = dot(m_inverse[i], x);
        return product;
    }
    static double dot(const Context& a, const Context& b)
    {
        double sum = 0;
        for (std::size_t i = 0; i < kInputs; ++i)
            sum += a[i] * b[i];
        return sum;
    }
    std::array<Context, kInputs> m_inverse{};
    Context m_b{};
};

class Autodidactic : public TableStrategy {
public:
    explicit Autodidactic(const StrategyOptions& options)
        : TableStrategy("autodidactic", options), m_cuts(exactCuts(evaluator(), evaluator().table().spec().exitCount()))
    {
        makeContexts();
    }

    void observe(const Observation& observation) override
    {
        for (std::size_t i = 0; i < m_cuts.size(); ++i)
            if (evaluator().decisionOf(m_cuts[i]) == observation.decision && !observation.fallback && m_contexts[i] != Context{})
                m_behind.learn(m_contexts[i], observation.latencyMs - frontMs(i, m_believed));
    }

protected:
    std::size_t choose(const decision::State& /*state*/, const profile::Conditions& believed, std::string& reason) override
    {
        m_believed = believed;
        const bool forced = nextIsForced();
        const double alpha = kExploration * frontMs(m_cuts.size() - 1, believed);
        std::optional<std::size_t> best;
        double least = 0;
        for (std::size_t i = 0; i < m_cuts.size(); ++i) {
            const bool local = m_contexts[i] == Context{};
            if (!evaluator().valid(m_cuts[i], believed) || (forced && local))
                continue;
            const double behind = local ? 0 : m_behind.predict(m_contexts[i]) - alpha * m_behind.deviation(m_contexts[i]);
            const double ms = frontMs(i, believed) + behind;
            if (!best || ms < least) {
                best = m_cuts[i];
                least = ms;
            }
        }
        if (forced && best)
            reason = "a forced sample: what lies behind the device has to be seen now and then";
        return best.value_or(evaluator().best(believed));
    }

private:
    /// Operations are scaled by the path's, layers by their number, bytes by the largest: each is at most 1.
    void makeContexts()
    {
        const auto& spec = evaluator().table().spec();
        const model::Path path(spec, spec.exitCount());
        Context most{};
        for (const auto action : m_cuts) {
            const auto& decision = evaluator().decisionOf(action);
            Context x{};
            for (int layer = decision.partition + 1; layer <= path.length(); ++layer) {
                const auto type = typeOf(path.layer(layer).spec.type);
                x[type] += path.layer(layer).flops;
                x[kTypes + type] += 1;
            }
            if (decision.coding.kind != codec::CodingKind::LabelOnly)
                x.back() = evaluator().table().predict(action, evaluator().batch(), {}).wireBytes;
            else
                x = {};
            m_contexts.push_back(x);
            for (std::size_t i = 0; i < kInputs; ++i)
                most[i] = std::max(most[i], x[i]);
        }
        for (auto& x : m_contexts)
            for (std::size_t i = 0; i < kInputs; ++i)
                x[i] /= std::max(1.0, most[i]);
    }

    /// Until the tensor is handed over.
    [[nodiscard]] double frontMs(std::size_t cut, const profile::Conditions& conditions) const
    {
        const auto expected = evaluator().table().predict(m_cuts[cut], evaluator().batch(), conditions);
        return expected.captureMs + expected.deviceMs + expected.encodeMs;
    }

    bool nextIsForced()
    {
        if (m_inPhase == m_phase) {
            m_phase *= 2;
            m_inPhase = 0;
        }
        const auto every = static_cast<int>(std::ceil(std::pow(m_phase, kMu)));
        return m_inPhase++ % every == 0;
    }

    std::vector<std::size_t> m_cuts;  ///< the last one is all on the device
    std::vector<Context> m_contexts;  ///< beside m_cuts; 0: nothing lies behind
    Regression m_behind;
    profile::Conditions m_believed;
    int m_phase = kFirstPhase, m_inPhase = 0;  ///< requests
};

}  // namespace

std::unique_ptr<Strategy> makeAutodidactic(const StrategyOptions& options) { return std::make_unique<Autodidactic>(options); }

}  // namespace splitscope::strategy
