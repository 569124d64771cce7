// SPDX-License-Identifier: GPL-3.0-or-later
// What learns: one update at a time from a batch. Two implementations of each algorithm have the same losses: one in LibTorch's
// autograd, to be read beside the equations (sacd.cpp, dqn.cpp), one by hand, which is fast (fast_sacd.cpp, fast_dqn.cpp).
#pragma once

#include "core/base/result.h"
#include "core/rl/policy.h"

#include <memory>
#include <span>
#include <vector>

namespace splitscope::rl {

/// Linear layers with ReLU between them.
struct NetShape {
    int inputs = 1;
    int width = 128;  ///< of each hidden layer
    int layers = 5;
    int outputs = 1;

    bool operator==(const NetShape&) const = default;
};

/// Weights and biases from U(−1/√inputs, 1/√inputs), as torch.nn.Linear's.
std::vector<Layer> initialLayers(const NetShape& shape, std::uint64_t seed);

/// A network whose outputs are `factor` times those of these layers.
std::vector<Layer> scaledOutputs(std::vector<Layer> layers, double factor);

struct LearnerOptions {
    NetShape shape;
    int batch = 64;
    double gamma = 0;
    double tau = 0.005;  ///< target networks follow by this share in each update …
    int copyTargetEvery = 0;  ///< … or, above 0, are copied every so many updates
    bool twinCritics = true;
    double initialAlpha = 0.1;
    std::uint64_t seed = 1;
    /// The network that decides begins as these layers, of the same shape; empty: initialLayers(). SAC-d's critics then begin as
    /// α times their outputs, for which no other actor is better.
    std::vector<Layer> start{};
    int actorWaits = 0;  ///< SAC-d: so many updates are the critics' alone, so that critics that know little spoil no actor
};

/// Transitions as matrices: rows padded to multiples of 16 floats, all values beyond the width 0.
struct Batch {
    Batch(int rowCount, int inputs, int actionCount);

    int rows, width, actionWidth;  ///< padded widths
    std::vector<float> observations, next;  ///< s, s': rows × width
    std::vector<float> masks, nextMasks;  ///< 1 where an action is valid in s, s', else 0; at least one 1 in a row
    std::vector<int> actions;  ///< a
    std::vector<float> rewards;  ///< r
    std::vector<float> goesOn;  ///< 0 where s' is the end
    /// SAC-d: what the table tells of every action's reward in s and s'. Rewards are then what comes on top of it, and critics
    /// learn the rest of Q; the actor's logits are known/α besides its outputs. Empty: nothing is known.
    std::vector<float> known, nextKnown;
    std::vector<float> targets;  ///< supervised: each action's reward; else empty
};

/// What changes from update to update.
struct UpdateStep {
    std::int64_t index = 1;  ///< from 1
    double learningRate = 1e-3;
    double alphaRate = 1e-3;
    double entropyRatio = 0.5;  ///< H̄ over the logarithm of the number of valid actions
};

struct Losses {
    double critic = 0;
    double actor = 0;
    double alpha = 0;  ///< L_α
    double entropy = 0;  ///< mean H(π)
    double temperature = 0;  ///< α
};

/// One thread at a time.
class Learner {
public:
    virtual ~Learner() = default;

    /// Gradients of all losses at the parameters before the update, then all steps.
    virtual Losses update(const Batch& batch, const UpdateStep& step) = 0;
    /// Logits (SAC-d) or values of one observation (padded, as in a batch's row), into at least `outputs` places.
    virtual void outputs(std::span<const float> observation, std::span<float> out) = 0;
    /// What known rewards count for beside the outputs: 1/α; 0 where there are none.
    [[nodiscard]] virtual double knownScale() const { return 0; }
    /// The network that decides.
    [[nodiscard]] virtual std::vector<Layer> policyLayers() const = 0;

    /// Everything that the next update depends on.
    [[nodiscard]] virtual std::vector<float> state() const = 0;
    virtual base::Status restore(std::span<const float> state) = 0;
    /// Of the last update: every network's gradients (critics, then the actor), layer by layer, weights as Layer's, then bias.
    [[nodiscard]] virtual std::vector<float> gradients() const = 0;
};

// By hand.
std::unique_ptr<Learner> makeFastSacd(const LearnerOptions& options);
std::unique_ptr<Learner> makeFastDqn(const LearnerOptions& options);
/// Regresses all actions' rewards (Batch::targets): for tables, where every action's reward is known.
std::unique_ptr<Learner> makeSupervised(const LearnerOptions& options);
// In LibTorch's autograd.
std::unique_ptr<Learner> makeSacd(const LearnerOptions& options);
std::unique_ptr<Learner> makeDqn(const LearnerOptions& options);

}  // namespace splitscope::rl
