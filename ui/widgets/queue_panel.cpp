// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/queue_panel.h"

#include "core/base/clock.h"
#include "core/session/scenario_check.h"
#include "ui/style/theme.h"
#include "ui/widgets/file_dialog.h"
#include "ui/widgets/flow_layout.h"
#include "ui/widgets/run_table.h"

#include <QFileInfo>
#include <QHeaderView>
#include <QLabel>
#include <QPainter>
#include <QProgressBar>
#include <QPushButton>
#include <QShortcut>
#include <QSpinBox>
#include <QStyledItemDelegate>
#include <QToolButton>
#include <QVBoxLayout>

namespace splitscope::ui {

namespace {

/// A state's text over a bar of its progress.
class StateDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const Theme theme = Theme::of(option.palette);
        const double done = index.data(QueueModel::kProgressRole).toDouble();
        const bool failed = index.data(QueueModel::kFailedRole).toBool();
        QRectF bar(option.rect.adjusted(1, option.rect.height() - 4, -1, -1));
        painter->fillRect(bar, theme.hairline);
        bar.setWidth(bar.width() * done);
        painter->fillRect(bar, theme.colour(failed ? Quantity::Energy : Quantity::Bandwidth));
        QStyleOptionViewItem above = option;
        above.rect.adjust(0, 0, 0, -3);
        QStyledItemDelegate::paint(painter, above, index);
    }
};

/// A spin box in the allowed range.
class RepeatsDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QWidget* createEditor(QWidget* parent, const QStyleOptionViewItem&, const QModelIndex&) const override
    {
        auto* box = new QSpinBox(parent);
        box->setRange(1, session::ExperimentQueue::kMostRepeats);
        box->setFrame(false);
        return box;
    }
};

/// An Error names the file and the field.
base::Result<session::Scenario> loadRunnable(const QString& file)
{
    auto scenario = session::loadScenario(file.toStdString());
    if (!scenario)
        return scenario;
    if (const auto problems = session::fieldProblems(*scenario); !problems.empty())
        return base::Error{base::ErrorCode::InvalidInput, problems.front().text,
                           file.toStdString() + ": " + problems.front().field};
    return scenario;
}

QPushButton* button(const QString& text, const QString& toolTip)
{
    auto* button = new QPushButton(text);
    button->setToolTip(toolTip);
    return button;
}

QToolButton* small(const QString& text, const QString& name, const QString& toolTip)
{
    auto* button = new QToolButton;
    button->setText(text);
    button->setAccessibleName(name);
    button->setToolTip(toolTip);
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

FlowLayout* rowOf(std::initializer_list<QWidget*> widgets)
{
    auto* row = new FlowLayout;
    for (QWidget* widget : widgets)
        row->addWidget(widget);
    return row;
}

}  // namespace

