// SPDX-License-Identifier: GPL-3.0-or-later
// Recorded runs: old databases are migrated with a copy kept, or read as they are; what is listed is what was recorded; series
// are read back whole, however they came to be written.
#include "core/session/exports.h"
#include "core/session/record_columns_p.h"
#include "core/session/recorder.h"
#include "core/session/run_environment.h"
#include "core/session/run_library.h"
#include "core/session/scenario.h"
#include "tests/core/session/old_records.h"
#include "tests/core/session/session_samples.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace splitscope;
using session::Recorder;
using session::RunKey;

namespace {

constexpr std::uint64_t kRun = 42;

session::RunInfo infoOf(std::uint64_t run, std::uint64_t frames)
{
    session::Scenario scenario;
    scenario.frames = frames;
    scenario.seed = 7;
    scenario.coder = codec::EntropyCoder::Huffman;
    scenario.objective.deadlineMs = 12;
    return {.run = run,
            .scenarioJson = session::toJson(scenario),
            .programVersion = "0.0.0",
            .modelHash = "hash",
            .startedMs = static_cast<std::int64_t>(run),
            .scenarioName = "office",
            .weightsHash = "w",
            .codebookHash = "c",
            .tableHash = "t",
            .environmentJson = session::environmentJson("a board")};
}

session::Sample pricedSample(std::uint64_t frame)
{
    auto sample = makeSample(frame, 1, 10 + static_cast<double>(frame % 7) / 8, frame % 4 == 0 ? 1 : 0);
    sample.priced = true;
    sample.reward = 0.75;
    sample.regret = static_cast<double>(frame % 3) / 4;
    sample.expectedAccuracy = 0.875;
    sample.optimum = {3, 9, {codec::CodingKind::Quantized, 4}};
    sample.uplinkChanged = frame % 5 == 0;
    sample.strategyReason = frame % 2 ? "no plan meets 12 ms" : "";
    return sample;
}

/// What a run of so many frames leaves; lost frames come last, as they do, and out of order.
void record(const std::string& path, std::uint64_t run, std::uint64_t frames, bool ends = true)
{
    auto recorder = Recorder::open(path, {});
    QVERIFY2(recorder.ok(), recorder.ok() ? "" : recorder.error().message().c_str());
    (*recorder)->beginRun(infoOf(run, frames));
    for (std::uint64_t frame = 0; frame < frames; ++frame)
        if (frame != 5)
            (*recorder)->add(run, pricedSample(frame));
    if (frames > 5)
        (*recorder)->add(run, makeLost(5, 1));
    (*recorder)->add(run, session::RunEvent{12.5, 1000, "slider", "s 10 → 20 MB/s", "{\"s\":20}"});
    session::RunHealth health;
    health.atMs = 250;
    health.link = "connected";
    health.done = 3;
    (*recorder)->add(run, health);
    if (ends)
        (*recorder)->endRun(run, "finished");
    QVERIFY((*recorder)->flush(60'000));
}

QByteArray contentsOf(const std::string& path)
{
    QFile file(QString::fromStdString(path));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
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
        QCOMPARE(query(path, "PRAGMA user_version"), 4);
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
        QCOMPARE(query(path, "PRAGMA user_version"), 4);
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
    }

    /// Parts and rows tell the same; 20,000 requests make parts of more than one size.
    void seriesAreReadBackWhole_data()
    {
        QTest::addColumn<int>("frames");
        QTest::addColumn<bool>("packed");
        for (int frames : {1, 100, 20'000}) {
            QTest::addRow("%d from parts", frames) << frames << true;
            QTest::addRow("%d from rows", frames) << frames << false;
        }
    }
    void seriesAreReadBackWhole()
    {
        QFETCH(int, frames);
        QFETCH(bool, packed);
        const auto path = newPath();
        record(path, kRun, static_cast<std::uint64_t>(frames));
        // One that was lost came out of order, but within a part's reach only in the short run.
        QCOMPARE(query(path, "SELECT packed_requests FROM runs") == frames, frames <= 16'384);
        if (!packed)
            QVERIFY(execute(path, "UPDATE runs SET packed_requests = -1; DELETE FROM parts"));
        for (int time = 0; time < 2; ++time) {  // a long one is packed by the first reading
            const auto columns = session::readRun({path, kRun});
            QVERIFY(columns.ok());
            QCOMPARE(columns->size(), static_cast<std::size_t>(frames));
            for (std::size_t i = 0; i < columns->size(); i += 1 + columns->size() / 50) {
                const auto expected = i == 5 ? makeLost(5, 1) : pricedSample(i);
                const auto got = columns->sample(i);
                QCOMPARE(got.record.firstFrame, expected.record.firstFrame);
                QVERIFY(got.record.outcome == expected.record.outcome);
                QCOMPARE(got.record.reason, expected.record.reason);
                QVERIFY(got.record.decision == expected.record.decision);
                QCOMPARE(got.record.stages.total, expected.record.stages.total);
                QCOMPARE(got.record.stages.transfer, 2.125);
                QCOMPARE(got.record.capturedAtMs, expected.record.capturedAtMs);
                QCOMPARE(got.record.wireBytes, 1200U);
                QVERIFY(got.record.labels == expected.record.labels);
                QVERIFY(got.record.truths == expected.record.truths);
                QCOMPARE(got.priced, expected.priced);
                QCOMPARE(got.regret, expected.regret);
                QCOMPARE(got.expectedAccuracy, expected.expectedAccuracy);
                QVERIFY(!got.priced || got.optimum == expected.optimum);
                QCOMPARE(got.uplinkChanged, expected.uplinkChanged);
                QCOMPARE(got.strategyReason, expected.strategyReason);
            }
            const auto row = session::findRun({path, kRun});
            QVERIFY(std::abs(static_cast<double>(columns->runningAccuracy.back()) - row->totals.accuracy.value) < 1e-6);
        }
        QVERIFY(session::readRun({path, 7}).error().code == base::ErrorCode::NotFound);
    }

    void damagedPartsAreReadFromTheRows_data()
    {
        QTest::addColumn<QString>("damage");
        QTest::newRow("cut short") << "UPDATE parts SET data = substr(data, 1, 1000)";
        QTest::newRow("empty") << "UPDATE parts SET data = x''";
        QTest::newRow("zeroed header") << "UPDATE parts SET data = x'00000000' || substr(data, 5)";
        QTest::newRow("a part is missing") << "DELETE FROM parts WHERE part = 1";
        QTest::newRow("the second is damaged") << "UPDATE parts SET data = substr(data, 1, 99) WHERE part = 1";
    }
    void damagedPartsAreReadFromTheRows()
    {
        QFETCH(QString, damage);
        const auto path = newPath();
        record(path, kRun, 9'000);
        QCOMPARE(query(path, "SELECT count(*) FROM parts"), 2);
        QVERIFY(execute(path, damage.toStdString()));
        const auto columns = session::readRun({path, kRun});
        QVERIFY(columns.ok());
        QCOMPARE(columns->size(), 9'000U);
        for (std::size_t i = 0; i < columns->size(); ++i)
            QCOMPARE(columns->firstFrame[i], i);
    }

    void exportsOfAllTablesSayTheirColumns()
    {
        const auto path = newPath();
        record(path, kRun, 300);
        const RunKey key{path, kRun};
        for (auto table : {session::ExportTable::Requests, session::ExportTable::Frames, session::ExportTable::Events,
                           session::ExportTable::Health}) {
            const auto csv = path + "." + session::toString(table) + ".csv";
            QVERIFY(session::exportCsv(key, table, csv).ok());
            const auto lines = contentsOf(csv).split('\n');
            const bool isShort = table == session::ExportTable::Events || table == session::ExportTable::Health;
            QCOMPARE(lines.size(), 2 + (isShort ? 1 : 300));  // header, rows, and nothing behind the last line feed
            QCOMPARE(lines[0].toStdString(), session::csvHeader(table));
            const auto columns = lines[0].split(',');
            const auto described = QString::fromStdString(session::describeColumns(table));
            for (const auto& column : columns)
                QVERIFY2(described.contains(QRegularExpression("\\b" + QString(column) + "\\b.*\\w")), column.constData());
        }
        const auto json = path + ".json";
        QVERIFY(session::exportJson(key, json).ok());
        QJsonParseError error{};
        const auto object = QJsonDocument::fromJson(contentsOf(json), &error).object();
        QVERIFY2(!object.isEmpty(), qPrintable(error.errorString()));
        QCOMPARE(object["run"].toObject()["totals"].toObject()["lost"].toInt(), 1);
        const auto requests = object["requests"].toArray();
        const auto names = object["columns"].toObject()["requests"].toArray();
        QCOMPARE(requests.size(), 300);
        QCOMPARE(requests[0].toArray().size(), names.size());
        QCOMPARE(names[18].toObject()["name"].toString(), QString("total_ms"));
        QCOMPARE(requests[6].toArray()[18].toDouble(), 10.75);
        QVERIFY(requests[5].toArray()[29].isNull());  // the lost one's reward
        QCOMPARE(object["frames"].toArray().size(), 300);
        QCOMPARE(object["events"].toArray()[0].toArray()[3].toString(), QString::fromUtf8("s 10 → 20 MB/s"));
        QVERIFY(!session::exportCsv(key, session::ExportTable::Requests, "/proc/none/x.csv").ok());
        QCOMPARE(session::exportJson({path, 7}, path + ".none").error().code, base::ErrorCode::NotFound);
        QVERIFY(!QFile::exists(QString::fromStdString(path + ".none")));
    }

    void theDocumentNamesEveryColumn()
    {
        QFile file(QStringLiteral(SPLITSCOPE_SOURCE "/core/session/RECORDS.md"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto text = QString::fromUtf8(file.readAll());
        const auto check = [&](const auto& columns, const char* table) {
            for (const auto& column : columns) {
                const auto line
                    = QStringLiteral("| `%1` | %2 | %3 |").arg(column.name, column.unit, QString::fromUtf8(column.about));
                QVERIFY2(text.contains(line), qPrintable(QStringLiteral("%1: %2").arg(table, line)));
            }
        };
        check(session::kRequestColumns, "requests");
        check(session::kGatheredColumns, "requests");
        check(session::kFrameColumns, "frames");
        check(session::kEventColumns, "events");
        check(session::kHealthColumns, "health");
    }
};

QTEST_GUILESS_MAIN(TestRunLibrary)
#include "tst_run_library.moc"
