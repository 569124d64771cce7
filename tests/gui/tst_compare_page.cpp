// SPDX-License-Identifier: GPL-3.0-or-later
// The Compare page over a real records file.
#include "tests/gui/compare_fixture.h"
#include "ui/bridge/experiment_bridge.h"
#include "ui/main_window.h"
#include "ui/models/log_model.h"
#include "ui/style/theme.h"
#include "ui/widgets/run_table.h"

#include <QAction>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QFile>
#include <QGuiApplication>
#include <QImageReader>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QSettings>
#include <QSvgRenderer>
#include <QTableView>
#include <QtTest>

using namespace splitscope;
using namespace splitscope::ui;

class TestComparePage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void anEmptyLibraryOffersToStart();
    void runsAreListedNewestFirst();
    void wordsAndTagsFilter();
    void tagsAndNotesAreKept();
    void refusedTagsAreToldAndPutBack();
    void checkedRunsFillTheChart();
    void everyTabShowsTheCheckedRuns_data();
    void everyTabShowsTheCheckedRuns();
    void theBaselineCanBeChosen();
    void reloadFindsNewRuns();
    void exportedFilesDecode_data();
    void exportedFilesDecode();
    void copyGivesAnImageAndValues();
    void filterAndTabAreRemembered();
    void actionsFollowTheCurrentRun();
    void aBrokenDatabaseIsToldNotShown();
    void theGuiIsNotBlockedByReading();
    void everyTabIsPaintedInBothThemes();
    void spaceChecksTheCurrentRun();
    void anEndedExperimentAppears();
};

void TestComparePage::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(QStringLiteral("splitscope-test"));
    QCoreApplication::setApplicationName(QStringLiteral("splitscope-test-compare"));
}

void TestComparePage::init() { QSettings().clear(); }

void TestComparePage::anEmptyLibraryOffersToStart()
{
    Fixture f;
    f.show({});
    QCOMPARE(f.troubles.size(), 0);
    auto* table = qobject_cast<RunTable*>(f.page.table());
    QVERIFY(table->emptyText().contains(QLatin1String("No run is recorded")));
    QVERIFY(table->actionButton()->isVisible());
    QSignalSpy starts(&f.page, &ComparePage::startRequested);
    QTest::mouseClick(table->actionButton(), Qt::LeftButton);
    QCOMPARE(starts.size(), 1);
    QVERIFY(!f.page.exportTo(f.folder.filePath(QStringLiteral("x.png"))).ok());
}

void TestComparePage::runsAreListedNewestFirst()
{
    Fixture f;
    f.show();
    QCOMPARE(f.troubles.size(), 0);
    QCOMPARE(f.page.filter()->rowCount(), 9);
    QCOMPARE(f.at(0, RunTableModel::StrategyColumn).data().toString(), QStringLiteral("dqn"));
    QCOMPARE(f.at(0, RunTableModel::SeedColumn).data().toString(), QStringLiteral("3"));
    QCOMPARE(f.at(0, RunTableModel::FramesColumn).data().toString(), QStringLiteral("300"));
    QCOMPARE(f.at(0, RunTableModel::AccuracyColumn).data().toString(), QStringLiteral("70.0"));
    QCOMPARE(f.at(0, RunTableModel::StateColumn).data().toString(), QStringLiteral("finished"));
    const double median = f.at(0, RunTableModel::MedianColumn).data(RunTableModel::kSortRole).toDouble();
    QVERIFY2(median > 10 && median < 40, qPrintable(QString::number(median)));
    f.page.table()->sortByColumn(RunTableModel::MedianColumn, Qt::DescendingOrder);
    QCOMPARE(f.at(0, RunTableModel::StrategyColumn).data().toString(), QStringLiteral("on-device"));
    QCOMPARE(f.page.countText(), QStringLiteral("9 runs, 0 checked"));
}

void TestComparePage::wordsAndTagsFilter()
{
    Fixture f;
    f.show();
    QTest::keyClicks(f.page.search(), QStringLiteral("sacd 1.00"));
    QCOMPARE(f.page.filter()->rowCount(), 3);
    QVERIFY(f.page.filter()->setData(f.at(0, RunTableModel::TagsColumn), QStringLiteral("paper, best"), Qt::EditRole));
    f.settle();
    QCOMPARE(f.page.tagBox()->count(), 3);  // any, best, paper
    f.page.tagBox()->setCurrentIndex(f.page.tagBox()->findText(QStringLiteral("paper")));
    QCOMPARE(f.page.filter()->rowCount(), 1);
    f.page.search()->setText(QStringLiteral("nothing like it"));
    QCOMPARE(f.page.filter()->rowCount(), 0);
    auto* table = qobject_cast<RunTable*>(f.page.table());
    QVERIFY(table->actionButton()->isVisible());
    QTest::mouseClick(table->actionButton(), Qt::LeftButton);
    QCOMPARE(f.page.filter()->rowCount(), 9);
}

