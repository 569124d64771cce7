// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/summary.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <cmath>

namespace splitscope::session {

std::string toString(wire::Outcome outcome)
{
    switch (outcome) {
    case wire::Outcome::Done: return "done";
    case wire::Outcome::Fallback: return "fallback";
    case wire::Outcome::Lost: break;
    }
    return "lost";
}

std::string gateText(const decision::Decision& decision)
{
    return decision.gate ? decision::toString(*decision.gate) : std::string();
}

std::optional<decision::Gate> gateOf(const std::string& text)
{
    const auto gate = decision::parseGate(text);
    return gate ? std::optional(*gate) : std::nullopt;
}

void Summary::add(const Sample& sample, double deadlineMs)
{
    const auto& record = sample.record;
    const auto count = static_cast<std::uint64_t>(record.count);
    m_last = record.decision;
    if (record.outcome == wire::Outcome::Lost) {
        m_lost += count;  // has neither label nor times: counted, and left out of every average
        return;
    }
    (record.outcome == wire::Outcome::Done ? m_done : m_fallback) += count;
    for (std::size_t i = 0; i < record.labels.size() && i < record.truths.size(); ++i)
        m_correct += record.labels[i] == record.truths[i] ? 1 : 0;
    m_anyGate = m_anyGate || record.decision.gate;
    m_early += static_cast<std::uint64_t>(record.count - record.goingOn());
    ++m_requests;
    m_inTime += deadlineMs <= 0 || record.stages.total <= deadlineMs ? 1 : 0;
    if (sample.priced) {
        ++m_priced;
        m_reward += sample.reward;
        m_regret += sample.regret;
    }
    m_bytes += static_cast<double>(record.wireBytes);
    m_energy += sample.energyJoules * record.count;
    m_latencies.push_back(static_cast<float>(record.stages.total));
    if (m_firstMs < 0 || record.capturedAtMs < m_firstMs)
        m_firstMs = record.capturedAtMs;
    m_lastMs = std::max(m_lastMs, record.capturedAtMs + record.stages.total);
}

double Summary::accuracy() const
{
    const auto labelled = m_done + m_fallback;
    return labelled ? static_cast<double>(m_correct) / static_cast<double>(labelled) : 0;
}

double Summary::latencyMs(double q) const
{
    if (m_latencies.empty())
        return 0;
    // Nearest rank: a latency that really occurred.
    const double rank = std::ceil(std::clamp(q, 0.0, 1.0) * static_cast<double>(m_latencies.size()));
    auto sorted = m_latencies;
    const auto nth = sorted.begin() + (rank > 0 ? static_cast<std::ptrdiff_t>(rank) - 1 : 0);
    std::nth_element(sorted.begin(), nth, sorted.end());
    return static_cast<double>(*nth);
}

double Summary::bytesPerFrame() const
{
    const auto finished = m_done + m_fallback;
    return finished ? m_bytes / static_cast<double>(finished) : 0;
}

double Summary::energyPerFrame() const
{
    const auto finished = m_done + m_fallback;
    return finished ? m_energy / static_cast<double>(finished) : 0;
}

double Summary::framesPerSecond() const
{
    const double seconds = (m_lastMs - m_firstMs) / 1000;
    return m_firstMs >= 0 && seconds > 0 ? static_cast<double>(m_done + m_fallback) / seconds : 0;
}

double Summary::deadlineMet() const { return m_requests ? static_cast<double>(m_inTime) / static_cast<double>(m_requests) : 1; }

std::optional<double> Summary::reward() const
{
    return m_priced ? std::optional(m_reward / static_cast<double>(m_priced)) : std::nullopt;
}

std::optional<double> Summary::regret() const
{
    return m_priced ? std::optional(m_regret / static_cast<double>(m_priced)) : std::nullopt;
}

std::string Summary::toJson() const
{
    const auto orNull = [](const std::optional<double>& value) { return value ? QJsonValue(*value) : QJsonValue(); };
    QJsonObject last{{"exit", m_last.exit},
                     {"partition", m_last.partition},
                     {"coding", QString::fromStdString(codec::toString(m_last.coding))}};
    if (m_last.gate)
        last["gate"] = QString::fromStdString(gateText(m_last));
    QJsonObject object{
        {"frames", static_cast<qint64>(frames())},
        {"done", static_cast<qint64>(m_done)},
        {"fallback", static_cast<qint64>(m_fallback)},
        {"lost", static_cast<qint64>(m_lost)},
        {"discarded", static_cast<qint64>(m_discarded)},
        {"accuracy", accuracy()},
        {"latency_ms", QJsonObject{{"p50", latencyMs(0.5)}, {"p95", latencyMs(0.95)}, {"p99", latencyMs(0.99)}}},
        {"bytes_per_frame", bytesPerFrame()},
        {"energy_j_per_frame", energyPerFrame()},
        {"reward", orNull(reward())},
        {"regret", orNull(regret())},
        {"deadline_met", deadlineMet()},
        {"fps", framesPerSecond()},
        {"decision", last},
    };
    if (m_anyGate)
        object["answered_early"] = static_cast<qint64>(m_early);
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

}  // namespace splitscope::session
