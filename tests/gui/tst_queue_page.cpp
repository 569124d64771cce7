// SPDX-License-Identifier: GPL-3.0-or-later
// The queue of experiments: its table, and real experiments of it on this machine.
#include "core/session/pricing.h"
#include "core/session/run_library.h"
#include "ui/bridge/experiment_bridge.h"
#include "ui/main_window.h"
#include "ui/models/log_model.h"
#include "ui/models/sample_store.h"
#include "ui/pages/compare_page.h"
#include "ui/pages/experiment_page.h"
#include "ui/widgets/control_dock.h"
#include "ui/widgets/trouble_strip.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QSpinBox>
#include <QTableView>
#include <QToolButton>
#include <QtTest>

#include <fstream>

using namespace splitscope;
using namespace splitscope::ui;
using session::QueuedState;

namespace {

constexpr int kPatienceMs = 120'000;

session::Scenario quick(std::uint64_t frames, std::uint64_t seed)
{
    session::Scenario s;
    s.strategy = "fixed";
    s.decision = {1, 3, {codec::CodingKind::Quantized, 8}};
    s.frames = frames;
    s.seed = seed;
    return s;
}

struct Fixture {
    QTemporaryDir folder;
    LogFeed feed;
    LogModel log;
    SampleStore store;
    ExperimentBridge bridge;
    MainWindow window;
    QAbstractItemModelTester tester{&window.queue(), QAbstractItemModelTester::FailureReportingMode::QtTest};

    Fixture()
        : window({store, bridge, feed, log},
                 {quick(50, 1), folder.path().toStdString(), std::string(SPLITSCOPE_BIN "/splitscoped")})
    {
        window.show();
        window.showPage(window.pageOf(window.experimentPage()));
    }
    QueuePanel& panel() { return window.experimentPage().queue(); }
    void add(const QStringList& files)
    {
        const int rows = window.queue().rowCount() + static_cast<int>(files.size());
        panel().addFiles(files);
        QTRY_COMPARE_WITH_TIMEOUT(window.queue().rowCount(), rows, kPatienceMs);
    }
    QString write(const char* name, const session::Scenario& scenario)
    {
        const QString path = folder.filePath(QString::fromUtf8(name));
        std::ofstream(path.toStdString()) << session::toJson(scenario);
        return path;
    }
    QString cell(int row, int column) { return window.queue().index(row, column).data().toString(); }
    std::size_t count(int row, QueuedState state)
    {
        return window.queue().queue().experiments()[static_cast<std::size_t>(row)].count(state);
    }
};

}  // namespace

