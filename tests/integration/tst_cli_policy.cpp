// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-cli policy as scripts use it.
#include "core/base/files.h"
#include "tests/integration/cli_program.h"
#include "tests/integration/cli_tables.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <csignal>

namespace {

constexpr int kWaitMs = 300'000;

Ran run(const QStringList& arguments) { return runCli(QStringList{"policy"} + arguments, kWaitMs); }
QJsonObject json(const Ran& ran) { return QJsonDocument::fromJson(ran.out).object(); }

}  // namespace

class TestCliPolicy : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_folder;
    QString m_table;

    [[nodiscard]] QStringList trainArguments(const QString& algorithm, const QStringList& more) const
    {
        return QStringList{"train", "--algorithm", algorithm, "--cost-table", m_table, "--seed", "3", "--traces", "2"} + more;
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_table = writeSampleTable(m_folder);
        QVERIFY(!m_table.isEmpty());
    }

    void wrongUsageIsStatus2AndSaysWhy_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("says");
        QTest::newRow("verb") << QStringList{"teach"} << "there is no verb 'teach'";
        QTest::newRow("algorithm") << QStringList{"train", "--algorithm", "a3c"} << "a3c";
        QTest::newRow("scenario") << QStringList{"train", "--scenario", "rain"} << "rain";
        QTest::newRow("no file") << QStringList{"inspect"} << "name a policy file";
    }
    void wrongUsageIsStatus2AndSaysWhy()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, says);
        const auto ran = run(arguments);
        QVERIFY2(ran.exitCode == 2, ran.err.constData());
        QVERIFY2(ran.err.contains(says.toUtf8()), ran.err.constData());
    }

    void everyAlgorithmTrainsAndIsInspected_data()
    {
        QTest::addColumn<QString>("algorithm");
        for (const char* algorithm : {"sacd", "dqn", "sacd-paper", "boomerang", "supervised"})
            QTest::newRow(algorithm) << algorithm;
    }
    void everyAlgorithmTrainsAndIsInspected()
    {
        QFETCH(QString, algorithm);
        const auto file = m_folder.filePath(algorithm + ".policy");
        const auto trained
            = run(trainArguments(algorithm, {"--updates", "120", "--random-steps", "60", "--out", file, "--json"}));
        QVERIFY2(trained.exitCode == 0, trained.err.constData());
        const auto told = json(trained);
        QCOMPARE(told["updates"].toInt(), 120);
        QVERIFY(told["seconds"].toDouble() > 0 && told["updates_per_s"].toDouble() > 0);
        QVERIFY(told["gap"].toDouble() >= -1e-9 && told["gap"].toDouble() < 1);
        const auto inspected = run({"inspect", file, "--cost-table", m_table, "--bandwidth", "300KB/s", "--json"});
        QVERIFY2(inspected.exitCode == 0, inspected.err.constData());
        const auto policy = json(inspected);
        QCOMPARE(policy["algorithm"].toString(), algorithm);
        QVERIFY(policy["command"].toString().startsWith("splitscope-cli policy train --algorithm " + algorithm));
        QVERIFY(!policy["map"].toArray().isEmpty() && !policy["top_actions"].toArray().isEmpty());
        QVERIFY(policy["map"].toArray()[0].toObject()["decision"].toObject()["exit"].toInt() >= 1);
    }

    void aPolicyWithGatesIsInspectedOnATableWithThem()
    {
        const auto shipped = splitscope::base::resourcePath("models/alexnet3/cifar10.gates.sacd.policy");
        QVERIFY(shipped.ok());
        const auto inspected = run({"inspect", QString::fromStdString(shipped->string()), "--json"});
        QVERIFY2(inspected.exitCode == 0, inspected.err.constData());
        bool gates = false;
        for (const auto& stretch : json(inspected)["map"].toArray())
            gates = gates || stretch.toObject()["decision"].toObject().contains("gate");
        QVERIFY2(gates, inspected.out);
    }

    void aPolicyForAllSettingsIsHeldAgainstEachOnesOptimum()
    {
        const auto all = m_folder.filePath("sliders.policy"), one = m_folder.filePath("one.policy");
        const QStringList few{"--updates", "120", "--random-steps", "60", "--slowdown", "8", "--out"};
        QCOMPARE(run(trainArguments("supervised", few + QStringList{all, "--sliders"})).exitCode, 0);
        QCOMPARE(run(trainArguments("supervised", few + QStringList{one})).exitCode, 0);
        const auto inspected = run({"inspect", all, "--cost-table", m_table, "--settings", "40", "--json"});
        QVERIFY2(inspected.exitCode == 0, inspected.err.constData());
        const auto told = json(inspected)["sliders_evaluated"].toObject();
        QVERIFY(told["settings"].toInt() > 20 && told["settings"].toInt() <= 40);
        const double mean = told["mean_gap"].toDouble(), worst = told["worst_gap"].toDouble();
        QVERIFY(mean >= -1e-9 && mean <= worst && worst <= 1);
        QVERIFY(told["worst"].toObject()["s_mb_s"].toDouble() > 0);
        const auto refused = run({"inspect", one, "--cost-table", m_table, "--settings", "40"});
        QCOMPARE(refused.exitCode, 2);
        QVERIFY2(refused.err.contains("--sliders"), refused.err.constData());
    }

    void theSameSeedTrainsTheSamePolicy()
    {
        const auto once = run(trainArguments("sacd", {"--updates", "80", "--random-steps", "60", "--json"}));
        const auto again = run(trainArguments("sacd", {"--updates", "80", "--random-steps", "60", "--json"}));
        QCOMPARE(once.exitCode, 0);
        QCOMPARE(json(once)["gap"].toDouble(), json(again)["gap"].toDouble());
    }

    void interruptedTrainingGoesOnFromItsCheckpoint()
    {
        const auto checkpoint = m_folder.filePath("half.checkpoint");
        const QStringList arguments = trainArguments("supervised", {"--updates", "400000", "--checkpoint", checkpoint, "--json"});
        QProcess process;
        process.start(SPLITSCOPE_BIN "/splitscope-cli", QStringList{"policy"} + arguments);
        QTRY_VERIFY_WITH_TIMEOUT(QFileInfo::exists(checkpoint) || process.state() == QProcess::NotRunning, kWaitMs);
        QVERIFY2(process.state() == QProcess::Running, "it ended before it could be interrupted");
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(kWaitMs));
        QCOMPARE(process.exitCode(), 1);
        QVERIFY(process.readAllStandardError().contains("goes on from"));
        QVERIFY(QFileInfo(checkpoint).size() > 1000);
    }

    void aPolicyIsFineTuned()
    {
        const auto file = m_folder.filePath("whole.policy"), tuned = m_folder.filePath("tuned.policy");
        const QStringList few{"--updates", "60", "--random-steps", "60", "--width", "24", "--json", "--out"};
        QCOMPARE(run(trainArguments("dqn", few + QStringList{file})).exitCode, 0);
        const QStringList from{"train", "--from", file, "--cost-table", m_table, "--traces", "2"};
        const auto ran = run(from + QStringList{"--updates", "20", "--random-steps", "20", "--json", "--out", tuned});
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        QCOMPARE(json(ran)["algorithm"].toString(), QStringLiteral("dqn"));
        const auto inspected = json(run({"inspect", tuned, "--cost-table", m_table, "--json"}));
        QCOMPARE(inspected["algorithm"].toString(), QStringLiteral("dqn"));
        QVERIFY(inspected["command"].toString().contains("--from " + file));
        const auto refused = run(from + QStringList{"--width", "48"});
        QCOMPARE(refused.exitCode, 1);
        QVERIFY2(refused.err.contains("train a policy from the beginning"), refused.err.constData());
        QCOMPARE(run(from + QStringList{"--from", m_table}).exitCode, 1);
    }

    void anEvaluationTakesATrainedPolicy()
    {
        const auto file = m_folder.filePath("queue.policy");
        const auto trained = run(
            trainArguments("sacd", {"--scenario", "queue", "--updates", "80", "--random-steps", "60", "--out", file, "--json"}));
        QVERIFY2(trained.exitCode == 0, trained.err.constData());
        const auto ran
            = runCli({"evaluate", "--cost-table", m_table, "--strategies", "sacd,on-device", "--scenarios", "queue", "--sources",
                      "walk", "--episodes", "1", "--steps", "30", "--policy", "queue:sacd=" + file, "--json"},
                     kWaitMs);
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        QCOMPARE(json(ran)["results"].toArray().size(), 2);
    }

    void damagedPoliciesAreRefused()
    {
        const auto file = m_folder.filePath("damaged.policy");
        QFile damaged(file);
        QVERIFY(damaged.open(QIODevice::WriteOnly));
        damaged.write("SSP1 and nothing");
        damaged.close();
        const auto ran = run({"inspect", file, "--cost-table", m_table});
        QCOMPARE(ran.exitCode, 1);
        QVERIFY(ran.err.contains("damaged.policy"));
    }
};

QTEST_GUILESS_MAIN(TestCliPolicy)
#include "tst_cli_policy.moc"
