// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/session/sweep.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <array>
#include <cstdio>

namespace splitscope::session {

namespace {

constexpr const char* kSeed = "seed";

QString text(const std::string& value) { return QString::fromStdString(value); }

std::string told(const char* pattern, double value)
{
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), pattern, value);
    return text.data();
}

/// A column of what groups are told by.
struct Quantity {
    const char* name;
    const char* head;
    const char* pattern;
    std::optional<double> (*of)(const SweepGroup& group);
};
const std::array<Quantity, 11> kQuantities{{
    {"reward", "reward", "%.4f", [](const SweepGroup& g) { return g.reward; }},
    {"regret", "regret", "%.4f", [](const SweepGroup& g) { return g.regret; }},
    {"accuracy", "correct", "%.4f", [](const SweepGroup& g) { return std::optional(g.accuracy); }},
    {"p50_ms", "p50 ms", "%.2f", [](const SweepGroup& g) { return std::optional(g.p50Ms); }},
    {"p95_ms", "p95 ms", "%.2f", [](const SweepGroup& g) { return std::optional(g.p95Ms); }},
    {"p99_ms", "p99 ms", "%.2f", [](const SweepGroup& g) { return std::optional(g.p99Ms); }},
    {"deadline_misses", "misses", "%.4f", [](const SweepGroup& g) { return std::optional(g.deadlineMisses); }},
    {"fallback", "fallback", "%.4f", [](const SweepGroup& g) { return std::optional(g.fallback); }},
    {"energy_j_per_frame", "J/frame", "%.4g", [](const SweepGroup& g) { return std::optional(g.joules); }},
    {"bytes_per_frame", "B/frame", "%.0f", [](const SweepGroup& g) { return std::optional(g.bytes); }},
    {"frames_per_second", "frames/s", "%.2f", [](const SweepGroup& g) { return std::optional(g.framesPerSecond); }},
}};

void add(SweepGroup& group, const RunTotals& run)
{
    ++group.runs;
    const auto mean = [n = static_cast<double>(group.runs)](double& sum, double value) { sum += (value - sum) / n; };
    const auto share = [](std::uint64_t some, std::uint64_t all) {
        return all > 0 ? static_cast<double>(some) / static_cast<double>(all) : 0;
    };
    mean(group.accuracy, run.accuracy.value);
    mean(group.p50Ms, run.p50Ms);
    mean(group.p95Ms, run.p95Ms);
    mean(group.p99Ms, run.p99Ms);
    mean(group.deadlineMisses, share(run.deadlineMisses, run.requests));
    mean(group.fallback, share(run.fallback, run.frames));
    mean(group.joules, run.energyPerFrame);
    mean(group.bytes, run.bytesPerFrame);
    mean(group.framesPerSecond, run.framesPerSecond);
    const auto meanOf = [&](std::optional<double>& sum, const std::optional<double>& value) {
        if (group.runs == 1)
            sum = value;
        else if (sum && value)
            mean(*sum, *value);
        else
            sum.reset();
    };
    meanOf(group.reward, run.reward);
    meanOf(group.regret, run.regret);
}

SweepGroup alone(const RunTotals& run)
{
    SweepGroup group;
    group.cells = 1;
    add(group, run);
    return group;
}

std::vector<std::string> groupKeys(const Sweep& sweep)
{
    std::vector<std::string> keys;
    for (const auto& axis : sweep.axes)
        if (axis.key != kSeed)
            keys.push_back(axis.key);
    return keys;
}

/// Columns as wide as what is in them.
std::string aligned(const std::vector<std::vector<std::string>>& rows, std::size_t texts)
{
    std::vector<std::size_t> widths(rows.front().size());
    for (const auto& row : rows)
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], row[i].size());
    std::string table;
    for (const auto& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            const std::string blanks(widths[i] - row[i].size(), ' ');
            table += (i ? "  " : "") + (i < texts ? row[i] + blanks : blanks + row[i]);
        }
        table += "\n";
    }
    return table;
}

