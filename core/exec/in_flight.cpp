// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exec/in_flight.h"

#include "core/base/clock.h"

#include <algorithm>
#include <cmath>

namespace splitscope::exec {

namespace {

/// Times come from another machine: whatever they say, they are times.
double sane(double ms) { return std::isfinite(ms) ? std::max(ms, 0.0) : 0.0; }

/// Two machines measure the same time so differently, at most: more is no error of measurement.
constexpr double kMeasuredMs = 10;

std::int64_t deadlineNs(const Pending& pending)
{
    return pending.failure.empty() ? pending.lastSignNs + base::fromMs(pending.failoverMs) : 0;
}

}  // namespace

RemoteTimes fillRemoteStages(Pending& pending, const wire::Reply& reply, std::int64_t receivedNs)
{
    auto& stages = pending.record.stages;
    stages.edgeQueue = sane(reply.edgeQueueMs);
    stages.decode = sane(reply.decodeMs);
    stages.edgeSegment = sane(reply.edgeSegmentMs);
    stages.reply = sane(reply.replyMs);
    RemoteTimes times;
    times.edgeMs = stages.edgeQueue + stages.decode + stages.edgeSegment + stages.reply;
    const auto handedNs = pending.firstHandedNs != 0 ? pending.firstHandedNs : pending.codedNs;
    const double passedMs = std::max(0.0, base::toMs(receivedNs - handedNs));
    times.credible = times.edgeMs <= passedMs + kMeasuredMs;
    if (!times.credible)
        times.edgeMs = stages.edgeQueue = stages.decode = stages.edgeSegment = stages.reply = 0;
    times.transferMs = std::max(0.0, passedMs - times.edgeMs);
    stages.transfer = times.transferMs;
    if (times.transferMs > 0)
        pending.record.achievedBytesPerSecond = static_cast<double>(pending.record.wireBytes) / (times.transferMs * 1e-3);
    return times;
}

void InFlight::add(Pending pending)
{
    const auto key = pending.record.firstFrame;
    m_waiting.insert_or_assign(key, std::move(pending));
}

Pending* InFlight::find(std::uint64_t firstFrame)
{
    const auto entry = m_waiting.find(firstFrame);
    return entry == m_waiting.end() ? nullptr : &entry->second;
}

std::optional<Pending> InFlight::take(std::uint64_t firstFrame)
{
    auto node = m_waiting.extract(firstFrame);
    if (node.empty())
        return std::nullopt;
    return std::move(node.mapped());
}

void InFlight::handedOver(const link::Handover& handover)
{
    auto* pending = find(handover.firstFrame);
    if (!pending)
        return;
    pending->firstHandedNs = handover.firstNs;
    pending->record.stages.sendQueue = std::max(0.0, base::toMs(handover.firstNs - pending->codedNs));
    pending->record.wireBytes = handover.wireBytes;
    pending->record.setBytesPerSecond = handover.setBytesPerSecond;
    pending->lastSignNs = std::max(pending->lastSignNs, handover.lastNs);
}

void InFlight::signOfLife(std::uint64_t firstFrame, std::int64_t ns)
{
    for (auto entry = m_waiting.lower_bound(firstFrame); entry != m_waiting.end(); ++entry)
        entry->second.lastSignNs = std::max(entry->second.lastSignNs, ns);
}

void InFlight::fail(std::uint64_t firstFrame, const std::string& reason)
{
    if (auto* pending = find(firstFrame))
        pending->failure = reason.empty() ? "the edge gave no reason" : reason;
}

std::optional<Pending> InFlight::takeOverdue(std::int64_t nowNs)
{
    for (auto& [first, pending] : m_waiting) {
        if (deadlineNs(pending) > nowNs)
            continue;
        if (pending.failure.empty())
            pending.failure = "edge silent for " + std::to_string(std::lround(base::toMs(nowNs - pending.lastSignNs))) + " ms";
        return take(first);
    }
    return std::nullopt;
}

std::optional<Pending> InFlight::takeFirst(const std::string& reason)
{
    if (m_waiting.empty())
        return std::nullopt;
    auto pending = take(m_waiting.begin()->first);
    pending->failure = reason;
    return pending;
}

std::optional<std::int64_t> InFlight::nextDeadlineNs() const
{
    std::optional<std::int64_t> earliest;
    for (const auto& [first, pending] : m_waiting)
        earliest = std::min(earliest.value_or(deadlineNs(pending)), deadlineNs(pending));
    return earliest;
}

std::uint64_t InFlight::unsentBytes() const
{
    std::uint64_t bytes = 0;
    for (const auto& [first, pending] : m_waiting)
        if (pending.firstHandedNs == 0)
            bytes += pending.record.payloadBytes;
    return bytes;
}

int InFlight::unsentRequests() const
{
    return static_cast<int>(
        std::count_if(m_waiting.begin(), m_waiting.end(), [](const auto& entry) { return entry.second.firstHandedNs == 0; }));
}

}  // namespace splitscope::exec
