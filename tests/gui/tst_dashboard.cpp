// SPDX-License-Identifier: GPL-3.0-or-later
// The whole window with a real experiment on this machine.
#include "tests/core/sim/small_table.h"
#include "tests/gui/synthetic_run.h"
#include "tests/gui/window_fixture.h"
#include "ui/pages/live_page.h"
#include "ui/widgets/control_dock.h"
#include "ui/widgets/decision_controls.h"
#include "ui/widgets/link_controls.h"
#include "ui/widgets/reward_controls.h"
#include "ui/widgets/slider_field.h"
#include "ui/widgets/title_row.h"
#include "ui/widgets/trouble_strip.h"

#include <QAction>
#include <QComboBox>
#include <QDialog>
#include <QMenu>
#include <QStandardItemModel>
#include <QtTest>

using namespace splitscope;
using namespace splitscope::ui;

namespace {

constexpr int kPatienceMs = 60'000;

session::Scenario quickScenario()
{
    session::Scenario scenario = session::Scenario::demonstration();
    scenario.frames = 1'000'000;
    scenario.minIntervalMs = 5;
    scenario.slowdown = 1;
    scenario.strategy = "fixed";
    scenario.decision = {1, 3, {codec::CodingKind::Quantized, 8}};
    scenario.bandwidth = "4MB/s";
    scenario.shaping.delayMs = 0;
    return scenario;
}

struct Fixture : WindowFixture {
    explicit Fixture(const session::Scenario& scenario = quickScenario()) : WindowFixture(scenario) {}
};

}  // namespace

class TestDashboard : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void samplesOfARealExperimentReachTheCharts();
    void pauseHaltsAndResumes();
    void theRateSliderShapesTheLink();
    void aFaultIsInjectedAndTold();
    void aRewardSliderChangesTheDecisions();
    void strategiesThatLackSomethingSayWhat();
    void stopThenStartAgainClearsTheCharts();
    void closingWhileBusyIsQuick();
    void closingTwiceIsHarmless();
    void closingDuringStartIsQuick();
    void invalidScenarioIsExplainedInTheStrip();
    void keysReachTheirActions();
    void geometryIsRemembered();
};

void TestDashboard::initTestCase()
{
    useSettingsOfTest("dashboard");
    QVERIFY2(QFile::exists(QStringLiteral(SPLITSCOPE_BIN "/splitscoped")), "the daemon is built with the tests");
}

void TestDashboard::samplesOfARealExperimentReachTheCharts()
{
    Fixture f;
    f.window.startExperiment();
    QTRY_VERIFY_WITH_TIMEOUT(f.store.size() > 20, kPatienceMs);
    QVERIFY(f.window.titleRow().statusText().contains(QLatin1String("connected")));
    QCOMPARE(f.store.value(Column::Partition, 0), 3.0F);
    QVERIFY(f.store.value(Column::Total, 0) > 0);
    QVERIFY(f.store.value(Column::PayloadBytes, 0) > 0);
    f.window.stopExperiment();
    QTRY_VERIFY_WITH_TIMEOUT(!f.bridge.active(), kPatienceMs);
    QVERIFY(QFile::exists(f.folder.filePath(QStringLiteral("records.sqlite"))));
}

void TestDashboard::pauseHaltsAndResumes()
{
    Fixture f;
    f.window.startExperiment();
    QTRY_VERIFY_WITH_TIMEOUT(f.store.size() > 5, kPatienceMs);
    QTest::keyClick(&f.window, Qt::Key_Space);
    QTRY_VERIFY_WITH_TIMEOUT(f.bridge.status().phase == session::Phase::Paused, kPatienceMs);
    QVERIFY(f.window.pauseAction()->isChecked());
    // Requests in flight still finish; then nothing comes for five drains.
    std::size_t before = 0;
    QTRY_VERIFY_WITH_TIMEOUT(([&] {
                                 const bool still = f.store.size() == before;
                                 before = f.store.size();
                                 return still;
                             }()),
                             kPatienceMs);
    QTest::keyClick(&f.window, Qt::Key_Space);
    QTRY_VERIFY_WITH_TIMEOUT(f.store.size() > before + 5, kPatienceMs);
}

