// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/trace_import.h"
#include "core/sim/trace_statistics.h"

#include <QDirIterator>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace splitscope;
using namespace splitscope::sim;

namespace {

using Points = std::vector<RatePoint>;

constexpr double kBytesPerMegabit = 1e6 / 8;

/// The folder of real traces; empty where there is none.
QString realTraces()
{
    for (const QString& folder : {qEnvironmentVariable("SPLITSCOPE_TRACES"), qEnvironmentVariable("SPLITSCOPE_DATA") + "/traces"})
        if (!folder.isEmpty() && QDir(folder).exists() && QDir(folder).isAbsolute() && QDir(folder).exists("oboe"))
            return folder;
    return {};
}

QStringList filesIn(const QString& folder)
{
    QStringList files;
    QDirIterator all(folder, QDir::Files);
    while (all.hasNext())
        files << all.next();
    return files;
}

/// As published: two digits behind the point.
bool agrees(double bytesPerSecond, double megabits, double within = 0.0051)
{
    return std::abs(bytesPerSecond / kBytesPerMegabit - megabits) <= within;
}

}  // namespace

class TestTraceImport : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_folder;

private Q_SLOTS:
    void everyFormatIsToldByItsContentAndRead_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("format");
        QTest::addColumn<Points>("expected");
        QTest::addColumn<double>("durationMs");
        const Points ghent{{0, 125'000}, {1000, 250'000}, {3000, 0}};
        QTest::newRow("Ghent log") << "ghent.log"
                                   << "ghent-log" << ghent << 3500.;
        QTest::newRow("Ghent JSON") << "ghent.json"
                                    << "ghent-json" << ghent << 3500.;
        // 6 packets of 1500 bytes; the one at the very end belongs to the last bin
        QTest::newRow("mahimahi") << "mahimahi.up"
                                  << "mahimahi" << Points{{0, 45'000}, {100, 15'000}, {200, 15'000}, {300, 15'000}} << 400.;
        QTest::newRow("Oboe") << "oboe.txt"
                              << "oboe" << Points{{0, 100'000}, {1000, 150'000}, {1500, 200'000}} << 2500.;
        QTest::newRow("NYU-METS") << "nyu.csv"
                                  << "nyu-mets" << Points{{0, 1'000'000}, {1000, 50'000}, {2000, 100}} << 3000.;
        QTest::newRow("our own") << "own.csv"
                                 << "csv" << Points{{0, 1000}, {500, INFINITY}, {750.5, 0}} << 1000.;
        QTest::newRow("foreign CSV") << "foreign.csv"
                                     << "csv" << Points{{0, 1'000'000}, {1500, 2'000'000}} << 3000.;
    }
    void everyFormatIsToldByItsContentAndRead()
    {
        QFETCH(QString, file);
        QFETCH(QString, format);
        QFETCH(Points, expected);
        QFETCH(double, durationMs);
        const auto path = (QStringLiteral(SPLITSCOPE_TEST_DATA "/traces/") + file).toStdString();
        const auto trace = importTrace(path);
        QVERIFY2(trace.ok(), trace.ok() ? "" : trace.error().message().c_str());
        QCOMPARE(trace->points(), expected);
        QCOMPARE(trace->durationMs(), durationMs);
        QVERIFY(trace->repeats());
        QCOMPARE(trace->name(), path);
        const auto named = parseTraceFormat(format.toStdString());
        QVERIFY(named.ok());
        QCOMPARE(QString::fromLatin1(name(*named).data()), format);
        QCOMPARE(importTrace(path, {*named, 0})->points(), expected);
    }

    void binsKeepTheBytes()
    {
        const auto file = SPLITSCOPE_TEST_DATA "/traces/mahimahi.up";
        const auto coarse = importTrace(file, {{}, 200});
        QCOMPARE(coarse->points(), (Points{{0, 30'000}, {200, 15'000}}));
        // 400 = 2 × 150 + 100: the remainder is more than half a bin, and a bin of its own
        const auto uneven = importTrace(file, {{}, 150});
        QCOMPARE(uneven->points().size(), std::size_t(3));
        QCOMPARE(uneven->meanRate(0, 400) * 0.4, 6 * 1500.0);
        QCOMPARE(importTrace(file, {{}, 1000})->meanRate(0, 400) * 0.4, 6 * 1500.0);
        const auto rows = importTrace(SPLITSCOPE_TEST_DATA "/traces/ghent.log", {{}, 1750});
        QCOMPARE(rows->points().size(), std::size_t(2));
        QCOMPARE(rows->meanRate(0, 3500) * 3.5, 625'000.0);
    }

    void badFilesAreRefusedWithTheirLine_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, const char* content, const char* says) {
            QTest::newRow(name) << QByteArray(content) << QString(says);
        };
        row("empty", "", "bad: is empty");
        row("comments only", "# nothing\n\n", "bad: is empty");
        row("prose", "It was a dark and stormy night\n", "bad:1: 'It was");
        row("three columns", "1 2 3\n", "bad:1:");
        QTest::newRow("binary") << QByteArray("ms,bytes_per_second\n0,\0\x01\n", 24) << "is no text";
        row("CSV without header", "0,1000\n1,2000\n", "expected the header");
        row("CSV of three", "ms,bytes_per_second,x\n0,1,2\n", "bad:1:");
        row("CSV without rows", "ms,bytes_per_second\n", "has no rows");
        row("CSV unit", "ms,furlongs\n0,1\n", "with their units");
        row("CSV NaN", "ms,bytes_per_second\n0,1\n5,nan\n", "bad:3:");
        row("CSV infinite", "ms,bytes_per_second\n0,inf\n", "bad:2:");
        row("CSV overflow", "ms,bytes_per_second\n0,1e999\n", "bad:2:");
        row("CSV negative time", "ms,bytes_per_second\n-1,1\n", "bad:2:");
        row("CSV negative rate", "ms,bytes_per_second\n0,-1\n", "bad:2:");
        row("CSV descending", "ms,bytes_per_second\n0,1\n9,1\n\n8,1\n", "bad:5: '8,1' goes back in time");
        row("CSV goes on", "ms,bytes_per_second\n0,1\n9,\n10,1\n", "bad:4:");
        row("CSV column lost", "ms,bytes_per_second\n0,1\n9\n", "bad:3:");
        row("Ghent column", "1 2 3 4 5 6\n1 3 3 4 5\n", "bad:2: '1 3 3 4 5' has 5 columns; expected six");
        row("Ghent NaN", "1 2 3 4 nan 6\n", "bad:1:");
        row("Ghent descending", "1 2 3 4 5 6\n1 2 3 4 5 6\n", "bad:2:");
        row("Ghent took nothing", "1 2 3 4 5 0\n", "took 0 ms");
        row("JSON cut off", "[\n{\"duration_ms\": 1,", "bad:2: is no JSON");
        row("JSON object", "{}", "is no list");
        row("JSON empty", "[]", "has no points");
        row("JSON entry", "[\n {\"duration_ms\": 1, \"bandwidth_kbps\": 1},\n {\"bandwidth_kbps\": \"{[\"}]", "bad:3: entry 2");
        row("JSON numbers", "[1]", "entry 1");
        row("mahimahi fraction", "1\n2.5\n", "bad:2:");
        row("mahimahi descending", "7\n6\n", "bad:2:");
        row("mahimahi negative", "7\n-6\n", "bad:2:");
        row("mahimahi no time", "0\n0\n", "last no time");
        row("mahimahi ages", "1\n9000000000000\n", "limit of 1000000");
        row("Oboe odd", "1 2\n2 2\n3 4\n", "middle of a chunk");
        row("Oboe rates differ", "1 2\n2 3\n", "bad:2:");
        row("Oboe descending", "5 2\n4 2\n", "bad:2:");
        row("Oboe overlapping", "1 2\n5 2\n4 2\n6 2\n", "bad:3:");
        row("Oboe ages", "1 2\n2 2\n9e15 2\n9.1e15 2\n", "limit of 1000000");
        row("NYU unit", "1,Mbits/sec\n1,Mbytes\n", "bad:2: '1,Mbytes'");
        row("NYU value", "1,Mbits/sec\n-1,Mbits/sec\n", "bad:2:");
        row("control characters", "1,Mbits/sec\n\xF0\xF0,x\n", "bad:2: '??,x'");
    }
    void badFilesAreRefusedWithTheirLine()
    {
        QFETCH(QByteArray, content);
        QFETCH(QString, says);
        const auto trace = parseTrace({content.constData(), static_cast<std::size_t>(content.size())}, "bad");
        QVERIFY(!trace.ok());
        const auto message = QString::fromStdString(trace.error().message());
        QVERIFY2(message.contains(says), qPrintable(message));
    }

    void aHugeFileIsRefusedBeforeItIsRead()
    {
        QFile file(m_folder.filePath("huge.csv"));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.resize(8LL << 30));  // sparse
        const auto trace = importTrace(file.fileName().toStdString());
        QVERIFY(!trace.ok());
        QCOMPARE(trace.error().code, base::ErrorCode::TooLarge);
        QCOMPARE(trace.error().where, file.fileName().toStdString());
        QCOMPARE(importTrace("/nowhere.csv").error().code, base::ErrorCode::NotFound);
    }

    void tooManyRowsAreRefusedAtTheirLine()
    {
        std::string text;
        for (std::size_t i = 0; i <= kMaxTracePoints; ++i)
            text += "1,Mbits/sec\n";
        const auto trace = parseTrace(text, "long");
        QVERIFY(!trace.ok());
        QCOMPARE(trace.error().where, std::string("long:1000001"));
    }

    void whatIsSavedIsReadBack()
    {
        const auto trace = *Trace::create("t", {{0, 1.0 / 3}, {0.1, INFINITY}, {7, 0}, {1e6, 1e300}}, 1e6 + 1.0 / 3, true);
        const auto file = m_folder.filePath("deeper/saved.csv");
        QVERIFY(saveTrace(trace, file.toStdString(), {"made\nhere", "100 %"}).ok());
        const auto back = importTrace(file.toStdString());
        QVERIFY2(back.ok(), back.ok() ? "" : back.error().message().c_str());
        QCOMPARE(back->points(), trace.points());
        QCOMPARE(back->durationMs(), trace.durationMs());
        QVERIFY(!saveTrace(trace, "/proc/nowhere.csv").ok());
    }

    void statisticsWeighByTime()
    {
        const auto s = statisticsOf(*Trace::create("s", {{0, 10}, {900, 0}, {960, 10}, {970, 40}}, 1000, true));
        QCOMPARE(s.durationMs, 1000.0);
        QCOMPARE(s.points, std::size_t(4));
        QCOMPARE(s.changes, std::size_t(3));
        QCOMPARE(s.mean, (9000 + 100 + 1200) / 1000.0);
        QCOMPARE(s.min, 0.0);
        QCOMPARE(s.p5, 0.0);
        QCOMPARE(s.median, 10.0);
        QCOMPARE(s.p95, 10.0);
        QCOMPARE(s.max, 40.0);
        QCOMPARE(s.outageShare, 0.06);
    }

    void realCollectionsHaveTheirPublishedStatistics_data()
    {
        QTest::addColumn<QString>("folder");
        QTest::addColumn<int>("files");
        QTest::addColumn<qint64>("samples");  // 0: gaps are filled, there are more
        QTest::addColumn<double>("mean");
        QTest::addColumn<double>("max");
        QTest::newRow("Ghent JSON") << "belgium_4g/json_all40" << 40 << qint64(18'036) << 30.22 << 110.97;
        QTest::newRow("Ghent logs") << "belgium_4g/original_18" << 18 << qint64(9'231) << 30.34 << 103.03;
        QTest::newRow("NYU-METS") << "nyu_mets" << 7 << qint64(19'025) << 6.21 << 31.4;
        QTest::newRow("Oboe") << "oboe" << 428 << qint64(0) << 2.71 << 13.16;
    }
    void realCollectionsHaveTheirPublishedStatistics()
    {
        QFETCH(QString, folder);
        QFETCH(int, files);
        QFETCH(qint64, samples);
        QFETCH(double, mean);
        QFETCH(double, max);
        if (realTraces().isEmpty())
            QSKIP("no real traces: set SPLITSCOPE_TRACES, or SPLITSCOPE_DATA to a folder that holds traces/");
        const auto paths = filesIn(realTraces() + '/' + folder);
        QCOMPARE(paths.size(), files);
        double area = 0, duration = 0, highest = 0;
        std::size_t points = 0;
        for (const auto& path : paths) {
            const auto trace = importTrace(path.toStdString());
            QVERIFY2(trace.ok(), trace.ok() ? "" : trace.error().message().c_str());
            const auto s = statisticsOf(*trace);
            area += s.mean * s.durationMs;
            duration += s.durationMs;
            highest = std::max(highest, s.max);
            points += s.points;
        }
        if (samples > 0)
            QCOMPARE(points, static_cast<std::size_t>(samples));
        const double within = samples > 0 ? 0.0051 : 0.02;  // filled gaps move the mean a little
        QVERIFY2(agrees(area / duration, mean, within), qPrintable(QString::number(area / duration / kBytesPerMegabit)));
        QVERIFY2(agrees(highest, max, max > 31.35 && max < 31.45 ? 0.05 : 0.0051),
                 qPrintable(QString::number(highest / kBytesPerMegabit)));
    }

    void realPacketTracesHaveTheirPublishedStatistics_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QList<double>>("published");  // s, mean, min, p5, median, p95, max in bins of a second
        QTest::newRow("ATT 2016") << "ATT-LTE-driving-2016" << QList<double>{120, 1.91, 0, 0.04, 1.57, 4.99, 12.77};
        QTest::newRow("ATT") << "ATT-LTE-driving" << QList<double>{1012, 0.83, 0, 0, 1.04, 1.19, 1.30};
        QTest::newRow("T-Mobile LTE") << "TMobile-LTE-short" << QList<double>{140, 13.32, 0.61, 2.48, 11.75, 27.80, 29.75};
        QTest::newRow("T-Mobile UMTS") << "TMobile-UMTS-driving" << QList<double>{931, 0.94, 0, 0.06, 1.08, 1.44, 1.48};
        QTest::newRow("Verizon EVDO") << "Verizon-EVDO-driving" << QList<double>{1065, 0.84, 0, 0.07, 0.96, 1.26, 1.78};
        QTest::newRow("Verizon LTE") << "Verizon-LTE-short" << QList<double>{140, 5.95, 0, 1.18, 5.74, 11.45, 12.95};
    }
    void realPacketTracesHaveTheirPublishedStatistics()
    {
        QFETCH(QString, file);
        QFETCH(QList<double>, published);
        if (realTraces().isEmpty())
            QSKIP("no real traces: set SPLITSCOPE_TRACES, or SPLITSCOPE_DATA to a folder that holds traces/");
        const auto trace = importTrace((realTraces() + "/mahimahi_up/" + file + ".up").toStdString(), {{}, 1000});
        QVERIFY2(trace.ok(), trace.ok() ? "" : trace.error().message().c_str());
        const auto s = statisticsOf(*trace);
        QCOMPARE(std::round(s.durationMs / 1000), published[0]);
        const QList<double> found{s.mean, s.min, s.p5, s.median, s.p95, s.max};
        for (int i = 0; i < found.size(); ++i) {
            const bool quantile = i >= 2 && i <= 4;  // among 120 bins, the one beside it is as good: here the last one is longer
            const double within = quantile ? std::max(0.05, 0.05 * published[i + 1]) : 0.05;
            QVERIFY2(agrees(found[i], published[i + 1], within),
                     qPrintable(QStringLiteral("%1: %2").arg(i).arg(found[i] / kBytesPerMegabit)));
        }
        QVERIFY(agrees(s.mean, published[1], 0.0101));
    }
};

QTEST_APPLESS_MAIN(TestTraceImport)
#include "tst_trace_import.moc"
