// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/sweep.h"

#include "core/base/files.h"
#include "core/base/units.h"
#include "core/session/run_copy.h"
#include "core/session/scenario_check.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <set>

namespace splitscope::session {

namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;

QString text(const std::string& value) { return QString::fromStdString(value); }

/// "3..7" as 3, 4, … 7; anything else as it is.
std::vector<std::string> spread(const std::string& value)
{
    constexpr long long kMost = 1LL << 53;
    constexpr long long kMostValues = 10'000;
    const auto dots = value.find("..");
    if (dots == std::string::npos)
        return {value};
    const auto first = base::parseInteger(value.substr(0, dots), 0, kMost, "from");
    const auto last = base::parseInteger(value.substr(dots + 2), 0, kMost, "to");
    if (!first || !last || *first > *last || *last - *first >= kMostValues)
        return {value};
    std::vector<std::string> values;
    for (auto number = *first; number <= *last; ++number)
        values.push_back(std::to_string(number));
    return values;
}

std::vector<std::string> parts(const std::string& list)
{
    std::vector<std::string> values;
    for (std::size_t begin = 0; begin <= list.size();) {
        const auto comma = std::min(list.find(',', begin), list.size());
        const auto some = spread(list.substr(begin, comma - begin));
        values.insert(values.end(), some.begin(), some.end());
        begin = comma + 1;
    }
    return values;
}

/// As the field's own value is written; where it has none, as what the text looks like.
QJsonValue valueLike(const QJsonValue& old, const std::string& value)
{
    bool isNumber = false;
    const double number = text(value).toDouble(&isNumber);
    if (old.isString() || (old.isUndefined() && !isNumber && value != "true" && value != "false"))
        return text(value);
    if (isNumber)
        return number;
    if (value == "true" || value == "false")
        return value == "true";
    return text(value);  // which the scenario's reader refuses, with what the field must be
}

/// "reward.s_mb_per_s": of the object within.
void set(QJsonObject& object, const std::string& key, const std::string& value)
{
    const auto dot = key.find('.');
    if (dot == std::string::npos) {
        object[text(key)] = valueLike(object.value(text(key)), value);
        return;
    }
    const auto outer = text(key.substr(0, dot));
    auto inner = object.value(outer).toObject();
    set(inner, key.substr(dot + 1), value);
    object[outer] = inner;
}

std::string nameOf(const std::string& sweep, const std::vector<std::string>& values)
{
    constexpr std::size_t kMost = 120;
    std::string name = sweep;
    for (const auto& value : values)
        name += "-" + fs::path(value).filename().string();
    for (char& c : name)
        if (std::string_view("/\\:*?\"<>| ,").find(c) != std::string_view::npos)
            c = '_';
    return name.substr(0, kMost);
}

base::Result<SweepCell> makeCell(const Sweep& sweep, const QJsonObject& base, const std::vector<std::string>& values)
{
    QJsonObject object = base;
    std::string where = "sweep";
    for (std::size_t i = 0; i < values.size(); ++i) {
        set(object, sweep.axes[i].key, values[i]);
        where += " " + sweep.axes[i].key + "=" + values[i];
    }
    const auto json = QJsonDocument(object).toJson().toStdString();
    const auto scenario = parseScenario(json, where);
    if (!scenario)
        return scenario.error();
    if (const auto problems = fieldProblems(*scenario); !problems.empty())
        return Error{ErrorCode::InvalidInput, "'" + problems.front().field + "' " + problems.front().text, where};
    constexpr std::size_t kDigits = 16;
    const auto whole = toJson(*scenario);
    return SweepCell{base::sha256(base::asBytes(whole)).substr(0, kDigits), nameOf(sweep.name, values), values, whole};
}

QJsonArray arrayOf(const std::vector<std::string>& values)
{
    QJsonArray array;
    for (const auto& value : values)
        array << text(value);
    return array;
}

std::vector<std::string> textsOf(const QJsonValue& array)
{
    std::vector<std::string> texts;
    for (const auto& value : array.toArray())
        texts.push_back(value.toString().toStdString());
    return texts;
}

/// Of a cell that was read: an id is a folder's name, and a name a file's.
bool isSound(const SweepCell& cell, std::size_t axes)
{
    const auto hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    return cell.id.size() == 16 && std::ranges::all_of(cell.id, hex) && !cell.name.empty()
        && cell.name.find('/') == std::string::npos && cell.values.size() == axes;
}

}  // namespace

base::Status addToAxes(std::vector<SweepAxis>& axes, const std::string& text)
{
    const auto equals = text.find('=');
    const bool one = equals != std::string::npos && text.substr(equals, 2) == "==";
    const auto list = equals == std::string::npos ? std::string() : text.substr(equals + (one ? 2 : 1));
    if (equals == std::string::npos || equals == 0 || list.empty())
        return Error{ErrorCode::InvalidInput, "'" + text + "' is not KEY=VALUE,VALUE… with a field of scenarios as key", "axis"};
    const auto key = text.substr(0, equals);
    auto axis = std::ranges::find(axes, key, &SweepAxis::key);
    if (axis == axes.end())
        axis = axes.insert(axes.end(), {key, {}});
    std::set<std::string> known(axis->values.begin(), axis->values.end());
    for (auto& value : one ? std::vector{list} : parts(list))
        if (known.insert(value).second)
            axis->values.push_back(std::move(value));
    return {};
}

