// SPDX-License-Identifier: GPL-3.0-or-later
// How devices are chosen for experiments, and what experiments tell of them.
#include "ui/bridge/experiment_bridge.h"
#include "ui/main_window.h"
#include "ui/models/scenario_document.h"
#include "ui/pages/devices_page.h"
#include "ui/pages/profile_page.h"
#include "ui/widgets/control_dock.h"

namespace splitscope::ui {

void MainWindow::makeDevices()
{
    m_devices = new DevicesPage;
    m_devices->setDaemonProgram(m_options.daemonProgram);
    addPage(QStringLiteral("devices"), tr("Devices"), m_devices);
}

void MainWindow::connectDevices()
{
    connect(m_devices, &DevicesPage::troubleArose, this, &MainWindow::report);
    connect(m_devices, &DevicesPage::deviceChosen, this, [this](const QString& address) {
        takeFromControls();
        session::Scenario scenario = m_document->scenario();
        scenario.device = address.toStdString();
        scenario.deviceKey.clear();  // it is looked up among the known devices
        m_document->edit(scenario);
        returnControls();
        m_devices->setChosen(scenario.device);
    });
    connect(m_document, &ScenarioDocument::changed, this, [this] { m_devices->setChosen(m_document->scenario().device); });
    connect(m_devices, &DevicesPage::profileShown, this, [this](const QString& file) {
        static_cast<void>(m_profile->open(file));  // what is wrong with it, it tells by troubleArose()
        showPage(pageOf(*m_profile));
    });
    connect(&m_parts.bridge, &ExperimentBridge::statusChanged, this, [this](const session::ExperimentStatus& status) {
        m_devices->followExperiment(m_parts.bridge.active() ? m_running.device : std::string(), status);
    });
    connect(&m_parts.bridge, &ExperimentBridge::ended, this, [this] { m_devices->followExperiment({}, {}); });
    m_devices->load(session::knownDevicesPath());
}

}  // namespace splitscope::ui
