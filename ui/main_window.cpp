// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/main_window.h"

#include "ui/bridge/experiment_bridge.h"
#include "ui/bridge/replay_source.h"
#include "ui/models/log_model.h"
#include "ui/models/scenario_document.h"
#include "ui/pages/compare_page.h"
#include "ui/pages/experiment_page.h"
#include "ui/pages/fleet_page.h"
#include "ui/pages/live_page.h"
#include "ui/pages/log_page.h"
#include "ui/pages/optimizer_page.h"
#include "ui/pages/profile_page.h"
#include "ui/style/theme.h"
#include "ui/widgets/control_dock.h"
#include "ui/widgets/fault_menu.h"
#include "ui/widgets/first_steps.h"
#include "ui/widgets/replay_bar.h"
#include "ui/widgets/resume_bar.h"
#include "ui/widgets/reward_controls.h"
#include "ui/widgets/title_row.h"
#include "ui/widgets/trouble_strip.h"

#include <QAction>
#include <QApplication>
#include <QButtonGroup>
#include <QCloseEvent>
#include <QSettings>
#include <QShortcut>
#include <QStackedWidget>
#include <QToolButton>
#include <QUndoStack>
#include <QVBoxLayout>

namespace splitscope::ui {

namespace {

constexpr int kLogIntervalMs = 200;
constexpr QSize kFirstSize(1440, 900);

}  // namespace

MainWindow::MainWindow(const MainWindowParts& parts, MainWindowOptions options, QWidget* parent)
    : QMainWindow(parent), m_parts(parts), m_options(std::move(options)), m_undo(new QUndoStack(this))
{
    setWindowTitle(QStringLiteral("Splitscope"));
    setWindowIcon(programIcon());
    m_dark = Theme::of(palette()).dark;
    makeActions();
    makeLayout();
    connectParts();
    updateIcons();
    restoreWindow();
    m_document->replace(m_options.scenario, m_options.scenarioFile);
    updateActions();
}

MainWindow::~MainWindow()
{
    // Nothing may arrive while widgets are being destroyed.
    m_parts.bridge.disconnect(this);
    m_parts.bridge.shutdown();
}

QAction* MainWindow::addAction(const QString& icon, const QString& text, const QKeySequence& keys, const QString& toolTip)
{
    auto* action = new QAction(text, this);
    action->setProperty("iconName", icon);
    action->setShortcut(keys);
    const QString shortcut = keys.isEmpty() ? QString() : QStringLiteral(" (%1)").arg(keys.toString(QKeySequence::NativeText));
    action->setToolTip(toolTip + shortcut);
    QMainWindow::addAction(action);
    return action;
}

void MainWindow::makeActions()
{
    m_start = addAction(QStringLiteral("start"), tr("Start"), Qt::CTRL | Qt::Key_R,
                        tr("Start an experiment with the values at the right"));
    m_pause = addAction(QStringLiteral("pause"), tr("Pause"), Qt::Key_Space, tr("Pause the device, or go on"));
    m_stop = addAction(QStringLiteral("stop"), tr("Stop"), Qt::CTRL | Qt::Key_Period,
                       tr("End the experiment; its records are kept"));
    m_faults = addAction(QStringLiteral("fault"), tr("Fault"), {},
                         tr("Let something go wrong, and see what the experiment does then; its records tell it"));
    m_faultMenu = new FaultMenu(this);
    m_faults->setMenu(m_faultMenu);
    m_follow
        = addAction(QStringLiteral("follow"), tr("Follow"), Qt::Key_F, tr("Show the newest samples; dragging in a chart zooms"));
    m_open = addAction(QStringLiteral("open"), tr("Open…"), QKeySequence::Open, tr("Open a scenario"));
    m_save = addAction(QStringLiteral("save"), tr("Save"), QKeySequence::Save,
                       tr("Save the scenario, with the values at the right"));
    m_export = addAction(QStringLiteral("export"), tr("Export charts"), Qt::CTRL | Qt::Key_E,
                         tr("Export all charts as PNG, SVG, PDF or CSV; a right click exports one"));
    m_theme = addAction(QStringLiteral("theme"), tr("Light or dark"), {}, tr("Light or dark"));
    m_pause->setCheckable(true);
    m_follow->setCheckable(true);
    m_follow->setChecked(true);
    connect(m_start, &QAction::triggered, this, &MainWindow::startExperiment);
    connect(m_stop, &QAction::triggered, this, &MainWindow::stopExperiment);
    connect(m_pause, &QAction::triggered, this, [this](bool paused) {
        if (m_replay->active())
            m_replay->play(!paused);
        else
            m_parts.bridge.pause(paused);
    });
    connect(m_follow, &QAction::triggered, this, [this] { m_live->follow(); });
    connect(m_open, &QAction::triggered, this, &MainWindow::openScenario);
    connect(m_save, &QAction::triggered, this, &MainWindow::saveScenario);
    connect(m_export, &QAction::triggered, this, &MainWindow::exportAll);
    connect(m_theme, &QAction::triggered, this, [this] {
        setDark(!m_dark);
        QSettings().setValue(QStringLiteral("theme"), m_dark ? QStringLiteral("dark") : QStringLiteral("light"));
    });
    QAction* undo = m_undo->createUndoAction(this);
    undo->setShortcut(QKeySequence::Undo);
    QAction* redo = m_undo->createRedoAction(this);
    redo->setShortcut(QKeySequence::Redo);
    QMainWindow::addAction(undo);
    QMainWindow::addAction(redo);
}

void MainWindow::makeLayout()
{
    auto* centre = new QWidget;
    auto* rows = new QVBoxLayout(centre);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(0);
    m_title = new TitleRow({m_start, m_pause, m_stop, m_faults}, {m_follow, m_open, m_save, m_export, m_theme, makeHelpAction()});
    m_troubles = new TroubleStrip;
    m_guide = new FirstSteps;
    rows->addWidget(m_title);
    rows->addWidget(m_guide);
    rows->addWidget(m_troubles);
    auto* zones = new QHBoxLayout;
    zones->setContentsMargins(0, 0, 0, 6);
    zones->setSpacing(4);
    rows->addLayout(zones, 1);

    auto* rail = new QWidget;
    m_rail = new QVBoxLayout(rail);
    m_rail->setContentsMargins(4, 2, 0, 0);
    m_rail->setSpacing(4);
    m_rail->addStretch();
    m_railButtons = new QButtonGroup(this);
    m_pages = new QStackedWidget;
    m_controls = new ControlDock(m_undo);
    zones->addWidget(rail);
    zones->addWidget(m_pages, 1);
    zones->addWidget(m_controls);
    setCentralWidget(centre);

    m_live = new LivePage(m_parts.store);
    addPage(QStringLiteral("live"), tr("Live"), m_live);
    makeExperimentPage();
    addPage(QStringLiteral("experiment"), tr("Scenario"), m_experiment);
    m_profile = new ProfilePage;
    addPage(QStringLiteral("profile"), tr("Profile"), m_profile);
    m_optimizer = new OptimizerPage;
    addPage(QStringLiteral("optimizer"), tr("Optimizer"), m_optimizer);
    m_compare = new ComparePage;
    addPage(QStringLiteral("compare"), tr("Compare"), m_compare);
    makeDevices();
    makeFleet();
    m_log = new LogPage(m_parts.logModel);
    addPage(QStringLiteral("log"), tr("Log"), m_log);
    makeReplay();
    makeResume();
    makeExporter();
    rows->insertWidget(rows->indexOf(m_troubles) + 1, m_replayBar);
    rows->insertWidget(rows->indexOf(m_troubles) + 1, m_resumeBar);
    connect(m_railButtons, &QButtonGroup::idClicked, this, &MainWindow::showPage);
    showPage(0);
}

void MainWindow::addPage(const QString& icon, const QString& name, QWidget* page)
{
    const int index = m_pages->addWidget(page);
    page->setAccessibleName(name);
    auto* button = new QToolButton;
    button->setText(name);
    button->setProperty("iconName", icon);
    button->setCheckable(true);
    button->setToolButtonStyle(Qt::ToolButtonTextUnderIcon);
    button->setMinimumSize(70, 50);  // wider where a language needs it
    button->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    button->setFont(smallFont());
    button->setToolTip(tr("%1 (%2)").arg(name).arg(index + 1));
    m_railButtons->addButton(button, index);
    m_rail->insertWidget(index, button);
    auto* key = new QShortcut(QKeySequence(Qt::Key_1 + index), this);
    connect(key, &QShortcut::activated, this, [this, index] { showPage(index); });
}

void MainWindow::connectParts()
{
    ExperimentBridge& bridge = m_parts.bridge;
    connect(&bridge, &ExperimentBridge::samplesArrived, this, &MainWindow::onSamples);
    connect(&bridge, &ExperimentBridge::statusChanged, this, &MainWindow::onStatus);
    connect(&bridge, &ExperimentBridge::troubleArrived, this, &MainWindow::report);
    connect(&bridge, &ExperimentBridge::ended, this, [this](const session::Summary& summary) {
        m_summary = summary;
        base::log(base::LogLevel::Info, "dashboard",
                  session::toString(m_parts.bridge.status().phase) + " after " + std::to_string(summary.frames()) + " frames");
        updateCounters();
        updateActions();
        m_title->setStatus(m_parts.bridge.status(), false);
        returnControls();
    });
    connect(m_faultMenu, &FaultMenu::chosen, &bridge, &ExperimentBridge::inject);
    connect(m_controls, &ControlDock::uplinkChanged, &bridge, &ExperimentBridge::setUplink);
    connect(m_controls, &ControlDock::slowdownChanged, &bridge, &ExperimentBridge::setSlowdown);
    connect(m_controls, &ControlDock::strategyChanged, &bridge, &ExperimentBridge::setStrategy);
    connect(m_controls, &ControlDock::slowdownChanged, this, [this] { m_title->setScenario(m_controls->scenario()); });
    connect(m_controls, &ControlDock::networkChanged, m_live, &LivePage::setNetwork);
    connect(m_controls, &ControlDock::scenarioEdited, this, [this] {
        const session::Scenario scenario = m_controls->scenario();
        m_title->setScenario(scenario);
        m_optimizer->setScenario(scenario);
    });
    connect(m_controls, &ControlDock::troubleArose, this, &MainWindow::report);
    connect(m_troubles, &TroubleStrip::logRequested, this, [this] { showPage(m_pages->indexOf(m_log)); });
    connect(m_profile, &ProfilePage::troubleArose, this, &MainWindow::report);
    connect(&m_live->timeView(), &TimeView::followingChanged, m_follow, &QAction::setChecked);
    connect(m_live, &LivePage::exportRequested, this, qOverload<TimeChart*, const QPoint&>(&MainWindow::offerExport));
    connectReward();
    connectCompare();
    connectDevices();
    connectFleet();
    connectTables();
    connectGuide();
    connectExperiments();
    m_logTimer.setInterval(kLogIntervalMs);
    connect(&m_logTimer, &QTimer::timeout, this, &MainWindow::takeLog);
    m_logTimer.start();
}

void MainWindow::restoreWindow()
{
    const QByteArray geometry = QSettings().value(QStringLiteral("geometry")).toByteArray();
    if (geometry.isEmpty() || !restoreGeometry(geometry))
        resize(kFirstSize.boundedTo(screen()->availableSize()));
}

void MainWindow::onSamples(const std::vector<session::Sample>& samples)
{
    for (const auto& sample : samples)
        m_summary.add(sample, m_running.deadlineMs);
    m_live->addSamples(samples);
    updateCounters();
}

void MainWindow::onStatus(const session::ExperimentStatus& status)
{
    m_title->setStatus(status, m_parts.bridge.active());
    m_controls->reward()->setBandwidth(status.uplink.bytesPerSecond);
    m_optimizer->setBandwidth(status.uplink.bytesPerSecond);
    if (const auto evaluator = m_parts.bridge.evaluator())
        referTo(*evaluator);
    updateActions();
}

void MainWindow::report(const base::Error& error)
{
    base::logError("dashboard", error);
    m_troubles->report(error);
}

void MainWindow::takeLog() { m_parts.logModel.append(m_parts.logFeed.take()); }

void MainWindow::updateCounters()
{
    m_title->setCounters({m_summary.frames(), m_running.frames, m_summary.fallback(), m_summary.lost(),
                          m_parts.bridge.dropped() - m_droppedBefore});
}

void MainWindow::updateActions()
{
    const bool active = m_parts.bridge.active();
    updateDocumentActions();
    const bool replaying = m_replay->isOpen();
    m_stop->setEnabled(active || m_replay->active());
    m_pause->setEnabled(active || replaying);
    const auto phase = m_parts.bridge.status().phase;
    m_faults->setEnabled(active && (phase == session::Phase::Running || phase == session::Phase::Paused));
    const bool paused = replaying ? !m_replay->playing() : active && phase == session::Phase::Paused;
    m_pause->setChecked(paused);
    m_pause->setText(paused ? tr("Resume") : tr("Pause"));
    m_controls->setRunning(active);
    m_profile->setExperimentRunning(active);
}

void MainWindow::showPage(int index)
{
    m_pages->setCurrentIndex(index);
    m_railButtons->button(index)->setChecked(true);
}

int MainWindow::pageCount() const { return m_pages->count(); }

int MainWindow::pageOf(QWidget& page) const { return m_pages->indexOf(&page); }

QString MainWindow::pageName(int index) const { return m_railButtons->button(index)->text().toLower(); }

void MainWindow::setDark(bool dark)
{
    m_dark = dark;
    applyTheme(*qApp, dark);
}

void MainWindow::updateIcons()
{
    const auto refresh = [this](auto* item) {
        const QString name = item->property("iconName").toString();
        if (!name.isEmpty())
            item->setIcon(themedIcon(name, palette()));
    };
    for (QAction* action : actions())
        refresh(action);
    for (QAbstractButton* button : m_railButtons->buttons())
        refresh(button);
}

void MainWindow::changeEvent(QEvent* event)
{
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_controls) {
        updateIcons();
        updateCounters();
        m_title->setStatus(m_parts.bridge.status(), m_parts.bridge.active());
    }
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    QSettings().setValue(QStringLiteral("geometry"), saveGeometry());
    hide();  // what follows may take a moment: the device's last records
    m_fleet->stop();
    m_parts.bridge.shutdown();
    takeFromControls();
    m_document->keepUnsaved();
    event->accept();
}

}  // namespace splitscope::ui