void TestComparePage::tagsAndNotesAreKept()
{
    Fixture f;
    f.show();
    QVERIFY(f.page.filter()->setData(f.at(0, RunTableModel::TagsColumn), QStringLiteral("b, a"), Qt::EditRole));
    QVERIFY(f.page.filter()->setData(f.at(0, RunTableModel::NotesColumn), QStringLiteral("door was open"), Qt::EditRole));
    f.settle();
    QCOMPARE(f.troubles.size(), 0);
    const auto list = session::listRuns(f.records());
    QVERIFY(list.ok());
    QCOMPARE(list->runs.front().tags, (std::vector<std::string>{"a", "b"}));
    QCOMPARE(list->runs.front().notes, std::string("door was open"));
}

void TestComparePage::refusedTagsAreToldAndPutBack()
{
    Fixture f;
    f.show();
    QVERIFY(f.page.filter()->setData(f.at(0, RunTableModel::TagsColumn), QString(80, QLatin1Char('x')), Qt::EditRole));
    QTRY_COMPARE_WITH_TIMEOUT(f.troubles.size(), 1, kPatienceMs);
    f.settle();
    QCOMPARE(f.at(0, RunTableModel::TagsColumn).data().toString(), QString());
}

void TestComparePage::checkedRunsFillTheChart()
{
    Fixture f;
    f.show();
    QVERIFY(!f.page.chart()->figure());
    QVERIFY(f.page.filter()->setData(f.at(0, 0), Qt::Checked, Qt::CheckStateRole));
    f.settle();
    QVERIFY(f.page.chart()->figure());
    QCOMPARE(f.plot().series.size(), std::size_t(1));
    f.check(QStringLiteral("sacd"));
    QCOMPARE(f.plot().series.size(), std::size_t(4));
    QCOMPARE(f.plot().y.key, std::string("latency_ms"));
    const auto latencyFirst = f.plot().series.front().ys.front();
    QVERIFY(latencyFirst > 10);
    f.page.quantityBox()->setCurrentIndex(f.page.quantityBox()->findData(QStringLiteral("accuracy")));
    Q_EMIT f.page.quantityBox()->activated(f.page.quantityBox()->currentIndex());
    f.settle();
    QCOMPARE(f.plot().y.key, std::string("accuracy_percent"));
    QVERIFY(std::abs(f.plot().series.front().ys.back() - 70) < 2);
    f.page.model().uncheckAll();
    f.settle();
    QVERIFY(!f.page.chart()->figure());
    f.page.checkNewest(2);
    f.settle();
    QCOMPARE(f.plot().series.size(), std::size_t(2));
}

void TestComparePage::everyTabShowsTheCheckedRuns_data()
{
    QTest::addColumn<int>("tab");
    QTest::addColumn<int>("series");
    QTest::addColumn<QString>("note");
    QTest::newRow("overlay") << int(CompareTab::Overlay) << 9 << "median latency";
    QTest::newRow("strategies") << int(CompareTab::Strategies) << 6 << "Paired by seed: ";
    QTest::newRow("fig. 6(a)") << int(CompareTab::Latency) << 3 << "95 % bootstrap intervals over runs";
    QTest::newRow("fig. 6(b)") << int(CompareTab::Accuracy) << 3 << "accuracy";
    QTest::newRow("pareto") << int(CompareTab::Pareto) << 4 << "On the front";
    QTest::newRow("prediction") << int(CompareTab::Prediction) << 9 << "Median error of the prediction";
}

void TestComparePage::everyTabShowsTheCheckedRuns()
{
    QFETCH(int, tab);
    QFETCH(int, series);
    QFETCH(QString, note);
    Fixture f;
    f.show();
    for (const char* strategy : {"on-device", "sacd", "dqn"})
        f.check(QLatin1String(strategy));
    f.page.showTab(static_cast<CompareTab>(tab));
    f.settle();
    QVERIFY(f.page.chart()->figure());
    QCOMPARE(static_cast<int>(f.plot().series.size()), series);
    QVERIFY2(f.page.noteText().contains(note), qPrintable(f.page.noteText()));
    QCOMPARE(f.troubles.size(), 0);
}