QJsonObject quantities(const SweepGroup& group)
{
    QJsonObject object;
    for (const auto& quantity : kQuantities)
        if (const auto value = quantity.of(group); value && group.runs > 0)
            object[quantity.name] = *value;
    return object;
}

QJsonObject named(const std::vector<std::string>& keys, const std::vector<std::string>& values)
{
    QJsonObject object;
    for (std::size_t i = 0; i < keys.size(); ++i)
        object[text(keys[i])] = text(values[i]);
    return object;
}

}  // namespace

std::vector<SweepGroup> groupsOf(const Sweep& sweep, const std::vector<SweepResult>& results)
{
    std::vector<SweepGroup> groups;
    for (const auto& result : results) {
        std::vector<std::string> values;
        for (std::size_t i = 0; i < sweep.axes.size(); ++i)
            if (sweep.axes[i].key != kSeed)
                values.push_back(sweep.cells[result.cell].values[i]);
        auto group = std::ranges::find(groups, values, &SweepGroup::values);
        if (group == groups.end()) {
            group = groups.insert(groups.end(), SweepGroup{});
            group->values = values;
        }
        ++group->cells;
        if (result.run)
            add(*group, result.run->totals);
    }
    return groups;
}

std::string toText(const Sweep& sweep, const std::vector<SweepResult>& results)
{
    const auto keys = groupKeys(sweep);
    std::vector<std::vector<std::string>> rows{keys};
    rows[0].emplace_back("runs");
    for (const auto& quantity : kQuantities)
        rows[0].emplace_back(quantity.head);
    for (const auto& group : groupsOf(sweep, results)) {
        auto row = group.values;
        row.push_back(group.runs == group.cells ? std::to_string(group.runs)
                                                : std::to_string(group.runs) + "/" + std::to_string(group.cells));
        for (const auto& quantity : kQuantities) {
            const auto value = quantity.of(group);
            row.push_back(value && group.runs > 0 ? told(quantity.pattern, *value) : "-");
        }
        rows.push_back(std::move(row));
    }
    return aligned(rows, keys.size());
}

std::string toJson(const Sweep& sweep, const std::vector<SweepResult>& results)
{
    QJsonArray groups, cells;
    for (const auto& group : groupsOf(sweep, results)) {
        auto object = quantities(group);
        object["values"] = named(groupKeys(sweep), group.values);
        object["cells"] = static_cast<qint64>(group.cells);
        object["runs"] = static_cast<qint64>(group.runs);
        groups << object;
    }
    std::vector<std::string> keys;
    for (const auto& axis : sweep.axes)
        keys.push_back(axis.key);
    for (const auto& result : results) {
        const auto& cell = sweep.cells[result.cell];
        auto object = result.run ? quantities(alone(result.run->totals)) : QJsonObject();
        object["id"] = text(cell.id);
        object["values"] = named(keys, cell.values);
        object["finished"] = result.run.has_value();
        if (result.run)
            object["run"] = static_cast<qint64>(result.run->key.run);
        cells << object;
    }
    const QJsonObject object{{"sweep", text(sweep.name)}, {"groups", groups}, {"cells", cells}};
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

std::string toCsv(const Sweep& sweep, const std::vector<SweepResult>& results)
{
    std::string csv = "cell";
    for (const auto& axis : sweep.axes)
        csv += "," + base::csvField(axis.key);
    csv += ",run";
    for (const auto& quantity : kQuantities)
        csv += std::string(",") + quantity.name;
    csv += "\n";
    for (const auto& result : results) {
        const auto& cell = sweep.cells[result.cell];
        csv += cell.id;
        for (const auto& value : cell.values)
            csv += "," + base::csvField(value);
        csv += "," + (result.run ? std::to_string(result.run->key.run) : std::string());
        const auto group = result.run ? alone(result.run->totals) : SweepGroup{};
        for (const auto& quantity : kQuantities) {
            const auto value = quantity.of(group);
            csv += "," + (value && result.run ? told("%.9g", *value) : std::string());
        }
        csv += "\n";
    }
    return csv;
}

}  // namespace splitscope::session
