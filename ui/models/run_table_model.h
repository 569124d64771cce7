// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/run_library.h"

#include <QAbstractTableModel>
#include <QSortFilterProxyModel>
#include <QStringList>

#include <map>
#include <vector>

namespace splitscope::ui {

/// Recorded runs as a table: checked ones are compared, tags and notes are edited in place. It changes nothing on the disk; the
/// signals say what is to be written.
class RunTableModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum ColumnIndex {
        StartedColumn,  ///< with the check box
        StrategyColumn,
        ScenarioColumn,
        ModelColumn,
        BandwidthColumn,
        SeedColumn,
        FramesColumn,
        MedianColumn,
        TailColumn,
        AccuracyColumn,
        RewardColumn,
        RegretColumn,
        EnergyColumn,
        BytesColumn,
        FallbackColumn,
        DataColumn,
        SlowdownColumn,
        StateColumn,
        TagsColumn,
        NotesColumn,
        ColumnCount
    };
    static constexpr int kSortRole = Qt::UserRole;  ///< a number where the column is one; unknown ones are NaN
    static constexpr int kTagsRole = Qt::UserRole + 1;  ///< QStringList
    static constexpr int kWordsRole = Qt::UserRole + 2;  ///< all that a filter looks for words in: every column, and names

    /// Runs that it holds by number of a look: see seriesColour().
    struct Checked {
        session::RunRow row;
        int slot = 0;
    };

    using QAbstractTableModel::QAbstractTableModel;

    /// Rows that stay keep their checks, and views their selection.
    void setRows(std::vector<session::RunRow> rows);
    [[nodiscard]] const std::vector<session::RunRow>& rows() const { return m_rows; }
    [[nodiscard]] int rowOf(const session::RunKey& key) const;  ///< -1: none
    /// By slot.
    [[nodiscard]] std::vector<Checked> checked() const;
    void setChecked(const session::RunKey& key, bool checked);
    void uncheckAll();
    /// All that occur, sorted.
    [[nodiscard]] QStringList tags() const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

Q_SIGNALS:
    void checkedChanged();
    void tagsChanged();
    void tagsEdited(const splitscope::session::RunKey& key, const std::vector<std::string>& tags);
    void notesEdited(const splitscope::session::RunKey& key, const std::string& notes);

private:
    [[nodiscard]] QVariant display(const session::RunRow& row, int column) const;
    void merge(std::vector<session::RunRow> rows);
    void update(std::size_t row, session::RunRow now);
    [[nodiscard]] QString words(int row) const;

    std::vector<session::RunRow> m_rows;
    mutable std::vector<QString> m_words;  ///< one for each row; empty: to be made
    std::map<session::RunKey, int> m_slots;  ///< of checked runs
};

/// "a, b" → {"a", "b"}: trimmed, without empty and double ones, sorted.
std::vector<std::string> parseTags(const QString& text);

/// Runs in which every word of a text occurs, in any column or the scenario's name, and that have a tag.
class RunFilter : public QSortFilterProxyModel {
    Q_OBJECT

public:
    explicit RunFilter(QObject* parent = nullptr);

    void setText(const QString& text);
    void setTag(const QString& tag);  ///< empty: any

protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
    [[nodiscard]] bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

private:
    QStringList m_words;
    QString m_tag;
};

}  // namespace splitscope::ui
