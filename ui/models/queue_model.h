// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/experiment_queue.h"

#include <QAbstractTableModel>

namespace splitscope::ui {

/// The queue of experiments as a table: a row a scenario, repeats are edited in place. Owns the queue, and is how it is changed.
class QueueModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum ColumnIndex { NameColumn, SeedsColumn, RepeatsColumn, FramesColumn, StateColumn, LeftColumn, ColumnCount };
    static constexpr int kProgressRole = Qt::UserRole;  ///< 0 to 1; invalid: nothing has begun
    static constexpr int kFailedRole = Qt::UserRole + 1;  ///< whether a run failed

    using QAbstractTableModel::QAbstractTableModel;

    [[nodiscard]] const session::ExperimentQueue& queue() const { return m_queue; }
    base::Status add(const session::Scenario& scenario, const QString& name, const QString& file, int repeats);
    /// What was kept of an earlier session, in front of the others; see ExperimentQueue.
    void restore(std::vector<session::QueuedExperiment> experiments);
    base::Status removeAt(int row);
    void moveTo(int row, int place);
    void again(int row);
    void skip(int row);
    /// Rows that have nothing left to do.
    void removeEnded();
    void cancelWaiting();
    void hold(bool held);
    [[nodiscard]] int rowOf(std::uint64_t id) const;  ///< -1: none
    /// What became of each run, a line each; for a row's details.
    [[nodiscard]] QString details(int row) const;

    // What whoever runs the queue tells: see ExperimentQueue.
    std::optional<session::QueueJob> next();
    void recorded(const session::RunKey& record);
    void progressed(std::uint64_t frames);
    void paused(bool paused);
    void ended(session::Phase phase, const QString& why);
    /// Times left are other ones now.
    void refresh();

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

Q_SIGNALS:
    void queueChanged();
    void edited();  ///< what is worth keeping is another one now; the frames of what runs are not
    void refused(const splitscope::base::Error& error);  ///< an edit

private:
    [[nodiscard]] const session::QueuedExperiment& at(int row) const
    {
        return m_queue.experiments()[static_cast<std::size_t>(row)];
    }
    [[nodiscard]] QString stateText(const session::QueuedExperiment& experiment) const;
    [[nodiscard]] QVariant display(const session::QueuedExperiment& experiment, int column) const;
    void touch(int row);

    session::ExperimentQueue m_queue;
};

}  // namespace splitscope::ui
