// SPDX-License-Identifier: GPL-3.0-or-later
// A run's series and files: read back whole, however they came to be written; exports and RECORDS.md name their columns.
#include "core/session/exports.h"
#include "core/session/record_columns_p.h"
#include "core/session/run_library.h"
#include "tests/core/session/old_records.h"
#include "tests/core/session/recorded_run.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTemporaryDir>

#include <cmath>

using namespace splitscope;
using namespace recorded;
using session::RunKey;

class TestRunSeries : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_folder;
    int m_files = 0;
    std::string newPath() { return m_folder.filePath(QString::number(++m_files) + ".sqlite").toStdString(); }

private Q_SLOTS:
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
                QVERIFY(got.record.answeredEarly == expected.record.answeredEarly);
                QVERIFY(got.health == expected.health);
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

QTEST_GUILESS_MAIN(TestRunSeries)
#include "tst_run_series.moc"
