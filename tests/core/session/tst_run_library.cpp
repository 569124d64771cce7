// SPDX-License-Identifier: GPL-3.0-or-later
// Recorded runs: old databases are migrated with a copy kept, or read as they are; what is listed is what was recorded.
#include "core/session/exports.h"
#include "core/session/recorder.h"
#include "core/session/run_environment.h"
#include "core/session/run_library.h"
#include "core/session/scenario.h"
#include "tests/core/session/old_records.h"
#include "tests/core/session/recorded_run.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <cmath>
#include <sys/wait.h>
#include <unistd.h>

using namespace splitscope;
using session::Recorder;
using session::RunKey;
using namespace recorded;

namespace {

const std::vector<std::string> kGates{"gate", "answered_early", "optimum_gate"};
const std::vector<std::string> kHealthOfRequests{"device_temperature_c",     "device_load",     "device_busy",
                                                 "device_memory_used_bytes", "device_clock_hz", "device_throttled",
                                                 "device_under_voltage",     "device_power_w"};

const std::string kNoPower = "ALTER TABLE health DROP COLUMN power_w;";

/// SQL that takes columns from requests, as if no schema had brought them yet.
std::string dropped(const std::vector<std::string>& columns)
{
    std::string sql;
    for (const auto& column : columns)
        sql += "ALTER TABLE requests DROP COLUMN " + column + ";";
    return sql;
}

}  // namespace

class TestRunLibrary : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_folder;
    int m_files = 0;
    std::string newPath() { return m_folder.filePath(QString::number(++m_files) + ".sqlite").toStdString(); }

