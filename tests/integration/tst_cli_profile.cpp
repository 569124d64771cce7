// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-cli profile as scripts use it.
#include "core/profile/compute_profile.h"
#include "tests/integration/cli_program.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace splitscope;

namespace {

constexpr int kWaitMs = 120'000;

Ran run(const QStringList& arguments) { return runCli(QStringList{"profile"} + arguments, kWaitMs); }

}  // namespace

class TestCliProfile : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_folder;
    QString m_file;

private Q_SLOTS:
    void initTestCase() { m_file = m_folder.filePath("here.json"); }

    void wrongUsageIsStatus2AndSaysWhy_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("says");
        QTest::newRow("nothing") << QStringList{} << "what shall be done";
        QTest::newRow("show what") << QStringList{"show"} << "which profile?";
        QTest::newRow("batches") << QStringList{"measure", "--batches", "1,many"} << "'many' is not a whole number";
        QTest::newRow("no batches") << QStringList{"measure", "--batches="} << "needs whole numbers";
        QTest::newRow("threads") << QStringList{"measure", "--threads", "0"} << "from 1 to 64";
        QTest::newRow("budget") << QStringList{"measure", "--budget", "0"} << "--budget";
        QTest::newRow("coder") << QStringList{"measure", "--coder", "zip"} << "huffman-adaptive";
        QTest::newRow("actions") << QStringList{"measure", "--action-set", "all"} << "standard, paper";
        QTest::newRow("device") << QStringList{"measure", "--device", "pi"} << "tcp://HOST:PORT";
        QTest::newRow("split") << QStringList{"measure", "--split", "half"} << "half";
        QTest::newRow("model") << QStringList{"measure", "--model", "vgg"} << "vgg";
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
        for (const char* line : {"--help", "measure --help", "show --help"})
            QTest::newRow(line) << QString(line).split(' ');
    }
    void everySubVerbExplainsItself()
    {
        QFETCH(QStringList, arguments);
        const auto ran = run(arguments);
        QCOMPARE(ran.exitCode, 0);
        QVERIFY(ran.out.startsWith("Usage: splitscope-cli profile"));
    }

    void aProfileIsWrittenAndPrintedAsOneObject()
    {
        const auto ran = run({"measure", "--model", "alexnet3", "--data", "patterns", "--budget", "0.5", "--action-set", "bits:4",
                              "--out", m_file, "--json"});
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        const auto object = QJsonDocument::fromJson(ran.out).object();
        QCOMPARE(object["format"].toString(), QString("splitscope-profile"));
        QCOMPARE(object["network"].toString(), QString("alexnet3"));
        QVERIFY(object["model_hash"].toString().size() >= 32);
        QVERIFY(object["reconciliation"].toArray().size() > 20);
        const auto file = profile::loadComputeProfile(m_file.toStdString());
        QVERIFY(file.ok());
        const auto printed = profile::parseComputeProfile(ran.out.toStdString(), "standard output");
        QVERIFY(printed.ok());
        QVERIFY(*printed == *file);
        QVERIFY(*file->segmentMs(3, 0, 20, 1) > 0);
        QVERIFY(file->encodeMs("pool2", {codec::CodingKind::Quantized, 4}, 1).ok());
    }

    void aProfileIsShownInTablesAndWords()
    {
        const auto ran = run({"show", m_file});
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        for (const char* text : {"alexnet3 on ", "layers alone, batch 1", "conv1", "exit 3, batch 1: layers 1..p", "pool2",
                                 "layers measured alone sum to", "the fused whole takes", "pixels to input"})
            QVERIFY2(ran.out.contains(text), text);
        const auto json = run({"show", m_file, "--json"});
        QVERIFY(profile::parseComputeProfile(json.out.toStdString(), "standard output").ok());
    }

    void theSpecOfAnotherNetworkIsRefused()
    {
        const auto ran = run({"show", m_file, "--model", "alexnet5"});
        QCOMPARE(ran.exitCode, 1);
        QVERIFY2(ran.err.contains("alexnet5"), ran.err.constData());
    }

    void aDamagedFileIsStatus1AndNamed()
    {
        QFile file(m_folder.filePath("half.json"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{\"format\": \"splitscope-profile\", \"version\": 1}");
        file.close();
        const auto ran = run({"show", file.fileName()});
        QCOMPARE(ran.exitCode, 1);
        QVERIFY2(ran.err.contains("half.json: 'network' is missing"), ran.err.constData());
    }

    void anInterruptEndsItAndLeavesTheEarlierFile()
    {
        QFile before(m_file);
        QVERIFY(before.open(QIODevice::ReadOnly));
        const auto content = before.readAll();
        QProcess process;
        process.start(SPLITSCOPE_BIN "/splitscope-cli",
                      {"profile", "measure", "--data", "patterns", "--budget", "600", "--interval", "0", "--out", m_file});
        QByteArray told;
        QTRY_VERIFY_WITH_TIMEOUT((told += process.readAllStandardError()).contains("s left"), kWaitMs);
        QCOMPARE(::kill(static_cast<pid_t>(process.processId()), SIGINT), 0);
        QVERIFY(process.waitForFinished(kWaitMs));
        QCOMPARE(process.exitCode(), 1);
        told += process.readAllStandardError();
        QVERIFY2(told.contains("stopped"), told.constData());
        QFile after(m_file);
        QVERIFY(after.open(QIODevice::ReadOnly));
        QCOMPARE(after.readAll(), content);
    }
};

QTEST_GUILESS_MAIN(TestCliProfile)
#include "tst_cli_profile.moc"
