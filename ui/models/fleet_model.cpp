// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/fleet_model.h"

#include "core/sim/bandwidth.h"
#include "core/strategy/strategy.h"

#include <QFont>

#include <algorithm>

namespace splitscope::ui {

namespace {

using session::Phase;

/// Numbers stand at the right of their cells, below their headers.
Qt::Alignment alignmentOf(int column)
{
    const bool number = column >= FleetModel::FramesColumn && column != FleetModel::DecisionColumn;
    return (number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter;
}

bool isEditable(int column) { return column == FleetModel::StrategyColumn || column == FleetModel::UplinkColumn; }

QString ms(double value)
{
    return value > 0 ? FleetModel::tr("%1 ms").arg(QString::number(value, 'f', value < 10 ? 1 : 0)) : QString();
}

QString phaseText(Phase phase)
{
    switch (phase) {
    case Phase::Connecting: return FleetModel::tr("◌ connecting");
    case Phase::Preparing: return FleetModel::tr("◌ preparing");
    case Phase::Running: return FleetModel::tr("● running");
    case Phase::Paused: return FleetModel::tr("❚❚ paused");
    case Phase::Reconnecting: return FleetModel::tr("◐ silent");
    case Phase::Finished: return FleetModel::tr("✓ finished");
    case Phase::Stopped: return FleetModel::tr("■ stopped");
    case Phase::Failed: return FleetModel::tr("✕ failed");
    }
    return {};
}

/// With what happened, where that is not the usual.
QString stateText(const session::DeviceStatistics& fares)
{
    const bool usual = fares.phase == Phase::Running || fares.phase == Phase::Paused || fares.phase == Phase::Finished
        || fares.phase == Phase::Stopped;
    const QString phase = phaseText(fares.phase);
    return usual || fares.text.empty() ? phase : phase + QStringLiteral(": ") + QString::fromStdString(fares.text);
}

QString aboutOutcomes(const session::DeviceStatistics& fares)
{
    return FleetModel::tr(
               "%1 done, %2 finished by the device alone, %3 lost\n"
               "On this edge: %4 requests wait, %5 rows in a batch with one of its own, %6 were refused for a full queue")
        .arg(fares.done)
        .arg(fares.fallback)
        .arg(fares.lost)
        .arg(fares.edge.waiting)
        .arg(fares.edge.meanBatchRows, 0, 'f', 1)
        .arg(fares.edge.crowdedOut);
}

QStringList choicesOf(int column)
{
    QStringList choices;
    if (column == FleetModel::StrategyColumn)
        for (const auto& info : strategy::strategies())
            choices << QString::fromStdString(info.name);
    else
        choices
            = {QStringLiteral("unlimited"),   QStringLiteral("4MB/s"),  QStringLiteral("500KB/s"), QStringLiteral("preset:4g"),
               QStringLiteral("preset:wifi"), QStringLiteral("markov"), QStringLiteral("walk"),    QStringLiteral("outage")};
    return choices;
}

}  // namespace

void FleetModel::setDevices(std::vector<FleetDevice> devices)
{
    beginResetModel();
    const auto before = std::exchange(m_rows, {});
    for (auto& device : devices) {
        const auto same = std::ranges::find_if(
            before, [&](const Row& row) { return row.device.name == device.name && row.device.address == device.address; });
        Row row{std::move(device)};
        row.chosen = row.device.address == "loopback";
        if (same != before.end()) {
            std::string key = std::move(row.device.key);
            row = *same;
            row.device.key = std::move(key);  // it may have been paired anew
        }
        m_rows.push_back(std::move(row));
    }
    endResetModel();
    Q_EMIT chosenChanged();
}

void FleetModel::setUsual(const QString& strategy, const QString& bandwidth)
{
    m_usualStrategy = strategy;
    m_usualBandwidth = bandwidth;
    allChanged();
}

void FleetModel::setRunning(bool running)
{
    m_running = running;
    if (running)
        for (auto& row : m_rows)
            row.fares.reset();
    allChanged();
}

void FleetModel::setStatistics(const std::vector<session::DeviceStatistics>& statistics)
{
    std::size_t next = 0;
    for (auto& row : m_rows)
        if (row.chosen && next < statistics.size()) {
            row.fares = statistics[next];
            row.member = next++;
        }
    allChanged();
}

std::optional<std::size_t> FleetModel::memberOf(int row) const
{
    if (row < 0 || row >= rowCount() || !m_rows[static_cast<std::size_t>(row)].fares)
        return std::nullopt;
    return m_rows[static_cast<std::size_t>(row)].member;
}

std::optional<session::Phase> FleetModel::phaseOf(int row) const
{
    return memberOf(row) ? std::optional(m_rows[static_cast<std::size_t>(row)].fares->phase) : std::nullopt;
}

std::vector<FleetDevice> FleetModel::chosen() const
{
    std::vector<FleetDevice> devices;
    for (const auto& row : m_rows)
        if (row.chosen)
            devices.push_back(row.device);
    return devices;
}

void FleetModel::choose(int row, bool chosen)
{
    setData(index(row, NameColumn), chosen ? Qt::Checked : Qt::Unchecked, Qt::CheckStateRole);
}

void FleetModel::allChanged()
{
    if (!m_rows.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

int FleetModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_rows.size()); }

int FleetModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

bool FleetModel::isOwn(const Row& row, int column) const
{
    return column == StrategyColumn ? !row.device.strategy.empty() : column == UplinkColumn && !row.device.bandwidth.empty();
}

QString FleetModel::textOf(const Row& row, int column) const
{
    switch (column) {
    case NameColumn: return QString::fromStdString(row.device.name);
    case StrategyColumn: return isOwn(row, column) ? QString::fromStdString(row.device.strategy) : m_usualStrategy;
    case UplinkColumn: return isOwn(row, column) ? QString::fromStdString(row.device.bandwidth) : m_usualBandwidth;
    default: break;
    }
    if (!row.fares)
        return column != StateColumn ? QString() : row.chosen ? tr("○ of the next fleet") : tr("○ not chosen");
    const auto& fares = *row.fares;
    switch (column) {
    case StateColumn: return stateText(fares);
    case FramesColumn: return QString::number(fares.frames);
    case RateColumn: return QString::number(fares.framesPerSecond, 'f', 1);
    case P50Column: return ms(fares.p50Ms);
    case P95Column: return ms(fares.p95Ms);
    case DecisionColumn: return fares.decision ? QString::fromStdString(decision::toString(*fares.decision)) : QString();
    case ShareColumn: return tr("%1 %").arg(100 * fares.share, 0, 'f', 1);
    default: return {};
    }
}

QString FleetModel::toolTipOf(const Row& row, int column) const
{
    if (column == NameColumn)
        return QString::fromStdString(row.device.address);
    if (isEditable(column)) {
        const QString whose = isOwn(row, column) ? tr("This device's own") : tr("The scenario's, at the right");
        return m_running ? whose : tr("%1; F2 or a double click changes it for this device").arg(whose);
    }
    if (row.fares && column == FramesColumn)
        return aboutOutcomes(*row.fares);
    if (row.fares && (column == P50Column || column == P95Column) && row.fares->p99Ms > 0)
        return tr("p50 %1, p95 %2, p99 %3").arg(ms(row.fares->p50Ms), ms(row.fares->p95Ms), ms(row.fares->p99Ms));
    return textOf(row, column);
}

QVariant FleetModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const auto& row = m_rows[static_cast<std::size_t>(index.row())];
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole: return textOf(row, column);
    case Qt::ToolTipRole: return toolTipOf(row, column);
    case Qt::EditRole: return isEditable(column) && !isOwn(row, column) ? QString() : textOf(row, column);
    case kChoicesRole: return isEditable(column) ? QVariant(choicesOf(column)) : QVariant();
    case Qt::CheckStateRole: return column == NameColumn ? QVariant(row.chosen ? Qt::Checked : Qt::Unchecked) : QVariant();
    case Qt::TextAlignmentRole: return QVariant(alignmentOf(column));
    case Qt::FontRole: {
        QFont font;
        font.setBold(isOwn(row, column));
        return isOwn(row, column) ? QVariant(font) : QVariant();
    }
    default: return {};
    }
}

