// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever happens to one half while the other one is already in trouble, in any order: in the end the run goes on by itself, and
// the books of every run balance.
#include "core/session/books.h"
#include "core/session/device_profile.h"
#include "tests/integration/collector.h"
#include "tests/integration/halves.h"

using namespace splitscope;

namespace {

constexpr int kPatienceMs = 120'000;
constexpr std::uint64_t kEnough = 50;  ///< requests that show that a run goes on

session::Scenario scenarioOn(const DaemonProcess& daemon)
{
    session::Scenario scenario;
    scenario.device = daemon.address();
    scenario.deviceKey = daemon.key();
    scenario.strategy = "fixed";
    scenario.decision = {3, 6, {codec::CodingKind::Quantized, 8}};
    scenario.frames = 1'000'000;  // it is stopped when enough was seen
    scenario.minIntervalMs = 3;
    scenario.costTable = "none";
    return scenario;
}

}  // namespace

class TestInterruptionPairs : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void inAnyOrderTheRunGoesOnAndTheBooksBalance_data()
    {
        QTest::addColumn<QString>("steps");
        QTest::addColumn<bool>("noticed");  // each step waits until the other half has noticed the one before
        constexpr int kAlsoAtOnce = 4;  // of the orders: a run takes ten seconds
        int orders = 0;
        for (const auto* steps : {
                 "stop edge, kill daemon, start daemon, continue edge",
                 "stop edge, kill edge, start edge",  // killed while the daemon goes on alone
                 "stop edge, stop daemon, continue edge, continue daemon",
                 "stop edge, stop daemon, continue daemon, continue edge",
                 "stop daemon, kill daemon, start daemon",
                 "stop daemon, kill edge, start edge, continue daemon",
                 "stop daemon, stop edge, kill daemon, start daemon, continue edge",
                 "kill daemon, kill edge, start edge, start daemon",
                 "kill edge, kill daemon, start daemon, start edge",
                 "kill daemon, stop edge, start daemon, continue edge",
                 "kill daemon, start daemon, kill daemon, start daemon",
                 "kill edge, start edge, kill edge, start edge",
             }) {
            QTest::addRow("noticed: %s", steps) << QString(steps) << true;
            if (++orders <= kAlsoAtOnce)
                QTest::addRow("at once: %s", steps) << QString(steps) << false;
        }
    }
    void inAnyOrderTheRunGoesOnAndTheBooksBalance()
    {
        QFETCH(QString, steps);
        QFETCH(bool, noticed);
        Halves halves;
        QVERIFY(halves.does("start daemon") && halves.does("start edge"));
        QTRY_VERIFY_WITH_TIMEOUT(halves.requests() > kEnough, kPatienceMs);
        for (const auto& step : steps.split(", ")) {
            if (noticed && halves.bothRun()) {
                const auto before = halves.requests();
                QTRY_VERIFY2_WITH_TIMEOUT(halves.requests() > before, qPrintable("before " + step), kPatienceMs);
            }
            const bool disturbs = halves.bothRun();
            const int before = halves.noticed(step);
            QVERIFY2(halves.does(step), qPrintable(step));
            if (noticed && disturbs)
                QTRY_VERIFY2_WITH_TIMEOUT(halves.noticed(step) > before, qPrintable("after " + step), kPatienceMs);
        }
        const auto before = halves.requests();
        QTRY_VERIFY2_WITH_TIMEOUT(halves.requests() > before + kEnough, halves.edgeSaid().constData(), kPatienceMs);
        QVERIFY2(halves.end(kPatienceMs) == 0, halves.edgeSaid().constData());
        const auto runs = halves.runs();
        QCOMPARE(static_cast<qsizetype>(runs.size()), 1 + steps.count("start edge"));
        for (const auto& row : runs) {
            const auto books = session::checkBooks(row.key.records, row.key.run);
            QVERIFY2(books.ok(), books.ok() ? "" : books.error().message().c_str());
            QCOMPARE(books->doubled, 0U);
            QCOMPARE(books->missing, 0U);
        }
    }

    void aPausedRunOutlivesItsDaemon_data()
    {
        QTest::addColumn<bool>("killed");
        QTest::newRow("killed and started") << true;
        QTest::newRow("stopped and continued") << false;
    }
    void aPausedRunOutlivesItsDaemon()
    {
        QFETCH(bool, killed);
        DaemonProcess daemon;
        QVERIFY(daemon.start());
        Collector collector;
        QTemporaryDir out;
        session::ExperimentOptions options;
        options.outFolder = out.path().toStdString();
        const auto run = session::Experiment::start(scenarioOn(daemon), options, collector);
        QVERIFY(run.ok());
        const auto isIn = [&](session::Phase phase) { return (*run)->status().phase == phase; };
        QTRY_VERIFY_WITH_TIMEOUT(collector.recordCount() > kEnough, kPatienceMs);
        (*run)->pause(true);
        QTRY_VERIFY_WITH_TIMEOUT(isIn(session::Phase::Paused), kPatienceMs);
        killed ? daemon.kill() : daemon.signal(SIGSTOP);
        QTRY_VERIFY_WITH_TIMEOUT(isIn(session::Phase::Reconnecting), kPatienceMs);
        if (killed)
            QVERIFY(daemon.start());
        else
            daemon.signal(SIGCONT);
        QTRY_VERIFY_WITH_TIMEOUT(isIn(session::Phase::Paused), kPatienceMs);  // not running: nobody resumed it
        const auto before = collector.recordCount();
        (*run)->pause(false);
        QTRY_VERIFY_WITH_TIMEOUT(collector.recordCount() > before + kEnough, kPatienceMs);
        (*run)->stop();
        QTRY_VERIFY_WITH_TIMEOUT((*run)->ended(), kPatienceMs);
        const auto books = session::checkBooks(out.filePath("records.sqlite").toStdString(), (*run)->run());
        QVERIFY(books.ok() && books->balanced());
    }

    void aRunEndsWhenAskedThoughItsDaemonIsGone_data()
    {
        QTest::addColumn<bool>("killed");
        QTest::newRow("killed") << true;
        QTest::newRow("stopped") << false;
    }
    void aRunEndsWhenAskedThoughItsDaemonIsGone()
    {
        QFETCH(bool, killed);
        DaemonProcess daemon;
        QVERIFY(daemon.start());
        Collector collector;
        QTemporaryDir out;
        session::ExperimentOptions options;
        options.outFolder = out.path().toStdString();
        const auto run = session::Experiment::start(scenarioOn(daemon), options, collector);
        QVERIFY(run.ok());
        QTRY_VERIFY_WITH_TIMEOUT(collector.recordCount() > kEnough, kPatienceMs);
        killed ? daemon.kill() : daemon.signal(SIGSTOP);
        (*run)->stop();
        QTRY_VERIFY_WITH_TIMEOUT((*run)->ended(), kPatienceMs);
        QVERIFY((*run)->status().phase == session::Phase::Stopped);
        const auto books = session::checkBooks(out.filePath("records.sqlite").toStdString(), (*run)->run());
        QVERIFY(books.ok() && books->balanced());
        // Whoever comes next finds a device that is free.
        if (killed)
            QVERIFY(daemon.start());
        else
            daemon.signal(SIGCONT);
        Collector next;
        const auto again = session::Experiment::start(scenarioOn(daemon), {}, next);
        QVERIFY(again.ok());
        QTRY_VERIFY_WITH_TIMEOUT(next.recordCount() > kEnough, kPatienceMs);
    }

    void aMeasurementThatIsDisturbedLeavesTheDeviceFree_data()
    {
        QTest::addColumn<QString>("steps");  // of the daemon, once the measurement is under way
        QTest::newRow("unplugged and plugged in") << "kill, start";
        QTest::newRow("away for a moment") << "stop, continue";
        QTest::newRow("away, then unplugged and plugged in") << "stop, kill, start";
    }
    void aMeasurementThatIsDisturbedLeavesTheDeviceFree()
    {
        QFETCH(QString, steps);
        DaemonProcess daemon;
        QVERIFY(daemon.start());
        session::DeviceProfileOptions options;
        options.device = daemon.address();
        options.deviceKey = daemon.key();
        options.actionSet = "bits:4";
        options.profiler.budgetSeconds = 5;
        bool disturbed = false;
        const auto measured = session::profileDevice(options, {}, [&](const profile::ProfilerProgress&) {
            if (std::exchange(disturbed, true))
                return;
            for (const auto& step : steps.split(", "))
                if (step == QLatin1String("kill"))
                    daemon.kill();
                else if (step == QLatin1String("start"))
                    static_cast<void>(daemon.start());
                else
                    daemon.signal(step == QLatin1String("stop") ? SIGSTOP : SIGCONT);
        });
        QVERIFY(disturbed);
        QCOMPARE(measured.ok(), !steps.contains("kill"));
        if (!measured.ok())
            QCOMPARE(measured.error().code, base::ErrorCode::Unreachable);
        options.profiler.budgetSeconds = 0.5;
        const auto again = session::profileDevice(options, {});
        QVERIFY2(again.ok(), again.ok() ? "" : again.error().message().c_str());
    }
};

QTEST_GUILESS_MAIN(TestInterruptionPairs)
#include "tst_interruption_pairs.moc"
