// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/appraisal.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace splitscope::session {

namespace {

constexpr double kTellingBytes = 4;  ///< bursts that a request must exceed to tell a rate
constexpr double kTellingShare = 0.3;  ///< of the transfer time that its bytes must take

}  // namespace

double uplinkRateOf(const wire::FrameRecord& record, const link::BandwidthEstimate& estimate, double rttMs,
                    const profile::LinkProfile& link)
{
    if (record.outcome == wire::Outcome::Fallback)
        return 0;
    const auto bytes = static_cast<double>(record.wireBytes);
    const double bytesMs = record.stages.transfer - (rttMs < 0 ? link.rttMs : rttMs) - link.requestOverheadMs;
    if (bytes > kTellingBytes * link.burstBytes && bytesMs > kTellingShare * record.stages.transfer)
        return (bytes - link.burstBytes) / bytesMs * 1e3;
    if (estimate.known())
        return estimate.bytesPerSecond;
    return record.setBytesPerSecond > 0 ? record.setBytesPerSecond : std::numeric_limits<double>::infinity();
}

double modelledEnergy(const wire::FrameRecord& record, const profile::EnergyModel& energy, const model::NetworkSpec& spec)
{
    const double goingOn = static_cast<double>(record.goingOn()) / record.count;
    const auto perFrame = [&](const decision::Decision& decision, double bytes, double rate) {
        return energy.perFrame(decision, bytes / record.count, rate, goingOn);
    };
    const auto bytes = static_cast<double>(record.wireBytes);
    if (record.outcome == wire::Outcome::Done)
        return perFrame(record.decision, bytes, record.achievedBytesPerSecond);
    if (record.outcome == wire::Outcome::Lost)
        return 0;
    const double passed = std::min(bytes, record.setBytesPerSecond * record.stages.total * 1e-3);
    return perFrame(decision::onDevice(spec, record.decision), passed, record.setBytesPerSecond);
}

void price(Sample& sample, const sim::Evaluator& evaluator, const profile::Conditions& conditions)
{
    price(sample, evaluator, conditions, evaluator.best(conditions));
}

void price(Sample& sample, const sim::Evaluator& evaluator, const profile::Conditions& conditions, std::size_t best)
{
    const auto& record = sample.record;
    if (record.outcome == wire::Outcome::Lost)
        return;
    const auto& table = evaluator.table();
    const auto decided = table.rowOf(record.decision);
    // The device finished the whole path where the edge did not answer.
    const bool fellBack = record.outcome == wire::Outcome::Fallback;
    const auto answered = fellBack ? table.rowOf(decision::onDevice(table.spec(), record.decision)) : decided;
    if (!decided || !answered)
        return;
    sample.priced = true;
    sample.reward = evaluator.rewardOfMeasured(*answered, conditions, record.stages.total);
    sample.regret = evaluator.score(best, conditions).reward - evaluator.score(*decided, conditions).reward;
    sample.expectedAccuracy = table.rows()[*answered].accuracy.accuracy;
    sample.optimum = evaluator.decisionOf(best);
}

std::size_t LastBest::of(const std::shared_ptr<const sim::Evaluator>& evaluator, const profile::Conditions& conditions)
{
    const auto& [rate, rtt, device, edge, interval, paced] = m_conditions;
    const bool same = evaluator == m_evaluator && rate == conditions.bytesPerSecond && rtt == conditions.rttMs
        && device == conditions.deviceSlowdown && edge == conditions.edgeSlowdown && interval == conditions.intervalMs
        && paced == conditions.pacedByDevice;
    if (!same) {
        m_best = evaluator->best(conditions);
        m_evaluator = evaluator;
        m_conditions = conditions;
    }
    return m_best;
}

Comparison compare(const wire::FrameRecord& record, const profile::CostTable& table, std::size_t row,
                   const profile::Conditions& conditions, double rowsTogether)
{
    // What the gate would let go on could not be foretold, but the table is not off where it lets other frames go on.
    auto predicted = table.predictGoingOn(row, record.count, record.goingOn(), conditions);
    const int batch = std::min(static_cast<int>(std::lround(rowsTogether)), profile::CostTable::kMaxBatch);
    if (batch > record.goingOn()) {
        const double shareMs = table.predictGoingOn(row, batch, batch, conditions).edgeMs * record.goingOn() / batch;
        predicted.totalMs += shareMs - predicted.edgeMs;
        predicted.edgeMs = shareMs;
    }
    const auto& s = record.stages;
    const double othersMs = rowsTogether > 0 ? s.edgeQueue : 0;
    const double transferMs = record.wireBytes > 0 ? s.sendQueue + s.transfer + s.edgeQueue - othersMs + s.reply : 0;
    return {profile::stageMsOf(predicted),
            {s.capture, s.deviceSegment, s.encode, transferMs, s.decode, s.edgeSegment, s.total - othersMs}};
}

}  // namespace splitscope::session