QueuePanel::QueuePanel(QueueModel& model, QueueRunner& runner, QWidget* parent)
    : QWidget(parent), m_model(model), m_runner(runner), m_table(new RunTable), m_repeats(new QSpinBox),
      m_addCurrent(button(tr("Add scenario"), {})),
      m_addFiles(button(tr("Add files…"), tr("Scenario files, behind the others in the queue"))),
      m_start(button(tr("Start queue"), {})),
      m_cancelRun(button(tr("Cancel run"), tr("Ends this run, and goes on with the next one; its records are kept"))),
      m_skip(button(tr("Skip scenario"), tr("Ends this run and leaves out this scenario's other seeds"))),
      m_cancelAll(button(tr("Cancel all"), tr("Ends this run, and begins none of those that wait"))),
      m_up(small(QStringLiteral("▲"), tr("Earlier"), tr("Earlier (Alt+Up)"))),
      m_down(small(QStringLiteral("▼"), tr("Later"), tr("Later (Alt+Down)"))),
      m_remove(small(QStringLiteral("✕"), tr("Remove"), tr("Out of the queue (Delete)"))),
      m_again(small(tr("Again"), tr("Again"), tr("Lets runs that failed or were cancelled wait again; else all of them"))),
      m_compare(small(tr("Compare"), tr("Compare"), tr("Shows the runs of this scenario on the Compare page"))),
      m_clear(small(tr("Clear ended"), tr("Clear ended"), tr("Takes scenarios that have nothing left to do out of the queue"))),
      m_bar(new QProgressBar), m_progress(new QLabel), m_details(new QLabel)
{
    m_repeats->setRange(1, session::ExperimentQueue::kMostRepeats);
    m_repeats->setPrefix(tr("runs each: "));
    m_repeats->setAccessibleName(tr("Runs each"));
    m_repeats->setToolTip(tr("How often scenarios that are added run: with their seed, the next one, and so on"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(6, 4, 8, 4);
    layout->setSpacing(6);
    layout->addLayout(rowOf({m_addCurrent, m_addFiles, m_repeats}));
    makeTable();
    layout->addWidget(m_table, 1);
    layout->addLayout(rowOf({m_up, m_down, m_remove, m_again, m_compare, m_clear}));
    m_details->setFont(smallFont());
    m_details->setWordWrap(true);
    m_details->setTextFormat(Qt::PlainText);
    m_details->setTextInteractionFlags(Qt::TextSelectableByMouse);
    layout->addWidget(m_details);
    m_bar->setRange(0, 1000);
    m_bar->setTextVisible(false);
    m_bar->setFixedHeight(6);
    m_bar->setAccessibleName(tr("Progress of the queue"));
    layout->addWidget(m_bar);
    m_progress->setWordWrap(true);
    m_progress->setFont(smallFont());
    layout->addWidget(m_progress);
    layout->addLayout(rowOf({m_start, m_cancelRun, m_skip, m_cancelAll}));
    connectButtons();
    update();
}

void QueuePanel::makeTable()
{
    constexpr int kWidths[] = {100, 54, 42, 60, 120, 72};
    m_table->setModel(&m_model);
    m_table->setAccessibleName(tr("Queue"));
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEmptyText(tr("No experiment is queued. Add the scenario of the form, or scenario files; each can run "
                             "with several seeds."),
                          {});
    for (int column = 0; column < QueueModel::ColumnCount; ++column)
        m_table->setColumnWidth(column, kWidths[column]);
    auto* header = m_table->horizontalHeader();
    header->setStretchLastSection(false);
    header->setSectionResizeMode(QueueModel::StateColumn, QHeaderView::Stretch);
    header->setMinimumSectionSize(40);
    m_table->setItemDelegateForColumn(QueueModel::StateColumn, new StateDelegate(m_table));
    m_table->setItemDelegateForColumn(QueueModel::RepeatsColumn, new RepeatsDelegate(m_table));
}

void QueuePanel::connectButtons()
{
    connect(m_addCurrent, &QPushButton::clicked, this, [this] { Q_EMIT addCurrentRequested(m_repeats->value()); });
    connect(m_addFiles, &QPushButton::clicked, this, &QueuePanel::askForFiles);
    connect(m_start, &QPushButton::clicked, this, [this] {
        if (!m_runner.active())
            m_runner.start();
        else
            m_runner.pause(!m_runner.paused());
    });
    connect(m_cancelRun, &QPushButton::clicked, &m_runner, &QueueRunner::cancelRun);
    connect(m_skip, &QPushButton::clicked, &m_runner, &QueueRunner::skipScenario);
    connect(m_cancelAll, &QPushButton::clicked, &m_runner, &QueueRunner::cancelAll);
    connect(m_up, &QToolButton::clicked, this, [this] { moveBy(-1); });
    connect(m_down, &QToolButton::clicked, this, [this] { moveBy(1); });
    connect(m_remove, &QToolButton::clicked, this, [this] {
        if (currentRow() < 0)
            return;
        if (const auto removed = m_model.removeAt(currentRow()); !removed)
            Q_EMIT troubleArose(removed.error());
    });
    connect(m_again, &QToolButton::clicked, this, [this] {
        if (currentRow() >= 0)
            m_model.again(currentRow());
    });
    connect(m_compare, &QToolButton::clicked, this, [this] {
        if (currentRow() >= 0)
            Q_EMIT compareRequested(
                QString::fromStdString(m_model.queue().experiments()[static_cast<std::size_t>(currentRow())].name));
    });
    connect(m_clear, &QToolButton::clicked, &m_model, &QueueModel::removeEnded);
    const auto key = [this](const QKeySequence& keys, QToolButton* pressed) {
        auto* shortcut = new QShortcut(keys, m_table, nullptr, nullptr, Qt::WidgetShortcut);
        connect(shortcut, &QShortcut::activated, pressed, &QToolButton::click);
    };
    key(Qt::ALT | Qt::Key_Up, m_up);
    key(Qt::ALT | Qt::Key_Down, m_down);
    key(Qt::Key_Delete, m_remove);
    connect(&m_model, &QueueModel::queueChanged, this, &QueuePanel::update);
    connect(&m_model, &QueueModel::refused, this, &QueuePanel::troubleArose);
    connect(&m_runner, &QueueRunner::changed, this, &QueuePanel::update);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &QueuePanel::update);
}

void QueuePanel::askForFiles()
{
    auto* dialog = makeFileDialog(this, tr("Add scenarios"), QFileDialog::AcceptOpen, QStringLiteral("json"));
    dialog->setFileMode(QFileDialog::ExistingFiles);
    dialog->setNameFilter(tr("Scenarios (*.json)"));
    connect(dialog, &QFileDialog::filesSelected, this, &QueuePanel::addFiles);
    dialog->show();
}

void QueuePanel::addFiles(const QStringList& files)
{
    for (const QString& file : files)
        m_wanted.push_back({file, m_repeats->value()});
    readFiles();
}

void QueuePanel::readFiles()
{
    if (m_reader.active() || m_wanted.empty())
        return;
    m_reader.start(
        [wanted = std::exchange(m_wanted, {})](const std::stop_token&) {
            std::vector<Read> all;
            for (const Wanted& one : wanted)
                all.push_back({one, loadRunnable(one.file)});
            return all;
        },
        [this](const std::vector<Read>& all) {
            for (const Read& read : all) {
                const QString& file = read.wanted.file;
                const auto added = read.scenario
                    ? m_model.add(*read.scenario, QFileInfo(file).completeBaseName(), file, read.wanted.repeats)
                    : base::Status(read.scenario.error());
                if (!added)
                    Q_EMIT troubleArose(added.error());
            }
            readFiles();
        });
}

void QueuePanel::moveBy(int rows)
{
    if (currentRow() >= 0)
        m_model.moveTo(currentRow(), currentRow() + rows);
}

void QueuePanel::setAddObstacle(const QString& why)
{
    m_addCurrent->setEnabled(why.isEmpty());
    m_addCurrent->setToolTip(why.isEmpty() ? tr("The scenario of the form, as it is now, behind the others in the queue") : why);
}

void QueuePanel::update()
{
    const int row = currentRow();
    const auto& queue = m_model.queue();
    const auto* current = row >= 0 ? &queue.experiments()[static_cast<std::size_t>(row)] : nullptr;
    bool waits = false;
    for (const auto& experiment : queue.experiments())
        waits = waits || experiment.waits();
    m_up->setEnabled(row > 0);
    m_down->setEnabled(row >= 0 && row + 1 < m_model.rowCount());
    m_remove->setEnabled(current && !current->runsNow());
    m_again->setEnabled(current && current->count(session::QueuedState::Waiting) < current->runs.size() && !current->runsNow());
    m_compare->setEnabled(current && !current->name.empty());
    m_clear->setEnabled(m_model.rowCount() > 0);
    const bool active = m_runner.active();
    m_start->setText(!active ? tr("Start queue") : m_runner.paused() ? tr("Resume") : tr("Pause"));
    m_start->setEnabled(active || waits);
    m_start->setToolTip(active      ? tr("Pauses the device and begins nothing else, or goes on")
                            : waits ? tr("Runs what waits, one after the other")
                                    : tr("Nothing waits: add a scenario, or let one run again"));
    m_cancelRun->setEnabled(m_runner.runs());
    m_skip->setEnabled(m_runner.runs());
    m_cancelAll->setEnabled(m_runner.runs() || (active && waits));
    m_details->setText(current ? m_model.details(row) : QString());
    m_details->setVisible(current != nullptr);
    updateProgress();
    m_table->updateEmptiness();
}

void QueuePanel::updateProgress()
{
    const auto& queue = m_model.queue();
    const auto now = base::nowNs();
    const auto all = queue.progress(now);
    m_bar->setValue(static_cast<int>(1000 * all.done));
    m_bar->setVisible(m_model.rowCount() > 0);
    m_progress->setVisible(m_model.rowCount() > 0);
    int runs = 0, ended = 0, failed = 0;
    for (const auto& experiment : queue.experiments()) {
        runs += static_cast<int>(experiment.runs.size());
        failed += static_cast<int>(experiment.count(session::QueuedState::Failed));
        ended += static_cast<int>(experiment.runs.size() - experiment.count(session::QueuedState::Waiting)
                                  - experiment.count(session::QueuedState::Running));
    }
    const auto left = [](const session::QueueProgress& progress) {
        return progress.secondsLeft
            ? QStringLiteral(", ") + tr("%1 left").arg(QString::fromStdString(session::formatTimeLeft(*progress.secondsLeft)))
            : QString();
    };
    QStringList parts;
    if (const auto job = queue.current()) {
        const auto current = queue.currentProgress(now);
        parts << tr("This run: %1 %").arg(static_cast<int>(100 * current.done)) + left(current);
    } else if (m_runner.active()) {
        parts << (m_runner.paused() ? tr("Paused") : tr("Waits for the experiment that runs now"));
    }
    if (runs > 0)
        parts << tr("all: %1 of %2 runs ended, %3 %").arg(ended).arg(runs).arg(static_cast<int>(100 * all.done)) + left(all);
    if (failed > 0)
        parts << tr("%1 failed").arg(failed);
    m_progress->setText(parts.join(QStringLiteral(" · ")));
}

int QueuePanel::currentRow() const { return m_table->currentIndex().isValid() ? m_table->currentIndex().row() : -1; }

QTableView* QueuePanel::table() const { return m_table; }
QString QueuePanel::progressText() const { return m_progress->text(); }
QString QueuePanel::detailsText() const { return m_details->text(); }

}  // namespace splitscope::ui
