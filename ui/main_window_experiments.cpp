// SPDX-License-Identifier: GPL-3.0-or-later
// The scenario as a document, and the queue. The form has all fields, the controls at the right some: they show the document,
// but for the time in which something else runs.
#include "core/base/log.h"
#include "core/remote/remote_device.h"
#include "core/session/scenario_check.h"
#include "ui/bridge/experiment_bridge.h"
#include "ui/bridge/queue_keeper.h"
#include "ui/bridge/queue_runner.h"
#include "ui/bridge/replay_source.h"
#include "ui/bridge/table_measurer.h"
#include "ui/main_window.h"
#include "ui/models/queue_model.h"
#include "ui/models/scenario_document.h"
#include "ui/models/scenario_merge.h"
#include "ui/pages/compare_page.h"
#include "ui/pages/experiment_page.h"
#include "ui/pages/fleet_page.h"
#include "ui/pages/live_page.h"
#include "ui/widgets/control_dock.h"
#include "ui/widgets/file_dialog.h"
#include "ui/widgets/title_row.h"
#include "ui/widgets/trouble_strip.h"

#include <QAction>
#include <QFileInfo>
#include <QLineEdit>

namespace splitscope::ui {

void MainWindow::makeExperimentPage()
{
    m_document = new ScenarioDocument(this);
    m_queue = new QueueModel(this);
    m_runner = new QueueRunner(*m_queue, m_parts.bridge, this);
    m_keeper = new QueueKeeper(*m_queue, this);
    m_new = addAction({}, tr("New"), QKeySequence::New,
                      tr("A scenario with usual values; unsaved changes are kept among the recent ones"));
    m_saveAs = addAction({}, tr("Save as…"), Qt::CTRL | Qt::SHIFT | Qt::Key_S, tr("Save the scenario in another file"));
    m_experiment = new ExperimentPage({*m_document, *m_queue, *m_runner}, {m_new, m_open, m_save, m_saveAs, m_start});
    m_experiment->setRecords(QString::fromStdString(m_options.outFolder.string()));
    connect(m_new, &QAction::triggered, this, [this] {
        m_document->startNew();
        showPage(pageOf(*m_experiment));
    });
    connect(m_saveAs, &QAction::triggered, this, &MainWindow::saveScenarioAs);
}

void MainWindow::connectExperiments()
{
    connect(m_document, &ScenarioDocument::replaced, this, [this] {
        if (m_parts.bridge.active())
            m_controlsShowDocument = false;  // they show what runs, until that has ended
        else
            showDocumentInControls();
    });
    connect(m_document, &ScenarioDocument::changed, this, &MainWindow::updateActions);
    connect(m_document, &ScenarioDocument::problemsChanged, this, [this] {
        if (!m_document->checking())
            returnControls();
        updateActions();
    });
    connect(m_document, &ScenarioDocument::kept, this, [](const QString& path) {
        base::log(base::LogLevel::Info, "dashboard", "unsaved changes are kept in " + path.toStdString());
    });
    connect(m_controls, &ControlDock::scenarioEdited, this, &MainWindow::takeFromControls);
    connect(m_controls, &ControlDock::uplinkChanged, this, &MainWindow::takeFromControls);
    connect(m_controls, &ControlDock::slowdownChanged, this, &MainWindow::takeFromControls);
    connect(m_controls, &ControlDock::strategyChanged, this, &MainWindow::takeFromControls);
    connect(m_controls, &ControlDock::objectiveChanged, this, &MainWindow::takeFromControls);
    connect(m_experiment, &ExperimentPage::openRequested, this, &MainWindow::openDocument);
    connect(m_experiment, &ExperimentPage::exampleRequested, this, [this](const QString& path) {
        if (const auto opened = m_document->openCopy(path); !opened)
            report(opened.error());
    });
    QueuePanel& panel = m_experiment->queue();
    connect(&panel, &QueuePanel::troubleArose, this, &MainWindow::report);
    connect(&panel, &QueuePanel::addCurrentRequested, this, [this](int repeats) {
        const QString name = m_document->recordedName();
        if (const auto added = m_queue->add(m_document->scenario(), name, m_document->path(), repeats); !added)
            report(added.error());
    });
    connect(&panel, &QueuePanel::compareRequested, this, [this](const QString& name) {
        m_compare->search()->setText(name);
        showPage(pageOf(*m_compare));
    });
    connect(m_keeper, &QueueKeeper::troubleArose, this, &MainWindow::report);
    // What the queue goes on with need not be offered.
    connect(m_keeper, &QueueKeeper::opened, this, &MainWindow::lookForInterrupted);
    if (m_options.queueFile.empty())
        lookForInterrupted();
    m_keeper->open(m_options.queueFile);
    connect(m_runner, &QueueRunner::startRequested, this, &MainWindow::startQueued);
    connect(m_runner, &QueueRunner::changed, this, &MainWindow::returnControls);
    connect(m_runner, &QueueRunner::finished, this, [] { base::log(base::LogLevel::Info, "dashboard", "the queue is empty"); });
}

void MainWindow::setScenario(const session::Scenario& scenario) { m_document->replace(scenario); }

void MainWindow::showDocumentInControls()
{
    showInControls(m_document->scenario());
    m_controlsShowDocument = true;
}

void MainWindow::showInControls(const session::Scenario& scenario)
{
    m_settingControls = true;
    m_controls->setScenario(scenario);
    m_title->setScenario(scenario);
    m_controlsSeen = m_controls->scenario();
    m_settingControls = false;
}

/// A slider was moved, or a list changed: so is the document, where that is what the controls show.
void MainWindow::takeFromControls()
{
    if (m_settingControls)
        return;
    const session::Scenario now = m_controls->scenario();
    if (now == m_controlsSeen)
        return;
    const session::Scenario before = std::exchange(m_controlsSeen, now);
    if (!m_controlsShowDocument)
        return;
    session::Scenario edited = m_document->scenario();
    mergeControls(before, now, edited);
    m_document->edit(edited);
}

/// When nothing runs and nothing is about to, the controls are the document's again.
void MainWindow::returnControls()
{
    const bool queued = m_runner->active() && !m_runner->paused();
    if (m_parts.bridge.active() || m_replay->isOpen() || queued || !m_document->fits())
        return;
    if (!m_controlsShowDocument || !(m_controls->scenario() == m_document->scenario()))
        showDocumentInControls();
}

void MainWindow::startExperiment()
{
    if (m_parts.bridge.active() || m_fleet->active())
        return;
    takeFromControls();
    std::optional<base::Error> wrong;
    if (const QString obstacle = m_document->saveObstacle(); !obstacle.isEmpty())
        wrong = base::Error{base::ErrorCode::InvalidInput, obstacle.toStdString(), "scenario"};
    else if (const auto problems = session::fieldProblems(m_document->scenario()); !problems.empty())
        wrong = base::Error{base::ErrorCode::InvalidInput, problems.front().text, "scenario: " + problems.front().field};
    if (wrong) {
        report(*wrong);
        return;
    }
    if (!(m_controls->scenario() == m_document->scenario()))
        showDocumentInControls();
    begin(m_document->scenario(), m_document->recordedName());
}

void MainWindow::startQueued(const session::QueueJob& job)
{
    m_controlsShowDocument = false;
    showInControls(job.scenario);
    begin(job.scenario, QString::fromStdString(job.name), job.record);
}

void MainWindow::begin(const session::Scenario& scenario, const QString& name, const session::RunKey& resumed)
{
    m_replay->close();
    m_troubles->dismiss();
    base::log(base::LogLevel::Info, "dashboard",
              (resumed.run ? "resuming " : "starting ") + (name.isEmpty() ? "" : name.toStdString() + ": ") + scenario.model
                  + " on " + scenario.data + ", strategy " + scenario.strategy + ", seed " + std::to_string(scenario.seed)
                  + ", device " + scenario.device
                  + (m_options.outFolder.empty() ? "" : "; records in " + m_options.outFolder.string()));
    m_live->clear();
    m_tables->cancel();  // it would be disturbed, and disturb
    m_summary = {};
    m_running = scenario;
    m_droppedBefore = m_parts.bridge.dropped();
    m_title->setScenario(scenario);
    session::ExperimentOptions options;
    options.outFolder = m_options.outFolder;
    options.daemonProgram = m_options.daemonProgram;
    options.scenarioName = name.toStdString();
    options.restartDaemon = remote::restarterOf(scenario.device);
    if (resumed.run)
        options.outFolder = resumed.records.parent_path();
    if (const auto started = resumed.run ? m_parts.bridge.resume(resumed, options) : m_parts.bridge.start(scenario, options);
        !started)
        report(started.error());
    updateCounters();
    updateActions();
}

/// The window's Stop ends what runs, and the queue begins nothing behind one's back.
void MainWindow::stopExperiment()
{
    if (m_replay->active()) {
        m_replay->close();
        return;
    }
    if (m_runner->runs())
        m_queue->hold(true);
    m_parts.bridge.stop();
}

void MainWindow::updateDocumentActions()
{
    const auto explain = [](QAction* action, const QString& obstacle) {
        if (!action->property("usualToolTip").isValid())
            action->setProperty("usualToolTip", action->toolTip());
        const QString usual = action->property("usualToolTip").toString();
        action->setToolTip(obstacle.isEmpty() ? usual : obstacle);
    };
    const QString unsaveable = m_document->saveObstacle();
    m_save->setEnabled(unsaveable.isEmpty());
    m_saveAs->setEnabled(unsaveable.isEmpty());
    explain(m_save, unsaveable);
    explain(m_saveAs, unsaveable);
    const bool active = m_parts.bridge.active();
    const QString unstartable = active ? tr("An experiment is under way; stop it first, or queue this one")
        : m_fleet->active()            ? tr("A fleet is under way; stop it first, or queue this one")
                                       : m_document->startObstacle();
    m_fleet->setObstacle(active ? tr("An experiment is under way; stop it first") : m_document->startObstacle());
    m_start->setEnabled(unstartable.isEmpty());
    explain(m_start, unstartable);
    m_experiment->setRunning(active);
    setWindowTitle(tr("%1[*] – Splitscope").arg(m_document->title()));
    setWindowModified(m_document->modified());
}

// --- files ---

void MainWindow::openScenario()
{
    auto* dialog = makeFileDialog(this, tr("Open scenario"), QFileDialog::AcceptOpen, QStringLiteral("json"));
    dialog->setNameFilter(tr("Scenarios (*.json)"));
    connect(dialog, &QFileDialog::fileSelected, this, &MainWindow::openDocument);
    dialog->show();
}

void MainWindow::openDocument(const QString& path)
{
    if (const auto opened = m_document->open(path); !opened)
        report(opened.error());
}

void MainWindow::saveScenario()
{
    takeFromControls();
    if (m_document->path().isEmpty())
        return saveScenarioAs();
    if (const auto saved = m_document->save(m_document->path()); !saved)
        report(saved.error());
}

void MainWindow::saveScenarioAs()
{
    takeFromControls();
    auto* dialog = makeFileDialog(this, tr("Save scenario"), QFileDialog::AcceptSave, QStringLiteral("json"));
    dialog->setNameFilter(tr("Scenarios (*.json)"));
    const QString name = m_document->recordedName().isEmpty() ? QStringLiteral("scenario") : m_document->title();
    dialog->selectFile(QFileInfo(name).completeBaseName() + QStringLiteral(".json"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        if (const auto saved = m_document->save(path); !saved)
            report(saved.error());
    });
    dialog->show();
}

}  // namespace splitscope::ui
