// SPDX-License-Identifier: GPL-3.0-or-later
// An experiment's decisions: what the strategy believes, what it learns, and what each request was worth. Any thread.
#include "core/base/clock.h"
#include "core/exec/row_coding.h"
#include "core/session/appraisal.h"
#include "core/session/experiment_p.h"
#include "core/session/reason.h"
#include "core/strategy/shadow.h"

#include <cmath>

namespace splitscope::session {

namespace {

constexpr double kTrendMs = 3'000;  ///< how far back the trend looks
constexpr double kTrendStepMs = 250;

}  // namespace

/// A decision that the user commands while it runs may be one that the codebook knows nothing of.
base::Status Experiment::Private::checkBook(const decision::Decision& fixed)
{
    codec::BookedCoder coder;
    {
        const std::lock_guard lock(strategyMutex);
        if (!codebook)
            return {};  // none is needed, or it is not loaded yet: then all decisions are checked
        coder = {*scenario.coder, codebook};
    }
    return decision::check(spec, fixed) ? exec::checkBook(coder, spec, fixed) : base::Status();
}

base::Result<std::unique_ptr<strategy::Strategy>> makeStrategy(const std::string& name, const std::string& shadow,
                                                               const model::NetworkSpec& spec,
                                                               const strategy::StrategyOptions& options)
{
    if (shadow.empty())
        return strategy::makeStrategy(name, spec, options);
    return strategy::makeShadowed(name, shadow, spec, options, {});
}

/// An invalid decision is refused by others.
bool Experiment::Private::deviceKnowsGateOf(const decision::Decision& fixed) const
{
    if (!fixed.gate || !decision::check(spec, fixed))
        return true;
    return decision::gatedOnEdge(spec, fixed) ? deviceKnowsEdgeGates : deviceKnowsGates;
}

base::Status Experiment::setStrategy(const std::string& name, const decision::Decision& fixed, const std::string& policyFile)
{
    strategy::StrategyOptions options;
    {
        const std::lock_guard lock(d->strategyMutex);
        options = d->strategyOptions;
    }
    options.fixed = fixed;
    if (!policyFile.empty())
        options.policyFile = policyFile;
    if (auto status = d->checkBook(fixed); !status)
        return status;
    if (name == "fixed" && !d->deviceKnowsGateOf(fixed))
        return base::Error{base::ErrorCode::Unsupported, "the device is of a release that does not know such gates",
                           "decision: gate"};
    auto made = makeStrategy(name, d->scenario.shadow, d->spec, options);  // may read a file: decisions do not wait for it
    if (!made)
        return made.error();
    auto changed = d->scenario;
    changed.strategy = name;
    changed.decision = fixed;
    changed.policy = options.policyFile;
    d->recordEvent("strategy", name + (policyFile.empty() ? "" : ", policy " + policyFile),
                   settingsDetail(changed, {"strategy", "decision", "policy"}));
    const std::lock_guard lock(d->strategyMutex);
    d->strategy = std::move(*made);
    d->strategyOptions.policyFile = options.policyFile;
    if (const auto& evaluator = d->strategyOptions.evaluator; evaluator != options.evaluator)
        d->strategy->setObjective(evaluator->objective());  // a slider moved meanwhile
    return {};
}

base::Status Experiment::setObjective(const decision::Objective& objective)
{
    if (const auto status = decision::check(objective); !status)
        return status;
    const auto nextFrame = d->requestedEnd.load();
    {
        const std::lock_guard lock(d->strategyMutex);
        if (auto& evaluator = d->strategyOptions.evaluator) {
            auto changed = evaluator->withObjective(objective);
            if (!changed)
                return changed.error();
            evaluator = std::make_shared<const sim::Evaluator>(*std::move(changed));
        }
        d->rewardDeadlineMs = objective.deadlineMs;
        d->strategy->setObjective(objective);
    }
    d->recordObjective(objective, nextFrame);
    return {};
}

std::shared_ptr<const sim::Evaluator> Experiment::evaluator() const
{
    const std::lock_guard lock(d->strategyMutex);
    return d->strategyOptions.evaluator;
}

/// A cost table predicts for the weights and the coder that it was made with.
void Experiment::Private::warnOfOtherTable()
{
    std::shared_ptr<const sim::Evaluator> evaluator;
    {
        const std::lock_guard lock(strategyMutex);
        evaluator = strategyOptions.evaluator;
    }
    if (!evaluator)
        return;
    if (evaluator->table().modelHash() != package->hash)
        tellTrouble({base::ErrorCode::Mismatch,
                     "is of other weights than this run's: its accuracies and times are guesses; make one with `splitscope-cli "
                     "table build`",
                     "cost table"});
    if (evaluator->table().coder() != package->coder)
        tellTrouble({base::ErrorCode::Mismatch,
                     "was measured with coder " + codec::toString(evaluator->table().coder()) + ", this run codes with "
                         + codec::toString(package->coder)
                         + ": its bytes are not this run's; leave the coder to the table, or "
                           "make one with `splitscope-cli table build --coder "
                         + codec::toString(package->coder) + "`",
                     "cost table"});
}

double Experiment::Private::knownRttMs()
{
    double smallest = 0;
    {
        const std::lock_guard lock(estimatorMutex);
        smallest = estimator.rttMs();
    }
    return smallest > 0 ? smallest : -1;
}

std::optional<wire::Health> Experiment::Private::lastHealth() const
{
    const std::lock_guard lock(stateMutex);
    return status.health;
}

/// What is known of the link, of the device and of the last request.
decision::State Experiment::Private::believedState()
{
    const auto estimate = uplinkEstimate();
    const double rtt = knownRttMs();
    const auto now = base::nowNs();
    const auto health = lastHealth();
    const std::lock_guard lock(strategyMutex);
    auto state = lastRequest;
    state.rttMs = rtt;
    state.health = health;
    state.deviceSlowdown = slowdown;
    state.deviceCorrection = correctsTable ? predictionWatch.deviceTimes() : 1;
    state.edgeCorrection = correctsTable ? predictionWatch.edgeTimes() : 1;
    // Before anything has crossed: what the link is set to.
    state.bytesPerSecond = estimate.known() ? estimate.bytesPerSecond : assumedRate.load();
    state.bandwidthLow = estimate.known() ? estimate.low : state.bytesPerSecond;
    state.bandwidthHigh = estimate.known() ? estimate.high : state.bytesPerSecond;
    if (!estimate.known())
        return state;
    while (!pastRates.empty() && base::toMs(now - pastRates.front().first) > kTrendMs)
        pastRates.pop_front();
    if (!pastRates.empty())
        state.bandwidthTrend = std::log(estimate.bytesPerSecond / pastRates.front().second);
    if (pastRates.empty() || base::toMs(now - pastRates.back().first) >= kTrendStepMs)
        pastRates.emplace_back(now, estimate.bytesPerSecond);
    return state;
}

void Experiment::Private::noteQueue(const wire::Request& request)
{
    const std::lock_guard lock(strategyMutex);
    lastRequest.queuedRequests = request.queuedRequests.value_or(0);
    lastRequest.waitedMs = request.waitedMs.value_or(0);
}

decision::Decision Experiment::Private::decide()
{
    const auto state = believedState();
    const std::lock_guard lock(strategyMutex);
    return strategy->decide(state);
}

void Experiment::Private::watchPrediction(const wire::FrameRecord& record, profile::Conditions conditions, double rateAfter,
                                          double rowsTogether)
{
    conditions.bytesPerSecond = foreseenRate > 0 ? foreseenRate : assumedRate.load();
    foreseenRate = rateAfter;
    const auto& table = strategyOptions.evaluator->table();
    const auto row = table.rowOf(record.decision);
    if (!row || record.count > profile::CostTable::kMaxBatch || record.outcome != wire::Outcome::Done)
        return;
    const auto [predicted, measured] = compare(record, table, *row, conditions, rowsTogether);
    predictionWatch.learn(predicted, measured);
}

profile::StageFits Experiment::Private::fitsNow()
{
    const std::lock_guard lock(strategyMutex);
    return predictionWatch.fits();
}

void Experiment::setTableCorrection(bool corrects)
{
    auto changed = d->scenario;
    changed.correctTable = corrects;
    if (d->correctsTable.exchange(corrects) != corrects)
        d->recordEvent("correction",
                       corrects ? "strategies see the cost table corrected by what requests take"
                                : "strategies see the cost table as it is",
                       settingsDetail(changed, {"correct_table"}));
    d->tellStatus();
}

/// A record's worth by the cost table, and what the strategy learns of it.
void Experiment::Private::appraise(Sample& sample)
{
    const auto& record = sample.record;
    sample.reason = reasonOf(record);
    if (record.outcome == wire::Outcome::Lost)
        return;
    const auto estimate = uplinkEstimate();
    const double rtt = knownRttMs();
    const double rowsTogether = options.edge ? edgeStatistics().recentBatchRows : 0;
    const std::lock_guard lock(strategyMutex);
    double crossedAt = record.achievedBytesPerSecond;
    if (const auto& evaluator = strategyOptions.evaluator) {
        auto conditions = strategyOptions.conditions;
        if (rtt >= 0)
            conditions.rttMs = rtt;
        conditions.deviceSlowdown = slowdown;
        watchPrediction(record, conditions, estimate.known() ? estimate.bytesPerSecond : 0, rowsTogether);
        conditions.bytesPerSecond = uplinkRateOf(record, estimate, conditions.rttMs, evaluator->table().link());
        price(sample, *evaluator, conditions, lastBest.of(evaluator, conditions));
        crossedAt = conditions.bytesPerSecond;
    }
    const auto& decided = record.decision;
    const auto how = codec::toString(decided.coding) + (decided.gate ? "," + decision::toString(*decided.gate) : "");
    auto& [correct, all] = accuracyOf[{decided.exit, how}];
    for (std::size_t i = 0; i < record.labels.size() && i < record.truths.size(); ++i) {
        correct += record.labels[i] == record.truths[i] ? 1 : 0;
        ++all;
    }
    const double running = all ? static_cast<double>(correct) / static_cast<double>(all) : 0;
    strategy->observe({.decision = record.decision,
                       .latencyMs = record.stages.total,
                       .energyJoules = sample.energyJoules,
                       .accuracy = running,
                       .deviceMs = record.stages.deviceSegment + record.stages.encode,
                       .edgeMs = record.stages.decode + record.stages.edgeSegment,
                       .bytesPerSecond = record.wireBytes > 0 ? crossedAt : 0,
                       .reward = sample.reward,
                       .fallback = record.outcome == wire::Outcome::Fallback});
    lastRequest.latencyMs = record.stages.total;
    lastRequest.energyJoules = sample.energyJoules;
    lastRequest.accuracy = sample.priced ? sample.expectedAccuracy : running;
    lastRequest.last = record.decision;
    sample.strategyReason = strategy->reason();
}

}  // namespace splitscope::session
