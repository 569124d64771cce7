// SPDX-License-Identifier: GPL-3.0-or-later
// From a row and the conditions to a request's time, energy and accuracy.
#include "core/codec/wire_size.h"
#include "core/profile/cost_table_p.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <limits>
#include <set>

namespace splitscope::profile {

namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();

/// What of a prediction is a mean over how many frames go on.
constexpr std::array kAveraged{&Prediction::captureMs, &Prediction::deviceMs,    &Prediction::encodeMs, &Prediction::transferMs,
                               &Prediction::decodeMs,  &Prediction::edgeMs,      &Prediction::totalMs,  &Prediction::payloadBytes,
                               &Prediction::wireBytes, &Prediction::energyJoules};

/// ∫ of x, kept within 0 .. most, from 0 to `to`.
double integralOfClamped(double to, double most)
{
    const double within = std::clamp(to, 0.0, most);
    return within * within / 2 + most * (std::max(to, most) - most);
}

/// How many of a request's bytes wait for the rate: those that the bucket does not let pass at once, in the mean over as many
/// requests as a rate lasts, the bucket full before the first. While they take more than the rate brings from one to the next,
/// each finds less in it, down to what it earns while the other stages run: then they follow each other at once.
double waitingBytes(const LinkProfile& link, double bytes, double share, double otherStagesMs, const Conditions& conditions)
{
    constexpr double kRequestsOfARate = 30;  // a second of a camera's
    const double rate = conditions.bytesPerSecond / 1e3;
    const double first = bytes - link.burstBytes;
    const double lost = bytes * share - rate * std::max(conditions.intervalMs, otherStagesMs);  // from one request to the next
    if (!(lost > 0))
        return std::max(0.0, first);
    const double most = std::max(0.0, bytes - std::min(link.burstBytes, rate * otherStagesMs));
    const double overall = lost * kRequestsOfARate;
    return (integralOfClamped(first + overall, most) - integralOfClamped(first, most)) / overall;
}

/// The link carries one chunk while the next is made ready, so only the slower of the two takes time. `share`: of the requests
/// that are sent, so that this is what they send in the mean.
double transferMs(const LinkProfile& link, const codec::RequestOnWire& request, double share, double computeMs,
                  const Conditions& conditions)
{
    if (!(conditions.bytesPerSecond > 0))
        return kNever;
    const double fixedMs = (conditions.rttMs < 0 ? link.rttMs : conditions.rttMs) + link.requestOverheadMs;
    const double waiting = waitingBytes(link, static_cast<double>(request.wireBytes), share, fixedMs + computeMs, conditions);
    const double chunksMs = link.perChunkMs * static_cast<double>(request.chunks - 1);
    return fixedMs + std::max(waiting / conditions.bytesPerSecond * 1e3, chunksMs);
}

}  // namespace

Prediction CostTable::predictGoingOn(std::size_t row, int batch, int goingOn, const Conditions& conditions) const
{
    assert(row < rows().size() && batch >= 1 && batch <= kMaxBatch && goingOn >= 0 && goingOn <= batch);
    const auto& [decision, tensor, accuracy] = rows()[row];
    const bool edgesGate = d->gatedOnEdge[row] != 0;
    const int sent = edgesGate ? batch : goingOn;  // frames
    const double sentShare = edgesGate ? 1 : accuracy.goesOn;
    const auto* const work = &d->work[row * kMaxBatch];
    const auto& all = work[batch - 1];
    const RowWork ofSent = sent > 0 ? work[sent - 1] : RowWork();
    const RowWork behind = goingOn > 0 ? work[goingOn - 1] : RowWork();
    Prediction p;
    p.captureMs = all.captureMs;  // reading is not what an emulated slowdown slows
    p.deviceMs = ((edgesGate ? 0 : all.gateMs) + ofSent.deviceMs) * conditions.deviceSlowdown;
    p.encodeMs = ofSent.encodeMs * conditions.deviceSlowdown;
    p.decodeMs = ofSent.decodeMs * conditions.edgeSlowdown;
    p.edgeMs = ((edgesGate ? all.gateMs : 0) + behind.edgeMs) * conditions.edgeSlowdown;
    if (decision.coding.kind != codec::CodingKind::LabelOnly && sent > 0) {
        p.payloadBytes = sentShare > 0 ? accuracy.meanBytes / sentShare * sent : 0;
        const auto request = codec::requestOnWire(sent, static_cast<std::size_t>(std::lround(p.payloadBytes)),
                                                  conditions.pacedByDevice ? conditions.bytesPerSecond : 0);
        p.wireBytes = static_cast<double>(request.wireBytes);
        p.transferMs = transferMs(link(), request, sentShare * batch / sent,
                                  p.captureMs + p.deviceMs + p.encodeMs + p.decodeMs + p.edgeMs, conditions);
        p.feasible = p.transferMs < kNever;
    }
    p.totalMs = p.captureMs + p.deviceMs + p.encodeMs + p.transferMs + p.decodeMs + p.edgeMs;
    p.energyJoules
        = d->energy.perFrame(decision, p.wireBytes / batch, conditions.bytesPerSecond, static_cast<double>(goingOn) / batch);
    p.accuracy = accuracy.accuracy;
    p.accuracyLow = accuracy.low;
    p.accuracyHigh = accuracy.high;
    return p;
}