class TestQueuePage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(QStringLiteral("splitscope-test"));
        QCoreApplication::setApplicationName(QStringLiteral("splitscope-test-queue"));
    }
    void init() { QSettings().clear(); }

    void entriesAreAddedMovedRepeatedAndRemoved()
    {
        Fixture f;
        f.panel().repeats()->setValue(2);
        f.add({f.write("a.json", quick(10, 7)), f.write("b.json", quick(20, 1))});
        f.panel().addCurrent()->click();
        QCOMPARE(f.window.queue().rowCount(), 3);
        QCOMPARE(f.cell(0, QueueModel::NameColumn), QStringLiteral("a"));
        QCOMPARE(f.cell(0, QueueModel::SeedsColumn), QStringLiteral("7 … 8"));
        QCOMPARE(f.cell(2, QueueModel::NameColumn), QStringLiteral("untitled"));
        QCOMPARE(f.cell(0, QueueModel::StateColumn), QStringLiteral("waiting"));
        f.panel().table()->selectRow(0);
        f.panel().downButton()->click();
        QCOMPARE(f.cell(1, QueueModel::NameColumn), QStringLiteral("a"));
        f.panel().downButton()->click();
        QVERIFY(!f.panel().downButton()->isEnabled());
        f.panel().upButton()->click();
        QCOMPARE(f.cell(1, QueueModel::NameColumn), QStringLiteral("a"));
        const QModelIndex repeats = f.window.queue().index(1, QueueModel::RepeatsColumn);
        QVERIFY(f.window.queue().setData(repeats, 5, Qt::EditRole));
        QCOMPARE(f.cell(1, QueueModel::SeedsColumn), QStringLiteral("7 … 11"));
        QVERIFY(!f.window.queue().setData(repeats, 0, Qt::EditRole));
        QVERIFY(f.window.troubles().text().contains(QLatin1String("1..1000")));
        f.panel().removeButton()->click();
        QCOMPARE(f.window.queue().rowCount(), 2);
        QCOMPARE(f.cell(0, QueueModel::NameColumn), QStringLiteral("b"));
    }

    void filesThatCannotRunAreToldByName()
    {
        Fixture f;
        auto wrong = quick(10, 1);
        wrong.batch = 65;
        f.panel().addFiles({f.write("wrong.json", wrong), f.write("good.json", quick(10, 1))});
        QTRY_VERIFY_WITH_TIMEOUT(f.window.queue().rowCount() > 0, kPatienceMs);
        QCOMPARE(f.window.queue().rowCount(), 1);
        QCOMPARE(f.cell(0, QueueModel::NameColumn), QStringLiteral("good"));
        for (const char* words : {"wrong.json", "batch", "1..64"})
            QVERIFY2(f.window.troubles().text().contains(QLatin1String(words)), qPrintable(f.window.troubles().text()));
    }

    void twoScenariosOfTwoSeedsBecomeFourRecordedRunsAndAFailureDoesNotStopThem()
    {
        Fixture f;
        auto broken = quick(10, 5);
        broken.weights = f.folder.filePath(QStringLiteral("broken.weights")).toStdString();
        std::ofstream(broken.weights) << "no weights at all";
        const auto office = quick(40, 7), street = quick(24, 1);
        f.add({f.write("broken.json", broken)});
        f.panel().repeats()->setValue(2);
        f.add({f.write("office.json", office), f.write("street.json", street)});
        QCOMPARE(f.panel().startButton()->text(), QStringLiteral("Start queue"));
        f.panel().startButton()->click();
        QTRY_VERIFY_WITH_TIMEOUT(f.count(2, QueuedState::Running) == 1, kPatienceMs);
        QVERIFY(f.window.controls().scenario().frames == street.frames);  // they show what runs
        QVERIFY2(f.panel().progressText().contains(QLatin1String("of 5 runs")), qPrintable(f.panel().progressText()));
        QTRY_VERIFY_WITH_TIMEOUT(!f.window.queueRunner().active(), kPatienceMs);
        QCOMPARE(f.count(0, QueuedState::Failed), 1U);
        QCOMPARE(f.count(1, QueuedState::Finished), 2U);
        QCOMPARE(f.count(2, QueuedState::Finished), 2U);
        f.panel().table()->selectRow(0);
        QVERIFY2(f.panel().detailsText().contains(QLatin1String("broken.weights")), qPrintable(f.panel().detailsText()));
        QVERIFY(f.panel().progressText().contains(QLatin1String("1 failed")));
        QVERIFY(f.window.controls().scenario() == f.window.document().scenario());  // and then the document again

        const auto listed = session::listRuns(f.folder.path().toStdString());
        QVERIFY(listed.ok());
        QStringList found;
        for (const auto& row : listed->runs) {
            if (row.ending != session::RunEnding::Finished)
                continue;
            found << QStringLiteral("%1:%2").arg(QString::fromStdString(row.scenarioName)).arg(row.seed);
            auto expected = row.scenarioName == "office" ? office : street;
            expected.seed = row.seed;
            session::freeze(expected);
            QCOMPARE(row.scenarioJson, session::toJson(expected));  // as the command line records it
            QCOMPARE(row.totals.frames, expected.frames);
        }
        found.sort();
        QCOMPARE(found, (QStringList{"office:7", "office:8", "street:1", "street:2"}));

        f.panel().table()->selectRow(1);
        Q_EMIT f.panel().compareRequested(QStringLiteral("office"));
        QVERIFY(f.window.comparePage().isVisible());
        QTRY_COMPARE_WITH_TIMEOUT(f.window.comparePage().filter()->rowCount(), 2, kPatienceMs);
    }

    void itPausesResumesCancelsSkipsAndEnds()
    {
        Fixture f;
        auto endless = quick(100'000, 7);
        endless.minIntervalMs = 5;
        f.panel().repeats()->setValue(3);
        f.add({f.write("a.json", endless), f.write("b.json", endless)});
        f.panel().startButton()->click();
        QTRY_VERIFY_WITH_TIMEOUT(f.store.size() > 5, kPatienceMs);
        QVERIFY(!f.window.startAction()->isEnabled());
        QTRY_VERIFY_WITH_TIMEOUT(f.panel().progressText().contains(QLatin1String("left")), kPatienceMs);
        QVERIFY(f.cell(0, QueueModel::StateColumn).contains(QLatin1String("seed 7")));
        QVERIFY(!f.window.queue().removeAt(0).ok());

        QCOMPARE(f.panel().startButton()->text(), QStringLiteral("Pause"));
        f.panel().startButton()->click();
        QTRY_VERIFY_WITH_TIMEOUT(f.bridge.status().phase == session::Phase::Paused, kPatienceMs);
        QCOMPARE(f.panel().startButton()->text(), QStringLiteral("Resume"));
        f.panel().startButton()->click();
        QTRY_VERIFY_WITH_TIMEOUT(f.bridge.status().phase == session::Phase::Running, kPatienceMs);

        f.panel().cancelRunButton()->click();
        QTRY_VERIFY_WITH_TIMEOUT(f.cell(0, QueueModel::StateColumn).contains(QLatin1String("seed 8")), kPatienceMs);
        QCOMPARE(f.count(0, QueuedState::Cancelled), 1U);
        f.panel().skipButton()->click();
        QTRY_VERIFY_WITH_TIMEOUT(f.count(1, QueuedState::Running) == 1, kPatienceMs);
        QCOMPARE(f.count(0, QueuedState::Cancelled), 3U);

        f.window.stopExperiment();  // the queue waits, too
        QTRY_VERIFY_WITH_TIMEOUT(!f.bridge.active(), kPatienceMs);
        QCoreApplication::processEvents();
        QVERIFY(!f.bridge.active() && f.window.queueRunner().paused());
        QCOMPARE(f.panel().startButton()->text(), QStringLiteral("Resume"));
        f.panel().startButton()->click();
        QTRY_VERIFY_WITH_TIMEOUT(f.count(1, QueuedState::Running) == 1, kPatienceMs);
        f.panel().cancelAllButton()->click();
        QTRY_VERIFY_WITH_TIMEOUT(!f.window.queueRunner().active() && !f.bridge.active(), kPatienceMs);
        QCOMPARE(f.count(1, QueuedState::Cancelled), 3U);
        f.panel().table()->selectRow(0);
        f.window.queue().again(0);
        QCOMPARE(f.count(0, QueuedState::Waiting), 3U);
    }

    void aDocumentMayBeEditedWhileTheQueueRuns()
    {
        Fixture f;
        auto endless = quick(100'000, 7);
        endless.minIntervalMs = 5;
        f.add({f.write("a.json", endless)});
        f.panel().startButton()->click();
        QTRY_VERIFY_WITH_TIMEOUT(f.store.size() > 2, kPatienceMs);
        auto other = quick(12, 3);
        other.slowdown = 2;
        QVERIFY(f.window.document().open(f.write("other.json", other)).ok());
        f.window.experimentPage().form().setTextOf(QStringLiteral("frames"), QStringLiteral("13"));
        QVERIFY(f.window.controls().scenario().frames == endless.frames);
        f.panel().addCurrent()->click();
        QCOMPARE(f.cell(1, QueueModel::NameColumn), QStringLiteral("other (changed)"));
        f.panel().cancelRunButton()->click();
        QTRY_VERIFY_WITH_TIMEOUT(!f.window.queueRunner().active() && !f.bridge.active(), kPatienceMs);
        QCOMPARE(f.count(1, QueuedState::Finished), 1U);
        QCOMPARE(f.window.controls().scenario().frames, 13U);
        QVERIFY(f.window.startAction()->isEnabled());
    }
};

QTEST_MAIN(TestQueuePage)
#include "tst_queue_page.moc"
