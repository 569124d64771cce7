// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/appraisal.h"

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

void price(Sample& sample, const sim::Evaluator& evaluator, const profile::Conditions& conditions)
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
    sample.regret = evaluator.regret(*decided, conditions);
    sample.expectedAccuracy = table.rows()[*answered].accuracy.accuracy;
    sample.optimum = evaluator.decisionOf(evaluator.best(conditions));
}

}  // namespace splitscope::session
