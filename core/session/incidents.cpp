// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/incidents.h"

#include "core/base/clock.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QString>
#include <algorithm>
#include <utility>

namespace splitscope::session {

namespace {

constexpr double kCalmMs = 1'000;

std::string compact(const QJsonObject& object) { return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString(); }

std::string seconds(double ms) { return QString::number(ms / 1000, 'f', 1).toStdString() + " s"; }

QString text(const std::string& value) { return QString::fromStdString(value); }

/// "82 °C, 600 of 1500 MHz", as far as it is known.
std::string circumstances(const wire::Health& health)
{
    QString said;
    if (health.temperatureC)
        said += QStringLiteral("%1 °C").arg(*health.temperatureC, 0, 'f', 0);
    if (health.clockHz) {
        said += (said.isEmpty() ? QString() : QStringLiteral(", ")) + QString::number(*health.clockHz / 1e6, 'f', 0);
        said += health.fullClockHz ? QStringLiteral(" of %1 MHz").arg(*health.fullClockHz / 1e6, 0, 'f', 0)
                                   : QStringLiteral(" MHz");
    }
    return said.toStdString();
}

}  // namespace

std::optional<Incident> Incidents::follow(Condition& condition, std::optional<bool> now, const std::string& what,
                                          std::int64_t nowNs)
{
    if (!now || *now == (condition.sinceNs != 0))
        return std::nullopt;
    if (*now) {
        condition.sinceNs = nowNs;
        return Incident{condition.kind, what, compact({{"state", "begin"}}), {}, base::LogLevel::Warning};
    }
    const double lastedMs = base::toMs(nowNs - std::exchange(condition.sinceNs, 0));
    return Incident{condition.kind, what, compact({{"state", "end"}, {"lasted_ms", lastedMs}}), {}, base::LogLevel::Info};
}

std::vector<Incident> Incidents::onHealth(const wire::Health& health, std::int64_t nowNs)
{
    std::vector<Incident> found;
    const auto at = circumstances(health);
    const auto tell = [&](Condition& condition, std::optional<bool> now, const char* begins, const char* ends) {
        const auto words = std::string(now.value_or(false) ? begins : ends) + (at.empty() ? "" : ": " + at);
        if (auto incident = follow(condition, now, words, nowNs))
            found.push_back(*std::move(incident));
    };
    tell(m_throttling, health.throttled, "the device is slowed for heat or a weak supply; its times are longer now",
         "the device is no longer slowed");
    tell(m_underVoltage, health.underVoltage, "the device's supply is too weak; use a stronger one, or a shorter cable",
         "the device's supply is strong enough again");
    return found;
}

std::vector<Incident> Incidents::onLink(link::LinkState state, const std::string& why, std::int64_t nowNs)
{
    const auto tail = why.empty() ? "" : ": " + why;
    switch (state) {
    case link::LinkState::Connecting:
        return {{"link", "connecting" + tail, compact({{"state", "connecting"}}), {}, base::LogLevel::Debug}};
    case link::LinkState::Silent:
        m_silentSinceNs = nowNs;
        return {{"link", "silent" + tail, compact({{"state", "silent"}}), {}, base::LogLevel::Warning}};
    case link::LinkState::Connected: break;
    }
    const auto since = std::exchange(m_silentSinceNs, 0);
    if (since == 0)
        return {{"link", "connected" + tail, compact({{"state", "connected"}}), {}, base::LogLevel::Debug}};
    const double silentMs = base::toMs(nowNs - since);
    return {{"link",
             "connected again after " + seconds(silentMs),
             compact({{"state", "connected"}, {"again", true}, {"silent_ms", silentMs}}),
             {},
             base::LogLevel::Info}};
}

std::optional<Incident> Incidents::grow(Stretch& stretch, const wire::FrameRecord& record)
{
    const auto count = static_cast<std::uint64_t>(std::max(record.count, 1));
    const bool begins = !stretch.open;
    if (begins)
        stretch = {stretch.kind, record.firstFrame, 0, 0, record.capturedAtMs, 0, record.reason, true};
    stretch.firstFrame = std::min(stretch.firstFrame, record.firstFrame);
    stretch.lastFrame = std::max(stretch.lastFrame, record.firstFrame + count - 1);
    stretch.frames += count;
    stretch.endMs = std::max(stretch.endMs, record.capturedAtMs + record.stages.total);
    if (!begins)
        return std::nullopt;
    const auto first = std::to_string(record.firstFrame);
    return Incident{
        stretch.kind, "from frame " + first + " on the device finishes alone: " + record.reason,
        compact({{"state", "begin"}, {"first_frame", static_cast<qint64>(record.firstFrame)}, {"reason", text(record.reason)}}),
        record.capturedAtMs, base::LogLevel::Warning};
}

Incident Incidents::close(Stretch& stretch)
{
    stretch.open = false;
    const double lastedMs = stretch.endMs - stretch.beginMs;
    return {stretch.kind,
            std::to_string(stretch.frames) + " of the frames " + std::to_string(stretch.firstFrame) + " to "
                + std::to_string(stretch.lastFrame) + " were finished by the device alone, over " + seconds(lastedMs),
            compact({{"state", "end"},
                     {"first_frame", static_cast<qint64>(stretch.firstFrame)},
                     {"last_frame", static_cast<qint64>(stretch.lastFrame)},
                     {"frames", static_cast<qint64>(stretch.frames)},
                     {"lasted_ms", lastedMs},
                     {"reason", text(stretch.reason)}}),
            stretch.endMs, base::LogLevel::Info};
}

std::vector<Incident> Incidents::onRecord(const wire::FrameRecord& record)
{
    std::vector<Incident> found;
    if (record.outcome == wire::Outcome::Fallback) {
        const bool silence = record.reason.starts_with("edge silent");  // as the device says it
        if (auto begun = grow(m_fallback, record))
            found.push_back(*std::move(begun));
        if (auto begun = silence ? grow(m_edgeSilent, record) : std::nullopt)
            found.push_back(*std::move(begun));
    } else if (record.outcome == wire::Outcome::Done) {
        for (auto* stretch : {&m_fallback, &m_edgeSilent})
            if (stretch->open && record.capturedAtMs >= stretch->endMs + kCalmMs)
                found.push_back(close(*stretch));
    }
    return found;
}

std::array<Incidents::Condition, profile::kStageCount> Incidents::offConditions()
{
    std::array<Condition, profile::kStageCount> conditions{};
    conditions.fill({"prediction"});
    return conditions;
}

std::vector<Incident> Incidents::onFits(const profile::StageFits& fits, std::int64_t nowNs)
{
    std::vector<Incident> found;
    for (const auto stage : profile::kStages) {
        const auto at = static_cast<std::size_t>(stage);
        const auto& fit = fits[at];
        if (fit.off == (m_off[at].sinceNs != 0))
            continue;  // as before, as with nearly every request
        const auto name = QString::fromStdString(profile::toString(stage));
        // The median of ratios is told alone: medians of both times may be of other requests, and seem to say the contrary.
        const auto what = fit.off ? QStringLiteral("%1 takes %2 × what the cost table foretells, in the median of the last "
                                                   "requests: let it be corrected, or measure a new table")
                                        .arg(name)
                                        .arg(fit.times, 0, 'g', 3)
                                  : QStringLiteral("%1 takes what the cost table foretells again").arg(name);
        if (auto incident = follow(m_off[at], fit.off, what.toStdString(), nowNs))
            found.push_back(*std::move(incident));
    }
    return found;
}

std::vector<Incident> Incidents::onEnd(std::int64_t nowNs)
{
    std::vector<Incident> found;
    for (auto* stretch : {&m_fallback, &m_edgeSilent})
        if (stretch->open)
            found.push_back(close(*stretch));
    for (auto* condition : {&m_throttling, &m_underVoltage})
        if (condition->sinceNs != 0)
            found.push_back(*follow(*condition, false, "the run ended while the device was so", nowNs));
    for (auto& condition : m_off)
        if (condition.sinceNs != 0)
            found.push_back(*follow(condition, false, "the run ended while the cost table was off", nowNs));
    return found;
}

}  // namespace splitscope::session
