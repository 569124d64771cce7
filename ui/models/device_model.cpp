// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/device_model.h"

#include <QDateTime>
#include <QFont>

namespace splitscope::ui {

DeviceCondition conditionOf(const DeviceEntry& entry)
{
    if (!entry.watched && !entry.inExperiment)
        return DeviceCondition::Off;
    if (entry.view.gaveUp)
        return DeviceCondition::Failed;
    switch (entry.view.link) {
    case link::LinkState::Connected: return DeviceCondition::Connected;
    case link::LinkState::Silent: return DeviceCondition::Silent;
    case link::LinkState::Connecting: break;
    }
    return entry.view.problem ? DeviceCondition::Silent : DeviceCondition::Connecting;
}

QString conditionText(const DeviceEntry& entry)
{
    switch (conditionOf(entry)) {
    case DeviceCondition::Off: return DeviceModel::tr("○ not connected");
    case DeviceCondition::Connecting: return DeviceModel::tr("◌ connecting");
    case DeviceCondition::Connected:
        return entry.inExperiment ? DeviceModel::tr("● in the experiment") : DeviceModel::tr("● connected");
    case DeviceCondition::Silent: return entry.view.seenMs > 0 ? DeviceModel::tr("◐ silent") : DeviceModel::tr("◐ no answer");
    case DeviceCondition::Failed: return DeviceModel::tr("✕ failed");
    }
    return {};
}

namespace {

/// Of today the time alone.
QString timeOf(std::int64_t ms)
{
    const auto time = QDateTime::fromMSecsSinceEpoch(ms);
    const bool today = time.date() == QDate::currentDate();
    return time.toString(today ? QStringLiteral("HH:mm:ss") : QStringLiteral("yyyy-MM-dd HH:mm"));
}

}  // namespace

void DeviceModel::setEntries(std::vector<DeviceEntry> entries)
{
    beginResetModel();
    m_entries = std::move(entries);
    endResetModel();
}

void DeviceModel::append(DeviceEntry entry)
{
    const int row = rowCount();
    beginInsertRows({}, row, row);
    m_entries.push_back(std::move(entry));
    endInsertRows();
}

void DeviceModel::remove(int row)
{
    beginRemoveRows({}, row, row);
    m_entries.erase(m_entries.begin() + row);
    endRemoveRows();
}

void DeviceModel::setView(int row, session::DeviceView view)
{
    m_entries[static_cast<std::size_t>(row)].view = std::move(view);
    changed(row);
}

void DeviceModel::setWatched(int row, bool watched)
{
    m_entries[static_cast<std::size_t>(row)].watched = watched;
    changed(row);
}

void DeviceModel::setInExperiment(int row, bool inExperiment)
{
    auto& flag = m_entries[static_cast<std::size_t>(row)].inExperiment;
    if (std::exchange(flag, inExperiment) != inExperiment)
        changed(row);
}

void DeviceModel::setChosen(const std::string& address)
{
    if (address == m_chosen)
        return;
    m_chosen = address;
    if (!m_entries.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

void DeviceModel::changed(int row) { Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1)); }

int DeviceModel::rowOf(const std::string& address) const
{
    for (std::size_t i = 0; i < m_entries.size(); ++i)
        if (m_entries[i].address == address)
            return static_cast<int>(i);
    return -1;
}

int DeviceModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_entries.size()); }

int DeviceModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QString DeviceModel::textOf(int row, int column) const
{
    const auto& entry = this->entry(row);
    const auto& view = entry.view;
    const auto welcomed = [&](const auto& read) { return view.welcome ? read(*view.welcome) : QString(); };
    switch (column) {
    case NameColumn: return QString::fromStdString(entry.name);
    case AddressColumn: return QString::fromStdString(entry.address);
    case StateColumn: return conditionText(entry);
    case SeenColumn:
        if (view.seenMs == 0)
            return tr("never");
        return timeOf(view.seenMs);
    case RttColumn:
        return conditionOf(entry) == DeviceCondition::Connected && view.rttMs > 0
            ? tr("%1 ms").arg(QString::number(view.rttMs, 'g', 3))
            : QString();
    case BoardColumn:
        return welcomed([](const wire::Welcome& welcome) {
            return QString::fromStdString(welcome.board.empty() ? welcome.machine : welcome.board);
        });
    case CoresColumn:
        return welcomed([](const wire::Welcome& welcome) { return welcome.cores ? QString::number(*welcome.cores) : QString(); });
    case BackendColumn: return welcomed([](const wire::Welcome& welcome) { return QString::fromStdString(welcome.backend); });
    case VersionColumn:
        return welcomed([](const wire::Welcome& welcome) {
            return tr("%1, protocol %2").arg(QString::fromStdString(welcome.program)).arg(welcome.version);
        });
    default: return {};
    }
}

QVariant DeviceModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const auto& device = entry(index.row());
    if (role == Qt::DisplayRole)
        return textOf(index.row(), index.column());
    if (role == kConditionRole)
        return static_cast<int>(conditionOf(device));
    if (role == Qt::FontRole && isChosen(index.row())) {
        QFont font;
        font.setBold(true);
        return font;
    }
    if (role == Qt::TextAlignmentRole && (index.column() == RttColumn || index.column() == CoresColumn))
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole) {
        if (device.view.problem && index.column() == StateColumn)
            return QString::fromStdString(device.view.problem->message());
        if (isChosen(index.row()) && index.column() == NameColumn)
            return tr("The device of the next experiment");
        return textOf(index.row(), index.column());
    }
    return {};
}

QVariant DeviceModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return QAbstractTableModel::headerData(section, orientation, role);
    if (role == Qt::ToolTipRole && section == RttColumn)
        return tr("From a heartbeat to its answer");
    if (role != Qt::DisplayRole)
        return {};
    const QString names[]{tr("Device"), tr("Address"), tr("State"),         tr("Last heard"), tr("Round trip"),
                          tr("Board"),  tr("Cores"),   tr("Computes with"), tr("Program")};
    return names[section];
}

}  // namespace splitscope::ui