double CostTable::goingOnProbability(std::size_t row, int batch, int goingOn) const
{
    const double share = rows()[row].accuracy.goesOn;
    double probability = 1;  // binomial: factors of the coefficient between those of the shares, so that nothing overflows
    for (int i = 1; i <= goingOn; ++i)
        probability *= share * (batch - goingOn + i) / i;
    for (int i = 0; i < batch - goingOn; ++i)
        probability *= 1 - share;
    return probability;
}

Prediction CostTable::predict(std::size_t row, int batch, const Conditions& conditions) const
{
    const auto& decision = rows()[row].decision;
    if (!decision.gate)
        return predictGoingOn(row, batch, batch, conditions);
    Prediction mean;
    for (int goingOn = 0; goingOn <= batch; ++goingOn) {
        const double probability = goingOnProbability(row, batch, goingOn);
        if (!(probability > 0))
            continue;
        const auto one = predictGoingOn(row, batch, goingOn, conditions);
        for (const auto value : kAveraged)
            mean.*value += probability * one.*value;
    }
    const auto& accuracy = rows()[row].accuracy;
    mean.accuracy = accuracy.accuracy;
    mean.accuracyLow = accuracy.low;
    mean.accuracyHigh = accuracy.high;
    // Frames may always go on, whatever the table's images did.
    mean.feasible = decision.coding.kind == codec::CodingKind::LabelOnly || conditions.bytesPerSecond > 0;
    if (!mean.feasible)
        mean.totalMs = mean.transferMs = kNever;
    return mean;
}

base::Result<Prediction> CostTable::predict(const decision::Decision& decision, int batch, const Conditions& conditions) const
{
    if (batch < 1 || batch > kMaxBatch)
        return base::Error{base::ErrorCode::InvalidInput,
                           "a batch of " + std::to_string(batch) + " is outside 1.." + std::to_string(kMaxBatch), "cost table"};
    const auto row = rowOf(decision);
    if (!row)
        return row.error();
    return predict(*row, batch, conditions);
}

std::vector<OptimalDecision> everFastest(const CostTable& table, int batch, double accuracyLoss, const Conditions& conditions,
                                         double lowBytesPerSecond, double highBytesPerSecond, int steps)
{
    double best = 0;
    for (const auto& row : table.rows())
        best = std::max(best, row.accuracy.accuracy);
    std::vector<OptimalDecision> ranges;
    for (int step = 0; step < steps; ++step) {
        const double share = steps > 1 ? static_cast<double>(step) / (steps - 1) : 0;
        auto here = conditions;
        here.bytesPerSecond = lowBytesPerSecond * std::pow(highBytesPerSecond / lowBytesPerSecond, share);
        std::size_t fastest = 0;
        double fastestMs = kNever;
        for (std::size_t row = 0; row < table.rows().size(); ++row) {
            const double ms = table.predict(row, batch, here).totalMs;
            if (table.rows()[row].accuracy.accuracy >= best - accuracyLoss && ms < fastestMs) {
                fastest = row;
                fastestMs = ms;
            }
        }
        if (fastestMs == kNever)
            continue;
        if (ranges.empty() || ranges.back().row != fastest)
            ranges.push_back({fastest, here.bytesPerSecond, here.bytesPerSecond});
        ranges.back().toBytesPerSecond = here.bytesPerSecond;
    }
    return ranges;
}

std::size_t countDistinct(std::span<const OptimalDecision> ranges)
{
    std::set<std::size_t> rows;
    for (const auto& range : ranges)
        rows.insert(range.row);
    return rows.size();
}

}  // namespace splitscope::profile
