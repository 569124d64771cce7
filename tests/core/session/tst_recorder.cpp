// SPDX-License-Identifier: GPL-3.0-or-later
// The database: nothing doubles, nothing is dropped, a kill loses a second at most, trouble is told and passes.
#include "core/session/books.h"
#include "core/session/exports.h"
#include "core/session/recorder.h"
#include "core/session/scenario.h"
#include "tests/core/session/session_samples.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <csignal>
#include <iostream>
#include <mutex>
#include <sqlite3.h>
#include <thread>

using namespace splitscope;
using session::Recorder;

namespace {

constexpr std::uint64_t kRun = 42;

session::RunInfo info(std::uint64_t frames)
{
    session::Scenario scenario;
    scenario.frames = frames;
    return {kRun, session::toJson(scenario), "0.0.0", "hash", 1};
}

std::int64_t query(const std::string& path, const std::string& sql)
{
    sqlite3* db = nullptr;
    sqlite3_open_v2(path.c_str(), &db, SQLITE_OPEN_READONLY, nullptr);
    sqlite3_stmt* statement = nullptr;
    std::int64_t value = -1;
    if (sqlite3_prepare_v2(db, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW)
        value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return value;
}

/// Helper mode: records without end and says what it has handed over, until it is killed.
int recordForever(const char* path)
{
    auto recorder = Recorder::open(path, {});
    if (!recorder)
        return 1;
    (*recorder)->beginRun(info(1'000'000));
    for (std::uint64_t frame = 0;; ++frame) {
        (*recorder)->add(kRun, makeSample(frame, 1));
        std::cout << frame << std::endl;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

}  // namespace

class TestRecorder : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_folder;
    int m_files = 0;
    std::string newPath() { return m_folder.filePath(QString::number(++m_files) + ".sqlite").toStdString(); }

private Q_SLOTS:
    void everyRecordIsWrittenAndTold()
    {
        const auto path = newPath();
        std::mutex mutex;
        std::vector<std::uint64_t> committed;
        session::RecorderEvents events;
        events.onCommitted = [&](std::uint64_t, const std::vector<std::uint64_t>& firstFrames) {
            const std::lock_guard lock(mutex);
            committed.insert(committed.end(), firstFrames.begin(), firstFrames.end());
        };
        auto recorder = Recorder::open(path, events);
        QVERIFY(recorder.ok());
        (*recorder)->beginRun(info(1000));
        for (std::uint64_t i = 0; i < 500; ++i)
            (*recorder)->add(kRun, makeSample(2 * i, 2));
        (*recorder)->endRun(kRun, "finished");
        QVERIFY((*recorder)->flush(10'000));
        recorder->reset();
        QCOMPARE(committed.size(), 500U);
        QCOMPARE(query(path, "SELECT count(*) FROM requests"), 500);
        QCOMPARE(query(path, "SELECT count(*) FROM frames"), 1000);
        QCOMPARE(query(path, "SELECT count(*) FROM runs WHERE state = 'finished' AND ended_ms > 0"), 1);
        const auto report = session::checkBooks(path, kRun);
        QVERIFY(report.ok());
        QVERIFY(report->balanced());
        QCOMPARE(report->done, 1000U);
    }

    void recordsThatComeAgainNeverDouble()
    {
        const auto path = newPath();
        auto recorder = Recorder::open(path, {});
        QVERIFY(recorder.ok());
        (*recorder)->beginRun(info(8));
        for (int time = 0; time < 3; ++time) {
            (*recorder)->add(kRun, makeSample(0, 4, 10 + time));
            (*recorder)->add(kRun, makeSample(4, 4));
            QVERIFY((*recorder)->flush(10'000));
        }
        QCOMPARE(query(path, "SELECT count(*) FROM requests"), 2);
        QCOMPARE(query(path, "SELECT count(*) FROM frames"), 8);
        QCOMPARE(query(path, "SELECT total_ms FROM requests WHERE first_frame = 0"), 12);
    }

    void holesAndDoublesInTheBooksAreFound()
    {
        const auto path = newPath();
        auto recorder = Recorder::open(path, {});
        QVERIFY(recorder.ok());
        (*recorder)->beginRun(info(10));
        (*recorder)->add(kRun, makeSample(0, 4));
        (*recorder)->add(kRun, makeSample(3, 2));  // frame 3 again
        (*recorder)->add(kRun, makeLost(7, 1));
        (*recorder)->endRun(kRun, "finished");
        QVERIFY((*recorder)->flush(10'000));
        const auto report = session::checkBooks(path, kRun);
        QVERIFY(report.ok());
        QVERIFY(!report->balanced());
        QCOMPARE(report->doubled, 1U);
        QCOMPARE(report->missing, 4U);  // 5, 6, 8, 9
        QCOMPARE(report->lost, 1U);
        QVERIFY(!session::checkBooks(path, kRun + 1).ok());
    }

    void aKilledWriterLosesASecondAtMost()
    {
        const auto path = newPath();
        QProcess writer;
        writer.start(QCoreApplication::applicationFilePath(), {"--record-forever", QString::fromStdString(path)});
        QVERIFY(writer.waitForStarted());
        QByteArray said;
        QTRY_VERIFY_WITH_TIMEOUT((said += writer.readAllStandardOutput()).count('\n') > 1500, 60'000);
        writer.kill();
        QVERIFY(writer.waitForFinished());
        said += writer.readAllStandardOutput();
        const auto handedOver = said.count('\n');
        const auto written = query(path, "SELECT count(*) FROM requests");
        QVERIFY2(written >= handedOver - 1000,
                 qPrintable(QString("%1 of %2").arg(written).arg(handedOver)));  // one a millisecond
        // What is there is whole, and can be gone on with.
        QCOMPARE(query(path, "SELECT max(id) + 1 FROM frames"), written);
        auto recorder = Recorder::open(path, {});
        QVERIFY(recorder.ok());
        (*recorder)->add(kRun, makeSample(static_cast<std::uint64_t>(written), 1));
        QVERIFY((*recorder)->flush(10'000));
        QCOMPARE(query(path, "SELECT count(*) FROM requests"), written + 1);
    }

    void aLockedDatabaseIsTroubleThatPasses()
    {
        const auto path = newPath();
        std::atomic<int> troubles = 0;
        session::RecorderEvents events;
        events.onTrouble = [&](const base::Error& error) {
            if (error.code == base::ErrorCode::Busy)
                ++troubles;
        };
        auto recorder = Recorder::open(path, events);
        QVERIFY(recorder.ok());
        sqlite3* other = nullptr;
        QCOMPARE(sqlite3_open(path.c_str(), &other), SQLITE_OK);
        QCOMPARE(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
        (*recorder)->add(kRun, makeSample(0, 1));
        QTRY_COMPARE_WITH_TIMEOUT(troubles.load(), 1, 30'000);
        QVERIFY(!(*recorder)->flush(1));
        sqlite3_exec(other, "ROLLBACK", nullptr, nullptr, nullptr);
        sqlite3_close(other);
        QVERIFY((*recorder)->flush(30'000));
        QCOMPARE(query(path, "SELECT count(*) FROM requests"), 1);
        QCOMPARE(troubles.load(), 1);
    }

    void filesThatAreNoRecordsAreRefused()
    {
        const auto garbage = newPath();
        QFile file(QString::fromStdString(garbage));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray(5000, 'x'));
        file.close();
        QVERIFY(!Recorder::open(garbage, {}).ok());
        QVERIFY(!Recorder::open("/proc/nowhere/records.sqlite", {}).ok());

        const auto later = newPath();
        QVERIFY(Recorder::open(later, {}).ok());
        sqlite3* db = nullptr;
        QCOMPARE(sqlite3_open(later.c_str(), &db), SQLITE_OK);
        sqlite3_exec(db, "PRAGMA user_version = 99", nullptr, nullptr, nullptr);
        sqlite3_close(db);
        const auto refused = Recorder::open(later, {});
        QVERIFY(!refused.ok());
        QVERIFY(refused.error().text.find("later version") != std::string::npos);
    }

    void theCsvHoldsWhatWasRecorded()
    {
        const auto path = newPath();
        auto recorder = Recorder::open(path, {});
        QVERIFY(recorder.ok());
        (*recorder)->beginRun(info(10));
        (*recorder)->add(kRun, makeLost(4, 2));
        auto priced = makeSample(0, 4, 12.625, 1);
        priced.priced = true;
        priced.reward = 0.625;
        priced.regret = 0.0625;
        (*recorder)->add(kRun, priced);
        QVERIFY((*recorder)->flush(10'000));
        QCOMPARE(query(path, "SELECT count(*) FROM requests WHERE reward IS NULL AND regret IS NULL"), 1);
        const auto csv = path + ".csv";
        QVERIFY(session::exportRequestsCsv(path, kRun, csv).ok());
        const auto read = session::readRequestsCsv(csv);
        QVERIFY2(read.ok(), read.ok() ? "" : read.error().message().c_str());
        QCOMPARE(read->size(), 2U);
        const auto expected = makeSample(0, 4, 12.625, 1);
        const auto& first = (*read)[0];
        QCOMPARE(first.record.firstFrame, 0U);
        QVERIFY(first.record.decision == expected.record.decision);
        QVERIFY(first.record.labels == expected.record.labels);
        QVERIFY(first.record.truths == expected.record.truths);
        QCOMPARE(first.record.stages.total, 12.625);
        QCOMPARE(first.record.stages.transfer, 2.125);
        QCOMPARE(first.record.achievedBytesPerSecond, 9.5e5);
        QCOMPARE(first.record.wireBytes, 1200U);
        QCOMPARE(first.energyJoules, 0.002);
        QCOMPARE(first.runningAccuracy, 0.75);
        QVERIFY(first.priced);
        QCOMPARE(first.reward, 0.625);
        QCOMPARE(first.regret, 0.0625);
        QVERIFY(!(*read)[1].priced);
        QVERIFY((*read)[1].record.outcome == wire::Outcome::Lost);
        QCOMPARE((*read)[1].record.reason, makeLost(4, 2).record.reason);
    }

    // A mask has 64 bits: neither a database's signed integers nor a reader's doubles may lose one.
    void framesAnsweredEarlySurviveDatabaseAndCsv()
    {
        constexpr std::uint64_t kFirstAndLast = 0x8000'0000'0000'0001, kAll = ~std::uint64_t{0}, kOdd = 0x5555'5555'5555'5555;
        const auto path = newPath();
        auto recorder = Recorder::open(path, {});
        QVERIFY(recorder.ok());
        (*recorder)->beginRun(info(256));
        const std::vector<std::uint64_t> masks{kFirstAndLast, kAll, kOdd, 0};
        for (std::size_t i = 0; i < masks.size(); ++i) {
            auto sample = makeSample(64 * i, 64);
            sample.record.decision.gate = decision::Gate{1, 0.1};
            sample.record.answeredEarly = masks[i];
            sample.priced = true;
            sample.optimum = {2, 6, {codec::CodingKind::Quantized, 4}, decision::Gate{1, 1.0 / 3}};
            (*recorder)->add(kRun, sample);
        }
        QVERIFY((*recorder)->flush(10'000));
        const auto csv = path + ".csv";
        QVERIFY(session::exportRequestsCsv(path, kRun, csv).ok());
        const auto read = session::readRequestsCsv(csv);
        QVERIFY2(read.ok(), read.ok() ? "" : read.error().message().c_str());
        const auto columns = session::readRun({path, kRun});
        QVERIFY2(columns.ok(), columns.ok() ? "" : columns.error().message().c_str());
        QCOMPARE(read->size(), masks.size());
        for (std::size_t i = 0; i < masks.size(); ++i)
            for (const auto& sample : {(*read)[i], columns->sample(i)}) {
                QCOMPARE(sample.record.answeredEarly.value_or(7), masks[i]);
                QVERIFY(sample.record.decision.gate == (decision::Gate{1, 0.1}));
                QVERIFY(sample.optimum.gate == (decision::Gate{1, 1.0 / 3}));
            }
    }

    void rowsThatAreBrokenAreNamed()
    {
        const auto csv = newPath();
        QFile file(QString::fromStdString(csv));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray::fromStdString(session::requestsCsvHeader()) + "\n1,2,3\n");
        file.close();
        const auto read = session::readRequestsCsv(csv);
        QVERIFY(!read.ok());
        QCOMPARE(read.error().where, csv + ":2");
        QVERIFY(!session::readRequestsCsv(csv + ".not").ok());
    }
};

int main(int argc, char** argv)
{
    if (argc == 3 && std::string(argv[1]) == "--record-forever")
        return recordForever(argv[2]);
    QCoreApplication app(argc, argv);
    TestRecorder test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_recorder.moc"
