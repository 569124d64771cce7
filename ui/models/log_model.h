// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/log.h"

#include <QAbstractTableModel>
#include <QDateTime>
#include <QSortFilterProxyModel>

#include <deque>
#include <mutex>
#include <vector>

namespace splitscope::ui {

struct LogLine {
    QDateTime time;
    base::LogLevel level = base::LogLevel::Info;
    QString component;
    QString text;
};

/// Collects the program's log from every thread until the GUI takes it. Bounded: a flood drops and counts.
class LogFeed {
public:
    static constexpr std::size_t kCapacity = 4096;

    LogFeed();  ///< becomes base's log sink
    ~LogFeed();  ///< the sink is standard error again
    LogFeed(const LogFeed&) = delete;
    LogFeed& operator=(const LogFeed&) = delete;

    void add(base::LogLevel level, const std::string& component, const std::string& text);
    /// Everything since the last call; a last line tells how many were dropped.
    std::vector<LogLine> take();

private:
    std::mutex m_mutex;
    std::vector<LogLine> m_lines;
    std::size_t m_dropped = 0;
};

/// The newest lines of the log as a table: time, level, component, text.
class LogModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum ColumnIndex { TimeColumn, LevelColumn, ComponentColumn, TextColumn, ColumnCount };
    static constexpr int kLevelRole = Qt::UserRole;  ///< base::LogLevel as int
    static constexpr int kCapacity = 10'000;

    using QAbstractTableModel::QAbstractTableModel;

    void append(const std::vector<LogLine>& lines);
    void clear();

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::deque<LogLine> m_lines;
};

/// Lines at or above a level that contain a text in component or text.
class LogFilter : public QSortFilterProxyModel {
    Q_OBJECT

public:
    using QSortFilterProxyModel::QSortFilterProxyModel;

    void setLowestLevel(base::LogLevel level);
    void setText(const QString& text);

protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    base::LogLevel m_lowest = base::LogLevel::Debug;
    QString m_text;
};

}  // namespace splitscope::ui
