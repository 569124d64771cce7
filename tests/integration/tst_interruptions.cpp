// SPDX-License-Identifier: GPL-3.0-or-later
// Either half may be killed or stopped at any moment: the other says what happened, goes on, reconnects by itself, and
// the books balance: exactly one outcome per frame id.
#include "core/base/clock.h"
#include "tests/integration/collector.h"
#include "tests/integration/daemon_process.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <sqlite3.h>

using namespace splitscope;

namespace {

session::Scenario scenarioOn(const DaemonProcess& daemon, std::uint64_t frames)
{
    session::Scenario scenario;
    scenario.device = daemon.address();
    scenario.deviceKey = daemon.key();
    scenario.strategy = "fixed";
    scenario.decision = {3, 6, {codec::CodingKind::Quantized, 8}};
    scenario.frames = frames;
    scenario.minIntervalMs = 2;
    return scenario;
}

/// Every frame id from 0 has exactly one record.
QString imbalance(std::vector<wire::FrameRecord> records, std::uint64_t frames)
{
    std::sort(records.begin(), records.end(), [](const auto& a, const auto& b) { return a.firstFrame < b.firstFrame; });
    std::uint64_t next = 0;
    for (const auto& record : records) {
        if (record.firstFrame != next)
            return QStringLiteral("frame %1 where %2 was due").arg(record.firstFrame).arg(next);
        next += static_cast<std::uint64_t>(record.count);
    }
    return next == frames ? QString() : QStringLiteral("%1 of %2 frames").arg(next).arg(frames);
}

/// First column of the first row of a query, as text; empty without a database or row.
QString query(const std::string& database, const char* sql)
{
    sqlite3* db = nullptr;
    sqlite3_stmt* statement = nullptr;
    QString text;
    if (sqlite3_open_v2(database.c_str(), &db, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK
        && sqlite3_prepare_v2(db, sql, -1, &statement, nullptr) == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW)
        text = QString::fromUtf8(reinterpret_cast<const char*>(sqlite3_column_text(statement, 0)));
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return text;
}

int framesIn(const std::string& database) { return query(database, "SELECT count(*) FROM frames").toInt(); }

/// Runs whose frame ids are not exactly 0 .. n − 1, as "run: rows of n".
QString unbalancedRuns(const std::string& database)
{
    return query(database,
                 "SELECT group_concat(run || ': ' || n || ' of ' || top) FROM (SELECT run, count(*) AS n, max(id) + 1 AS top "
                 "FROM frames GROUP BY run) WHERE n <> top");
}

}  // namespace

class TestInterruptions : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aStoppedDaemonIsReportedAndTakenUpAgain()
    {
        DaemonProcess daemon;
        QVERIFY(daemon.start());
        Collector collector;
        QTemporaryDir out;
        session::ExperimentOptions options;
        options.outFolder = out.path().toStdString();
        const auto experiment = session::Experiment::start(scenarioOn(daemon, 600), options, collector);
        QVERIFY(experiment.ok());
        QTRY_VERIFY_WITH_TIMEOUT(collector.recordCount() > 50, 30'000);
        daemon.signal(SIGSTOP);
        QTRY_VERIFY_WITH_TIMEOUT(collector.saw(session::Phase::Reconnecting), 10'000);
        QVERIFY(!(*experiment)->status().health);
        const auto before = collector.recordCount();
        daemon.signal(SIGCONT);
        QTRY_VERIFY_WITH_TIMEOUT(collector.recordCount() > before, 2'000);
        QTRY_VERIFY_WITH_TIMEOUT((*experiment)->ended(), 60'000);
        QCOMPARE(imbalance(collector.records(), 600), QString());
        QCOMPARE((*experiment)->summary().lost(), 0u);
        const auto database = out.filePath("records.sqlite").toStdString();
        QCOMPARE(query(database, "SELECT count(*) FROM events WHERE kind = 'link' AND json_extract(detail, '$.state') = 'silent'")
                     .toInt(),
                 1);
        QVERIFY(query(database,
                      "SELECT json_extract(detail, '$.silent_ms') FROM events WHERE kind = 'link' AND "
                      "json_extract(detail, '$.again')")
                    .toDouble()
                > 0);
    }

    void aKilledDaemonLosesOnlyWhatItHeldAndTheRunGoesOn()
    {
        DaemonProcess daemon;
        QVERIFY(daemon.start());
        Collector collector;
        const auto experiment = session::Experiment::start(scenarioOn(daemon, 600), {}, collector);
        QVERIFY(experiment.ok());
        QTRY_VERIFY_WITH_TIMEOUT(collector.recordCount() > 50, 30'000);
        daemon.kill();
        QTRY_VERIFY_WITH_TIMEOUT(collector.saw(session::Phase::Reconnecting), 10'000);
        QVERIFY(daemon.start());
        QTRY_VERIFY_WITH_TIMEOUT((*experiment)->ended(), 60'000);
        QVERIFY((*experiment)->status().phase == session::Phase::Finished);
        QCOMPARE(imbalance(collector.records(), 600), QString());
        const auto summary = (*experiment)->summary();
        QCOMPARE(summary.frames(), 600u);
        QVERIFY(summary.lost() < 100);
        for (const auto& record : collector.records())
            QCOMPARE(record.reason.empty(), record.outcome == wire::Outcome::Done);
    }

    void aStoppedEdgeMakesTheDeviceFinishAlone()
    {
        DaemonProcess daemon;
        QVERIFY(daemon.start());
        QTemporaryDir out;
        // The edge is another process here, so that it can be stopped while the daemon runs on.
        QProcess edge;
        edge.start(SPLITSCOPE_BIN "/splitscope-cli", daemon.runArguments(1'500, "2ms", out.path()));
        QVERIFY(edge.waitForStarted());
        const auto database = out.filePath("records.sqlite").toStdString();
        QTRY_VERIFY_WITH_TIMEOUT(framesIn(database) > 100, 30'000);
        ::kill(static_cast<pid_t>(edge.processId()), SIGSTOP);
        const auto stoppedAt = base::nowNs();
        QTRY_VERIFY_WITH_TIMEOUT(base::toMs(base::nowNs() - stoppedAt) > 1'500, 3'000);
        ::kill(static_cast<pid_t>(edge.processId()), SIGCONT);
        QVERIFY(edge.waitForFinished(60'000));
        QCOMPARE(edge.exitCode(), 0);
        const auto json = QJsonDocument::fromJson(edge.readAllStandardOutput()).object();
        QCOMPARE(json["frames"].toInt(), 1500);
        QCOMPARE(json["lost"].toInt(), 0);
        QVERIFY(json["fallback"].toInt() >= 1);
        QCOMPARE(json["done"].toInt() + json["fallback"].toInt(), 1500);
        QCOMPARE(framesIn(database), 1500);
        // The stretch is told once when it began and once when it was over, and why.
        QCOMPARE(query(database, "SELECT group_concat(json_extract(detail, '$.state')) FROM events WHERE kind = 'fallback'"),
                 QString("begin,end"));
        QCOMPARE(query(database,
                       "SELECT json_extract(detail, '$.frames') FROM events WHERE kind = 'fallback' AND detail LIKE "
                       "'%\"end\"%'")
                     .toInt(),
                 json["fallback"].toInt());
        QCOMPARE(query(database, "SELECT count(*) FROM events WHERE kind = 'edge-silent'").toInt(), 2);
        // The device's reports are recorded beside the heartbeats.
        QVERIFY(query(database, "SELECT count(*) FROM health WHERE memory_bytes > 0 AND load IS NOT NULL").toInt() >= 2);
        // And with each request, also those that the device finished alone: what it was like when they were captured.
        QVERIFY(
            query(database, "SELECT count(*) FROM requests WHERE device_load IS NULL OR device_memory_used_bytes IS NULL").toInt()
            < 100);  // the first ones, until the device has looked at itself
        QCOMPARE(query(database, "SELECT count(*) FROM requests WHERE outcome = 'fallback' AND device_load IS NULL").toInt(), 0);
        QVERIFY(query(database, "SELECT count(DISTINCT device_memory_used_bytes) FROM requests").toInt() >= 2);
    }

    void aKilledEdgeGetsTheRecordsThatItMissed()
    {
        DaemonProcess daemon;
        QVERIFY(daemon.start());
        QTemporaryDir out;
        const auto arguments = daemon.runArguments(400, "2ms", out.path());
        const auto database = out.filePath("records.sqlite").toStdString();
        QProcess first;
        first.start(SPLITSCOPE_BIN "/splitscope-cli", arguments);
        QVERIFY(first.waitForStarted());
        QTRY_VERIFY_WITH_TIMEOUT(framesIn(database) > 50, 30'000);
        first.kill();
        QVERIFY(first.waitForFinished());
        QProcess second;
        second.start(SPLITSCOPE_BIN "/splitscope-cli", arguments);
        QVERIFY(second.waitForFinished(60'000));
        QCOMPARE(second.exitCode(), 0);
        const auto report = second.readAllStandardError();
        // Both runs are in the database, each frame id once, the first run without holes up to where it was stopped.
        QVERIFY2(framesIn(database) > 450, report.constData());
        QVERIFY2(unbalancedRuns(database).isEmpty(), qPrintable(unbalancedRuns(database)));
    }
};

QTEST_GUILESS_MAIN(TestInterruptions)
#include "tst_interruptions.moc"
