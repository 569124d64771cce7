// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-cli trace as scripts use it.
#include "tests/integration/cli_program.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

namespace {

constexpr int kWaitMs = 120'000;
constexpr const char* kGhent = SPLITSCOPE_TEST_DATA "/traces/ghent.log";

Ran run(const QStringList& arguments) { return runCli(QStringList{"trace"} + arguments, kWaitMs); }

QByteArray contentOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

}  // namespace

class TestCliTrace : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_folder;

private Q_SLOTS:
    void wrongUsageIsStatus2AndSaysWhy_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("says");
        QTest::newRow("nothing") << QStringList{} << "what shall be done";
        QTest::newRow("show what") << QStringList{"show"} << "which trace?";
        QTest::newRow("import what") << QStringList{"import"} << "which file?";
        QTest::newRow("import where") << QStringList{"import", kGhent} << "--out";
        QTest::newRow("format") << QStringList{"import", kGhent, "--format", "pcap", "--out", "x.csv"} << "ghent-log";
        QTest::newRow("scale") << QStringList{"import", kGhent, "--scale", "0", "--out", "/nowhere/x.csv"} << "scale";
        QTest::newRow("clip") << QStringList{"import", kGhent, "--clip", "5", "--out", "/nowhere/x.csv"} << "10KB/s..5MB/s";
        QTest::newRow("kind") << QStringList{"generate", "fly", "--out", "x.csv"} << "markov, walk";
        QTest::newRow("key") << QStringList{"generate", "walk", "sed=1", "--out", "/nowhere/x.csv"} << "sed";
    }
    void wrongUsageIsStatus2AndSaysWhy()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, says);
        const auto ran = run(arguments);
        QCOMPARE(ran.exitCode, 2);
        QVERIFY2(ran.err.contains(says.toUtf8()), ran.err.constData());
        QVERIFY(ran.out.isEmpty());
    }

    void everySubVerbExplainsItself_data()
    {
        QTest::addColumn<QStringList>("arguments");
        for (const char* line : {"--help", "show --help", "import --help", "generate --help"})
            QTest::newRow(line) << QString(line).split(' ');
    }
    void everySubVerbExplainsItself()
    {
        QFETCH(QStringList, arguments);
        const auto ran = run(arguments);
        QCOMPARE(ran.exitCode, 0);
        QVERIFY(ran.out.startsWith("Usage: splitscope-cli trace"));
    }

    void statisticsArePrintedAsOneObject()
    {
        const auto ran = run({"show", kGhent, "--json"});
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        const auto object = QJsonDocument::fromJson(ran.out).object();
        QCOMPARE(object["duration_ms"].toDouble(), 3500.0);
        QCOMPARE(object["points"].toInt(), 3);
        QCOMPARE(object["changes"].toInt(), 2);
        const auto rates = object["bytes_per_second"].toObject();
        QCOMPARE(rates["mean"].toDouble(), 625'000 / 3.5);
        QCOMPARE(rates["max"].toDouble(), 250'000.0);
        QCOMPARE(rates["median"].toDouble(), 250'000.0);
        QCOMPARE(object["outage_share"].toDouble(), 0.5 / 3.5);
        const auto open = run({"show", "step:1MB/s,unlimited", "--json"});
        QVERIFY(QJsonDocument::fromJson(open.out).object()["bytes_per_second"].toObject()["max"].isNull());
    }

    void peopleSeeAPlot()
    {
        const auto ran = run({"show", "trace:outage"});
        QCOMPARE(ran.exitCode, 0);
        QVERIFY(ran.out.contains("outage   7.2 % of the time"));
        QVERIFY(ran.out.contains("█"));
    }

    void badFilesAreStatus1AndNameTheLine()
    {
        QFile file(m_folder.filePath("bad.csv"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("ms,bytes_per_second\n0,1\n5,nan\n");
        file.close();
        const auto ran = run({"show", file.fileName()});
        QCOMPARE(ran.exitCode, 1);
        QVERIFY2(ran.err.contains("bad.csv:3: '5,nan'"), ran.err.constData());
        QCOMPARE(run({"show", "/nowhere.csv"}).exitCode, 1);
    }

    void anImportedTraceIsChangedAsToldAndReadBack()
    {
        const auto out = m_folder.filePath("imported.csv");
        const auto ran = run({"import", kGhent, "--out", out, "--scale", "2", "--clip", "100KB/s..400KB/s", "--cut", "500ms..3s",
                              "--offset", "500ms"});
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        QVERIFY(contentOf(out).startsWith("# splitscope-cli trace import"));
        QVERIFY2(contentOf(out).endsWith("ms,bytes_per_second\n0,400000\n2000,250000\n2500,\n"), contentOf(out).constData());
    }

    void aShippedTraceIsMadeByTheCommandThatItNames()
    {
        for (const char* name : {"markov", "walk", "outage", "step"}) {
            const auto shipped = contentOf(QStringLiteral(SPLITSCOPE_SOURCE "/resources/traces/%1.csv").arg(name));
            const auto command = QString::fromUtf8(shipped.left(shipped.indexOf('\n'))).split(' ');
            QVERIFY(command.size() > 5);
            auto arguments = command.mid(3);  // behind "# splitscope-cli trace"
            arguments.last() = m_folder.filePath("again.csv");
            QCOMPARE(run(arguments).exitCode, 0);
            const auto again = contentOf(arguments.last());
            QCOMPARE(again.mid(again.indexOf('\n')), shipped.mid(shipped.indexOf('\n')));
        }
    }

    void plotsAreDrawnWithoutAScreen_data()
    {
        QTest::addColumn<QString>("suffix");
        for (const char* suffix : {"png", "svg", "pdf", "csv"})
            QTest::newRow(suffix) << suffix;
    }
    void plotsAreDrawnWithoutAScreen()
    {
        QFETCH(QString, suffix);
        if (!QFileInfo::exists(SPLITSCOPE_BIN "/splitscope"))
            QSKIP("built without the dashboard, which draws");
        const auto file = m_folder.filePath("plot." + suffix);
        const auto ran = run({"show", "trace:walk", "--json", "--plot", file});
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        QVERIFY(QFileInfo(file).size() > 1000);
    }
};

QTEST_GUILESS_MAIN(TestCliTrace)
#include "tst_cli_trace.moc"