void TestComparePage::theBaselineCanBeChosen()
{
    Fixture f;
    f.show();
    for (const char* strategy : {"on-device", "sacd", "dqn"})
        f.check(QLatin1String(strategy));
    f.page.showTab(CompareTab::Strategies);
    f.settle();
    QVERIFY(f.plot(1).title.find("on-device") != std::string::npos);
    QVERIFY(std::abs(f.plot(1).series.front().ys.front() + 10.5) < 2);  // dqn, newest first: 1.5 ms instead of 12
    f.page.baselineBox()->setCurrentIndex(f.page.baselineBox()->findData(QStringLiteral("sacd")));
    Q_EMIT f.page.baselineBox()->activated(f.page.baselineBox()->currentIndex());
    f.settle();
    QVERIFY(f.plot(1).title.find("sacd") != std::string::npos);
}

void TestComparePage::reloadFindsNewRuns()
{
    Fixture f;
    f.show();
    f.check(QStringLiteral("sacd"));
    QVERIFY(recordRuns(f.records(), {{50, "fixed", 1, 3, 1'800'000'000'000, 50}}));
    f.page.reload();
    f.settle();
    QCOMPARE(f.page.model().rowCount(), 10);
    QCOMPARE(f.page.model().checked().size(), std::size_t(3));
    // A hidden page looks when it is shown again.
    f.page.hide();
    QVERIFY(recordRuns(f.records(), {{51, "fixed", 2, 3, 1'800'000'100'000, 50}}));
    f.page.reload();
    QVERIFY(!f.page.busy());
    f.page.show();
    f.settle();
    QCOMPARE(f.page.model().rowCount(), 11);
}

void TestComparePage::exportedFilesDecode_data()
{
    QTest::addColumn<int>("tab");
    for (int tab = 0; tab < kCompareTabs; ++tab)
        QTest::addRow("tab %d", tab) << tab;
}

void TestComparePage::exportedFilesDecode()
{
    QFETCH(int, tab);
    Fixture f;
    f.show();
    f.check(QStringLiteral("sacd"));
    f.check(QStringLiteral("dqn"));
    f.page.showTab(static_cast<CompareTab>(tab));
    f.settle();
    const auto write = [&](const char* name) {
        const QString file = f.folder.filePath(QLatin1String(name));
        f.page.startExport(file);
        const bool waits = f.page.busy();  // it is written beside the window
        return waits && QTest::qWaitFor([&] { return !f.page.busy(); }, kPatienceMs) ? file : QString();
    };
    const QImage image = QImageReader(write("c.png")).read();
    QVERIFY(image.width() > 1500);
    QCOMPARE(image.pixelColor(1, 1), QColor(Qt::white));
    QVERIFY(QSvgRenderer(write("c.svg")).isValid());
    QFile pdf(write("c.pdf"));
    QVERIFY(pdf.open(QIODevice::ReadOnly) && pdf.read(5) == "%PDF-");
    QFile csv(write("c.csv"));
    QVERIFY(csv.open(QIODevice::ReadOnly));
    const auto lines = csv.readAll().split('\n');
    QVERIFY(lines.size() > 3);
    QCOMPARE(lines.first().trimmed(), QByteArray("panel,series,x_key,x,x_name,y_key,y,low,high,label"));
    QVERIFY(!f.page.exportTo(f.folder.filePath(QStringLiteral("c.tiff"))).ok());
}

void TestComparePage::copyGivesAnImageAndValues()
{
    Fixture f;
    f.show();
    f.check(QStringLiteral("sacd"));
    f.page.copyChart();
    const auto* data = QGuiApplication::clipboard()->mimeData();
    QVERIFY(data->hasImage());
    QVERIFY(data->text().startsWith(QLatin1String("panel,series")));
}

void TestComparePage::filterAndTabAreRemembered()
{
    {
        Fixture f;
        f.show();
        f.page.search()->setText(QStringLiteral("dqn"));
        f.page.showTab(CompareTab::Pareto);
    }
    Fixture f;
    f.show();
    QCOMPARE(f.page.search()->text(), QStringLiteral("dqn"));
    QCOMPARE(f.page.filter()->rowCount(), 3);
    f.check(QStringLiteral("dqn"));
    QCOMPARE(f.page.chart()->figure()->key, std::string("pareto-accuracy-latency"));
}

