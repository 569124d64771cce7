// SPDX-License-Identifier: GPL-3.0-or-later
// `splitscope-cli runs` as a script uses it, on what `splitscope-cli run` recorded.
#include "core/session/exports.h"
#include "tests/core/session/old_records.h"
#include "tests/integration/cli_program.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace splitscope;

namespace {

constexpr int kWaitMs = 120'000;

Ran run(const QStringList& arguments) { return runCli(arguments, kWaitMs); }

QByteArray contentsOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

}  // namespace

class TestCliRuns : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_config, m_out;
    QString m_records;

    QStringList on(const QStringList& verb) const { return QStringList{"runs"} + verb + QStringList{"--records", m_records}; }
    QJsonObject shown() const { return QJsonDocument::fromJson(run(on({"show", "--json"})).out).object(); }

private Q_SLOTS:
    void initTestCase()
    {
        qputenv("XDG_CONFIG_HOME", m_config.path().toUtf8());
        qputenv("XDG_DATA_HOME", m_config.path().toUtf8());
        const auto ran = run({"run", "--frames", "60", "--strategy", "fixed", "--interval", "1ms", "--seed", "5", "--out",
                              m_out.path(), "--json"});
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        m_records = m_out.filePath("records.sqlite");
    }

    void runsAreListedAndShown()
    {
        const auto listed = run(on({"list"}));
        QCOMPARE(listed.exitCode, 0);
        QCOMPARE(listed.out.count('\n'), 2);
        QVERIFY(listed.out.contains("finished"));
        const auto array = QJsonDocument::fromJson(run(on({"list", "--json"})).out).array();
        QCOMPARE(array.size(), 1);
        const auto row = shown();
        QCOMPARE(row, array[0].toObject());
        QCOMPARE(row["totals"].toObject()["frames"].toInt(), 60);
        QCOMPARE(row["scenario"].toObject()["seed"].toInt(), 5);
        for (const char* hash : {"model_hash", "weights_hash"})
            QCOMPARE(row[hash].toString().size(), 64);
        QVERIFY(!row["environment"].toObject()["device"].toString().isEmpty());
        const auto text = run(on({"show", "latest"}));
        QVERIFY(text.out.contains("median") && text.out.contains("environment"));
    }

    void tagsAndNotesAreChanged()
    {
        QCOMPARE(run(on({"tag", "--add", "paper", "--add", "a", "--notes", "loose cable"})).exitCode, 0);
        QCOMPARE(run(on({"tag", "latest", "--remove", "a"})).exitCode, 0);
        QCOMPARE(shown()["tags"].toArray(), QJsonArray{"paper"});
        QCOMPARE(shown()["notes"].toString(), QString("loose cable"));
        QVERIFY(run(on({"list", "--tag", "paper"})).out.contains("paper"));
        QVERIFY(run(on({"list", "--tag", "other"})).out.startsWith("no runs"));
    }

    void exportsAreWritten()
    {
        const auto csv = m_out.filePath("all.csv");
        QCOMPARE(run(on({"export", "--out", csv})).exitCode, 0);
        const auto samples = session::readRequestsCsv(csv.toStdString());
        QVERIFY(samples.ok());
        QCOMPARE(samples->size(), 60U);
        QCOMPARE(contentsOf(csv), contentsOf(m_out.filePath("frames.csv")));  // what `run` wrote by itself
        const auto events = m_out.filePath("events.csv");
        QCOMPARE(run(on({"export", "--table", "events", "--out", events})).exitCode, 0);
        QVERIFY(contentsOf(events).contains(",phase,running,"));
        const auto json = m_out.filePath("all.json");
        QCOMPARE(run(on({"export", "--out", json})).exitCode, 0);
        QCOMPARE(QJsonDocument::fromJson(contentsOf(json)).object()["requests"].toArray().size(), 60);
        const auto columns = run({"runs", "export", "--columns"}).out;
        for (const auto& name : QByteArray::fromStdString(session::requestsCsvHeader()).split(','))
            QVERIFY2(columns.contains(name), name.constData());
    }

    void aReportStandsAlone()
    {
        const auto file = m_out.filePath("report.html");
        const auto ran = run(on({"report", "--out", file}));
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        const auto html = QString::fromUtf8(contentsOf(file));
        QVERIFY(html.startsWith("<!DOCTYPE html>"));
        QVERIFY(html.count("<svg viewBox") >= 3);
        for (const char* part :
             {"Latency by stage", "Decisions", "Events", "Scenario", "libtorch", "SHA-256", "&quot;seed&quot;: 5"})
            QVERIFY2(html.contains(part), part);
        // Nothing is loaded from elsewhere, and nothing runs.
        for (const char* part : {"<script", "src=", "href=", "url(", "@import"})
            QVERIFY2(!html.contains(part), part);
    }

    void runsAreComparedAsFigures()
    {
        if (!QFile::exists(SPLITSCOPE_BIN "/splitscope"))
            QSKIP("built without the dashboard, which draws");
        const auto other = run({"run", "--frames", "40", "--strategy", "on-device", "--interval", "1ms", "--seed", "5",
                                "--cost-table", "none", "--out", m_out.filePath("other"), "--json"});
        QVERIFY2(other.exitCode == 0, other.err.constData());
        const auto folder = m_out.filePath("comparison");
        const auto both = QStringList{"runs", "compare", "--records", m_out.path(), "--out", folder, "--json"};
        const auto ran = run(both);
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        const auto told = QJsonDocument::fromJson(ran.out).object();
        QCOMPARE(told["runs"].toInt(), 2);
        const auto strategies = told["figures"].toArray()[0].toObject();
        QCOMPARE(strategies["figure"].toString(), "compare-strategies-latency");
        const auto notes = QJsonDocument(strategies["notes"].toArray()).toJson();
        QVERIFY2(notes.contains("fixed") && notes.contains("on-device"), notes.constData());
        for (const auto& file : told["files"].toArray())
            QVERIFY2(QFile(file.toString()).size() > 100, qPrintable(file.toString()));
        QVERIFY(QFile::exists(folder + "/pareto-accuracy-latency.png"));
        QCOMPARE(QJsonDocument::fromJson(run(both + QStringList{"on-device"}).out).object()["runs"].toInt(), 1);
    }

    void whatIsWrongIsSaid_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("no such run") << on({"show", "77"}) << 1 << QByteArray("there is no run 77");
        QTest::newRow("no number") << on({"show", "x7"}) << 1 << QByteArray("neither a run's number nor");
        QTest::newRow("no file") << QStringList{"runs", "list", "--records", "/nowhere/r.sqlite"} << 1
                                 << QByteArray("no such file");
        QTest::newRow("no database") << QStringList{"runs", "list", "--records", SPLITSCOPE_SOURCE "/README.md"} << 1
                                     << QByteArray("not a database");
        QTest::newRow("no suffix") << on({"export", "--out", "x.txt"}) << 2 << QByteArray(".csv or .json");
        QTest::newRow("no folder") << on({"export", "--out", "/proc/nowhere/x.csv"}) << 1 << QByteArray("cannot be written");
        QTest::newRow("no table") << on({"export", "--table", "pictures", "--out", "x.csv"}) << 2
                                  << QByteArray("none of requests");
        QTest::newRow("nothing to compare") << on({"compare", "rain"}) << 1 << QByteArray("no run has 'rain'");
        QTest::newRow("no quantity") << on({"compare", "--quantity", "speed"}) << 2 << QByteArray("no quantity 'speed'");
        QTest::newRow("nothing to change") << on({"tag"}) << 2 << QByteArray("what is to change");
        QTest::newRow("a bad tag") << on({"tag", "--add", "a,b"}) << 1 << QByteArray("is no tag");
        QTest::newRow("which one") << on({"delete", "--yes"}) << 2 << QByteArray("which run");
        QTest::newRow("not sure") << on({"delete", "latest"}) << 2 << QByteArray("say --yes");
    }
    void whatIsWrongIsSaid()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, exitCode);
        QFETCH(QByteArray, says);
        const auto ran = run(arguments);
        QCOMPARE(ran.exitCode, exitCode);
        QVERIFY2(ran.err.contains(says), ran.err.constData());
    }

    void recordsOfAnEarlierVersionAreExported()
    {
        const auto old = m_out.filePath("old.sqlite");
        QVERIFY(writeOldRecords(old.toStdString(), 3));
        const auto csv = m_out.filePath("old.csv");
        const auto ran = run({"runs", "export", "42", "--records", old, "--out", csv});
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        QCOMPARE(contentsOf(csv).count('\n'), 3);
        QCOMPARE(query(old.toStdString(), "PRAGMA user_version"), 3);
    }

    void aRunIsDeleted()
    {
        QCOMPARE(run(on({"delete", "latest", "--yes"})).exitCode, 0);
        QVERIFY(run(on({"list"})).out.startsWith("no runs"));
    }

    void longRunsAreMeasured()
    {
        const auto ran = run({"bench", "records", "--frames", "3000", "--json"});
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        const auto metrics = QJsonDocument::fromJson(ran.out).object()["metrics"].toObject();
        for (const char* metric : {"open_s", "export_csv_s", "report_s", "write_frames_per_second"})
            QVERIFY2(metrics[metric].toDouble() > 0, metric);
    }
};

QTEST_GUILESS_MAIN(TestCliRuns)
#include "tst_cli_runs.moc"
