// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/queue_file.h"

#include "tests/core/session/old_records.h"
#include "tests/core/session/recorded_run.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace splitscope;
using session::ExperimentQueue;
using session::Phase;
using session::QueuedState;

namespace {

session::Scenario scenario(std::uint64_t seed)
{
    session::Scenario s;
    s.strategy = "greedy";
    s.bandwidth = "2MB/s";
    s.frames = 40;
    s.seed = seed;
    return s;
}

/// One of each state.
ExperimentQueue mixed()
{
    ExperimentQueue queue;
    static_cast<void>(queue.add(scenario(7), "office \"è\"", "/tmp/office.json", 4));
    static_cast<void>(queue.add(scenario((1ULL << 53) - 1), "", "", 1));
    constexpr std::int64_t kSecond = 1'000'000'000;
    for (const auto phase : {Phase::Finished, Phase::Failed, Phase::Stopped}) {
        static_cast<void>(queue.next(1));
        queue.progressed(40, kSecond / 2);
        queue.ended(phase, "no\nlink", kSecond + 1);
    }
    static_cast<void>(queue.next(1));
    queue.progressed(12, 2 * kSecond);
    return queue;
}

std::string path(const QTemporaryDir& folder) { return folder.filePath(QStringLiteral("queue.json")).toStdString(); }

}  // namespace

