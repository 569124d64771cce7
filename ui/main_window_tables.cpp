// SPDX-License-Identifier: GPL-3.0-or-later
// The cost table while an experiment runs: how well it foretells, whether it is corrected, and a new one.
#include "core/base/date.h"
#include "core/base/log.h"
#include "ui/bridge/experiment_bridge.h"
#include "ui/bridge/queue_runner.h"
#include "ui/bridge/table_measurer.h"
#include "ui/main_window.h"
#include "ui/models/scenario_document.h"
#include "ui/pages/fleet_page.h"
#include "ui/pages/live_page.h"
#include "ui/widgets/prediction_strip.h"

#include <QStandardPaths>

#include <algorithm>

namespace splitscope::ui {

namespace {

/// "alexnet3-patterns-2026-11-22T09_20_11Z.costs.json.zst" in the user's data folder.
std::filesystem::path newTableFile(const session::Scenario& scenario)
{
    auto name = scenario.model + "-" + scenario.data + "-" + base::utcNow() + ".costs.json.zst";
    std::replace_if(
        name.begin(), name.end(), [](char c) { return c == '/' || c == ':'; }, '_');
    const auto folder = QStandardPaths::writableLocation(QStandardPaths::AppDataLocation).toStdString();
    return std::filesystem::path(folder) / "tables" / name;
}

}  // namespace

void MainWindow::connectTables()
{
    m_tables = new TableMeasurer(this);
    auto& strip = m_live->predictionStrip();
    auto& bridge = m_parts.bridge;
    connect(&bridge, &ExperimentBridge::statusChanged, &strip,
            [&strip](const session::ExperimentStatus& status) { strip.showPrediction(status.prediction); });
    connect(&strip, &PredictionStrip::correctionChosen, this, [this](bool corrects) {
        m_parts.bridge.setTableCorrection(corrects);
        takeFromControls();
        session::Scenario scenario = m_document->scenario();
        scenario.correctTable = corrects;
        m_document->edit(scenario);
        returnControls();
    });
    connect(&strip, &PredictionStrip::measureRequested, this, [this, &strip] {
        m_tableOf = m_running;
        if (!m_parts.bridge.active() && !m_fleet->active())
            return measureTable();
        strip.showMeasuring(tr("when this run has ended"), 0, 1);
    });
    connect(&strip, &PredictionStrip::cancelRequested, this, [this, &strip] {
        if (m_tables->active())
            return m_tables->cancel();
        m_tableOf.reset();
        strip.endMeasuring();
    });
    connect(&bridge, &ExperimentBridge::ended, this, &MainWindow::measureTable);
    connect(m_runner, &QueueRunner::finished, this, &MainWindow::measureTable);
    connect(m_tables, &TableMeasurer::progressed, &strip, [&strip](const profile::ProfilerProgress& progress) {
        strip.showMeasuring(tr("%p %, about %n s left", nullptr, static_cast<int>(progress.secondsLeft + 0.5)),
                            static_cast<int>(progress.done), static_cast<int>(progress.total));
    });
    connect(m_tables, &TableMeasurer::finished, this, &MainWindow::takeTable);
}

/// What was asked for, once no experiment runs: they would take each other's time.
void MainWindow::measureTable()
{
    if (!m_tableOf || m_tables->active() || m_parts.bridge.active() || m_fleet->active()
        || (m_runner->active() && !m_runner->paused()))
        return;
    session::TableMeasurementOptions options;
    options.scenario = *m_tableOf;
    options.experiment.daemonProgram = m_options.daemonProgram;
    options.run.batches = {1};
    if (m_tableOf->batch > 1)
        options.run.batches.push_back(m_tableOf->batch);
    m_live->predictionStrip().showMeasuring(tr("beginning"), 0, 1);
    m_tables->start(options, newTableFile(*m_tableOf));
}

void MainWindow::takeTable(const base::Result<std::filesystem::path>& file)
{
    m_tableOf.reset();
    m_live->predictionStrip().endMeasuring();
    if (!file) {
        if (file.error().code != base::ErrorCode::Cancelled)
            report(file.error());
        return;
    }
    takeFromControls();
    session::Scenario scenario = m_document->scenario();
    scenario.costTable = file->string();
    scenario.scale.reset();  // of the table before
    m_document->edit(scenario);
    returnControls();
    base::log(base::LogLevel::Info, "cost table", "measured anew: " + file->string() + "; the scenario names it now");
}

}  // namespace splitscope::ui