void TestDashboard::theRateSliderShapesTheLink()
{
    Fixture f;
    f.window.startExperiment();
    QTRY_VERIFY_WITH_TIMEOUT(f.store.size() > 5, kPatienceMs);
    f.window.controls().link()->rate()->changeValue(1e6);
    QTRY_VERIFY_WITH_TIMEOUT(f.store.value(Column::SetRate, f.store.size() - 1) == 1e6F, kPatienceMs);
}

void TestDashboard::aFaultIsInjectedAndTold()
{
    Fixture f;
    QAction* faults = f.window.faultAction();
    QVERIFY(!faults->isEnabled());
    for (const QAction* fault : faults->menu()->actions())
        QVERIFY(fault->toolTip().size() > fault->text().size());
    f.window.startExperiment();
    QTRY_VERIFY_WITH_TIMEOUT(f.store.size() > 5 && faults->isEnabled(), kPatienceMs);
    auto* stall = faults->menu()->findChild<QAction*>(QStringLiteral("stall"));
    QVERIFY(stall);
    stall->trigger();
    const auto told = [&] {
        for (int row = 0; row < f.log.rowCount(); ++row)
            if (f.log.index(row, LogModel::ComponentColumn).data().toString() == QLatin1String("fault"))
                return true;
        return false;
    };
    QTRY_VERIFY_WITH_TIMEOUT(told(), kPatienceMs);
    const auto before = f.store.size();
    QTRY_VERIFY_WITH_TIMEOUT(f.store.size() > before + 50, kPatienceMs);  // and goes on
    f.window.stopExperiment();
    QTRY_VERIFY_WITH_TIMEOUT(!f.bridge.active(), kPatienceMs);
    QVERIFY(!faults->isEnabled());
}

void TestDashboard::aRewardSliderChangesTheDecisions()
{
    const QTemporaryDir folder;
    const std::string table = folder.filePath(QStringLiteral("table.json")).toStdString();
    QVERIFY(sim::smallTable("alexnet3").save(table).ok());
    session::Scenario scenario = quickScenario();
    scenario.model = "alexnet3";
    scenario.strategy = "optimum";
    scenario.costTable = table;
    scenario.objective.sensitivity = 100;
    scenario.objective.scale = 0.05;  // speed alone
    Fixture f(scenario);
    f.window.startExperiment();
    QTRY_VERIFY_WITH_TIMEOUT(f.store.size() > 10, kPatienceMs);
    const auto latest = [&](Column column) { return f.store.value(column, f.store.size() - 1); };
    QVERIFY(!std::isnan(latest(Column::Regret)));
    QVERIFY(latest(Column::Exit) < 3);
    // Only the last exit is as accurate: by enumeration it is right at every rate.
    f.window.controls().reward()->accuracyFloor()->changeValue(0.865);
    QTRY_VERIFY_WITH_TIMEOUT(f.bridge.evaluator() && f.bridge.evaluator()->objective().accuracyFloor == 0.865, kPatienceMs);
    for (const double rate : {1e4, 1e6, 1e8}) {
        profile::Conditions conditions;
        conditions.bytesPerSecond = rate;
        QCOMPARE(f.bridge.evaluator()->decisionOf(f.bridge.evaluator()->best(conditions)).exit, 3);
    }
    QTRY_COMPARE_WITH_TIMEOUT(latest(Column::Exit), 3.0F, kPatienceMs);
}

void TestDashboard::strategiesThatLackSomethingSayWhat()
{
    session::Scenario scenario = quickScenario();
    scenario.costTable = "/nowhere/table.json";
    Fixture f(scenario);
    auto* box = f.window.controls().decision()->strategies();
    const auto* items = qobject_cast<QStandardItemModel*>(box->model());
    const auto* optimum = items->item(box->findText(QStringLiteral("optimum")));
    QVERIFY(!optimum->isEnabled());
    QVERIFY(optimum->toolTip().contains(QLatin1String("cost table")));
    QVERIFY(items->item(box->findText(QStringLiteral("on-edge")))->isEnabled());
    const QTemporaryDir folder;
    scenario.costTable = folder.filePath(QStringLiteral("table.json")).toStdString();
    QVERIFY(sim::smallTable("alexnet3").save(scenario.costTable).ok());
    f.window.setScenario(scenario);
    QVERIFY(optimum->isEnabled());
    const auto* learned = items->item(box->findText(QStringLiteral("sacd-paper")));
    QVERIFY(learned->isEnabled() || learned->toolTip().contains(QLatin1String("policy")));
}

