// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/run_settings.h"

#include "core/session/pricing.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace splitscope::session {

namespace {

QJsonObject objectOf(const std::string& json) { return QJsonDocument::fromJson(QByteArray::fromStdString(json)).object(); }
std::string textOf(const QJsonObject& object) { return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString(); }
QString text(const std::string& value) { return QString::fromStdString(value); }

/// What an event's text says where its detail does not.
QJsonObject changeOf(const RunEvent& event)
{
    auto detail = objectOf(event.detail);
    if (!detail.isEmpty())
        return detail;
    bool isNumber = false;
    const double number = text(event.text).toDouble(&isNumber);
    if (event.kind == "uplink" && makeUplink(event.text, {}))
        detail["bandwidth"] = text(event.text);
    if (event.kind == "slowdown" && isNumber)
        detail["slowdown"] = number;
    return detail;
}

/// An objective's event holds the sliders themselves. Without a deadline there is none, whatever the scenario began with.
QJsonObject objectiveOf(const RunEvent& event)
{
    auto sliders = objectOf(event.detail);
    if (sliders.isEmpty())
        return {};
    sliders.remove("next_frame");
    return {{"reward", sliders}, {"deadline_ms", sliders.value("deadline_ms").toDouble(0)}};
}

}  // namespace

std::string settingsDetail(const Scenario& scenario, std::initializer_list<const char*> keys)
{
    const auto all = objectOf(toJson(scenario));
    QJsonObject some;
    for (const char* key : keys)
        some[QLatin1String(key)] = all.value(QLatin1String(key));
    return textOf(some);
}

base::Result<RunSettings> settingsAfter(const std::string& scenarioJson, const std::vector<RunEvent>& events,
                                        const std::string& where)
{
    const auto first = parseScenario(scenarioJson, where);
    if (!first)
        return first.error();
    RunSettings settings;
    settings.deadlines.emplace_back(0, session::objectiveOf(*first).deadlineMs);
    auto scenario = objectOf(scenarioJson);
    const auto change = [&scenario](const QJsonObject& keys) {
        for (auto key = keys.begin(); key != keys.end(); ++key)
            scenario[key.key()] = key.value();
    };
    for (const auto& event : events) {
        const auto bandwidth = scenario.value("bandwidth");
        if (event.kind == "pause")
            settings.paused = event.text == "paused";
        else if (event.kind == "uplink" || event.kind == "slowdown" || event.kind == "strategy" || event.kind == "correction")
            change(changeOf(event));
        else if (const auto sliders = objectiveOf(event); event.kind == "objective" && !sliders.isEmpty()) {
            change(sliders);
            const double ms = sliders.value("deadline_ms").toDouble();
            settings.deadlines.emplace_back(event.atMs, ms > 0 ? ms : decision::kNoLimit);
        }
        if (scenario.value("bandwidth") != bandwidth)
            settings.uplinkSinceMs = event.atMs;
    }
    auto now = parseScenario(textOf(scenario), where + ": events");
    if (!now)
        return now.error();
    settings.inForce = *std::move(now);
    return settings;
}

}  // namespace splitscope::session