base::Result<Sweep> Sweep::make(const std::string& name, const Scenario& base, std::vector<SweepAxis> axes)
{
    Sweep sweep{name, std::move(axes), {}};
    std::size_t cells = 1;
    for (const auto& axis : sweep.axes)
        cells = std::min(cells * axis.values.size(), kMostCells + 1);
    if (cells > kMostCells)
        return Error{ErrorCode::TooLarge, "has more than " + std::to_string(kMostCells) + " combinations", "sweep"};
    const auto json = QJsonDocument::fromJson(QByteArray::fromStdString(toJson(base))).object();
    for (std::size_t i = 0; i < cells; ++i) {
        std::vector<std::string> values(sweep.axes.size());
        auto rest = i;
        for (std::size_t axis = sweep.axes.size(); axis-- > 0;) {
            const auto& all = sweep.axes[axis].values;
            values[axis] = all[rest % all.size()];
            rest /= all.size();
        }
        auto cell = makeCell(sweep, json, values);
        if (!cell)
            return cell.error();
        sweep.cells.push_back(*std::move(cell));
    }
    return sweep;
}

base::Status SweepFolder::write(const Sweep& sweep) const
{
    QJsonArray axes, cells;
    for (const auto& axis : sweep.axes)
        axes << QJsonObject{{"key", text(axis.key)}, {"values", arrayOf(axis.values)}};
    for (const auto& cell : sweep.cells) {
        cells << QJsonObject{{"id", text(cell.id)}, {"name", text(cell.name)}, {"values", arrayOf(cell.values)}};
        if (const auto written = base::writeFileAtomically(scenarioOf(cell), base::asBytes(cell.scenario)); !written)
            return written;
    }
    const QJsonObject object{
        {"format", "splitscope-sweep"}, {"version", 1}, {"name", text(sweep.name)}, {"axes", axes}, {"cells", cells}};
    return base::writeFileAtomically(m_folder / "sweep.json", base::asBytes(QJsonDocument(object).toJson().toStdString()));
}

base::Result<Sweep> SweepFolder::read() const
{
    const auto file = m_folder / "sweep.json";
    const auto bytes = base::readFile(file);
    if (!bytes)
        return Error{bytes.error().code, "there is no sweep; `splitscope-cli sweep run` begins one", m_folder.string()};
    const auto json = base::asText(*bytes);
    const auto object = QJsonDocument::fromJson(QByteArray(json.data(), static_cast<qsizetype>(json.size()))).object();
    const Error damaged{ErrorCode::InvalidInput, "is no sweep of this program, or damaged", file.string()};
    if (object["format"].toString() != "splitscope-sweep" || object["version"].toInt() != 1)
        return damaged;
    Sweep sweep{object["name"].toString().toStdString(), {}, {}};
    for (const auto& value : object["axes"].toArray()) {
        const auto axis = value.toObject();
        sweep.axes.push_back({axis["key"].toString().toStdString(), textsOf(axis["values"])});
    }
    for (const auto& value : object["cells"].toArray()) {
        const auto told = value.toObject();
        SweepCell cell{told["id"].toString().toStdString(), told["name"].toString().toStdString(), textsOf(told["values"]), {}};
        if (!isSound(cell, sweep.axes.size()))
            return damaged;
        sweep.cells.push_back(std::move(cell));
    }
    return sweep;
}

base::Result<std::vector<SweepResult>> SweepFolder::results(const Sweep& sweep, const std::stop_token& stop) const
{
    std::vector<SweepResult> results;
    for (std::size_t i = 0; i < sweep.cells.size(); ++i) {
        if (stop.stop_requested())
            return Error{ErrorCode::Cancelled, "stopped", m_folder.string()};
        results.push_back({i, finishedRun(sweep.cells[i])});
    }
    return results;
}

std::optional<RunRow> SweepFolder::finishedRun(const SweepCell& cell) const
{
    const auto list = listRuns(folderOf(cell));
    if (!list)
        return std::nullopt;
    const auto run = std::ranges::find(list->runs, RunEnding::Finished, &RunRow::ending);
    return run == list->runs.end() ? std::nullopt : std::optional(*run);
}

base::Status SweepFolder::collect(const Sweep& sweep) const
{
    for (const auto& cell : sweep.cells) {
        const auto from = folderOf(cell) / "records.sqlite";
        std::error_code ignored;
        if (!fs::exists(from, ignored))
            continue;
        if (const auto copied = copyFinishedRuns(from, records()); !copied)
            return copied.error();
    }
    return {};
}

}  // namespace splitscope::session
