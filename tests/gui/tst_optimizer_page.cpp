// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/sim/small_table.h"
#include "ui/charts/plot_drawing.h"
#include "ui/charts/plot_view.h"
#include "ui/models/action_model.h"
#include "ui/pages/optimizer_page.h"
#include "ui/widgets/policy_inspector.h"
#include "ui/widgets/problem_controls.h"
#include "ui/widgets/training_grid.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QtTest>

#include <cmath>

using namespace splitscope;
using namespace splitscope::ui;

namespace {

constexpr int kPatienceMs = 120'000;
constexpr int kFewUpdates = 150;

/// A page with a small table opened from a file.
struct Fixture {
    QTemporaryDir folder;
    OptimizerPage page;

    Fixture()
    {
        page.resize(1100, 700);
        page.show();
    }
    QString table()
    {
        const QString file = folder.filePath(QStringLiteral("table.json"));
        static const profile::CostTable kTable = sim::smallTable("alexnet3");
        return kTable.save(file.toStdString()).ok() ? file : QString();
    }
    bool openTable()
    {
        page.open(table());
        return isReady();
    }
    bool isReady()
    {
        return QTest::qWaitFor([&] { return !page.busy() && page.evaluator() && !page.map().empty(); }, kPatienceMs);
    }
    bool train(const QString& algorithm, int updates = kFewUpdates)
    {
        page.algorithms()->setCurrentText(algorithm);
        page.updates()->setValue(updates);
        page.train();
        return QTest::qWaitFor([&] { return !page.busy(); }, kPatienceMs) && page.policy();
    }
};

}  // namespace

class TestOptimizerPage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QStandardPaths::setTestModeEnabled(true); }
    void withoutATableThePageSaysWhatToDo();
    void theMapIsTheExactOptimum();
    void slidersRedrawTheMap();
    void slidersThatAllowNothingAreExplained();
    void trainingFillsTheCurvesAndTheMap_data();
    void trainingFillsTheCurvesAndTheMap();
    void fineTuningGoesOnFromThePolicyShown();
    void cancellingKeepsTheEarlierPolicy();
    void closingWhileTrainingIsHarmless();
    void policiesAreSavedOpenedAndUsed();
    void aPolicyOfAnotherBatchIsNotShown();
    void theInspectorTellsTheBandwidthUnderThePointer();
    void actionModelKeepsTheModelRules();
    void chartsAreExported();
    void brokenFilesAreRefused();
};

void TestOptimizerPage::withoutATableThePageSaysWhatToDo()
{
    Fixture f;
    session::Scenario scenario;
    scenario.costTable = f.folder.filePath(QStringLiteral("nothing.json")).toStdString();
    f.page.setScenario(scenario);
    QTRY_VERIFY_WITH_TIMEOUT(!f.page.busy(), kPatienceMs);
    QVERIFY(!f.page.mapView()->plot().emptyText.isEmpty());
    QVERIFY(!f.page.trainButton()->isEnabled());
    QVERIFY(!f.page.useButton()->isEnabled());
    f.page.train();
    QVERIFY(!f.page.busy());
    QVERIFY(!f.page.startExport(f.folder.path(), {QStringLiteral("svg")}).ok());
}

void TestOptimizerPage::theMapIsTheExactOptimum()
{
    Fixture f;
    QVERIFY(f.openTable());
    const auto& evaluator = *f.page.evaluator();
    for (const auto& point : f.page.map()) {
        profile::Conditions conditions;
        conditions.bytesPerSecond = point.bytesPerSecond;
        conditions.intervalMs = 0;  // of a table alone: one request after the other
        conditions.rttMs = evaluator.table().link().rttMs;
        QCOMPARE(point.optimum, evaluator.best(conditions));
        QVERIFY(!point.chosen);
    }
    const auto& lines = f.page.mapView()->plot().lines;
    QCOMPARE(lines.size(), std::size_t(3));
    QCOMPARE(lines[0].points.back().y(), double(evaluator.decisionOf(f.page.map().back().optimum).exit));
}

