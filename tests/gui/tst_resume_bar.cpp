// SPDX-License-Identifier: GPL-3.0-or-later
// A dashboard that opens after another one was killed offers to go on with what ran, and so does its queue.
#include "core/session/books.h"
#include "core/session/queue_file.h"
#include "tests/core/session/old_records.h"
#include "tests/core/session/scenario_samples.h"
#include "tests/gui/window_fixture.h"
#include "ui/bridge/queue_keeper.h"
#include "ui/bridge/queue_runner.h"
#include "ui/models/queue_model.h"
#include "ui/widgets/control_dock.h"
#include "ui/widgets/resume_bar.h"
#include "ui/widgets/trouble_strip.h"

#include <QProcess>
#include <QPushButton>
#include <QToolButton>
#include <QtTest>

#include <csignal>

using namespace splitscope;
using namespace splitscope::ui;
using session::QueuedState;

namespace {

constexpr int kPatienceMs = 120'000;
constexpr std::uint64_t kFrames = 2'500;

session::Scenario slowScenario()
{
    auto scenario = session::quickScenario(kFrames, 3);
    scenario.minIntervalMs = 5;
    return scenario;
}

/// A window over a folder that outlives it.
struct Window {
    LogFeed feed;
    LogModel log;
    SampleStore store;
    ExperimentBridge bridge;
    MainWindow window;

    explicit Window(const QTemporaryDir& folder, const QString& session)
        : window({store, bridge, feed, log},
                 {slowScenario(), folder.filePath(session).toStdString(), SPLITSCOPE_BIN "/splitscoped",
                  folder.path().toStdString(), QStringLiteral("office.json"), folder.filePath("queue.json").toStdString()})
    {
        window.show();
    }
};

/// Helper mode: a dashboard that runs its scenario, or its queue, until it is killed.
int runUntilKilled(const QString& folder, bool queued)
{
    useSettingsOfTest("killed-dashboard");
    LogFeed feed;
    LogModel log;
    SampleStore store;
    ExperimentBridge bridge;
    MainWindow window({store, bridge, feed, log},
                      {slowScenario(),
                       (folder + "/first").toStdString(),
                       SPLITSCOPE_BIN "/splitscoped",
                       folder.toStdString(),
                       {},
                       (folder + "/queue.json").toStdString()});
    window.show();
    QObject::connect(&window.queueKeeper(), &QueueKeeper::opened, &window, [&] {
        if (!queued)
            return window.startExperiment();
        static_cast<void>(window.queue().add(slowScenario(), "office", {}, 2));
        window.queueRunner().start();
    });
    return QCoreApplication::exec();
}

}  // namespace

class TestResumeBar : public QObject {
    Q_OBJECT
private:
    /// The first session: killed after 100 frames.
    static void killOne(const QTemporaryDir& folder, const QString& mode)
    {
        QProcess dashboard;
        dashboard.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        dashboard.start(QCoreApplication::applicationFilePath(), {mode, folder.path()});
        QVERIFY(dashboard.waitForStarted());
        const auto records = recordsOf(folder);
        QTRY_VERIFY_WITH_TIMEOUT(query(records, "SELECT count(*) FROM frames") > 100 || dashboard.state() == QProcess::NotRunning,
                                 kPatienceMs);
        QCOMPARE(dashboard.state(), QProcess::Running);
        dashboard.kill();
        QVERIFY(dashboard.waitForFinished());
    }
    static std::string recordsOf(const QTemporaryDir& folder) { return folder.filePath("first/records.sqlite").toStdString(); }

private Q_SLOTS:
    void initTestCase() { useSettingsOfTest("resume"); }
    void init() { QSettings().clear(); }