bool FleetModel::setOwn(Row& row, int column, const QString& text)
{
    const std::string own = text.trimmed().toStdString();
    if (column == StrategyColumn) {
        row.device.strategy = own;
        return true;
    }
    if (const auto rate = sim::parseBandwidth(own); !own.empty() && !rate) {
        auto error = rate.error();
        error.where = row.device.name + ", " + tr("uplink").toStdString() + ": " + error.where;
        Q_EMIT troubleArose(error);
        return false;
    }
    row.device.bandwidth = own;
    return true;
}

bool FleetModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (!index.isValid() || m_running)
        return false;
    auto& row = m_rows[static_cast<std::size_t>(index.row())];
    if (index.column() == NameColumn && role == Qt::CheckStateRole)
        row.chosen = value.toInt() == Qt::Checked;
    else if (!isEditable(index.column()) || role != Qt::EditRole || !setOwn(row, index.column(), value.toString()))
        return false;
    Q_EMIT dataChanged(this->index(index.row(), 0), this->index(index.row(), ColumnCount - 1));
    Q_EMIT chosenChanged();
    return true;
}

Qt::ItemFlags FleetModel::flags(const QModelIndex& index) const
{
    auto flags = QAbstractTableModel::flags(index);
    if (index.isValid() && index.column() == NameColumn)
        flags |= m_running ? Qt::NoItemFlags : Qt::ItemIsUserCheckable;
    if (index.isValid() && isEditable(index.column()) && !m_running)
        flags |= Qt::ItemIsEditable;
    return flags;
}

QVariant FleetModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return QAbstractTableModel::headerData(section, orientation, role);
    const QString names[]{tr("Device"),   tr("Strategy"), tr("Uplink"), tr("State"),    tr("Frames"),
                          tr("Frames/s"), tr("p50"),      tr("p95"),    tr("Decision"), tr("Share")};
    const QString about[]{tr("Checked: one of the next fleet"),
                          tr("Who decides for this device; bold: its own, else the scenario's"),
                          tr("The rate of its link over time; bold: its own, else the scenario's"),
                          tr("What its experiment does"),
                          tr("With an outcome, so far"),
                          tr("With an outcome, of late"),
                          tr("Half of its last requests took no longer, from capture to label"),
                          tr("95 % of its last requests took no longer, from capture to label"),
                          tr("What its last request ran under"),
                          tr("Of all the fleet's frames so far")};
    if (role == Qt::DisplayRole)
        return names[section];
    if (role == Qt::TextAlignmentRole)
        return QVariant(alignmentOf(section));
    return role == Qt::ToolTipRole ? QVariant(about[section]) : QVariant();
}

}  // namespace splitscope::ui
