// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/tools/screenshots.h"

#include "ui/main_window.h"
#include "ui/pages/compare_page.h"
#include "ui/pages/fleet_page.h"
#include "ui/widgets/first_steps.h"

#include <QAction>
#include <QDir>
#include <QPixmap>
#include <QPushButton>
#include <QSpinBox>
#include <QTimer>

namespace splitscope::ui {

namespace {

constexpr int kRuns = 6;  ///< that are compared
constexpr int kReadMs = 1500;  ///< records are read by then
constexpr int kSettleMs = 250;  // a theme change is painted by then
constexpr std::size_t kFleetLooks = 24;  ///< until its charts show something
constexpr int kFleetMs = 40'000;  ///< at most

}  // namespace

Screenshots::Screenshots(MainWindow& window, QString folder, QObject* parent)
    : QObject(parent), m_window(window), m_folder(std::move(folder))
{
}

void Screenshots::begin()
{
    m_ok = QDir().mkpath(m_folder);
    m_window.guide().hide();  // it is there once, the pages always
    for (int page = 0; page < m_window.pageCount(); ++page)
        if (m_window.pageName(page) == QLatin1String("compare"))
            m_window.showPage(page);  // now it lists the runs
    QTimer::singleShot(kReadMs, this, [this] {
        m_window.comparePage().checkNewest(kRuns);
        QTimer::singleShot(kReadMs, this, &Screenshots::prepare);
    });
}

void Screenshots::prepare()
{
    if (m_step == 2 * m_window.pageCount()) {
        Q_EMIT finished(m_files, m_ok);
        return;
    }
    const bool ofFleet = m_step / 2 == m_window.pageOf(m_window.fleetPage());
    if (ofFleet && !m_fleet.isValid() && m_window.pauseAction()->isEnabled()) {
        m_fleet.start();
        m_window.stopExperiment();
        FleetModel& devices = m_window.fleetPage().model();
        m_window.fleetPage().emulated()->setValue(2);
        devices.setData(devices.index(1, FleetModel::StrategyColumn), QStringLiteral("greedy"), Qt::EditRole);
        return awaitFleet();
    }
    if (!ofFleet)
        m_window.fleetPage().stop();
    m_window.setDark(m_step % 2 == 1);
    m_window.showPage(m_step / 2);
    QTimer::singleShot(kSettleMs, this, &Screenshots::take);
}

/// Begins it once the experiment has ended, and waits until there is something to be seen.
void Screenshots::awaitFleet()
{
    FleetPage& fleet = m_window.fleetPage();
    fleet.startButton()->click();  // nothing while it cannot be pressed
    if (fleet.history().looks().size() >= kFleetLooks || m_fleet.hasExpired(kFleetMs))
        prepare();
    else
        QTimer::singleShot(kSettleMs, this, &Screenshots::awaitFleet);
}

void Screenshots::take()
{
    const QString name = QStringLiteral("%1-%2.png")
                             .arg(m_window.pageName(m_step / 2), m_step % 2 ? QStringLiteral("dark") : QStringLiteral("light"));
    const QString path = QDir(m_folder).filePath(name);
    m_ok = m_window.grab().save(path) && m_ok;
    m_files << path;
    ++m_step;
    prepare();
}

}  // namespace splitscope::ui