void TestComparePage::actionsFollowTheCurrentRun()
{
    Fixture f;
    QAction replay(QStringLiteral("Replay"));
    f.page.addRunAction(&replay);
    f.show();
    QVERIFY(!replay.isEnabled());
    QVERIFY(!f.page.currentRun());
    f.page.table()->setCurrentIndex(f.at(2, 1));
    QVERIFY(replay.isEnabled());
    QCOMPARE(f.page.currentRun()->key.run, std::uint64_t(7));
}

void TestComparePage::aBrokenDatabaseIsToldNotShown()
{
    Fixture f;
    QFile file(f.folder.filePath(QStringLiteral("records.sqlite")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("this is no database, whatever its name says; it goes on for a while like this");
    file.close();
    f.show({});
    QVERIFY(f.troubles.size() >= 1);
    QCOMPARE(f.page.model().rowCount(), 0);
}

void TestComparePage::theGuiIsNotBlockedByReading()
{
    // Events go on while a large run is read: the reading is beside, not between them.
    Fixture f;
    f.show({{1, "sacd", 1, 0, 1'700'000'000'000, 20'000}});
    f.page.checkNewest(1);
    QVERIFY(f.page.busy());
    int turns = 0;
    while (f.page.busy() && turns < 1'000'000) {
        QCoreApplication::processEvents();
        ++turns;
    }
    QVERIFY2(turns > 2, qPrintable(QString::number(turns)));
    QVERIFY(f.page.chart()->figure());
}

void TestComparePage::everyTabIsPaintedInBothThemes()
{
    Fixture f;
    f.show();
    f.check(QStringLiteral("sacd"));
    f.check(QStringLiteral("on-device"));
    for (const bool dark : {false, true}) {
        f.page.setPalette(themePalette(dark));
        for (int tab = 0; tab < kCompareTabs; ++tab) {
            f.page.showTab(static_cast<CompareTab>(tab));
            f.settle();
            const QImage image = f.page.chart()->grab().toImage();
            QSet<QRgb> colours;
            for (int y = 0; y < image.height(); y += 3)
                for (int x = 0; x < image.width(); x += 3)
                    colours.insert(image.pixel(x, y));
            QVERIFY2(colours.size() > 8, qPrintable(QString::number(tab)));
        }
    }
}

void TestComparePage::spaceChecksTheCurrentRun()
{
    Fixture f;
    f.show();
    f.page.table()->setCurrentIndex(f.at(1, RunTableModel::MedianColumn));
    QTest::keyClick(f.page.table(), Qt::Key_Space);
    QCOMPARE(f.page.model().checked().size(), std::size_t(1));
    QCOMPARE(f.page.model().checked().front().row.key.run, std::uint64_t(8));
    QTest::keyClick(f.page.table(), Qt::Key_Space);
    QVERIFY(f.page.model().checked().empty());
    f.settle();
}

void TestComparePage::anEndedExperimentAppears()
{
    const QTemporaryDir folder;
    SampleStore store;
    LogFeed feed;
    LogModel log;
    ExperimentBridge bridge;
    session::Scenario scenario = session::Scenario::demonstration();
    scenario.frames = 30;
    scenario.minIntervalMs = 0;
    scenario.slowdown = 1;
    scenario.strategy = "on-device";
    scenario.bandwidth = "4MB/s";
    MainWindow window({store, bridge, feed, log}, {scenario, folder.path().toStdString(), SPLITSCOPE_BIN "/splitscoped"});
    window.show();
    window.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    QTest::keyClick(&window, Qt::Key_5);
    auto& page = window.comparePage();
    QVERIFY(page.isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(!page.busy() && page.model().rowCount() == 0, kPatienceMs);
    window.startExperiment();
    QTRY_VERIFY_WITH_TIMEOUT(!bridge.active(), kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(page.model().rowCount() == 1 && page.model().rows().front().totals.frames == 30, kPatienceMs);
    QCOMPARE(page.model().rows().front().strategy, std::string("on-device"));
    QVERIFY(page.model().rows().front().ending == session::RunEnding::Finished);
}

QTEST_MAIN(TestComparePage)
#include "tst_compare_page.moc"