    void theLastSessionsRunGoesOnInItsRecords()
    {
        const QTemporaryDir folder;
        killOne(folder, "--run");
        Window w(folder, "second");
        w.window.startUnlessInterrupted();  // as a plain start does
        auto& bar = w.window.resumeBar();
        QTRY_VERIFY_WITH_TIMEOUT(bar.isVisible(), kPatienceMs);
        QVERIFY(!w.bridge.active());
        QVERIFY2(bar.text().contains(QStringLiteral("was interrupted at frame"))
                     && bar.text().endsWith(QStringLiteral("of 2,500")),
                 qPrintable(bar.text()));
        const auto before = query(recordsOf(folder), "SELECT count(*) FROM requests");
        bar.resumeButton()->click();
        QVERIFY(!bar.isVisible());
        QTRY_VERIFY2_WITH_TIMEOUT(w.store.size() >= static_cast<std::size_t>(before), qPrintable(w.window.troubles().text()),
                                  kPatienceMs);
        QTRY_VERIFY2_WITH_TIMEOUT(!w.bridge.active(), qPrintable(w.window.troubles().text()), kPatienceMs);
        QVERIFY(w.bridge.status().phase == session::Phase::Finished);
        QCOMPARE(query(recordsOf(folder), "SELECT count(*) FROM runs"), 1);
        QCOMPARE(query(recordsOf(folder), "SELECT count(*) FROM frames"), static_cast<std::int64_t>(kFrames));
        QCOMPARE(w.store.size(), static_cast<std::size_t>(query(recordsOf(folder), "SELECT count(*) FROM requests")));
        QVERIFY(!QFileInfo::exists(folder.filePath("second/records.sqlite")));
    }

    void oneThatWasDismissedIsNotOfferedAgain()
    {
        const QTemporaryDir folder;
        killOne(folder, "--run");
        {
            Window w(folder, "second");
            QTRY_VERIFY_WITH_TIMEOUT(w.window.resumeBar().isVisible(), kPatienceMs);
            w.window.resumeBar().dismissButton()->click();
            QVERIFY(!w.window.resumeBar().isVisible());
        }
        Window w(folder, "third");
        QTRY_VERIFY_WITH_TIMEOUT(w.window.lookedForInterrupted(), kPatienceMs);
        QVERIFY(!w.window.resumeBar().isVisible());
        w.window.startUnlessInterrupted();
        QVERIFY(w.bridge.active());  // nothing is offered
    }

    void theQueueGoesOnWithItsRun()
    {
        const QTemporaryDir folder;
        killOne(folder, "--queue");
        Window w(folder, "second");
        QTRY_VERIFY_WITH_TIMEOUT(w.window.lookedForInterrupted(), kPatienceMs);
        QVERIFY(!w.window.resumeBar().isVisible());  // it is the queue's
        QCOMPARE(w.window.queue().rowCount(), 1);
        const auto& runs = w.window.queue().queue().experiments().front().runs;
        const auto number = runs[0].record.run;
        QVERIFY(number != 0 && runs[0].state == QueuedState::Waiting);
        QVERIFY(w.window.queue().details(0).contains(QStringLiteral("goes on where it stood")));
        w.window.queueRunner().start();
        QTRY_VERIFY2_WITH_TIMEOUT(runs[1].state == QueuedState::Finished || runs[1].state == QueuedState::Failed,
                                  qPrintable(w.window.troubles().text()), 2 * kPatienceMs);
        QVERIFY(runs[0].state == QueuedState::Finished && runs[1].state == QueuedState::Finished);
        QCOMPARE(runs[0].frames, kFrames);
        QCOMPARE(query(recordsOf(folder), "SELECT run FROM runs WHERE state = 'finished'"), static_cast<std::int64_t>(number));
        QCOMPARE(query(recordsOf(folder), "SELECT count(*) FROM frames"), static_cast<std::int64_t>(kFrames));
        // The other seed is a run of this session.
        QCOMPARE(query(folder.filePath("second/records.sqlite").toStdString(), "SELECT count(*) FROM frames"),
                 static_cast<std::int64_t>(kFrames));
    }
};

int main(int argc, char** argv)
{
    QApplication app(argc, argv);
    if (argc == 3 && (std::string(argv[1]) == "--run" || std::string(argv[1]) == "--queue"))
        return runUntilKilled(QString::fromLocal8Bit(argv[2]), std::string(argv[1]) == "--queue");
    TestResumeBar test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_resume_bar.moc"
