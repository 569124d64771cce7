// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/run_table_model.h"

#include "core/base/units.h"
#include "ui/charts/axis_ticks.h"
#include "ui/charts/strategy_look.h"

#include <QDateTime>
#include <QGuiApplication>
#include <QLocale>

#include <algorithm>
#include <cmath>
#include <set>
#include <unordered_set>

namespace splitscope::ui {

using session::RunRow;

namespace {

struct Column {
    const char* name;
    const char* toolTip;
    bool number;
};
constexpr Column kColumns[RunTableModel::ColumnCount] = {
    {QT_TRANSLATE_NOOP("splitscope::ui::RunTableModel", "Started"),
     QT_TRANSLATE_NOOP("splitscope::ui::RunTableModel", "When the run began; a check compares it below"), false},
    {QT_TRANSLATE_NOOP("splitscope::ui::RunTableModel", "Strategy"),
     QT_TRANSLATE_NOOP("splitscope::ui::RunTableModel", "What decided"), false},
    {QT_TRANSLATE_NOOP("splitscope::ui::RunTableModel", "Scenario"),
     QT_TRANSLATE_NOOP("splitscope::ui::RunTableModel", "Its file's name, as it was opened or queued"), false},
    {QT_TRANSLATE_NOOP("splitscope::ui::RunTableModel", "Model"),
     QT_TRANSLATE_NOOP("splitscope::ui::RunTableModel", "The network"), false},
    {QT_TRANSLATE_NOOP("splitscope::ui::RunTableModel", "Bandwidth"),
     QT_TRANSLATE_NOOP("splitscope::ui::RunTableModel", "The uplink as the scenario set it"), false},
    {QT_TRANSLATE_NOOP("splitscope::ui::RunTableModel", "Seed"),
     QT_TRANSLATE_NOOP("splitscope::ui::RunTableModel", "Runs of one seed in one setting are compared pair by pair"), true},
    {QT_TRANSLATE_NOOP("splitscope::ui::RunTableModel", "Frames"),
     QT_TRANSLATE_NOOP("splitscope::ui::RunTableModel", "With an outcome: done, fallback or lost"), true},
    {QT_TRANSLATE_NOOP("splitscope::ui::RunTableModel", "p50 (ms)"),
     QT_TRANSLATE_NOOP("splitscope::ui::RunTableModel", "Median latency T of a request, capture to label"), true},
    {QT_TRANSLATE_NOOP("splitscope::ui::RunTableModel", "p95 (ms)"),
     QT_TRANSLATE_NOOP("splitscope::ui::RunTableModel", "Latency that 95 % of the requests stay below"), true},
    {QT_TRANSLATE_NOOP("splitscope::ui::RunTableModel", "Accuracy (%)"),
     QT_TRANSLATE_NOOP("splitscope::ui::RunTableModel", "Right labels among all that were given, with a 95 % interval"), true},
    {QT_TRANSLATE_NOOP("splitscope::ui::RunTableModel", "Reward"),
     QT_TRANSLATE_NOOP("splitscope::ui::RunTableModel", "Mean over the requests that a cost table priced"), true},
    {QT_TRANSLATE_NOOP("splitscope::ui::RunTableModel", "Regret"),
     QT_TRANSLATE_NOOP("splitscope::ui::RunTableModel", "Mean; what the optimum would have brought more"), true},
    {QT_TRANSLATE_NOOP("splitscope::ui::RunTableModel", "Energy (mJ)"),
     QT_TRANSLATE_NOOP("splitscope::ui::RunTableModel", "Modelled, of the device, a frame"), true},
    {QT_TRANSLATE_NOOP("splitscope::ui::RunTableModel", "Sent (KB)"),
     QT_TRANSLATE_NOOP("splitscope::ui::RunTableModel", "Bytes on the wire a frame; 1 KB is 1,000 bytes"), true},
    {QT_TRANSLATE_NOOP("splitscope::ui::RunTableModel", "Fallback (%)"),
     QT_TRANSLATE_NOOP("splitscope::ui::RunTableModel", "Frames that the device finished because the edge was silent"), true},
    {QT_TRANSLATE_NOOP("splitscope::ui::RunTableModel", "Data"),
     QT_TRANSLATE_NOOP("splitscope::ui::RunTableModel", "What the frames came from"), false},
    {QT_TRANSLATE_NOOP("splitscope::ui::RunTableModel", "Slowdown (×)"),
     QT_TRANSLATE_NOOP("splitscope::ui::RunTableModel", "How much slower the device was made"), true},
    {QT_TRANSLATE_NOOP("splitscope::ui::RunTableModel", "State"),
     QT_TRANSLATE_NOOP("splitscope::ui::RunTableModel", "How far the run came"), false},
    {QT_TRANSLATE_NOOP("splitscope::ui::RunTableModel", "Tags"),
     QT_TRANSLATE_NOOP("splitscope::ui::RunTableModel", "Words to find runs by, separated by commas; double click to edit"),
     false},
    {QT_TRANSLATE_NOOP("splitscope::ui::RunTableModel", "Notes"),
     QT_TRANSLATE_NOOP("splitscope::ui::RunTableModel", "Anything; double click to edit"), false},
};

bool isSame(const session::RunKey& a, const session::RunKey& b)
{
    return a.run == b.run && a.records.native() == b.records.native();
}

/// NaN where the run has none.
double numberOf(const RunRow& row, int column)
{
    const auto& totals = row.totals;
    const double none = std::nan("");
    const bool any = totals.requests > 0;
    switch (column) {
    case RunTableModel::SlowdownColumn: return row.slowdown;
    case RunTableModel::SeedColumn: return static_cast<double>(row.seed);
    case RunTableModel::FramesColumn: return static_cast<double>(totals.frames);
    case RunTableModel::MedianColumn: return any ? totals.p50Ms : none;
    case RunTableModel::TailColumn: return any ? totals.p95Ms : none;
    case RunTableModel::AccuracyColumn: return any ? 100 * totals.accuracy.value : none;
    case RunTableModel::RewardColumn: return totals.reward.value_or(none);
    case RunTableModel::RegretColumn: return totals.regret.value_or(none);
    case RunTableModel::EnergyColumn: return any ? 1000 * totals.energyPerFrame : none;
    case RunTableModel::BytesColumn: return any ? totals.bytesPerFrame / 1000 : none;
    case RunTableModel::FallbackColumn:
        return totals.frames > 0 ? 100 * static_cast<double>(totals.fallback) / static_cast<double>(totals.frames) : none;
    default: return none;
    }
}

QString tagsText(const RunRow& row)
{
    QStringList tags;
    for (const auto& tag : row.tags)
        tags << text(tag);
    return tags.join(QStringLiteral(", "));
}

/// A constant rate as people write it; anything else as the scenario says.
QString bandwidthText(const std::string& bandwidth)
{
    if (const auto rate = base::parseBytesPerSecond(bandwidth))
        return text(base::formatBytesPerSecond(*rate));
    return text(bandwidth);
}

QString toolTipOf(const RunRow& row, int column)
{
    if (column == RunTableModel::AccuracyColumn && row.totals.requests > 0)
        return RunTableModel::tr("%1 % (95 %: %2 to %3)")
            .arg(threeDigits(100 * row.totals.accuracy.value), threeDigits(100 * row.totals.accuracy.low),
                 threeDigits(100 * row.totals.accuracy.high));
    if (column == RunTableModel::NotesColumn && !row.notes.empty())
        return text(row.notes);
    QString tip = QStringLiteral("%1 · %2").arg(text(row.scenarioName.empty() ? row.strategy : row.scenarioName),
                                                text(row.key.records.string()));
    if (!row.programVersion.empty())
        tip += RunTableModel::tr(" · recorded by %1").arg(text(row.programVersion));
    return tip;
}

}  // namespace

std::vector<std::string> parseTags(const QString& text)
{
    std::set<std::string> tags;
    for (const QString& part : text.split(QLatin1Char(',')))
        if (const QString tag = part.simplified(); !tag.isEmpty())
            tags.insert(tag.toStdString());
    return {tags.begin(), tags.end()};
}

void RunTableModel::setRows(std::vector<RunRow> rows)
{
    const auto checkedBefore = m_slots.size();
    std::unordered_set<std::string> keys;
    const auto textOf = [](const session::RunKey& key) { return key.records.native() + '#' + std::to_string(key.run); };
    for (const auto& row : rows)
        keys.insert(textOf(row.key));
    std::erase_if(m_slots, [&](const auto& entry) { return !keys.contains(textOf(entry.first)); });
    for (int i = static_cast<int>(m_rows.size()) - 1; i >= 0; --i) {
        if (keys.contains(textOf(m_rows[static_cast<std::size_t>(i)].key)))
            continue;
        beginRemoveRows({}, i, i);
        m_rows.erase(m_rows.begin() + i);
        m_words.erase(m_words.begin() + i);
        endRemoveRows();
    }
    merge(std::move(rows));
    if (m_slots.size() != checkedBefore)
        Q_EMIT checkedChanged();
    Q_EMIT tagsChanged();
}

/// All rows that are held are among the new ones: between them the others are put.
void RunTableModel::merge(std::vector<RunRow> rows)
{
    std::size_t kept = 0;
    for (const auto& row : rows)
        kept += kept < m_rows.size() && isSame(row.key, m_rows[kept].key) ? 1 : 0;
    if (kept != m_rows.size() || m_rows.empty()) {  // another order, or nothing to be kept
        beginResetModel();
        m_rows = std::move(rows);
        m_words.assign(m_rows.size(), {});
        endResetModel();
        return;
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const int at = static_cast<int>(i);
        if (i < m_rows.size() && isSame(m_rows[i].key, rows[i].key)) {
            update(i, std::move(rows[i]));
            continue;
        }
        beginInsertRows({}, at, at);
        m_rows.insert(m_rows.begin() + at, std::move(rows[i]));
        m_words.insert(m_words.begin() + at, QString());
        endInsertRows();
    }
}

/// Tells views only what has changed: most runs never do.
void RunTableModel::update(std::size_t row, RunRow now)
{
    RunRow& held = m_rows[row];
    const bool changed
        = held.ending != now.ending || held.totals != now.totals || held.tags != now.tags || held.notes != now.notes;
    held = std::move(now);
    m_words[row].clear();
    if (changed)
        Q_EMIT dataChanged(index(static_cast<int>(row), 0), index(static_cast<int>(row), ColumnCount - 1));
}

QString RunTableModel::words(int row) const
{
    QString& words = m_words[static_cast<std::size_t>(row)];
    if (words.isEmpty()) {
        const RunRow& run = m_rows[static_cast<std::size_t>(row)];
        words = text(run.notes);
        for (int column = 0; column < ColumnCount; ++column)
            words += QLatin1Char('\n') + display(run, column).toString();
    }
    return words;
}

int RunTableModel::rowOf(const session::RunKey& key) const
{
    const auto found = std::find_if(m_rows.begin(), m_rows.end(), [&](const RunRow& row) { return isSame(row.key, key); });
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

std::vector<RunTableModel::Checked> RunTableModel::checked() const
{
    std::vector<Checked> checked;
    for (const auto& [key, slot] : m_slots)
        checked.push_back({m_rows[static_cast<std::size_t>(rowOf(key))], slot});
    std::sort(checked.begin(), checked.end(), [](const Checked& a, const Checked& b) { return a.slot < b.slot; });
    return checked;
}

void RunTableModel::setChecked(const session::RunKey& key, bool checked)
{
    const int row = rowOf(key);
    if (row < 0 || m_slots.contains(key) == checked)
        return;
    if (checked) {
        int slot = 0;  // the first that is free: looks stay while a run is checked
        while (std::any_of(m_slots.begin(), m_slots.end(), [&](const auto& entry) { return entry.second == slot; }))
            ++slot;
        m_slots[key] = slot;
    } else {
        m_slots.erase(key);
    }
    Q_EMIT dataChanged(index(row, StartedColumn), index(row, StartedColumn), {Qt::CheckStateRole, Qt::DecorationRole});
    Q_EMIT checkedChanged();
}

void RunTableModel::uncheckAll()
{
    if (m_slots.empty())
        return;
    m_slots.clear();
    Q_EMIT dataChanged(index(0, StartedColumn), index(rowCount() - 1, StartedColumn), {Qt::CheckStateRole, Qt::DecorationRole});
    Q_EMIT checkedChanged();
}

QStringList RunTableModel::tags() const
{
    std::set<std::string> tags;
    for (const auto& row : m_rows)
        tags.insert(row.tags.begin(), row.tags.end());
    QStringList list;
    for (const auto& tag : tags)
        list << text(tag);
    return list;
}

int RunTableModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_rows.size()); }

int RunTableModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant RunTableModel::display(const RunRow& row, int column) const
{
    switch (column) {
    case StartedColumn: return QDateTime::fromMSecsSinceEpoch(row.startedMs).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss"));
    case StrategyColumn: return text(row.strategy == "fixed" ? row.strategy + " " + row.decision : row.strategy);
    case ScenarioColumn: return text(row.scenarioName);
    case ModelColumn: return text(row.model);
    case DataColumn: return text(row.data);
    case BandwidthColumn: return bandwidthText(row.bandwidth);
    case StateColumn: return text(session::toString(row.ending));
    case TagsColumn: return tagsText(row);
    case NotesColumn: return text(row.notes).simplified();
    case SeedColumn: return QString::number(row.seed);
    case FramesColumn: return QLocale::c().toString(static_cast<qulonglong>(row.totals.frames));
    default: return threeDigits(numberOf(row, column));
    }
}

QVariant RunTableModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount() || index.column() >= ColumnCount)
        return {};
    const RunRow& row = m_rows[static_cast<std::size_t>(index.row())];
    const int column = index.column();
    const auto slot = m_slots.find(row.key);
    switch (role) {
    case Qt::DisplayRole: return display(row, column);
    case Qt::EditRole: return column == NotesColumn ? QVariant(text(row.notes)) : display(row, column);
    case Qt::ToolTipRole: return toolTipOf(row, column);
    case Qt::TextAlignmentRole:
        return kColumns[column].number ? QVariant(Qt::AlignRight | Qt::AlignVCenter) : QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    case Qt::CheckStateRole:
        return column == StartedColumn ? QVariant(slot != m_slots.end() ? Qt::Checked : Qt::Unchecked) : QVariant();
    case Qt::DecorationRole:
        if (column != StartedColumn)
            return {};
        return slot == m_slots.end()
            ? QColor(Qt::transparent)  // times stay below each other
            : seriesColour(static_cast<std::size_t>(slot->second), Theme::of(QGuiApplication::palette()));
    case Qt::AccessibleTextRole: return QStringLiteral("%1: %2").arg(tr(kColumns[column].name), display(row, column).toString());
    case kSortRole:
        if (column == StartedColumn)
            return static_cast<qlonglong>(row.startedMs);
        return kColumns[column].number ? QVariant(numberOf(row, column)) : display(row, column);
    case kTagsRole: return tagsText(row).split(QStringLiteral(", "), Qt::SkipEmptyParts);
    case kWordsRole: return words(index.row());
    default: return {};
    }
}

