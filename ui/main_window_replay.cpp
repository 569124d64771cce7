// SPDX-License-Identifier: GPL-3.0-or-later
// A recorded run in the live page, and its report.
#include "core/base/log.h"
#include "ui/bridge/experiment_bridge.h"
#include "ui/bridge/replay_source.h"
#include "ui/bridge/report_writer.h"
#include "ui/main_window.h"
#include "ui/pages/compare_page.h"
#include "ui/pages/live_page.h"
#include "ui/widgets/control_dock.h"
#include "ui/widgets/file_dialog.h"
#include "ui/widgets/replay_bar.h"
#include "ui/widgets/title_row.h"
#include "ui/widgets/trouble_strip.h"

#include <QAction>

namespace splitscope::ui {

void MainWindow::makeReplay()
{
    m_replay = new ReplaySource(this);
    m_replayBar = new ReplayBar(*m_replay);
    m_reports = new ReportWriter(this);
    auto* replay = new QAction(tr("Replay"), this);
    replay->setToolTip(tr("Show this run on the Live page again, at any speed"));
    auto* report = new QAction(tr("Report…"), this);
    report->setToolTip(tr("Write this run as one HTML file: charts, tables, scenario, environment"));
    m_compare->addRunAction(replay);
    m_compare->addRunAction(report);
    connect(replay, &QAction::triggered, this, [this] {
        if (const auto* row = m_compare->currentRun())
            openReplay(row->key);
    });
    connect(report, &QAction::triggered, this, [this] {
        if (const auto* row = m_compare->currentRun())
            askForReport(row->key);
    });
    connect(m_replayBar, &ReplayBar::reportRequested, this, [this] { askForReport(m_replay->row().key); });
    connect(m_replay, &ReplaySource::opened, this, &MainWindow::onReplayOpened);
    connect(m_replay, &ReplaySource::failed, this, &MainWindow::report);
    connect(m_replay, &ReplaySource::samplesArrived, this, &MainWindow::onSamples);
    connect(m_replay, &ReplaySource::restarted, this, [this] {
        m_live->clear();
        m_summary = {};
    });
    connect(m_replay, &ReplaySource::playingChanged, this, &MainWindow::updateActions);
    connect(m_replay, &ReplaySource::closed, this, &MainWindow::onReplayClosed);
    connect(m_reports, &ReportWriter::progressed, m_replayBar, &ReplayBar::setReportProgress);
    connect(m_reports, &ReportWriter::failed, this, &MainWindow::report);
    connect(m_reports, &ReportWriter::written, this,
            [](const QString& html) { base::log(base::LogLevel::Info, "dashboard", "report written to " + html.toStdString()); });
}

void MainWindow::openReplay(const session::RunKey& run)
{
    if (m_parts.bridge.active()) {
        report(
            {base::ErrorCode::Busy, "an experiment is under way; stop it, then replay a run", "run " + std::to_string(run.run)});
        return;
    }
    m_troubles->dismiss();
    m_replay->open(run);
    updateActions();
}

void MainWindow::onReplayOpened()
{
    m_live->clear();
    m_summary = {};
    m_droppedBefore = m_parts.bridge.dropped();
    const auto& row = m_replay->row();
    m_running = {};
    m_running.frames = row.framesWanted;
    // A scenario of another version may not be understood any more; its samples still are.
    if (auto scenario = session::parseScenario(row.scenarioJson, "run " + std::to_string(row.key.run)); scenario) {
        m_running = *std::move(scenario);
        if (m_running.deadlineMs <= 0 && m_running.objective.deadlineMs < decision::kNoLimit)
            m_running.deadlineMs = m_running.objective.deadlineMs;
        m_title->setScenario(m_running);
        m_live->setDeadline(m_running.deadlineMs);
        m_live->setEnergyLimit(m_running.objective.energyLimitJoules);
    }
    if (const auto spec = model::loadNetworkSpec(row.model); spec)
        m_live->setNetwork(*spec);
    else
        report(spec.error());
    showPage(pageOf(*m_live));
    updateCounters();
    updateActions();
}

/// The live page is again of what the controls show.
void MainWindow::onReplayClosed()
{
    m_live->clear();
    m_summary = {};
    const session::Scenario scenario = m_controls->scenario();
    m_running = scenario;
    m_title->setScenario(scenario);
    if (const auto spec = model::loadNetworkSpec(scenario.model); spec)
        m_live->setNetwork(*spec);
    m_live->setDeadline(scenario.objective.deadlineMs);
    m_live->setEnergyLimit(scenario.objective.energyLimitJoules);
    updateCounters();
    updateActions();
}

void MainWindow::askForReport(const session::RunKey& run)
{
    auto* dialog = makeFileDialog(this, tr("Write report"), QFileDialog::AcceptSave, QStringLiteral("html"));
    dialog->setNameFilter(tr("Reports (*.html)"));
    dialog->selectFile(QStringLiteral("run-%1.html").arg(run.run));
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, run](const QString& path) { m_reports->write(run, path.toStdString()); });
    dialog->show();
}

}  // namespace splitscope::ui
