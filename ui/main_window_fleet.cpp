// SPDX-License-Identifier: GPL-3.0-or-later
// Several devices at once: the scenario at the right on each of them.
#include "core/base/log.h"
#include "core/session/scenario_check.h"
#include "ui/bridge/experiment_bridge.h"
#include "ui/bridge/queue_runner.h"
#include "ui/bridge/table_measurer.h"
#include "ui/main_window.h"
#include "ui/models/scenario_document.h"
#include "ui/pages/compare_page.h"
#include "ui/pages/devices_page.h"
#include "ui/pages/fleet_page.h"
#include "ui/widgets/control_dock.h"
#include "ui/widgets/trouble_strip.h"

namespace splitscope::ui {

void MainWindow::makeFleet()
{
    m_fleet = new FleetPage;
    addPage(QStringLiteral("fleet"), tr("Fleet"), m_fleet);
}

void MainWindow::connectFleet()
{
    DeviceModel& known = m_devices->model();
    const auto list = [this, &known] { m_fleet->setKnown(known.entries()); };
    for (auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(&known, signal, m_fleet, list);
    connect(&known, &QAbstractItemModel::modelReset, m_fleet, list);
    list();
    connect(m_controls, &ControlDock::scenarioEdited, this, [this] { m_fleet->setScenario(m_controls->scenario()); });
    connect(m_document, &ScenarioDocument::changed, this, [this] { m_fleet->setScenario(m_document->scenario()); });
    connect(m_fleet, &FleetPage::troubleArose, this, &MainWindow::report);
    connect(m_fleet, &FleetPage::linksChanged, m_devices, &DevicesPage::followFleet);
    connect(m_fleet, &FleetPage::startRequested, this, &MainWindow::startFleet);
    connect(m_fleet, &FleetPage::activeChanged, this, [this] {
        m_runner->waitFor(m_fleet->active());
        m_compare->reload();
        updateActions();
        measureTable();
    });
}

void MainWindow::startFleet()
{
    if (m_parts.bridge.active() || m_fleet->active())
        return;
    takeFromControls();
    session::Scenario scenario = m_document->scenario();
    scenario.device = "loopback";  // each device's takes its place
    if (const auto problems = session::fieldProblems(scenario); !problems.empty())
        return report({base::ErrorCode::InvalidInput, problems.front().text, "scenario: " + problems.front().field});
    m_troubles->dismiss();
    m_tables->cancel();  // it would be disturbed, and disturb
    base::log(base::LogLevel::Info, "dashboard",
              "starting a fleet of " + std::to_string(m_fleet->model().chosen().size()) + " devices: " + scenario.model + " on "
                  + scenario.data + (m_options.outFolder.empty() ? "" : "; records in " + m_options.outFolder.string()));
    session::ExperimentOptions options;
    options.outFolder = m_options.outFolder;
    options.daemonProgram = m_options.daemonProgram;
    m_fleet->start(scenario, options);
}

}  // namespace splitscope::ui
