// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/run_library.h"
#include "core/session/scenario.h"
#include "core/session/summary.h"
#include "core/sim/evaluator.h"
#include "ui/bridge/background.h"

#include <QMainWindow>
#include <QTimer>

#include <filesystem>

class QAction;
class QButtonGroup;
class QMenu;
class QStackedWidget;
class QToolButton;
class QUndoStack;
class QVBoxLayout;

namespace splitscope::base {
struct Error;
}
namespace splitscope::session {
struct ExperimentStatus;
struct QueueJob;
struct ResumedRun;
}  // namespace splitscope::session

namespace splitscope::ui {

class ChartExporter;
class ComparePage;
class ControlDock;
class DevicesPage;
class ExperimentBridge;
class ExperimentPage;
class FaultMenu;
class FirstSteps;
class FleetPage;
class LivePage;
class LogFeed;
class LogModel;
class OptimizerPage;
class PlotView;
class ProfilePage;
class QueueKeeper;
class QueueModel;
class QueueRunner;
class ReplayBar;
class ReplaySource;
class ReportWriter;
class ResumeBar;
class SampleStore;
class ScenarioDocument;
class TableMeasurer;
class TimeChart;
class TitleRow;
class TroubleStrip;

enum class HelpTopic;

/// What the window works with; everything must outlive it.
struct MainWindowParts {
    SampleStore& store;
    ExperimentBridge& bridge;
    LogFeed& logFeed;
    LogModel& logModel;
};

struct MainWindowOptions {
    session::Scenario scenario;
    std::filesystem::path outFolder;  ///< for records; empty: none are kept
    std::filesystem::path daemonProgram{};  ///< empty: beside this program
    std::filesystem::path library{};  ///< whose runs are compared; empty: those of outFolder
    QString scenarioFile{};  ///< where the scenario came from; empty: from no file
    std::filesystem::path queueFile{};  ///< where the queue is kept between sessions; empty: it is not
};

/// Pages at the left, status and actions on top, controls at the right: three zones that never move.
class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    MainWindow(const MainWindowParts& parts, MainWindowOptions options, QWidget* parent = nullptr);
    ~MainWindow() override;

    /// Starts the document's scenario: what the controls show, unless something else has just run.
    void startExperiment();
    /// As soon as it is known that the last session's run was not interrupted: else that one is offered, and nothing begins.
    void startUnlessInterrupted();
    /// A queue whose experiment it was waits until it is resumed.
    void stopExperiment();
    /// As a document of no file.
    void setScenario(const session::Scenario& scenario);
    /// Shows a recorded run on the Live page in place of a running one; refused while one runs. Starting an experiment ends it.
    void openReplay(const session::RunKey& run);
    /// Goes on with a run that was interrupted; refused while something else is under way.
    void resumeRun(const session::RunKey& run);
    void setDark(bool dark);
    void showPage(int index);
    [[nodiscard]] int pageCount() const;
    [[nodiscard]] int currentPage() const;
    [[nodiscard]] int pageOf(QWidget& page) const;
    [[nodiscard]] QString pageName(int index) const;

