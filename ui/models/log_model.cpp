// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/log_model.h"

#include <algorithm>

namespace splitscope::ui {

namespace {

QString levelName(base::LogLevel level)
{
    switch (level) {
    case base::LogLevel::Debug: return LogModel::tr("debug");
    case base::LogLevel::Info: return LogModel::tr("info");
    case base::LogLevel::Warning: return LogModel::tr("warning");
    case base::LogLevel::Error: return LogModel::tr("error");
    }
    return {};
}

}  // namespace

LogFeed::LogFeed()
{
    base::setLogSink(
        [this](base::LogLevel level, const std::string& component, const std::string& text) { add(level, component, text); });
}

LogFeed::~LogFeed() { base::setLogSink({}); }

void LogFeed::add(base::LogLevel level, const std::string& component, const std::string& text)
{
    LogLine line{QDateTime::currentDateTime(), level, QString::fromStdString(component), QString::fromStdString(text)};
    const std::lock_guard lock(m_mutex);
    if (m_lines.size() < kCapacity)
        m_lines.push_back(std::move(line));
    else
        ++m_dropped;
}

std::vector<LogLine> LogFeed::take()
{
    std::vector<LogLine> lines;
    std::size_t dropped = 0;
    {
        const std::lock_guard lock(m_mutex);
        lines.swap(m_lines);
        std::swap(dropped, m_dropped);
    }
    if (dropped > 0)
        lines.push_back({QDateTime::currentDateTime(), base::LogLevel::Warning, QStringLiteral("log"),
                         LogModel::tr("%1 lines were dropped: they came faster than they can be shown").arg(dropped)});
    return lines;
}

void LogModel::append(const std::vector<LogLine>& lines)
{
    if (lines.empty())
        return;
    const auto skip = lines.size() > kCapacity ? lines.size() - kCapacity : 0;
    const int added = static_cast<int>(lines.size() - skip);
    const int surplus = std::max(0, static_cast<int>(m_lines.size()) + added - kCapacity);
    if (surplus > 0) {
        beginRemoveRows({}, 0, surplus - 1);
        m_lines.erase(m_lines.begin(), m_lines.begin() + surplus);
        endRemoveRows();
    }
    const int first = static_cast<int>(m_lines.size());
    beginInsertRows({}, first, first + added - 1);
    m_lines.insert(m_lines.end(), lines.begin() + static_cast<std::ptrdiff_t>(skip), lines.end());
    endInsertRows();
}

void LogModel::clear()
{
    beginResetModel();
    m_lines.clear();
    endResetModel();
}

int LogModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_lines.size()); }

int LogModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant LogModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const LogLine& line = m_lines[static_cast<std::size_t>(index.row())];
    if (role == kLevelRole)
        return static_cast<int>(line.level);
    if (role == Qt::ToolTipRole && index.column() == TextColumn)
        return line.text;
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case TimeColumn: return line.time.toString(QStringLiteral("HH:mm:ss.zzz"));
    case LevelColumn: return levelName(line.level);
    case ComponentColumn: return line.component;
    case TextColumn: return line.text;
    default: return {};
    }
}

QVariant LogModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return QAbstractTableModel::headerData(section, orientation, role);
    const QStringList names{tr("Time"), tr("Level"), tr("Component"), tr("Text")};
    return names.value(section);
}

void LogFilter::setLowestLevel(base::LogLevel level)
{
    m_lowest = level;
    invalidateFilter();
}

void LogFilter::setText(const QString& text)
{
    m_text = text;
    invalidateFilter();
}

bool LogFilter::filterAcceptsRow(int row, const QModelIndex& parent) const
{
    const QModelIndex text = sourceModel()->index(row, LogModel::TextColumn, parent);
    if (text.data(LogModel::kLevelRole).toInt() < static_cast<int>(m_lowest))
        return false;
    if (m_text.isEmpty())
        return true;
    const QModelIndex component = sourceModel()->index(row, LogModel::ComponentColumn, parent);
    return text.data().toString().contains(m_text, Qt::CaseInsensitive)
        || component.data().toString().contains(m_text, Qt::CaseInsensitive);
}

}  // namespace splitscope::ui
