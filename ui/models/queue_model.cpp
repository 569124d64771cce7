// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/queue_model.h"

#include "core/base/clock.h"

#include <QLocale>

namespace splitscope::ui {

namespace {

using session::QueuedState;

QString text(const std::string& value) { return QString::fromStdString(value); }

QString number(std::uint64_t value) { return QLocale(QLocale::English).toString(static_cast<qulonglong>(value)); }

QString seedsText(const session::QueuedExperiment& experiment)
{
    const auto& runs = experiment.runs;
    if (runs.size() == 1)
        return QString::number(runs.front().seed);
    return QStringLiteral("%1 … %2").arg(runs.front().seed).arg(runs.back().seed);
}

}  // namespace

base::Status QueueModel::add(const session::Scenario& scenario, const QString& name, const QString& file, int repeats)
{
    if (auto status = session::ExperimentQueue::checkRepeats(scenario.seed, repeats); !status)
        return status;
    const int row = rowCount();
    beginInsertRows({}, row, row);
    const auto added = m_queue.add(scenario, name.toStdString(), file.toStdString(), repeats);
    endInsertRows();
    Q_EMIT queueChanged();
    Q_EMIT edited();
    return added ? base::Status() : added.error();
}

void QueueModel::restore(std::vector<session::QueuedExperiment> experiments)
{
    if (experiments.empty())
        return;
    beginInsertRows({}, 0, static_cast<int>(experiments.size()) - 1);
    m_queue.restore(std::move(experiments));
    endInsertRows();
    Q_EMIT queueChanged();
    Q_EMIT edited();
}

base::Status QueueModel::removeAt(int row)
{
    const auto& experiment = at(row);
    if (experiment.runsNow())
        return base::Error{base::ErrorCode::Busy, tr("it runs; cancel it first").toStdString(), experiment.name};
    beginRemoveRows({}, row, row);
    const auto removed = m_queue.remove(experiment.id);
    endRemoveRows();
    Q_EMIT queueChanged();
    Q_EMIT edited();
    return removed;
}

void QueueModel::moveTo(int row, int place)
{
    if (row == place || place < 0 || place >= rowCount())
        return;
    if (!beginMoveRows({}, row, row, {}, place > row ? place + 1 : place))
        return;
    m_queue.move(at(row).id, static_cast<std::size_t>(place));
    endMoveRows();
    Q_EMIT queueChanged();
    Q_EMIT edited();
}

void QueueModel::again(int row)
{
    m_queue.again(at(row).id);
    touch(row);
    Q_EMIT edited();
}

void QueueModel::skip(int row)
{
    m_queue.skip(at(row).id);
    touch(row);
    Q_EMIT edited();
}

void QueueModel::removeEnded()
{
    for (int row = rowCount() - 1; row >= 0; --row)
        if (!at(row).waits() && !at(row).runsNow())
            static_cast<void>(removeAt(row));
}

void QueueModel::cancelWaiting()
{
    m_queue.cancelWaiting();
    refresh();
    Q_EMIT edited();
}

void QueueModel::hold(bool held)
{
    m_queue.hold(held);
    refresh();
}

int QueueModel::rowOf(std::uint64_t id) const
{
    for (int row = 0; row < rowCount(); ++row)
        if (at(row).id == id)
            return row;
    return -1;
}

QString QueueModel::details(int row) const
{
    QStringList lines;
    for (const auto& run : at(row).runs) {
        QString line = tr("seed %1: %2").arg(run.seed).arg(text(toString(run.state)));
        if (run.frames > 0)
            line += tr(", %1 frames").arg(number(run.frames));
        if (run.record.run != 0 && run.state == QueuedState::Waiting)
            line += tr(", interrupted: it goes on where it stood");
        if (run.seconds > 0)
            line += tr(" in %1").arg(text(session::formatTimeLeft(run.seconds)));
        if (!run.why.empty())
            line += QStringLiteral(": ") + text(run.why);
        lines << line;
    }
    return lines.join(QLatin1Char('\n'));
}

// --- running ---

std::optional<session::QueueJob> QueueModel::next()
{
    auto job = m_queue.next(base::nowNs());
    if (job) {
        touch(rowOf(job->id));
        Q_EMIT edited();
    }
    return job;
}

void QueueModel::recorded(const session::RunKey& record)
{
    m_queue.recorded(record);
    Q_EMIT edited();
}

void QueueModel::progressed(std::uint64_t frames)
{
    m_queue.progressed(frames, base::nowNs());
    if (const auto job = m_queue.current())
        touch(rowOf(job->id));
}

void QueueModel::paused(bool paused)
{
    m_queue.paused(paused, base::nowNs());
    refresh();
}

void QueueModel::ended(session::Phase phase, const QString& why)
{
    m_queue.ended(phase, why.toStdString(), base::nowNs());
    refresh();
    Q_EMIT edited();
}

void QueueModel::refresh()
{
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
    Q_EMIT queueChanged();
}

void QueueModel::touch(int row)
{
    Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
    Q_EMIT queueChanged();
}

// --- the table ---

int QueueModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_queue.experiments().size());
}

int QueueModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QString QueueModel::stateText(const session::QueuedExperiment& experiment) const
{
    const auto count = [&](QueuedState state) { return static_cast<int>(experiment.count(state)); };
    const auto all = static_cast<int>(experiment.runs.size());
    QStringList parts;
    if (count(QueuedState::Running) > 0) {
        const auto job = m_queue.current();
        const int percent = static_cast<int>(100 * m_queue.currentProgress(base::nowNs()).done);
        parts << (all > 1 ? tr("seed %1, %2 %").arg(job->scenario.seed).arg(percent) : tr("running, %1 %").arg(percent));
    }
    for (const auto state : {QueuedState::Failed, QueuedState::Finished, QueuedState::Cancelled, QueuedState::Waiting})
        if (const int some = count(state); some > 0)
            parts << (some == all ? text(toString(state)) : QStringLiteral("%1 %2").arg(some).arg(text(toString(state))));
    return parts.join(QStringLiteral(" · "));
}

QVariant QueueModel::display(const session::QueuedExperiment& experiment, int column) const
{
    switch (column) {
    case NameColumn: return experiment.name.empty() ? tr("untitled") : text(experiment.name);
    case SeedsColumn: return seedsText(experiment);
    case RepeatsColumn: return static_cast<int>(experiment.runs.size());
    case FramesColumn: return number(experiment.scenario.frames);
    case StateColumn: return stateText(experiment);
    case LeftColumn: {
        if (!experiment.waits() && !experiment.runsNow())
            return QString();
        const auto left = m_queue.progress(experiment.id, base::nowNs()).secondsLeft;
        return left ? text(session::formatTimeLeft(*left)) : QStringLiteral("–");
    }
    default: return {};
    }
}

QVariant QueueModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto& experiment = at(index.row());
    switch (role) {
    case Qt::DisplayRole: return display(experiment, index.column());
    case Qt::EditRole: return index.column() == RepeatsColumn ? display(experiment, index.column()) : QVariant();
    case Qt::ToolTipRole: {
        const auto& s = experiment.scenario;
        const QString what = text(s.model + " · " + s.data + " · " + s.strategy + " · " + s.device + " · " + s.bandwidth);
        return (experiment.file.empty() ? what : text(experiment.file) + QLatin1Char('\n') + what) + QLatin1Char('\n')
            + details(index.row());
    }
    case Qt::TextAlignmentRole: {
        const bool right = index.column() == RepeatsColumn || index.column() == FramesColumn || index.column() == LeftColumn;
        return QVariant::fromValue(Qt::Alignment((right ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    }
    case kProgressRole: return index.column() == StateColumn ? m_queue.progress(experiment.id, base::nowNs()).done : QVariant();
    case kFailedRole: return experiment.count(QueuedState::Failed) > 0;
    default: return {};
    }
}

bool QueueModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (role != Qt::EditRole || !checkIndex(index, CheckIndexOption::IndexIsValid) || index.column() != RepeatsColumn)
        return false;
    if (const auto set = m_queue.setRepeats(at(index.row()).id, value.toInt()); !set) {
        Q_EMIT refused(set.error());
        return false;
    }
    touch(index.row());
    Q_EMIT edited();
    return true;
}

Qt::ItemFlags QueueModel::flags(const QModelIndex& index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags;
    const auto usual = QAbstractTableModel::flags(index);
    return index.column() == RepeatsColumn ? usual | Qt::ItemIsEditable : usual;
}

QVariant QueueModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::DisplayRole)
        switch (section) {
        case NameColumn: return tr("Scenario");
        case SeedsColumn: return tr("Seeds");
        case RepeatsColumn: return tr("Runs");
        case FramesColumn: return tr("Frames");
        case StateColumn: return tr("State");
        case LeftColumn: return tr("Left");
        default: break;
        }
    if (role == Qt::ToolTipRole && section == RepeatsColumn)
        return tr("How often it runs, each time with the next seed; double click to change");
    if (role == Qt::TextAlignmentRole) {
        const bool right = section == RepeatsColumn || section == FramesColumn || section == LeftColumn;
        return QVariant::fromValue(Qt::Alignment((right ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    }
    return {};
}

}  // namespace splitscope::ui
