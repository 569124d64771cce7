// SPDX-License-Identifier: GPL-3.0-or-later
// Makes a policy from a cost table, an environment and traces.
#pragma once

#include "core/rl/evaluation.h"
#include "core/rl/learner.h"
#include "core/sim/environment.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>

namespace splitscope::rl {

enum class Algorithm {
    Sacd,  ///< discrete soft actor-critic: twin critics, expectations as sums, annealed target entropy
    Dqn,  ///< the paper's baseline: deep Q-learning with ε-greedy exploration
    /// As the paper says: γ 0.99, 4, 8 or 12 bits and raw frames, s = {T, e, acc, B}, one critic with a copied target, a constant
    /// learning rate and a target entropy of 0.98·ln|A| ([16] there). Not as printed: eq. 11's sign (it only lets α grow).
    SacdPaper,
    Boomerang,  ///< DQN over exit and cut alone, with a reward of its own: core/rl/boomerang.h
    Supervised  ///< regression of all actions' rewards from the table: no learning by trial, only where γ = 0 will do
};
base::Result<Algorithm> parseAlgorithm(const std::string& text);  ///< "sacd", "dqn", "sacd-paper", "boomerang", "supervised"
std::string toString(Algorithm algorithm);
/// Deep Q-learning: outputs are values, and it explores by ε.
constexpr bool isDqn(Algorithm algorithm) { return algorithm == Algorithm::Dqn || algorithm == Algorithm::Boomerang; }

struct TrainerOptions {
    Algorithm algorithm = Algorithm::Sacd;
    std::optional<double> gamma{};  ///< empty: paper 0, queue and switch 0.85; sacd-paper: 0.99
    int width = 128;  ///< of hidden layers
    int layers = 5;  ///< linear ones
    double learningRate = 1e-3;  ///< Adam's, at the first update …
    double lastLearningRate = 1e-4;  ///< … and at the last; linear between
    double alphaRate = 1e-2;  ///< of log α
    double initialAlpha = 0.1;  ///< α at the start
    int batch = 64;  ///< transitions of an update
    int randomSteps = 500;  ///< before the first update, decisions are random
    int updates = 3000;  ///< one after each step
    /// Random actions that are tried from each state in copies of the environment, besides the one taken. Empty: 4, or 8
    /// where decisions change what comes; sacd-paper: 0.
    std::optional<int> branches{};
    /// Chooses among what no other action beats in time and accuracy at once: learning is then about the trade alone. Empty:
    /// where decisions change what comes; sacd-paper: no.
    std::optional<bool> frontOnly{};
    /// SAC-d: what the table tells of every action's reward now need not be learned, only what it leads to. Empty: where γ > 0.
    std::optional<bool> knownRewards{};
    bool shuffledActions = false;  ///< outputs in a random order, by the seed: what is learned must not hang on the table's
    double tau = 0.005;  ///< share by which target networks follow
    double entropyRatio = 0.9;  ///< target entropy over ln|A| at the start …
    /// … and from annealing's end on. Empty: 0.05; 0.01 beside known rewards, where little is left to choose by chance.
    std::optional<double> lastEntropyRatio{};
    double annealing = 0.6;  ///< share of the updates over which entropy (or ε) is lowered
    double exploration = 1;  ///< DQN's ε at the start …
    double lastExploration = 0.02;  ///< … and from annealing's end on
    std::uint64_t seed = 1;
    bool conditioned = true;  ///< sliders are inputs; off: for the evaluator's objective alone
    Range sensitivity{0.1, 100};  ///< conditioned: s from … to, MB/s
    Range scale{0.05, 2};  ///< conditioned: n from … to
    std::optional<Range> energyLimitJoules{};  ///< conditioned: ê from … to; empty: what the table's decisions take; {0, 0}: none
    std::optional<Range> deadlineMs{};  ///< conditioned: from … to; empty: the scale's T_min to T_max; {0, 0}: none
    Range deviceSlowdown{0, 0};  ///< from … to, as an input; {0, 0}: the environment's alone
    Range rttMs{0, 0};  ///< from … to, as an input; {0, 0}: the environment's alone
    /// Fine-tuning: the network that decides begins as this policy's. See fineTuning(), which sets what else that takes. An Error
    /// where it is of another network, batch, algorithm, inputs, actions or shape of its layers. SAC-d's critics are not in
    /// a policy's file: they begin as its actor's logits, and learn alone for a while.
    std::shared_ptr<const Policy> from{};
    double criticsFirst
        = 0.25;  ///< fine-tuning SAC-d: share of the updates that are the critics' alone, before the actor's first
    bool autograd = false;  ///< LibTorch's gradients in place of those by hand: the same numbers, slower
    int observeEvery = 50;  ///< updates between two reports
    int evaluateEvery = 0;  ///< updates between two evaluations on the other traces; 0: at the end only
    int evaluationEpisodes = 2;  ///< of each evaluation trace
    std::filesystem::path checkpoint{};  ///< written as it goes on, and resumed from when it exists; the result is the same
    int checkpointEvery = 1000;  ///< updates, at least
    std::string command{};  ///< for the policy's file
};

/// Fields are in range, else an Error that names the field and the range.
base::Status check(const TrainerOptions& options);

/// The options with what going on from a policy takes: its algorithm, layers and inputs, lower learning rates, and little
/// exploration, so that what it knows is not unlearned.
TrainerOptions fineTuning(std::shared_ptr<const Policy> from, TrainerOptions options);

/// What is learned from. The evaluator's objective is the fixed one, or what sliders do not say (kind, pins, accuracy floor).
struct TrainingTask {
    std::shared_ptr<const sim::Evaluator> evaluator;
    sim::EnvironmentOptions environment;
    std::vector<sim::Trace> training;
    std::vector<sim::Trace> evaluation;  ///< others
};

/// Sweeps and walks over the rates at which decisions change: `count` traces, from the seed.
base::Result<std::vector<sim::Trace>> makeTraces(const sim::Evaluator& evaluator, const profile::Conditions& conditions,
                                                 int count, std::uint64_t seed);

/// Means since the last report.
struct TrainingMetrics {
    int update = 0;  ///< of `updates`
    int updates = 0;
    double reward = 0;  ///< of decisions taken while exploring
    double regret = 0;  ///< of them, by the table
    double gap = -1;  ///< 1 − mean reward / optimum on the evaluation traces; negative: not evaluated here
    Losses losses{};
    double learningRate = 0;
    double updatesPerSecond = 0;
};
/// Called on the training thread.
using TrainingObserver = std::function<void(const TrainingMetrics&)>;

struct TrainingResult {
    Policy policy;
    std::vector<TrainingMetrics> history;
    double seconds = 0;
    double updatesPerSecond = 0;  ///< learning alone, without the environment
    Evaluation evaluation;  ///< on the evaluation traces, at the evaluator's objective
};

/// Blocks. The same task, options and seed give the same policy on the same machine. Cancelled → Error Cancelled, and what the
/// last checkpoint holds is kept.
base::Result<TrainingResult> train(const TrainingTask& task, const TrainerOptions& options, const std::stop_token& stop,
                                   const TrainingObserver& observer);

}  // namespace splitscope::rl