private Q_SLOTS:
    void earlierDatabasesAreMigratedAndKeptAsACopy_data()
    {
        QTest::addColumn<int>("schema");
        for (int schema : {1, 2, 3})
            QTest::addRow("schema %d", schema) << schema;
    }
    void earlierDatabasesAreMigratedAndKeptAsACopy()
    {
        QFETCH(int, schema);
        const auto path = newPath();
        QVERIFY(writeOldRecords(path, schema));
        {
            auto recorder = Recorder::open(path, {});
            QVERIFY2(recorder.ok(), recorder.ok() ? "" : recorder.error().message().c_str());
            (*recorder)->add(kRun, pricedSample(2));
            QVERIFY((*recorder)->flush(10'000));
        }
        QCOMPARE(query(path, "PRAGMA user_version"), 7);
        QCOMPARE(query(path, "SELECT count(*) FROM requests"), 3);
        QCOMPARE(query(path, "SELECT count(*) FROM requests WHERE expected_accuracy IS NULL"), 2);
        QCOMPARE(query(path, "SELECT count(*) FROM runs WHERE state = 'interrupted'"), 1);  // its writer is gone
        const auto copy = path + ".schema-" + std::to_string(schema) + ".bak";
        QCOMPARE(query(copy, "PRAGMA user_version"), schema);
        QCOMPARE(query(copy, "SELECT count(*) FROM requests"), 2);
        QVERIFY(!QFile::exists(QString::fromStdString(copy + ".partial")));
    }

    void aMigrationThatFailsLeavesWhatWasThere()
    {
        const auto path = newPath();
        QVERIFY(writeOldRecords(path, 3));
        QVERIFY(execute(path, "CREATE TABLE parts(x)"));  // in the way of the migration's last step
        const auto refused = Recorder::open(path, {});
        QVERIFY(!refused.ok());
        QVERIFY(refused.error().text.find("tables cannot be made") != std::string::npos);
        QCOMPARE(query(path, "PRAGMA user_version"), 3);
        QCOMPARE(query(path, "SELECT count(*) FROM pragma_table_info('requests') WHERE name = 'strategy_reason'"), 0);
        QCOMPARE(query(path, "SELECT count(*) FROM requests"), 2);
    }

    void earlierDatabasesAreReadWithoutBeingChanged_data() { earlierDatabasesAreMigratedAndKeptAsACopy_data(); }
    void earlierDatabasesAreReadWithoutBeingChanged()
    {
        QFETCH(int, schema);
        const auto path = newPath();
        QVERIFY(writeOldRecords(path, schema));
        const auto list = session::listRuns(path);
        QVERIFY2(list.ok(), list.ok() ? "" : list.error().message().c_str());
        QCOMPARE(list->runs.size(), 1U);
        const auto& row = list->runs.front();
        QVERIFY(row.ending == session::RunEnding::Interrupted);
        QCOMPARE(row.model, std::string("alexnet3"));
        QCOMPARE(row.totals.frames, 2U);
        QCOMPARE(row.totals.accuracy.value, 0.5);
        QCOMPARE(row.totals.reward.has_value(), schema >= 3);
        const auto columns = session::readRun(row.key);
        QVERIFY(columns.ok());
        QCOMPARE(columns->size(), 2U);
        QCOMPARE(columns->estimatedBytesPerSecond[1], schema >= 2 ? 5e5F : 0.F);
        QCOMPARE(std::isnan(columns->reward[0]), schema < 3);
        QVERIFY(session::exportCsv(row.key, session::ExportTable::Requests, path + ".csv").ok());
        const auto read = session::readRequestsCsv(path + ".csv");
        QVERIFY(read.ok());
        QCOMPARE(read->size(), 2U);
        QVERIFY(session::readEvents(row.key)->empty());
        QVERIFY(session::readHealth(row.key)->empty());
        QCOMPARE(query(path, "PRAGMA user_version"), schema);
        // A tag is worth a migration.
        QVERIFY(session::setTags(row.key, {"old"}).ok());
        QCOMPARE(query(path, "PRAGMA user_version"), 7);
    }

    void whatIsNoDatabaseOfOursIsRefusedAndNotTouched()
    {
        const auto missing = newPath();
        QCOMPARE(session::listRuns(missing).error().code, base::ErrorCode::NotFound);
        QVERIFY(!session::setTags({missing, 1}, {"a"}).ok());
        QVERIFY(!QFile::exists(QString::fromStdString(missing)));

        const auto foreign = newPath();
        QVERIFY(execute(foreign, "CREATE TABLE recipes(name)"));
        const auto before = contentsOf(foreign);
        QVERIFY(session::listRuns(foreign).error().text.find("no records of this program") != std::string::npos);
        QVERIFY(!Recorder::open(foreign, {}).ok());
        QCOMPARE(query(foreign, "SELECT count(*) FROM sqlite_master"), 1);

        const auto garbage = newPath();
        QFile file(QString::fromStdString(garbage));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray(5000, 'x'));
        file.close();
        const auto refused = session::listRuns(garbage);
        QVERIFY(!refused.ok());
        QVERIFY2(refused.error().text.find("not a database") != std::string::npos, refused.error().text.c_str());
        QVERIFY(!session::readRun({garbage, 1}).ok());

        const auto later = newPath();
        record(later, 1, 2);
        QVERIFY(execute(later, "PRAGMA user_version = 99"));
        QVERIFY(session::listRuns(later).error().text.find("later version") != std::string::npos);
    }

    void aRowOfTheTableSaysWhatWasRun()
    {
        const auto path = newPath();
        record(path, 1, 40);
        record(path, 2, 8);
        const auto list = session::listRuns(path);
        QVERIFY(list.ok());
        QCOMPARE(list->runs.size(), 2U);
        QCOMPARE(list->runs[0].key.run, 2U);  // newest first
        const auto& row = list->runs[1];
        QVERIFY(row.ending == session::RunEnding::Finished);
        QCOMPARE(row.scenarioName, std::string("office"));
        QCOMPARE(row.seed, 7U);
        QCOMPARE(row.coder, std::string("huffman"));
        QCOMPARE(row.framesWanted, 40U);
        QCOMPARE(row.weightsHash + row.codebookHash + row.tableHash, std::string("wct"));
        const auto environment = QJsonDocument::fromJson(QByteArray::fromStdString(row.environment)).object();
        for (const char* key : {"host", "processor", "system", "libtorch"})
            QVERIFY2(!environment[key].toString().isEmpty(), key);
        QCOMPARE(environment["device"].toString(), QString("a board"));
        const auto& totals = row.totals;
        QCOMPARE(totals.requests, 40U);
        QCOMPARE(totals.done, 39U);
        QCOMPARE(totals.lost, 1U);
        QCOMPARE(totals.accuracy.value, 29.0 / 39);  // every fourth is wrong, and the lost one counts nowhere
        QVERIFY(totals.accuracy.low < totals.accuracy.value && totals.accuracy.value < totals.accuracy.high);
        QCOMPARE(totals.p50Ms, 10.375);
        QVERIFY(totals.medianMs.low <= totals.p50Ms && totals.p50Ms <= totals.medianMs.high);
        QVERIFY(totals.medianMs.low < totals.medianMs.high);
        QVERIFY(totals.p99Ms <= 10.75 && totals.p99Ms >= totals.p95Ms);
        QCOMPARE(totals.deadlineMs, 12.0);
        QCOMPARE(totals.deadlineMisses, 0U);
        QCOMPARE(*totals.reward, 0.75);
        QCOMPARE(totals.energyPerFrame, 0.002);
        // Kept, and found again.
        QCOMPARE(query(path, "SELECT count(*) FROM totals"), 2);
        QVERIFY(session::findRun(row.key)->totals == totals);
    }

    void totalsFollowRecordsThatComeLate()
    {
        const auto path = newPath();
        record(path, kRun, 3);
        QCOMPARE(session::findRun({path, kRun})->totals.frames, 3U);
        {
            auto recorder = Recorder::open(path, {});
            QVERIFY(recorder.ok());
            (*recorder)->add(kRun, pricedSample(3));
            QVERIFY((*recorder)->flush(10'000));
        }
        QCOMPARE(session::findRun({path, kRun})->totals.frames, 4U);
        QCOMPARE(session::readRun({path, kRun})->size(), 4U);
    }

    void runsOfAFolderAreListedTogether()
    {
        QTemporaryDir folder;
        QVERIFY(QDir(folder.path()).mkpath("a"));
        QVERIFY(QDir(folder.path()).mkpath("b"));
        QVERIFY(QDir(folder.path()).mkpath("c"));
        record(folder.filePath("a/records.sqlite").toStdString(), 1, 2);
        record(folder.filePath("b/records.sqlite").toStdString(), 2, 2);
        QVERIFY(execute(folder.filePath("c/records.sqlite").toStdString(), "CREATE TABLE recipes(name)"));
        const auto list = session::listRuns(folder.path().toStdString());
        QVERIFY(list.ok());
        QCOMPARE(list->runs.size(), 2U);
        QCOMPARE(list->troubles.size(), 1U);
        QVERIFY(session::chooseRun(folder.path().toStdString(), "latest")->key.run == 2);
        QVERIFY(session::chooseRun(folder.path().toStdString(), "1")->key.run == 1);
        const auto unknown = session::chooseRun(folder.path().toStdString(), "77");
        QCOMPARE(unknown.error().code, base::ErrorCode::NotFound);
        QVERIFY(unknown.error().text.find("there are 2, 1") != std::string::npos);
        QCOMPARE(session::chooseRun(folder.path().toStdString(), "x").error().code, base::ErrorCode::InvalidInput);
        QVERIFY(session::listRuns(QTemporaryDir().path().toStdString() + "/none").error().code == base::ErrorCode::NotFound);
    }

    void tagsAndNotesAreKept()
    {
        const auto path = newPath();
        record(path, kRun, 2);
        const RunKey key{path, kRun};
        QVERIFY(session::setTags(key, {" paper", "fig 6", "paper "}).ok());
        QVERIFY(session::setNotes(key, "the cable was loose\nagain").ok());
        auto row = session::findRun(key);
        QCOMPARE(row->tags, (std::vector<std::string>{"fig 6", "paper"}));
        QCOMPARE(row->notes, std::string("the cable was loose\nagain"));
        QVERIFY(session::setTags(key, {}).ok());
        QVERIFY(session::findRun(key)->tags.empty());
        for (const char* wrong : {"", "a,b", "a\nb"})
            QVERIFY(!session::setTags(key, {wrong}).ok());
        QCOMPARE(session::setTags({path, 7}, {"a"}).error().code, base::ErrorCode::NotFound);
        QCOMPARE(session::setNotes({path, 7}, "a").error().code, base::ErrorCode::NotFound);
    }

    void aDeletedRunLeavesTheOthers()
    {
        const auto path = newPath();
        record(path, 1, 3);
        record(path, 2, 3);
        QVERIFY(session::setTags({path, 1}, {"a"}).ok());
        QVERIFY(session::deleteRun({path, 1}).ok());
        for (const char* table : {"runs", "requests", "frames", "events", "health", "tags", "parts", "totals"})
            QCOMPARE(query(path, std::string("SELECT count(*) FROM ") + table + " WHERE run = 1"), 0);
        QCOMPARE(session::readRun({path, 2})->size(), 3U);
        QCOMPARE(session::deleteRun({path, 1}).error().code, base::ErrorCode::NotFound);
    }

    void aRunUnderWayIsNotDeletedAndNotTakenForAnEndedOne()
    {
        const auto path = newPath();
        auto recorder = Recorder::open(path, {});
        QVERIFY(recorder.ok());
        (*recorder)->beginRun(infoOf(kRun, 10));
        (*recorder)->add(kRun, pricedSample(0));
        QVERIFY((*recorder)->flush(10'000));
        QVERIFY(session::findRun({path, kRun})->ending == session::RunEnding::Running);
        QCOMPARE(session::findRun({path, kRun})->totals.frames, 1U);
        QCOMPARE(session::deleteRun({path, kRun}).error().code, base::ErrorCode::Busy);
        (*recorder)->add(kRun, pricedSample(1));
        QVERIFY((*recorder)->flush(10'000));
        QCOMPARE(session::findRun({path, kRun})->totals.frames, 2U);  // not kept while it grows
    }

    void aDeadProcessThatItsParentDidNotNoticeIsGone()
    {
        std::array<int, 2> ends{};
        QCOMPARE(::pipe(ends.data()), 0);
        const auto child = ::fork();
        if (child == 0) {
            const auto writer = session::thisWriter();
            ::_exit(::write(ends[1], writer.data(), writer.size()) == static_cast<ssize_t>(writer.size()) ? 0 : 1);
        }
        std::array<char, 256> text{};
        const auto size = ::read(ends[0], text.data(), text.size());
        QVERIFY(size > 0);
        siginfo_t dead{};
        QCOMPARE(::waitid(P_PID, static_cast<id_t>(child), &dead, WEXITED | WNOWAIT), 0);
        QVERIFY(!session::isAlive(std::string(text.data(), static_cast<std::size_t>(size))));
        QCOMPARE(::waitpid(child, nullptr, 0), child);
        ::close(ends[0]);
        ::close(ends[1]);
    }

    void aRunWhoseProcessIsGoneWasInterrupted()
    {
        QVERIFY(session::isAlive(session::thisWriter()));
        auto other = session::thisWriter();
        other.replace(0, 1, "?");
        QVERIFY(!session::isAlive(other));  // another host's
        QVERIFY(!session::isAlive(session::thisWriter() + "1"));  // the id was used again
        for (const char* nonsense : {"", ":", "::", "host", "host:pid:1"})
            QVERIFY(!session::isAlive(nonsense));
        const auto path = newPath();
        record(path, kRun, 3, false);
        QVERIFY(session::findRun({path, kRun})->ending == session::RunEnding::Running);
        QVERIFY(execute(path, "UPDATE runs SET writer = '" + other + "'"));
        QVERIFY(session::findRun({path, kRun})->ending == session::RunEnding::Interrupted);
    }

    void eventsAndHealthAreKept()
    {
        const auto path = newPath();
        record(path, kRun, 3);
        const auto events = session::readEvents({path, kRun});
        QVERIFY(events.ok());
        QCOMPARE(events->size(), 1U);
        QVERIFY((events->front() == session::RunEvent{12.5, 1000, "slider", "s 10 → 20 MB/s", "{\"s\":20}"}));
        const auto health = session::readHealth({path, kRun});
        QCOMPARE(health->size(), 1U);
        QCOMPARE(health->front().link, std::string("connected"));
        QCOMPARE(health->front().done, 3U);
        QCOMPARE(health->front().machine.temperatureC.value_or(-1), 61.5);
        QVERIFY(health->front().machine == recorded::machineHealth());
        QVERIFY(!health->front().machine.load);  // not told is not 0
    }

    void aDatabaseWithoutTheDevicesStateByRequestIsReadAndMigrated()
    {
        const auto path = newPath();
        record(path, kRun, 3);
        QVERIFY(session::readRun({path, kRun})->sample(1).health == recorded::requestHealth());
        QVERIFY(execute(path, "PRAGMA user_version = 6;" + dropped(kHealthOfRequests) + kNoPower));
        const auto before = session::readRun({path, kRun});
        QVERIFY2(before.ok(), before.ok() ? "" : before.error().message().c_str());
        QCOMPARE(before->size(), 3U);
        QVERIFY(session::setNotes({path, kRun}, "migrates it").ok());
        QCOMPARE(query(path, "PRAGMA user_version"), 7);
        QVERIFY(QFile::exists(QString::fromStdString(path) + ".schema-6.bak"));
        QCOMPARE(query(path, "SELECT count(*) FROM requests WHERE device_temperature_c IS NULL"), 3);
        QCOMPARE(session::readRun({path, kRun})->size(), 3U);
    }

    void aDatabaseWithoutGatesIsReadAndMigrated()
    {
        const auto path = newPath();
        record(path, kRun, 3);
        const auto older = "PRAGMA user_version = 5;" + dropped(kHealthOfRequests) + kNoPower + dropped(kGates);
        QVERIFY(execute(path, older));
        const auto before = session::readRun({path, kRun});
        QVERIFY2(before.ok(), before.ok() ? "" : before.error().message().c_str());
        QVERIFY(!before->sample(0).record.decision.gate);
        QVERIFY(session::setNotes({path, kRun}, "migrates it").ok());
        QCOMPARE(query(path, "PRAGMA user_version"), 7);
        QVERIFY(QFile::exists(QString::fromStdString(path) + ".schema-5.bak"));
        const auto after = session::readRun({path, kRun});
        QCOMPARE(after->size(), 3U);
        QVERIFY(!after->sample(2).record.answeredEarly);
    }

    void aDatabaseWithoutTheDevicesReportsIsReadAndMigrated()
    {
        const auto path = newPath();
        record(path, kRun, 3);
        std::string older = "PRAGMA user_version = 4;" + dropped(kHealthOfRequests) + dropped(kGates);
        for (const char* column : {"temperature_c", "load", "busy", "memory_used_bytes", "memory_bytes", "daemon_memory_bytes",
                                   "clock_hz", "full_clock_hz", "throttled", "under_voltage", "power_w"})
            older += std::string("ALTER TABLE health DROP COLUMN ") + column + ";";
        QVERIFY(execute(path, older));
        auto health = session::readHealth({path, kRun});
        QVERIFY2(health.ok(), health.ok() ? "" : health.error().message().c_str());
        QCOMPARE(health->front().done, 3U);
        QVERIFY(health->front().machine == wire::Health{});
        QCOMPARE(query(path, "PRAGMA user_version"), 4);  // looking changes nothing
        QVERIFY(session::setNotes({path, kRun}, "migrates it").ok());
        QVERIFY(query(path, "PRAGMA user_version") > 4);
        QVERIFY(QFile::exists(QString::fromStdString(path) + ".schema-4.bak"));
        health = session::readHealth({path, kRun});
        QVERIFY(health->front().machine == wire::Health{});
        QCOMPARE(session::readRun({path, kRun})->size(), 3U);
    }
};

QTEST_GUILESS_MAIN(TestRunLibrary)
#include "tst_run_library.moc"