void TestDashboard::stopThenStartAgainClearsTheCharts()
{
    Fixture f;
    f.window.startExperiment();
    QTRY_VERIFY_WITH_TIMEOUT(f.store.size() > 30, kPatienceMs);
    f.window.stopExperiment();
    QTRY_VERIFY_WITH_TIMEOUT(!f.bridge.active(), kPatienceMs);
    f.window.startExperiment();
    QCOMPARE(f.store.size(), std::size_t(0));
    QTRY_VERIFY_WITH_TIMEOUT(f.store.size() > 5, kPatienceMs);
    QVERIFY(f.store.value(Column::Frame, 0) < 5);
}

void TestDashboard::closingWhileBusyIsQuick()
{
    Fixture f;
    f.window.startExperiment();
    QTRY_VERIFY_WITH_TIMEOUT(f.store.size() > 20, kPatienceMs);
    QElapsedTimer watch;
    watch.start();
    QVERIFY(f.window.close());
    QVERIFY2(watch.elapsed() < 3000, qPrintable(QString::number(watch.elapsed())));
    QVERIFY(!f.bridge.active());
}

void TestDashboard::closingTwiceIsHarmless()
{
    Fixture f;
    f.window.startExperiment();
    QTRY_VERIFY_WITH_TIMEOUT(f.store.size() > 5, kPatienceMs);
    QVERIFY(f.window.close());
    QVERIFY(f.window.close());
    f.bridge.shutdown();
}

void TestDashboard::closingDuringStartIsQuick()
{
    Fixture f;
    f.window.startExperiment();
    f.window.close();
    QVERIFY(!f.bridge.active());
}

void TestDashboard::invalidScenarioIsExplainedInTheStrip()
{
    session::Scenario scenario = quickScenario();
    scenario.device = "telnet://x";
    Fixture f(scenario);
    f.window.startExperiment();
    QVERIFY(!f.bridge.active());
    QVERIFY2(f.window.troubles().text().contains(QLatin1String("device")), qPrintable(f.window.troubles().text()));
    QTRY_VERIFY(f.log.rowCount() > 0);
}

void TestDashboard::keysReachTheirActions()
{
    Fixture f;
    fillStore(f.store, 100);
    QVERIFY(QTest::qWaitForWindowExposed(&f.window));
    f.window.activateWindow();
    f.window.livePage().timeView().zoomTo({1, 2});
    QVERIFY(!f.window.livePage().timeView().following());
    QTest::keyClick(&f.window, Qt::Key_F);
    QVERIFY(f.window.livePage().timeView().following());
    QVERIFY(f.window.livePage().isVisible());
    QTest::keyClick(&f.window, Qt::Key_2);
    QVERIFY(!f.window.livePage().isVisible());
    QTest::keyClick(&f.window, Qt::Key_1);
    QVERIFY(f.window.livePage().isVisible());
    for (const auto& [key, title] :
         {std::pair{Qt::Key_E, "Export"}, std::pair{Qt::Key_S, "Save"}, std::pair{Qt::Key_O, "Open"}}) {
        QTest::keyClick(&f.window, key, Qt::ControlModifier);
        auto* dialog = f.window.findChild<QDialog*>();
        QVERIFY(dialog);
        QVERIFY(dialog->windowTitle().startsWith(QLatin1String(title)));
        QVERIFY(!dialog->isModal());
        delete dialog;
    }
}

void TestDashboard::geometryIsRemembered()
{
    {
        Fixture f;
        f.window.resize(1111, 733);
        f.window.close();
    }
    Fixture f;
    QCOMPARE(f.window.size(), QSize(1111, 733));
}

QTEST_MAIN(TestDashboard)
#include "tst_dashboard.moc"