class TestQueueFile : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatIsKeptComesBackAndWhatRanWaitsAgain()
    {
        const QTemporaryDir folder;
        const auto before = mixed();
        QVERIFY(session::saveQueue(before.experiments(), path(folder)).ok());
        const auto kept = session::loadQueue(path(folder));
        QVERIFY2(kept.ok(), kept.ok() ? "" : kept.error().message().c_str());
        ExperimentQueue queue;
        const auto newer = queue.add(scenario(1), "newer", "", 1);
        queue.restore(*kept);
        QCOMPARE(queue.experiments().size(), std::size_t(3));
        QCOMPARE(queue.experiments()[2].id, *newer);
        for (std::size_t i = 0; i < 2; ++i) {
            const auto &was = before.experiments()[i], &is = queue.experiments()[i];
            QCOMPARE(is.name, was.name);
            QCOMPARE(is.file, was.file);
            QVERIFY(is.scenario == was.scenario);
            QCOMPARE(is.runs.size(), was.runs.size());
            QVERIFY(is.id != *newer);
            for (std::size_t run = 0; run < is.runs.size(); ++run) {
                QCOMPARE(is.runs[run].seed, was.runs[run].seed);
                const bool ran = was.runs[run].state == QueuedState::Running;
                QVERIFY(is.runs[run].state == (ran ? QueuedState::Waiting : was.runs[run].state));
                QCOMPARE(is.runs[run].frames, ran ? 0 : was.runs[run].frames);
                QCOMPARE(is.runs[run].seconds, ran ? 0 : was.runs[run].seconds);
                QCOMPARE(is.runs[run].why, was.runs[run].why);
            }
        }
        QVERIFY(!queue.running());
        QVERIFY2(queue.progress(1).secondsLeft, "how long runs take is known from before");
        const auto job = queue.next(1);
        QVERIFY(job);
        QCOMPARE(job->scenario.seed, std::uint64_t(10));
    }

    /// A run under way when the program died goes on, if its records say that it may; files of before do not tell of it.
    void aRunUnderWayKeepsItsRecord_data()
    {
        QTest::addColumn<QString>("ending");
        QTest::addColumn<bool>("goesOn");
        QTest::addColumn<bool>("hasEnded");
        QTest::newRow("interrupted") << "interrupted" << true << false;
        QTest::newRow("finished before the queue was kept") << "finished" << false << true;
        QTest::newRow("stopped as the program was closed") << "stopped" << false << false;
        QTest::newRow("deleted") << "" << false << false;
    }
    void aRunUnderWayKeepsItsRecord()
    {
        QFETCH(QString, ending);
        QFETCH(bool, goesOn);
        QFETCH(bool, hasEnded);
        const QTemporaryDir folder;
        const session::RunKey key{folder.filePath(QStringLiteral("records.sqlite")).toStdString(), recorded::kRun};
        recorded::record(key.records.string(), key.run, 40);
        QVERIFY(execute(key.records.string(),
                        ending.isEmpty() ? "DELETE FROM runs" : "UPDATE runs SET state = '" + ending.toStdString() + "'"));
        auto before = mixed();
        before.recorded(key);
        QVERIFY(session::saveQueue(before.experiments(), path(folder)).ok());
        auto kept = session::loadQueue(path(folder));
        QVERIFY(kept.ok());
        QVERIFY(kept->front().runs[3].record == key);
        session::settle(*kept);
        ExperimentQueue queue;
        queue.restore(*kept);
        const auto& run = queue.experiments().front().runs[3];
        QVERIFY(run.state == (hasEnded ? QueuedState::Finished : QueuedState::Waiting));
        QCOMPARE(run.frames, hasEnded ? 40U : 0U);
        // Kept once more before anybody started it.
        QVERIFY(session::saveQueue(queue.experiments(), path(folder)).ok());
        QCOMPARE(session::loadQueue(path(folder))->front().runs[3].record.run, goesOn ? key.run : 0U);
        const auto job = queue.next(1);
        QVERIFY(job);
        QCOMPARE(job->record.run, goesOn ? key.run : 0U);
        queue.ended(Phase::Failed, "no link", 2);
        queue.again(queue.experiments().front().id);
        QCOMPARE(queue.next(3)->record.run, 0U);
    }

    void noFileIsAnEmptyQueue()
    {
        const QTemporaryDir folder;
        const auto kept = session::loadQueue(path(folder));
        QVERIFY(kept.ok() && kept->empty());
        QVERIFY(session::saveQueue({}, path(folder)).ok());
        QVERIFY(session::loadQueue(path(folder)).ok());
    }

    void filesThatAreNoQueueAreKeptAside_data()
    {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        QTest::addColumn<QString>("told");
        QTest::newRow("cut off") << QStringLiteral("*") << QStringLiteral("{\"format\": \"splitscope-queue\"")
                                 << QStringLiteral("broken");
        QTest::newRow("another file") << QStringLiteral("*") << QStringLiteral("[1, 2]") << QStringLiteral("no queue");
        QTest::newRow("newer") << QStringLiteral("\"version\": 1") << QStringLiteral("\"version\": 2")
                               << QStringLiteral("version 2");
        QTest::newRow("state") << QStringLiteral("\"failed\"") << QStringLiteral("\"asleep\"")
                               << QStringLiteral("run 2: 'state'");
        QTest::newRow("seed") << QStringLiteral("\"seed\": 8,") << QStringLiteral("\"seed\": -8,") << QStringLiteral("'seed'");
        QTest::newRow("scenario") << QStringLiteral("\"greedy\"") << QStringLiteral("7") << QStringLiteral("experiment 1");
    }

    void filesThatAreNoQueueAreKeptAside()
    {
        QFETCH(QString, from);
        QFETCH(QString, to);
        QFETCH(QString, told);
        const QTemporaryDir folder;
        QString json = QString::fromStdString(session::toJson(mixed().experiments()));
        if (from == QLatin1String("*"))
            json = to;
        else {
            QVERIFY(json.contains(from));
            json.replace(json.indexOf(from), from.size(), to);
        }
        std::ofstream(path(folder)) << json.toStdString();
        const auto kept = session::loadQueue(path(folder));
        QVERIFY(!kept.ok());
        QCOMPARE(kept.error().code, base::ErrorCode::InvalidInput);
        const auto message = QString::fromStdString(kept.error().message());
        QVERIFY2(message.contains(told), qPrintable(message));
        const auto aside = QDir(folder.path()).entryList(QDir::Files);
        QCOMPARE(aside.size(), 1);
        QVERIFY2(message.contains(aside.first()), qPrintable(message));
        QFile copy(folder.filePath(aside.first()));
        QVERIFY(copy.open(QIODevice::ReadOnly));
        QCOMPARE(QString::fromUtf8(copy.readAll()), json);
    }

    void whatCannotBeReadIsLeftAlone()
    {
        const QTemporaryDir folder;
        QVERIFY(QDir(folder.path()).mkdir(QStringLiteral("queue.json")));
        const auto kept = session::loadQueue(path(folder));
        QVERIFY(!kept.ok());
        QVERIFY(kept.error().code != base::ErrorCode::InvalidInput);
        QVERIFY(QFileInfo(folder.filePath(QStringLiteral("queue.json"))).isDir());
    }
};

QTEST_APPLESS_MAIN(TestQueueFile)
#include "tst_queue_file.moc"