void TestOptimizerPage::slidersRedrawTheMap()
{
    Fixture f;
    QVERIFY(f.openTable());
    const auto optima = [&] {
        std::vector<std::size_t> rows;
        for (const auto& point : f.page.map())
            rows.push_back(point.optimum);
        return rows;
    };
    const auto before = optima();
    decision::Objective fast;
    fast.sensitivity = 100;
    fast.scale = 0.05;
    // A drag: many changes, the last one counts.
    for (int i = 0; i < 20; ++i) {
        fast.sensitivity = 100 - i;
        f.page.setObjective(fast);
    }
    QVERIFY(f.isReady());
    QVERIFY(optima() != before);
    QCOMPARE(f.page.evaluator()->objective(), fast);
    for (const auto& point : f.page.map()) {
        profile::Conditions conditions;
        conditions.bytesPerSecond = point.bytesPerSecond;
        conditions.intervalMs = 0;  // of a table alone: one request after the other
        conditions.rttMs = f.page.evaluator()->table().link().rttMs;
        QCOMPARE(point.optimum, f.page.evaluator()->best(conditions));
    }
}

void TestOptimizerPage::slidersThatAllowNothingAreExplained()
{
    Fixture f;
    QVERIFY(f.openTable());
    decision::Objective impossible;
    impossible.accuracyFloor = 0.99;
    f.page.setObjective(impossible);
    QVERIFY(f.page.map().empty());
    QVERIFY(f.page.mapView()->plot().emptyText.contains(QLatin1String("allow no decision")));
    QVERIFY(!f.page.trainButton()->isEnabled());
    f.page.setObjective({});
    QVERIFY(f.isReady());
}

void TestOptimizerPage::trainingFillsTheCurvesAndTheMap_data()
{
    QTest::addColumn<QString>("algorithm");
    QTest::addColumn<bool>("hasAlpha");
    QTest::newRow("sacd") << "sacd" << true;
    QTest::newRow("dqn") << "dqn" << false;
    QTest::newRow("supervised") << "supervised" << false;
}

void TestOptimizerPage::trainingFillsTheCurvesAndTheMap()
{
    QFETCH(QString, algorithm);
    QFETCH(bool, hasAlpha);
    Fixture f;
    QVERIFY(f.openTable());
    QVERIFY(f.train(algorithm));
    QCOMPARE(QString::fromStdString(f.page.policy()->algorithm), algorithm);
    QVERIFY(f.page.history().size() >= 3);
    QCOMPARE(f.page.history().back().updates, std::uint64_t(kFewUpdates));
    for (const PlotView* plot : f.page.curves()->plots()) {
        const bool alpha
            = plot->plot().key == QLatin1String("policy-alpha") || plot->plot().key == QLatin1String("policy-entropy");
        if (alpha)
            QCOMPARE(plot->plot().empty(), !hasAlpha);
    }
    QVERIFY(!f.page.curves()->plots()[0]->plot().empty());
    QVERIFY(!f.page.curves()->plots()[1]->plot().empty());
    QVERIFY(std::ranges::all_of(f.page.map(), [](const auto& point) { return point.chosen.has_value(); }));
    const auto gap = mapGap(f.page.map());
    QVERIFY(gap && *gap >= 0 && *gap < 1);
    QCOMPARE(f.page.mapView()->plot().lines.size(), std::size_t(6));
    QVERIFY(f.page.useButton()->isEnabled());
}

void TestOptimizerPage::fineTuningGoesOnFromThePolicyShown()
{
    Fixture f;
    QVERIFY(f.openTable());
    QVERIFY(!f.page.fineTuneButton()->isEnabled());  // there is none yet
    QVERIFY(f.train(QStringLiteral("supervised")));
    const auto earlier = f.page.policy();
    f.page.algorithms()->setCurrentText(QStringLiteral("sacd"));  // the policy's counts
    f.page.updates()->setValue(1);
    QVERIFY(f.page.fineTuneButton()->isEnabled());
    f.page.fineTuneButton()->click();
    QTRY_VERIFY_WITH_TIMEOUT(!f.page.busy(), kPatienceMs);
    QVERIFY(f.page.policy() != earlier);
    QCOMPARE(f.page.policy()->algorithm, earlier->algorithm);
    // One update moves no weight by more than its learning rate.
    constexpr float kMost = 1.1e-3F;
    const auto &was = earlier->layers.front().weights, &is = f.page.policy()->layers.front().weights;
    QVERIFY(was != is);
    QVERIFY(std::equal(was.begin(), was.end(), is.begin(), [](float a, float b) { return std::abs(a - b) < kMost; }));
}