bool RunTableModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (!index.isValid() || index.row() >= rowCount())
        return false;
    RunRow& row = m_rows[static_cast<std::size_t>(index.row())];
    if (role == Qt::CheckStateRole && index.column() == StartedColumn) {
        setChecked(row.key, value.toInt() == Qt::Checked);
        return true;
    }
    if (role != Qt::EditRole)
        return false;
    if (index.column() == TagsColumn) {
        const auto tags = parseTags(value.toString());
        if (tags == row.tags)
            return true;
        row.tags = tags;
        m_words[static_cast<std::size_t>(index.row())].clear();
        Q_EMIT dataChanged(index, index);
        Q_EMIT tagsChanged();
        Q_EMIT tagsEdited(row.key, tags);
        return true;
    }
    if (index.column() == NotesColumn) {
        const std::string notes = value.toString().trimmed().toStdString();
        if (notes == row.notes)
            return true;
        row.notes = notes;
        m_words[static_cast<std::size_t>(index.row())].clear();
        Q_EMIT dataChanged(index, index);
        Q_EMIT notesEdited(row.key, notes);
        return true;
    }
    return false;
}

Qt::ItemFlags RunTableModel::flags(const QModelIndex& index) const
{
    Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    if (!index.isValid())
        return flags;
    if (index.column() == StartedColumn)
        flags |= Qt::ItemIsUserCheckable;
    if (index.column() == TagsColumn || index.column() == NotesColumn)
        flags |= Qt::ItemIsEditable;
    return flags | Qt::ItemNeverHasChildren;
}

QVariant RunTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return QAbstractTableModel::headerData(section, orientation, role);
    const Column& column = kColumns[section];
    if (role == Qt::DisplayRole)
        return tr(column.name);
    if (role == Qt::ToolTipRole)
        return tr(column.toolTip);
    if (role == Qt::TextAlignmentRole)
        return column.number ? QVariant(Qt::AlignRight | Qt::AlignVCenter) : QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    return {};
}

}  // namespace splitscope::ui
