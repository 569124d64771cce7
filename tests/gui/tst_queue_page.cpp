// SPDX-License-Identifier: GPL-3.0-or-later
// The queue of experiments: its table, and real experiments of it on this machine.
#include "core/session/pricing.h"
#include "core/session/run_library.h"
#include "tests/core/session/scenario_samples.h"
#include "tests/gui/window_fixture.h"
#include "ui/bridge/queue_keeper.h"
#include "ui/bridge/queue_runner.h"
#include "ui/models/queue_model.h"
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

struct Fixture : WindowFixture {
    QAbstractItemModelTester tester{&window.queue(), QAbstractItemModelTester::FailureReportingMode::QtTest};

    explicit Fixture(const QString& queueFile = {}) : WindowFixture(session::quickScenario(50, 1), queueFile)
    {
        window.showPage(window.pageOf(window.experimentPage()));
    }
    QueuePanel& panel() { return window.experimentPage().queue(); }
    void add(const QStringList& files)
    {
        const int rows = window.queue().rowCount() + static_cast<int>(files.size());
        panel().addFiles(files);
        QTRY_COMPARE_WITH_TIMEOUT(window.queue().rowCount(), rows, kPatienceMs);
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
    void initTestCase() { useSettingsOfTest("queue"); }
    void init() { QSettings().clear(); }

    void entriesAreAddedMovedRepeatedAndRemoved()
    {
        Fixture f;
        f.panel().repeats()->setValue(2);
        f.add({f.write("a.json", session::quickScenario(10, 7)), f.write("b.json", session::quickScenario(20, 1))});
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
        auto wrong = session::quickScenario(10, 1);
        wrong.batch = 65;
        f.panel().addFiles({f.write("wrong.json", wrong), f.write("good.json", session::quickScenario(10, 1))});
        QTRY_VERIFY_WITH_TIMEOUT(f.window.queue().rowCount() > 0, kPatienceMs);
        QCOMPARE(f.window.queue().rowCount(), 1);
        QCOMPARE(f.cell(0, QueueModel::NameColumn), QStringLiteral("good"));
        for (const char* words : {"wrong.json", "batch", "1..64"})
            QVERIFY2(f.window.troubles().text().contains(QLatin1String(words)), qPrintable(f.window.troubles().text()));
    }

    void twoScenariosOfTwoSeedsBecomeFourRecordedRunsAndAFailureDoesNotStopThem()
    {
        Fixture f;
        auto broken = session::quickScenario(10, 5);
        broken.weights = f.folder.filePath(QStringLiteral("broken.weights")).toStdString();
        std::ofstream(broken.weights) << "no weights at all";
        const auto office = session::quickScenario(40, 7), street = session::quickScenario(24, 1);
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
        auto endless = session::quickScenario(100'000, 7);
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
        auto endless = session::quickScenario(100'000, 7);
        endless.minIntervalMs = 5;
        f.add({f.write("a.json", endless)});
        f.panel().startButton()->click();
        QTRY_VERIFY_WITH_TIMEOUT(f.store.size() > 2, kPatienceMs);
        auto other = session::quickScenario(12, 3);
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

    void theQueueIsBackInTheNextSessionAndBeginsNothing()
    {
        const QTemporaryDir kept;
        const QString file = kept.filePath(QStringLiteral("data/queue.json"));
        auto endless = session::quickScenario(100'000, 7);
        endless.minIntervalMs = 5;
        {
            Fixture f(file);
            f.panel().repeats()->setValue(2);
            f.add({f.write("short.json", session::quickScenario(10, 3)), f.write("long.json", endless)});
            QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(file), kPatienceMs);
            f.panel().startButton()->click();
            QTRY_VERIFY_WITH_TIMEOUT(f.count(1, QueuedState::Running) == 1, kPatienceMs);
            f.window.close();  // in the middle of a run
        }
        Fixture f(file);
        QTRY_COMPARE_WITH_TIMEOUT(f.window.queue().rowCount(), 2, kPatienceMs);
        QCOMPARE(f.cell(0, QueueModel::NameColumn), QStringLiteral("short"));
        QCOMPARE(f.count(0, QueuedState::Finished), 2U);
        QCOMPARE(f.cell(1, QueueModel::NameColumn), QStringLiteral("long"));
        QCOMPARE(f.count(1, QueuedState::Waiting), 2U);
        QVERIFY(f.window.queue().queue().experiments()[1].scenario == endless);
        QVERIFY(!f.window.queueRunner().active() && !f.bridge.active());
        QVERIFY(f.panel().startButton()->isEnabled());
    }

    void aQueueThatCannotBeReadIsKeptAsideAndTold()
    {
        const QTemporaryDir kept;
        const QString file = kept.filePath(QStringLiteral("queue.json"));
        const std::string broken = "{\"format\": \"splitscope-queue\", \"version\": 1, \"experiments\": [{";
        std::ofstream(file.toStdString()) << broken;
        Fixture f(file);
        QTRY_VERIFY_WITH_TIMEOUT(f.window.troubles().text().contains(QLatin1String("kept as")), kPatienceMs);
        f.panel().addCurrent()->click();
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(file) && !f.window.queueKeeper().busy(), kPatienceMs);
        const auto aside = QDir(kept.path()).entryList({QStringLiteral("queue broken *.json")});
        QCOMPARE(aside.size(), 1);
        QFile copy(kept.filePath(aside.first()));
        QVERIFY(copy.open(QIODevice::ReadOnly));
        QCOMPARE(copy.readAll().toStdString(), broken);
    }

    void twoWindowsDoNotWriteOverEachOthersQueue()
    {
        const QTemporaryDir kept;
        const QString file = kept.filePath(QStringLiteral("queue.json"));
        Fixture first(file);
        first.panel().addCurrent()->click();
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(file) && !first.window.queueKeeper().busy(), kPatienceMs);
        const auto size = QFileInfo(file).size();
        {
            Fixture second(file);
            second.panel().addCurrent()->click();
            second.panel().addCurrent()->click();
        }
        QCOMPARE(QFileInfo(file).size(), size);
    }
};

QTEST_MAIN(TestQueuePage)
#include "tst_queue_page.moc"
