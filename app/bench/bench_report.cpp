// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bench/bench_report.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <cmath>

namespace splitscope::app {

void BenchReport::add(const std::string& metric, double value, std::optional<Goal> goal)
{
    m_metrics.push_back({metric, value, goal});
}

void BenchReport::addDetail(const std::string& metric, double value) { m_metrics.push_back({metric, value, {}, true}); }

std::string BenchReport::toJson() const
{
    QJsonObject metrics;
    for (const auto& metric : m_metrics)
        metrics[QString::fromStdString(metric.name)] = metric.value;
    QJsonArray notes;
    for (const auto& note : m_notes)
        notes << QString::fromStdString(note);
    const QJsonObject object{{"bench", QString::fromStdString(m_bench)}, {"metrics", metrics}, {"notes", notes}};
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

std::string BenchReport::toTable() const
{
    std::string text;
    for (const auto& [name, value, goal, detail] : m_metrics) {
        if (detail)
            continue;
        text += format("%-52s %10.4g", name.c_str(), value);
        if (goal) {
            const bool met = goal->atMost ? value <= goal->limit : value >= goal->limit;
            text += format("   goal %s %.4g: %s", goal->atMost ? "<=" : ">=", goal->limit, met ? "met" : "MISSED");
        }
        text += '\n';
    }
    text += m_tables;
    for (const auto& note : m_notes)
        text += "  " + note + "\n";
    return text;
}

double quantile(std::vector<double> values, double q)
{
    if (values.empty())
        return 0;
    std::sort(values.begin(), values.end());
    const double at = q * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(at);
    const auto above = std::min(below + 1, values.size() - 1);
    return std::lerp(values[below], values[above], at - static_cast<double>(below));
}

}  // namespace splitscope::app