    [[nodiscard]] LivePage& livePage() { return *m_live; }
    [[nodiscard]] ProfilePage& profilePage() { return *m_profile; }
    [[nodiscard]] OptimizerPage& optimizerPage() { return *m_optimizer; }
    [[nodiscard]] ComparePage& comparePage() { return *m_compare; }
    [[nodiscard]] ExperimentPage& experimentPage() { return *m_experiment; }
    [[nodiscard]] ScenarioDocument& document() { return *m_document; }
    [[nodiscard]] QueueModel& queue() { return *m_queue; }
    [[nodiscard]] QueueRunner& queueRunner() { return *m_runner; }
    [[nodiscard]] QueueKeeper& queueKeeper() { return *m_keeper; }
    [[nodiscard]] QAction* startAction() const { return m_start; }
    [[nodiscard]] QAction* saveAction() const { return m_save; }
    [[nodiscard]] QStringList pageNames() const;  ///< in the order of their keys
    [[nodiscard]] FirstSteps& guide() { return *m_guide; }
    [[nodiscard]] DevicesPage& devicesPage() { return *m_devices; }
    [[nodiscard]] FleetPage& fleetPage() { return *m_fleet; }
    [[nodiscard]] ControlDock& controls() { return *m_controls; }
    [[nodiscard]] TroubleStrip& troubles() { return *m_troubles; }
    [[nodiscard]] TitleRow& titleRow() { return *m_title; }
    [[nodiscard]] ReplaySource& replay() { return *m_replay; }
    [[nodiscard]] ReplayBar& replayBar() { return *m_replayBar; }
    [[nodiscard]] ResumeBar& resumeBar() { return *m_resumeBar; }
    [[nodiscard]] bool lookedForInterrupted() const { return m_lookedForInterrupted; }  ///< and offered what there was
    [[nodiscard]] ReportWriter& reports() { return *m_reports; }
    [[nodiscard]] ChartExporter& exporter() { return *m_exporter; }
    [[nodiscard]] QAction* pauseAction() const { return m_pause; }
    [[nodiscard]] QAction* faultAction() const { return m_faults; }

protected:
    void closeEvent(QCloseEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    QAction* addAction(const QString& icon, const QString& text, const QKeySequence& keys, const QString& toolTip);
    void makeActions();
    void makeLayout();
    void addPage(const QString& icon, const QString& name, QWidget* page);
    void connectParts();
    void connectReward();
    void connectCompare();
    void makeDevices();
    void connectDevices();
    void makeFleet();
    void connectFleet();
    void startFleet();
    void connectTables();
    void measureTable();
    void takeTable(const base::Result<std::filesystem::path>& file);
    QAction* makeHelpAction();
    void connectGuide();
    void offerHelp();
    QMenu* makeLanguageMenu(QMenu* parent);
    void showHelp(HelpTopic topic);
    void makeExperimentPage();
    void connectExperiments();
    void showDocumentInControls();
    void showInControls(const session::Scenario& scenario);
    void takeFromControls();
    void returnControls();
    void startQueued(const session::QueueJob& job);
    /// `resumed`: the interrupted run to go on with; run 0: none.
    void begin(const session::Scenario& scenario, const QString& name, const session::RunKey& resumed = {});
    void updateDocumentActions();
    void makeResume();
    void lookForInterrupted();
    void offerInterrupted(const std::vector<session::RunRow>& runs);  ///< newest first
    void onResumed(const std::shared_ptr<const session::ResumedRun>& run);
    void makeReplay();
    void makeExporter();
    void onReplayOpened();
    void onReplayClosed();
    void askForReport(const session::RunKey& run);
    void referTo(const sim::Evaluator& evaluator);
    void restoreWindow();
    void updateActions();
    void updateIcons();
    void updateCounters();
    void report(const base::Error& error);
    void onStatus(const session::ExperimentStatus& status);
    void onSamples(const std::vector<session::Sample>& samples);
    void takeLog();

    void openScenario();
    void openDocument(const QString& path);
    void saveScenario();
    void saveScenarioAs();
    void exportAll();
    void offerExport(TimeChart* chart, const QPoint& at);
    void offerExport(PlotView* plot, const QPoint& at);
    void askAndExport(std::vector<const TimeChart*> charts, const QString& suggestion, double widthMm);

    MainWindowParts m_parts;
    MainWindowOptions m_options;
    QUndoStack* m_undo;
    FaultMenu* m_faultMenu = nullptr;
    TitleRow* m_title = nullptr;
    TroubleStrip* m_troubles = nullptr;
    FirstSteps* m_guide = nullptr;
    QVBoxLayout* m_rail = nullptr;
    QButtonGroup* m_railButtons = nullptr;
    QStackedWidget* m_pages = nullptr;
    LivePage* m_live = nullptr;
    ScenarioDocument* m_document = nullptr;
    QueueModel* m_queue = nullptr;
    QueueRunner* m_runner = nullptr;
    QueueKeeper* m_keeper = nullptr;
    ExperimentPage* m_experiment = nullptr;
    ProfilePage* m_profile = nullptr;
    OptimizerPage* m_optimizer = nullptr;
    ComparePage* m_compare = nullptr;
    DevicesPage* m_devices = nullptr;
    FleetPage* m_fleet = nullptr;
    QWidget* m_log = nullptr;
    ReplaySource* m_replay = nullptr;
    ReplayBar* m_replayBar = nullptr;
    ResumeBar* m_resumeBar = nullptr;
    ReportWriter* m_reports = nullptr;
    ChartExporter* m_exporter = nullptr;
    TableMeasurer* m_tables = nullptr;
    ControlDock* m_controls = nullptr;
    QAction *m_start = nullptr, *m_pause = nullptr, *m_stop = nullptr, *m_faults = nullptr, *m_follow = nullptr,
            *m_open = nullptr, *m_save = nullptr, *m_export = nullptr, *m_theme = nullptr, *m_new = nullptr, *m_saveAs = nullptr;
    QTimer m_logTimer;
    session::Summary m_summary;
    session::Scenario m_running;
    std::optional<session::Scenario> m_tableOf;  ///< a new cost table was asked for, of this scenario
    session::Scenario m_controlsSeen;  ///< what the controls said when they were last asked
    bool m_controlsShowDocument = true;
    bool m_settingControls = false;
    std::optional<decision::RewardScale> m_referredTo;  ///< by the sliders
    std::uint64_t m_droppedBefore = 0;
    bool m_dark = false;
    bool m_lookedForInterrupted = false, m_startsUnlessInterrupted = false;
    Background<base::Result<session::RunList>> m_interrupted;  ///< looks for such a run
};

}  // namespace splitscope::ui
