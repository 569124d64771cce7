// SPDX-License-Identifier: GPL-3.0-or-later
// An experiment that was interrupted: offered when the window opens, and gone on with.
#include "core/base/log.h"
#include "ui/bridge/experiment_bridge.h"
#include "ui/main_window.h"
#include "ui/models/queue_model.h"
#include "ui/pages/compare_page.h"
#include "ui/pages/fleet_page.h"
#include "ui/pages/live_page.h"
#include "ui/widgets/resume_bar.h"
#include "ui/widgets/title_row.h"

#include <QAction>
#include <QSettings>

#include <algorithm>

namespace splitscope::ui {

namespace {

const auto kDismissed = QStringLiteral("dismissedRun");

bool isQueued(const session::ExperimentQueue& queue, const session::RunKey& key)
{
    return std::any_of(queue.experiments().begin(), queue.experiments().end(), [&](const auto& experiment) {
        return std::any_of(experiment.runs.begin(), experiment.runs.end(), [&](const auto& run) { return run.record == key; });
    });
}

}  // namespace

void MainWindow::makeResume()
{
    m_resumeBar = new ResumeBar;
    auto* resume = new QAction(tr("Resume"), this);
    resume->setToolTip(tr("Go on with this run, which was interrupted, where it stood"));
    m_compare->addRunAction(resume);
    connect(resume, &QAction::triggered, this, [this] {
        if (const auto* row = m_compare->currentRun())
            resumeRun(row->key);
    });
    connect(m_resumeBar, &ResumeBar::resumeRequested, this, [this] { resumeRun(m_resumeBar->run().key); });
    connect(m_resumeBar, &ResumeBar::dismissed, this,
            [this] { QSettings().setValue(kDismissed, static_cast<qulonglong>(m_resumeBar->run().key.run)); });
    connect(&m_parts.bridge, &ExperimentBridge::started, m_resumeBar, &QWidget::hide);
    connect(&m_parts.bridge, &ExperimentBridge::resumed, this, &MainWindow::onResumed);
    connect(&m_parts.bridge, &ExperimentBridge::recordedArrived, m_live, &LivePage::addSamples);
}

/// The last session's run, if it was interrupted: others, older ones, are found on the Compare page.
void MainWindow::lookForInterrupted()
{
    const auto library = m_options.library.empty() ? m_options.outFolder : m_options.library;
    if (library.empty())
        return offerInterrupted({});
    m_interrupted.start([library](const std::stop_token& stop) { return session::listRuns(library, stop); },
                        [this](const base::Result<session::RunList>& list) {
                            offerInterrupted(list ? list->runs : std::vector<session::RunRow>());
                        });
}

void MainWindow::offerInterrupted(const std::vector<session::RunRow>& runs)
{
    m_lookedForInterrupted = true;
    if (m_parts.bridge.active())
        return;
    const auto isOffered = [this](const session::RunRow& last) {
        const bool dismissed = QSettings().value(kDismissed).toULongLong() == last.key.run;
        return last.ending == session::RunEnding::Interrupted && !dismissed && !isQueued(m_queue->queue(), last.key);
    };
    if (!runs.empty() && isOffered(runs.front()))
        m_resumeBar->offer(runs.front());
    else if (m_startsUnlessInterrupted)
        startExperiment();
}

void MainWindow::startUnlessInterrupted()
{
    m_startsUnlessInterrupted = true;
    if (m_lookedForInterrupted && m_resumeBar->isHidden())
        startExperiment();
}

void MainWindow::resumeRun(const session::RunKey& key)
{
    const auto where = "run " + std::to_string(key.run);
    if (m_parts.bridge.active() || m_fleet->active())
        return report({base::ErrorCode::Busy, "something else is under way; stop it, then resume this run", where});
    const auto row = session::findRun(key);
    if (!row)
        return report(row.error());
    const auto scenario = session::parseScenario(row->scenarioJson, where);
    if (!scenario)
        return report(scenario.error());
    m_controlsShowDocument = false;
    showInControls(*scenario);
    begin(*scenario, QString::fromStdString(row->scenarioName), key);
    showPage(pageOf(*m_live));
}

/// What it had come to is known now.
void MainWindow::onResumed(const std::shared_ptr<const session::ResumedRun>& run)
{
    base::log(base::LogLevel::Info, "dashboard", "resuming run " + std::to_string(run->row.key.run));
    m_summary = run->summary;
    m_running = run->settings.inForce;
    showInControls(m_running);
    updateCounters();
}

}  // namespace splitscope::ui
