// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-cli as scripts use it: exit status, JSON keys, files.
#include "core/base/files.h"
#include "core/data/data_set.h"
#include "core/session/books.h"
#include "core/session/exports.h"
#include "core/session/scenario.h"
#include "tests/integration/cli_program.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <filesystem>

using namespace splitscope;

namespace {

constexpr int kWaitMs = 120'000;

Ran run(const QStringList& arguments) { return runCli(arguments, kWaitMs); }

QJsonObject json(const Ran& ran) { return QJsonDocument::fromJson(ran.out).object(); }

/// The one run that a folder's database holds.
session::RecordedRun onlyRun(const QTemporaryDir& out)
{
    const auto runs = session::recordedRuns(out.filePath("records.sqlite").toStdString());
    return runs.ok() && runs->size() == 1 ? runs->front() : session::RecordedRun{};
}

}  // namespace

class TestCli : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_config;

private Q_SLOTS:
    void initTestCase() { qputenv("XDG_CONFIG_HOME", m_config.path().toUtf8()); }

    void wrongUsageIsStatus2AndSaysWhy_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("says");
        QTest::newRow("nothing") << QStringList{} << "what shall be done";
        QTest::newRow("unknown verb") << QStringList{"fly"} << "there is no verb 'fly'";
        QTest::newRow("unknown option") << QStringList{"run", "--frame", "3"} << "did you mean --frames";
        QTest::newRow("no value") << QStringList{"run", "--frames"} << "--frames: needs a value";
        QTest::newRow("no number") << QStringList{"run", "--frames", "many"} << "'many' is not a whole number";
        QTest::newRow("out of range") << QStringList{"run", "--batch=65"} << "from 1 to 64";
        QTest::newRow("bits") << QStringList{"run", "--bits", "17"} << "from 2 to 16";
        QTest::newRow("coding") << QStringList{"run", "--coding", "zip"} << "--coding";
        QTest::newRow("coding at a cut") << QStringList{"run", "--partition", "3", "--coding", "raw"} << "only cut 0";
        QTest::newRow("bandwidth") << QStringList{"run", "--bandwidth", "fast"} << "2MB/s";
        QTest::newRow("model") << QStringList{"run", "--model", "vgg"} << "vgg";
        QTest::newRow("strategy") << QStringList{"run", "--strategy", "best"} << "on-edge-jpeg";
        QTest::newRow("exit") << QStringList{"run", "--exit", "7", "--partition", "0"} << "outside 1..3";
        QTest::newRow("device") << QStringList{"run", "--device", "pi"} << "tcp://HOST:PORT";
        QTest::newRow("scenario") << QStringList{"run", "--scenario", "/nowhere.json"} << "/nowhere.json";
        QTest::newRow("weights") << QStringList{"run", "--weights", "/nowhere.weights"} << "/nowhere.weights";
        QTest::newRow("argument") << QStringList{"run", "now.json"} << "now.json";
        QTest::newRow("flag with value") << QStringList{"run", "--json=yes"} << "takes no value";
        QTest::newRow("sub-verb") << QStringList{"model", "paint"} << "there is no verb 'paint'";
        QTest::newRow("train without out") << QStringList{"model", "train"} << "--out";
        QTest::newRow("fetch what") << QStringList{"data", "fetch", "mnist"} << "cifar10";
        QTest::newRow("allow what") << QStringList{"keys", "allow", "me"} << "40 Z85";
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

    void everyVerbExplainsItself_data()
    {
        QTest::addColumn<QStringList>("arguments");
        for (const char* line : {"--help", "run --help", "model --help", "model train --help", "model check --help",
                                 "model info --help", "data --help", "data fetch --help", "data info --help", "keys --help",
                                 "keys new --help", "keys show --help", "keys allow --help"})
            QTest::newRow(line) << QString(line).split(' ');
    }
    void everyVerbExplainsItself()
    {
        QFETCH(QStringList, arguments);
        const auto ran = run(arguments);
        QCOMPARE(ran.exitCode, 0);
        QVERIFY(ran.out.startsWith("Usage: splitscope-cli"));
        QVERIFY(ran.err.isEmpty());
    }

    void aLoopbackRunFinishesAndItsBooksBalance()
    {
        QTemporaryDir out;
        const auto ran = run({"run", "--frames", "200", "--batch", "3", "--depth", "2", "--out", out.path(), "--json"});
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        const auto summary = json(ran);
        QCOMPARE(summary["frames"].toInt(), 200);
        QCOMPARE(summary["done"].toInt() + summary["fallback"].toInt(), 200);
        QVERIFY2(summary["accuracy"].toDouble() > 0.5, ran.out.constData());  // shipped weights, not chance
        QVERIFY(summary["latency_ms"].toObject()["p50"].toDouble() > 0);
        QCOMPARE(ran.out.count('\n'), 1);

        const auto recorded = onlyRun(out);
        QCOMPARE(recorded.state, std::string("finished"));
        const auto books = session::checkBooks(out.filePath("records.sqlite").toStdString(), recorded.run);
        QVERIFY(books.ok() && books->balanced());
        QCOMPARE(books->frames, 200U);
        const auto rows = session::readRequestsCsv(out.filePath("frames.csv").toStdString());
        QVERIFY(rows.ok());
        QCOMPARE(rows->size(), 67U);  // 66 requests of 3 frames, one of 2
        QVERIFY(session::loadScenario(out.filePath("scenario.json").toStdString()).ok());
    }

    void dataSetsRunByTheirNames_data()
    {
        QTest::addColumn<QString>("network");
        QTest::newRow("cifar10") << "alexnet3";
        QTest::newRow("imagenette") << "alexnet3-128";
    }
    void dataSetsRunByTheirNames()
    {
        QFETCH(QString, network);
        const std::string name = QTest::currentDataTag();
        const auto root = base::dataFolder();
        if (!root || !std::filesystem::exists(*root / data::findNamedDataSet(name)->folder))
            QSKIP("$SPLITSCOPE_DATA does not hold this data set");
        QTemporaryDir out;
        const auto ran = run({"run", "--model", network, "--data", QString::fromStdString(name), "--exit", "1", "--partition",
                              "0", "--coding", "raw", "--frames", "40", "--out", out.path(), "--json"});
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        QCOMPARE(json(ran)["frames"].toInt(), 40);
        QVERIFY2(json(ran)["accuracy"].toDouble() > 0.4, ran.out.constData());
    }

    void theSameScenarioFileGivesTheSameLabels()
    {
        QTemporaryDir folder;
        const auto file = folder.filePath("scenario.json");
        const auto saved
            = run({"run", "--exit", "3", "--partition", "6", "--frames", "60", "--seed", "5", "--save-scenario", file});
        QVERIFY2(saved.exitCode == 0, saved.err.constData());
        std::vector<std::vector<int>> labels[2];
        for (auto& each : labels) {
            QTemporaryDir out;
            QCOMPARE(run({"run", "--scenario", file, "--out", out.path()}).exitCode, 0);
            const auto rows = session::readRequestsCsv(out.filePath("frames.csv").toStdString());
            QVERIFY(rows.ok());
            for (const auto& row : *rows) {
                QVERIFY(row.record.decision == (decision::Decision{3, 6, {codec::CodingKind::Quantized, 8}}));
                each.push_back(row.record.labels);
            }
        }
        QCOMPARE(labels[0].size(), 60U);
        QVERIFY(labels[0] == labels[1]);
    }

    void interruptedItPrintsTheSummarySoFar()
    {
        QTemporaryDir out;
        QProcess process;
        process.start(SPLITSCOPE_BIN "/splitscope-cli",
                      {"run", "--frames", "100000", "--interval", "5ms", "--out", out.path(), "--json"});
        QVERIFY(process.waitForStarted());
        const auto records = out.filePath("records.sqlite").toStdString();
        const auto recordedFrames = [&] {
            const auto runs = session::recordedRuns(records);
            const auto books = runs.ok() && !runs->empty() ? session::checkBooks(records, runs->front().run)
                                                           : base::Result<session::BooksReport>(base::Error{});
            return books.ok() ? books->frames : 0;
        };
        QTRY_VERIFY_WITH_TIMEOUT(recordedFrames() > 20, kWaitMs);
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(kWaitMs));
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 0);
        const auto summary = QJsonDocument::fromJson(process.readAllStandardOutput()).object();
        QVERIFY(summary["frames"].toInt() > 20);
        const auto recorded = onlyRun(out);
        QCOMPARE(recorded.state, std::string("stopped"));
        const auto books = session::checkBooks(records, recorded.run);
        QVERIFY(books.ok() && books->balanced());
        QCOMPARE(static_cast<int>(books->frames), summary["frames"].toInt());
    }

    void failuresAreStatus1AndSayWhatToDo()
    {
        const auto noKey = run({"run", "--device", "tcp://127.0.0.1:9", "--frames", "10"});
        QCOMPARE(noKey.exitCode, 1);
        QVERIFY2(noKey.err.contains("--device-key"), noKey.err.constData());
    }

    void modelInfoCountsDecisions()
    {
        const auto ran = run({"model", "info", "alexnet3", "--json"});
        QCOMPARE(ran.exitCode, 0);
        QCOMPARE(json(ran)["valid_decisions"].toInt(), 170);
        QCOMPARE(json(ran)["distinct_decisions"].toInt(), 162);
        QCOMPARE(json(ran)["exits"].toArray().size(), 3);
    }

    void modelCheckPrintsTheContractsKeys()
    {
        const auto ran = run({"model", "check", "--model", "alexnet3", "--data", "patterns", "--limit", "100", "--json"});
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        const auto exits = json(ran)["exits"].toArray();
        QCOMPARE(exits.size(), 3);
        for (const auto& exit : exits) {
            QCOMPARE(exit.toObject().keys(), (QStringList{"accuracy", "high", "images", "layers", "low"}));
            QCOMPARE(exit.toObject()["images"].toInt(), 100);
        }
        QCOMPARE(exits[0].toObject()["layers"].toInt(), 9);
    }

    void keysAreMadeOnceAndAllowed()
    {
        const auto shown = run({"keys", "show"});
        QCOMPARE(shown.exitCode, 0);
        QCOMPARE(run({"keys", "show"}).out, shown.out);
        QCOMPARE(run({"keys", "new"}).exitCode, 1);  // never replaces silently
        QVERIFY(run({"keys", "new", "--replace"}).out != shown.out);
        QCOMPARE(run({"keys", "allow", QString::fromUtf8(shown.out.trimmed()), "laptop"}).exitCode, 0);
    }

    void dataInfoDescribesThePatterns()
    {
        const auto ran = run({"data", "info", "patterns", "--json"});
        QCOMPARE(ran.exitCode, 0);
        QCOMPARE(json(ran)["classes"].toArray().size(), 10);
        QCOMPARE(json(ran)["images"].toObject()["train"].toInt(), 20'000);
    }
};

QTEST_GUILESS_MAIN(TestCli)
#include "tst_cli.moc"
