// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bench/policy_bench.h"

#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/rl/trainer.h"
#include "core/session/evaluation.h"
#include "core/session/policy_task.h"
#include "core/strategy/strategy.h"

#include <QTemporaryDir>
#include <algorithm>
#include <cmath>

namespace splitscope::app {

namespace {

constexpr int kTraces = 8;
constexpr Goal kPaperGap{0.002, true};
constexpr Goal kPaperSeconds{5, true};
constexpr Goal kDecideUs{50, true};
constexpr Goal kQueueOverBound{0.95, false};
constexpr Goal kSwitchOverBound{0.98, false};
constexpr Goal kAboveGreedy{1, false};

base::Result<rl::TrainingTask> taskOf(const OpenGround& ground, sim::EnvironmentKind kind, std::uint64_t seed)
{
    sim::EnvironmentOptions environment;
    environment.kind = kind;
    environment.conditions = ground.conditions;
    return session::makeTrainingTask(ground.evaluator, environment, ground.rates, {{}, kTraces, seed});
}

base::Result<rl::TrainingResult> trainOne(const rl::TrainingTask& task, rl::Algorithm algorithm, std::uint64_t seed,
                                          const std::stop_token& stop)
{
    rl::TrainerOptions options;
    options.algorithm = algorithm;
    options.conditioned = false;
    options.seed = seed;
    return rl::train(task, options, stop, {});
}

/// The whole of decide(), over random rates.
base::Status reportDecideTime(const std::string& algorithm, const std::string& file, const OpenGround& ground,
                              BenchReport& report)
{
    strategy::StrategyOptions options;
    options.evaluator = ground.evaluator;
    options.conditions = ground.conditions;
    options.policyFile = file;
    const auto strategy = strategy::makeStrategy(algorithm, ground.spec, options);
    if (!strategy)
        return strategy.error();
    constexpr int kDecisions = 20'000, kWarmUp = 500;
    base::Random random(1);
    std::vector<double> micros;
    for (int i = 0; i < kDecisions; ++i) {
        decision::State state;
        state.bytesPerSecond
            = ground.rates.low * std::pow(ground.rates.high / ground.rates.low, static_cast<double>(random.unit()));
        state.bandwidthLow = state.bandwidthHigh = state.bytesPerSecond;
        state.deviceSlowdown = ground.conditions.deviceSlowdown;
        const auto start = base::nowNs();
        static_cast<void>((*strategy)->decide(state));
        if (i >= kWarmUp)
            micros.push_back(static_cast<double>(base::nowNs() - start) / 1000);
    }
    report.add(algorithm + "_decide_us_p50", quantile(micros, 0.5));
    report.add(algorithm + "_decide_us_p99", quantile(micros, 0.99), kDecideUs);
    return {};
}

/// Gap, seconds and decide() of an algorithm in the paper's scenario.
base::Status reportPaper(rl::Algorithm algorithm, int seeds, const OpenGround& ground, const std::string& folder,
                         const std::stop_token& stop, BenchReport& report)
{
    const auto name = rl::toString(algorithm);
    double worst = 0, sum = 0, seconds = 0;
    std::string file;
    for (int seed = 1; seed <= seeds; ++seed) {
        const auto task = taskOf(ground, sim::EnvironmentKind::Paper, static_cast<std::uint64_t>(seed));
        if (!task)
            return task.error();
        const auto trained = trainOne(*task, algorithm, static_cast<std::uint64_t>(seed), stop);
        if (!trained)
            return trained.error();
        worst = std::max(worst, trained->evaluation.gap());
        sum += trained->evaluation.gap();
        seconds = std::max(seconds, trained->seconds);
        file = folder + "/" + name + ".policy";
        if (const auto saved = rl::save(trained->policy, file); !saved)
            return saved;
    }
    const bool isSacd = algorithm == rl::Algorithm::Sacd;
    report.add(name + "_gap", worst, isSacd ? std::optional(kPaperGap) : std::nullopt);
    report.add(name + "_gap_mean", sum / seeds);
    report.add(name + "_train_seconds", seconds, isSacd ? std::optional(kPaperSeconds) : std::nullopt);
    report.note(name + " in `paper`: the worst of " + std::to_string(seeds) + (seeds == 1 ? " seed" : " seeds")
                + ", 3,000 updates");
    return reportDecideTime(name, file, ground, report);
}

/// SAC-d in a scenario whose state it moves, over the bound and over the greedy that knows of it; the worst seed.
base::Status reportScenario(sim::EnvironmentKind kind, const std::string& greedy, Goal goal, int seeds, const OpenGround& ground,
                            const std::string& folder, const std::stop_token& stop, BenchReport& report)
{
    const auto scenario = sim::toString(kind);
    double overBound = INFINITY, overGreedy = INFINITY, overMyopic = INFINITY;
    for (int seed = 1; seed <= seeds; ++seed) {
        const auto task = taskOf(ground, kind, static_cast<std::uint64_t>(seed));
        if (!task)
            return task.error();
        const auto trained = trainOne(*task, rl::Algorithm::Sacd, static_cast<std::uint64_t>(seed), stop);
        if (!trained)
            return trained.error();
        const auto file = folder + "/" + scenario + ".policy";
        if (const auto saved = rl::save(trained->policy, file); !saved)
            return saved;
        session::EvaluationRequest request;
        request.evaluator = ground.evaluator;
        request.environment.conditions = ground.conditions;
        request.strategies = {"sacd", "greedy", greedy};
        request.policyFiles["sacd"] = file;
        request.scenarios = {kind};
        request.sources = {{"mixed", task->evaluation, {}}};
        request.episodes = kTraces;
        request.seed = static_cast<std::uint64_t>(seed);
        const auto evaluation = session::evaluate(request, stop);
        if (!evaluation)
            return evaluation.error();
        const auto* sacd = evaluation->find("sacd", scenario, "mixed");
        overBound = std::min(overBound, sacd->overBound.mean);
        overGreedy = std::min(overGreedy, sacd->reward.mean / evaluation->find(greedy, scenario, "mixed")->reward.mean);
        overMyopic = std::min(overMyopic, sacd->reward.mean / evaluation->find("greedy", scenario, "mixed")->reward.mean);
    }
    report.add(scenario + "_over_bound", overBound, goal);
    report.add(scenario + "_over_myopic_greedy", overMyopic, kAboveGreedy);
    report.add(scenario + "_over_knowing_greedy", overGreedy);
    report.note("`" + scenario + "`: SAC-d's mean reward over the bound, over `greedy` and over `" + greedy
                + "` in the same episodes, " + std::to_string(seeds) + (seeds == 1 ? " seed" : " seeds, the worst"));
    return {};
}

}  // namespace

base::Status runPolicyBench(const PolicyBenchOptions& options, const std::stop_token& stop, BenchReport& report)
{
    const auto ground = openGround(options.ground);
    if (!ground)
        return ground.error();
    const QTemporaryDir folder;
    if (!folder.isValid())
        return base::Error{base::ErrorCode::Io, "cannot make a folder for the policies", "bench policy"};
    const auto path = folder.path().toStdString();
    constexpr int kSeeds = 5, kSeedsInTime = 3;
    const int few = options.full ? kSeeds : 1;
    report.note(ground->spec.name + " on " + ground->data + ", batch " + std::to_string(ground->evaluator->batch()) + ", "
                + std::to_string(ground->evaluator->actionCount()) + " decisions; traces that nothing was trained on");
    if (auto done = reportPaper(rl::Algorithm::Sacd, options.full ? kSeeds : kSeedsInTime, *ground, path, stop, report); !done)
        return done;
    if (auto done = reportPaper(rl::Algorithm::Dqn, few, *ground, path, stop, report); !done)
        return done;
    if (auto done
        = reportScenario(sim::EnvironmentKind::Queue, "greedy-queue", kQueueOverBound, few, *ground, path, stop, report);
        !done)
        return done;
    if (auto done
        = reportScenario(sim::EnvironmentKind::Switch, "greedy-switch", kSwitchOverBound, few, *ground, path, stop, report);
        !done)
        return done;
    return reportUpdateSpeed(options, *ground, stop, report);
}

}  // namespace splitscope::app
