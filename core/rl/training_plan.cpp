// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rl/boomerang.h"
#include "core/rl/training_plan_p.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iomanip>
#include <sstream>

namespace splitscope::rl {

namespace {

using base::Error;
using base::ErrorCode;

/// Rates over which the energy of decisions is looked at.
constexpr int kEnergySteps = 16;

Error refuse(const std::string& text) { return {ErrorCode::InvalidInput, text, "training options"}; }

/// The rates that the traces hold, without outages and what has no limit.
base::Result<Range> ratesOf(const std::vector<sim::Trace>& traces)
{
    Range range{1e300, 0};
    for (const auto& trace : traces)
        for (const auto& point : trace.points())
            if (point.bytesPerSecond > 0 && point.bytesPerSecond < decision::kNoLimit) {
                range.low = std::min(range.low, point.bytesPerSecond);
                range.high = std::max(range.high, point.bytesPerSecond);
            }
    if (range.high == 0)
        return Error{ErrorCode::InvalidInput, "the training traces hold no rate above 0", "training"};
    if (range.low == range.high)
        range = {range.low / 2, range.high * 2};
    return range;
}

Range energiesOf(const sim::Evaluator& evaluator, const profile::Conditions& conditions, const Range& rates)
{
    Range range{1e300, 0};
    for (int step = 0; step < kEnergySteps; ++step) {
        auto here = conditions;
        here.bytesPerSecond = rates.low * std::pow(rates.high / rates.low, static_cast<double>(step) / (kEnergySteps - 1));
        for (std::size_t row = 0; row < evaluator.actionCount(); ++row) {
            const double joules = evaluator.table().predict(row, evaluator.batch(), here).energyJoules;
            range.low = std::min(range.low, joules);
            range.high = std::max(range.high, joules);
        }
    }
    return range.low > 0 ? range : Range{};
}

FeatureOptions featuresFor(const TrainingTask& task, const TrainerOptions& options, const Range& rates)
{
    const auto& evaluator = *task.evaluator;
    const auto& conditions = task.environment.conditions;
    FeatureOptions features;
    features.bytesPerSecond = rates;
    features.latencyMs = {evaluator.scale().latencyMinMs, 10 * evaluator.scale().latencyMaxMs};
    features.lastRequest = options.algorithm == Algorithm::SacdPaper;
    const bool ownReward = options.algorithm == Algorithm::Boomerang;
    features.objective = options.conditioned && options.algorithm != Algorithm::SacdPaper && !ownReward;
    if (ownReward)
        features.deadlineMs = options.deadlineMs.value_or(Range{evaluator.scale().latencyMinMs, evaluator.scale().latencyMaxMs});
    if (features.objective) {
        features.sensitivity = options.sensitivity;
        features.scale = options.scale;
        features.energyLimitJoules = options.energyLimitJoules.value_or(energiesOf(evaluator, conditions, rates));
        features.deadlineMs = options.deadlineMs.value_or(Range{evaluator.scale().latencyMinMs, evaluator.scale().latencyMaxMs});
    }
    if (options.algorithm != Algorithm::SacdPaper) {
        features.queue = task.environment.kind == sim::EnvironmentKind::Queue;
        features.lastDecision = task.environment.kind == sim::EnvironmentKind::Switch;
        features.trend = task.environment.kind != sim::EnvironmentKind::Paper;
        features.rateBelief = task.environment.kind == sim::EnvironmentKind::Stale;
        features.loadBelief = task.environment.kind == sim::EnvironmentKind::Load;
        features.budget = task.environment.kind == sim::EnvironmentKind::Budget;
    }
    features.rttMs = options.rttMs;
    features.usualRttMs = conditions.rttMs < 0 ? evaluator.table().link().rttMs : conditions.rttMs;
    features.deviceSlowdown
        = options.deviceSlowdown.empty() ? Range{conditions.deviceSlowdown, conditions.deviceSlowdown} : options.deviceSlowdown;
    const auto& spec = evaluator.table().spec();
    features.exits = spec.exitCount();
    features.layers = 1;
    for (const auto& row : evaluator.table().rows())
        features.layers = std::max(features.layers, row.decision.partition);
    return features;
}

/// All of the table's, or what the paper offers: 4, 8, 12 bits and raw frames.
bool offered(Algorithm algorithm, const decision::Decision& decision)
{
    if (algorithm != Algorithm::SacdPaper)
        return true;
    const auto& coding = decision.coding;
    if (decision.gate)
        return false;
    return coding.kind == codec::CodingKind::LabelOnly || coding.kind == codec::CodingKind::Raw
        || (coding.kind == codec::CodingKind::Quantized
            && (coding.parameter == 4 || coding.parameter == 8 || coding.parameter == 12));
}

std::string identityOf(const TrainingTask& task, const TrainingPlan& plan)
{
    const auto& o = plan.options;
    const auto& e = task.environment;
    std::ostringstream text;
    text << std::setprecision(17) << toString(o.algorithm) << ' ' << plan.gamma << ' ' << plan.branches << ' ' << plan.frontOnly
         << ' ' << plan.knownRewards << ' ' << o.width << ' ' << o.layers << ' ' << o.learningRate << ' ' << o.lastLearningRate
         << ' ' << o.alphaRate << ' ' << o.initialAlpha << ' ' << o.batch << ' ' << o.randomSteps << ' ' << o.updates << ' '
         << o.tau << ' ' << o.entropyRatio << ' ' << plan.lastEntropyRatio << ' ' << o.annealing << ' ' << o.exploration << ' '
         << o.lastExploration << ' ' << o.seed << ' ' << o.autograd << ' ' << o.shuffledActions << ' ' << sim::toString(e.kind)
         << ' ' << e.steps << ' ' << e.intervalMs << ' ' << e.bandwidthNoise << ' ' << e.conditions.deviceSlowdown << ' '
         << e.conditions.rttMs << ' ' << e.switchCost << ' ' << e.switchMs << ' ' << e.reportDelay << ' ' << e.reportNoise << ' '
         << e.deviceLoad << ' ' << e.edgeLoad << ' ' << e.freeRequests << ' ' << e.loadedRequests << ' ' << e.timeNoise << ' '
         << e.budgetShare << ' ' << e.budgetJoules << ' ' << task.evaluator->table().modelHash() << ' '
         << task.evaluator->table().date() << ' ' << task.evaluator->batch();
    for (const auto* range : {&plan.features.sensitivity, &plan.features.scale, &plan.features.energyLimitJoules,
                              &plan.features.deadlineMs, &plan.features.deviceSlowdown, &plan.features.rttMs})
        text << ' ' << range->low << ' ' << range->high;
    if (o.from)
        text << ' ' << base::sha256(serialize(*o.from)) << ' ' << o.criticsFirst;
    for (const auto& trace : task.training)
        text << ' ' << trace.points().size() << ' ' << trace.durationMs() << ' ' << trace.points().back().bytesPerSecond;
    return base::sha256(base::asBytes(text.str()));
}

}  // namespace

base::Status check(const TrainerOptions& options)
{
    if (options.gamma && !(*options.gamma >= 0 && *options.gamma < 1))
        return refuse("gamma must be at least 0 and below 1");
    if (options.width < 1 || options.width > 1024 || options.layers < 1 || options.layers > 10)
        return refuse("the width must be 1 to 1024, and there must be 1 to 10 layers");
    if (!(options.learningRate > 0 && options.learningRate < 1) || !(options.lastLearningRate > 0 && options.lastLearningRate < 1)
        || !(options.alphaRate >= 0 && options.alphaRate < 1) || !(options.initialAlpha > 0 && options.initialAlpha < 1e3))
        return refuse("learning rates must be above 0 and below 1, the first alpha above 0");
    if (options.batch < 1 || options.batch > 4096 || options.randomSteps < 1 || options.updates < 1
        || options.updates > 100'000'000)
        return refuse("the batch must be 1 to 4096, random steps and updates at least 1");
    if (options.branches.value_or(0) < 0 || options.branches.value_or(0) > 1000)
        return refuse("the branches must be 0 to 1000");
    if (!(options.tau > 0 && options.tau <= 1) || !(options.annealing > 0 && options.annealing <= 1))
        return refuse("tau and the share of annealing must be above 0, and at most 1");
    for (double share : {options.entropyRatio, options.lastEntropyRatio.value_or(0), options.exploration, options.lastExploration,
                         options.criticsFirst})
        if (!(share >= 0 && share <= 1))
            return refuse("entropy ratios, exploration and the critics' share must be 0 to 1");
    const auto positive = [](const Range& range) { return range.low > 0 && range.low < range.high; };
    const auto positiveOrNone = [&](const Range& range) { return range == Range{} || positive(range); };
    if (!positive(options.sensitivity) || !positive(options.scale) || !positiveOrNone(options.deviceSlowdown)
        || !positiveOrNone(options.rttMs) || !positiveOrNone(options.energyLimitJoules.value_or(Range{}))
        || !positiveOrNone(options.deadlineMs.value_or(Range{})))
        return refuse("ranges must begin above 0, and end above where they begin");
    if (options.observeEvery < 1 || options.evaluateEvery < 0 || options.evaluationEpisodes < 1 || options.checkpointEvery < 1)
        return refuse("intervals must be at least 1");
    return {};
}

base::Result<Algorithm> parseAlgorithm(const std::string& text)
{
    for (auto algorithm : {Algorithm::Sacd, Algorithm::Dqn, Algorithm::SacdPaper, Algorithm::Boomerang, Algorithm::Supervised})
        if (text == toString(algorithm))
            return algorithm;
    return Error{ErrorCode::InvalidInput,
                 "'" + text + "' is no algorithm; there are sacd, dqn, sacd-paper, boomerang and supervised", "algorithm"};
}

std::string toString(Algorithm algorithm)
{
    switch (algorithm) {
    case Algorithm::Sacd: return "sacd";
    case Algorithm::Dqn: return "dqn";
    case Algorithm::SacdPaper: return "sacd-paper";
    case Algorithm::Boomerang: return kBoomerang;
    case Algorithm::Supervised: return "supervised";
    }
    return {};
}

base::Result<TrainingPlan> makePlan(const TrainingTask& task, const TrainerOptions& options)
{
    if (auto status = check(options); !status)
        return status.error();
    if (!task.evaluator || task.training.empty() || task.evaluation.empty())
        return Error{ErrorCode::InvalidInput, "needs a cost table, and traces to train and to evaluate on", "training"};
    const auto rates = ratesOf(task.training);
    if (!rates)
        return rates.error();
    TrainingPlan plan;
    plan.options = options;
    using Kind = sim::EnvironmentKind;
    const auto kind = task.environment.kind;
    const bool alone = kind == Kind::Paper;
    if (options.algorithm == Algorithm::Supervised && (!alone || options.gamma.value_or(0) > 0))
        return refuse("supervised learning knows rewards, not what they lead to: use it for the paper's scenario, at gamma 0");
    constexpr double kPaperGamma = 0.99, kGamma = 0.85;
    const double suits = alone || kind == Kind::Stale ? 0 : kGamma;
    plan.gamma = options.gamma.value_or(options.algorithm == Algorithm::SacdPaper ? kPaperGamma : suits);
    constexpr int kBranches = 8, kBranchesAlone = 4;
    plan.branches = options.branches.value_or(options.algorithm == Algorithm::SacdPaper ? 0 : alone ? kBranchesAlone : kBranches);
    // What is hidden decides what beats what: no front then.
    plan.frontOnly
        = options.frontOnly.value_or(options.algorithm != Algorithm::SacdPaper && (kind == Kind::Queue || kind == Kind::Switch));
    plan.features = featuresFor(task, options, *rates);
    plan.overOptimum = plan.gamma > 0 || believes(plan.features);
    plan.knownRewards = options.knownRewards.value_or(true) && options.algorithm == Algorithm::Sacd && plan.overOptimum;
    constexpr double kLastRatio = 0.05, kLastRatioKnown = 0.01;
    plan.lastEntropyRatio = options.lastEntropyRatio.value_or(plan.knownRewards ? kLastRatioKnown : kLastRatio);
    plan.limits = options.algorithm != Algorithm::SacdPaper;
    if (options.algorithm == Algorithm::Boomerang) {
        plan.rows = boomerangRows(*task.evaluator);
        plan.rewardUnit = boomerangRewardUnit(*task.evaluator, task.environment.conditions, *rates);
    } else {
        for (std::size_t row = 0; row < task.evaluator->actionCount(); ++row)
            if (offered(options.algorithm, task.evaluator->decisionOf(row)))
                plan.rows.push_back(row);
    }
    if (options.shuffledActions) {
        base::Random random(options.seed);
        for (std::size_t i = plan.rows.size(); i > 1; --i)
            std::swap(plan.rows[i - 1], plan.rows[static_cast<std::size_t>(random.below(static_cast<int>(i)))]);
    }
    for (const auto row : plan.rows)
        plan.actions.push_back(task.evaluator->decisionOf(row));
    if (options.from) {
        auto start = startingLayers(task, plan);
        if (!start)
            return start.error();
        plan.start = *std::move(start);
    }
    plan.identity = identityOf(task, plan);
    return plan;
}

base::Result<double> usualInterval(const TrainingTask& task, const sim::Trace& trace)
{
    using Kind = sim::EnvironmentKind;
    const auto kind = task.environment.kind;
    if (task.environment.intervalMs > 0 || kind == Kind::Paper || kind == Kind::Queue || kind == Kind::Switch)
        return task.environment.intervalMs;
    const auto environment = sim::Environment::make(task.evaluator, trace, task.environment);
    return environment ? base::Result<double>(environment->options().intervalMs) : environment.error();
}

LearnerOptions learnerOptions(const TrainingPlan& plan)
{
    LearnerOptions options;
    options.shape = {static_cast<int>(featureCount(plan.features)), plan.options.width, plan.options.layers,
                     static_cast<int>(plan.actions.size())};
    options.batch = plan.options.batch;
    options.gamma = plan.gamma;
    options.tau = plan.options.tau;
    options.initialAlpha = plan.options.initialAlpha;
    options.seed = base::mixBits(plan.options.seed);
    options.start = plan.start;
    if (!plan.start.empty())
        options.actorWaits = static_cast<int>(plan.options.criticsFirst * plan.options.updates);
    if (plan.options.algorithm == Algorithm::SacdPaper) {
        constexpr int kCopyEvery = 100;
        options.twinCritics = false;
        options.copyTargetEvery = kCopyEvery;
    }
    return options;
}

std::unique_ptr<Learner> makeLearner(const TrainingPlan& plan)
{
    const auto options = learnerOptions(plan);
    switch (plan.options.algorithm) {
    case Algorithm::Boomerang:
    case Algorithm::Dqn: return plan.options.autograd ? makeDqn(options) : makeFastDqn(options);
    case Algorithm::Supervised: return makeSupervised(options);
    case Algorithm::Sacd:
    case Algorithm::SacdPaper: break;
    }
    return plan.options.autograd ? makeSacd(options) : makeFastSacd(options);
}

UpdateStep stepAt(const TrainingPlan& plan, int update)
{
    const auto& options = plan.options;
    const double progress = static_cast<double>(update - 1) / options.updates;
    UpdateStep step;
    step.index = update;
    step.alphaRate = options.alphaRate;
    if (options.algorithm == Algorithm::SacdPaper) {
        constexpr double kPublishedRatio = 0.98;
        step.learningRate = options.learningRate;
        step.entropyRatio = kPublishedRatio;
        return step;
    }
    step.learningRate = options.learningRate + (options.lastLearningRate - options.learningRate) * progress;
    const double annealed = std::min(1.0, progress / options.annealing);
    step.entropyRatio = options.entropyRatio + (plan.lastEntropyRatio - options.entropyRatio) * annealed;
    return step;
}

double explorationAt(const TrainingPlan& plan, int update)
{
    const auto& options = plan.options;
    const double annealed = std::min(1.0, static_cast<double>(update) / options.updates / options.annealing);
    return options.exploration + (options.lastExploration - options.exploration) * annealed;
}

}  // namespace splitscope::rl