void TestOptimizerPage::cancellingKeepsTheEarlierPolicy()
{
    Fixture f;
    QVERIFY(f.openTable());
    QVERIFY(f.train(QStringLiteral("supervised")));
    const auto earlier = f.page.policy();
    f.page.updates()->setValue(1'000'000);
    f.page.train();
    QVERIFY(f.page.cancelButton()->isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(!f.page.history().empty(), kPatienceMs);
    f.page.cancel();
    QTRY_VERIFY_WITH_TIMEOUT(!f.page.busy(), kPatienceMs);
    QCOMPARE(f.page.policy(), earlier);
    QVERIFY(f.page.statusText().contains(QLatin1String("cancelled")));
    QVERIFY(f.page.trainButton()->isVisible());
}

void TestOptimizerPage::closingWhileTrainingIsHarmless()
{
    auto f = std::make_unique<Fixture>();
    QVERIFY(f->openTable());
    f->page.updates()->setValue(1'000'000);
    f->page.train();
    f.reset();
}

void TestOptimizerPage::policiesAreSavedOpenedAndUsed()
{
    Fixture f;
    QVERIFY(f.openTable());
    QVERIFY(f.train(QStringLiteral("supervised")));
    const QString file = f.folder.filePath(QStringLiteral("a.policy"));
    QVERIFY(f.page.save(file).ok());
    const auto saved = *f.page.policy();
    QVERIFY(f.train(QStringLiteral("dqn")));
    f.page.open(file);
    QVERIFY(!(*f.page.policy() == saved));  // it is read beside the GUI
    QTRY_VERIFY_WITH_TIMEOUT(!f.page.busy(), kPatienceMs);
    QVERIFY(*f.page.policy() == saved);
    QCOMPARE(f.page.algorithms()->currentText(), QStringLiteral("supervised"));
    QSignalSpy used(&f.page, &OptimizerPage::useRequested);
    f.page.useInRun();
    QCOMPARE(used.count(), 1);
    QCOMPARE(used[0][0].value<std::string>(), std::string("supervised"));
    QCOMPARE(used[0][1].value<std::string>(), file.toStdString());
    // One that nobody has saved gets a file of its own.
    QVERIFY(f.train(QStringLiteral("dqn"), 50));
    f.page.useInRun();
    QCOMPARE(used.count(), 2);
    QVERIFY(rl::loadPolicy(used[1][1].value<std::string>()).ok());
}

void TestOptimizerPage::aPolicyOfAnotherBatchIsNotShown()
{
    Fixture f;
    QVERIFY(f.openTable());
    QVERIFY(f.train(QStringLiteral("supervised"), 50));
    f.page.problem()->batch()->setValue(8);
    QTRY_VERIFY_WITH_TIMEOUT(f.page.evaluator() && f.page.evaluator()->batch() == 8, kPatienceMs);
    QVERIFY(f.isReady());
    QVERIFY(!f.page.map().front().chosen);
    QVERIFY2(f.page.statusText().contains(QLatin1String("batch")), qPrintable(f.page.statusText()));
}

void TestOptimizerPage::theInspectorTellsTheBandwidthUnderThePointer()
{
    Fixture f;
    QVERIFY(f.openTable());
    QVERIFY(f.train(QStringLiteral("sacd"), 100));
    PlotView* view = f.page.mapView();
    const QRectF area = PlotDrawing(view->plot(), view->rect(), Theme::of(view->palette()), false).plotArea();
    QTest::mouseMove(view, area.center().toPoint());
    QTRY_VERIFY(view->hover().has_value());
    const auto& rows = f.page.inspector()->actions().rows();
    QVERIFY(rows.size() > 3);
    QVERIFY(rows.front().chosen);
    QCOMPARE(std::ranges::count_if(rows, [](const auto& row) { return row.optimum; }), 1);
    profile::Conditions conditions;
    conditions.bytesPerSecond = *view->hover() * 1e6;
    conditions.intervalMs = 0;
    conditions.rttMs = f.page.evaluator()->table().link().rttMs;
    for (const auto& row : rows) {
        QVERIFY(row.probability && *row.probability >= 0 && *row.probability <= 1);
        QCOMPARE(row.scored.reward, f.page.evaluator()->score(row.action, conditions).reward);
        QCOMPARE(row.optimum, row.action == f.page.evaluator()->best(conditions));
    }
    const QString there = f.page.inspector()->text();
    QTest::mouseMove(view, QPoint(int(area.left()) + 5, int(area.center().y())));
    QTRY_VERIFY(f.page.inspector()->text() != there);
}

void TestOptimizerPage::actionModelKeepsTheModelRules()
{
    ActionModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const auto evaluator = sim::smallEvaluator();
    profile::Conditions conditions;
    conditions.bytesPerSecond = 1e6;
    model.setRows(topActions(evaluator, nullptr, conditions, 8), false);
    QCOMPARE(model.rowCount(), 8);
    QVERIFY(model.rows().front().optimum);
    QVERIFY(model.index(0, ActionModel::DecisionColumn).data().toString().contains(QChar(0x2605)));
    conditions.bytesPerSecond = 1e4;
    model.setRows(topActions(evaluator, nullptr, conditions, 8), false);
    model.setRows({}, true);
    QCOMPARE(model.rowCount(), 0);
}

void TestOptimizerPage::chartsAreExported()
{
    Fixture f;
    QVERIFY(f.openTable());
    QVERIFY(f.train(QStringLiteral("sacd"), 100));
    const auto files = f.page.startExport(f.folder.path(), {QStringLiteral("svg"), QStringLiteral("csv")});
    QVERIFY(files.ok());
    QVERIFY2(f.page.busy(), "they are written beside the window");
    QTRY_VERIFY_WITH_TIMEOUT(!f.page.busy(), kPatienceMs);
    QVERIFY(files->size() >= 16);
    for (const QString& file : *files)
        QVERIFY2(QFileInfo(file).size() > 40, qPrintable(file));
    QFile map(f.folder.filePath(QStringLiteral("decision-map.csv")));
    QVERIFY(map.open(QIODevice::ReadOnly));
    QVERIFY(map.readLine().startsWith("uplink_MB_per_s,optimum_exit,policy_exit,optimum_cut"));
    QCOMPARE(map.readAll().count('\n'), qsizetype(f.page.map().size()));
    // What cannot be written is told when it is found out.
    QSignalSpy troubles(&f.page, &OptimizerPage::troubleArose);
    QVERIFY(f.page.startExport(f.folder.path(), {QStringLiteral("tiff")}).ok());
    QTRY_VERIFY_WITH_TIMEOUT(!f.page.busy(), kPatienceMs);
    QVERIFY(!troubles.isEmpty());
}

void TestOptimizerPage::brokenFilesAreRefused()
{
    Fixture f;
    QTRY_VERIFY_WITH_TIMEOUT(!f.page.busy(), kPatienceMs);
    QSignalSpy troubles(&f.page, &OptimizerPage::troubleArose);
    const QString file = f.folder.filePath(QStringLiteral("broken.policy"));
    for (const QByteArray& content :
         {QByteArray(), QByteArray("SSP1 nothing"), QByteArray("{\"format\": \"splitscope-cost-table\"}")}) {
        QFile out(file);
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write(content);
        out.close();
        f.page.open(file);
        QTRY_COMPARE_WITH_TIMEOUT(troubles.count(), 1, kPatienceMs);
        troubles.clear();
    }
    f.page.open(f.folder.filePath(QStringLiteral("missing")));
    QTRY_COMPARE_WITH_TIMEOUT(troubles.count(), 1, kPatienceMs);
    QVERIFY(f.page.statusText().isEmpty());
    QVERIFY(!f.page.save(file).ok());
}

QTEST_MAIN(TestOptimizerPage)
#include "tst_optimizer_page.moc"
