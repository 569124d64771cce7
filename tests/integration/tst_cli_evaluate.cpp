// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-cli evaluate as scripts use it.
#include "tests/integration/cli_program.h"
#include "tests/integration/cli_tables.h"

#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

namespace {

constexpr int kWaitMs = 300'000;

Ran run(const QStringList& arguments) { return runCli(QStringList{"evaluate"} + arguments, kWaitMs); }

}  // namespace

class TestCliEvaluate : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_folder;
    QString m_table;

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
        QTest::newRow("scenario") << QStringList{"--scenarios", "rain"} << "rain";
        QTest::newRow("source") << QStringList{"--sources", "wlak"} << "wlak";
        QTest::newRow("policy") << QStringList{"--policy", "sacd"} << "NAME=FILE";
        QTest::newRow("episodes") << QStringList{"--episodes", "0"} << "--episodes";
        QTest::newRow("deadline") << QStringList{"--deadline", "fast"} << "fast";
    }
    void wrongUsageIsStatus2AndSaysWhy()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, says);
        const auto ran = run(QStringList{"--cost-table", m_table} + arguments);
        QVERIFY2(ran.exitCode == 2, ran.err.constData());
        QVERIFY2(ran.err.contains(says.toUtf8()), ran.err.constData());
    }

    void unknownStrategyIsStatus1AndNamesThoseThereAre()
    {
        const auto ran = run({"--cost-table", m_table, "--strategies", "best"});
        QCOMPARE(ran.exitCode, 1);
        QVERIFY2(ran.err.contains("optimum"), ran.err.constData());
    }

    void oneObjectPerStrategyScenarioAndSource()
    {
        const auto ran = run({"--cost-table", m_table, "--strategies", "on-device,on-edge,optimum", "--scenarios", "paper,switch",
                              "--sources", "walk;step:1MB/s,100KB/s", "--episodes", "2", "--steps", "40", "--json", "--out",
                              m_folder.filePath("out")});
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        const auto json = QJsonDocument::fromJson(ran.out).object();
        QCOMPARE(json["results"].toArray().size(), 3 * 2 * 2);
        for (const auto& item : json["results"].toArray()) {
            const auto row = item.toObject();
            QVERIFY(row["reward"].isDouble() && row["low"].toObject()["reward"].isDouble());
            QVERIFY(row["reward"].toDouble() <= row["bound"].toDouble() + 1e-9);
            if (row["strategy"] == "optimum" && row["scenario"] == "paper")
                QVERIFY(qAbs(row["reward_over_optimum"].toDouble() - 1) < 1e-12);
        }
        for (const char* suffix : {"json", "csv", "txt"})
            QVERIFY(QFileInfo(m_folder.filePath(QStringLiteral("out/evaluation.%1").arg(suffix))).size() > 200);
        if (!QFileInfo::exists(SPLITSCOPE_BIN "/splitscope"))
            return;  // built without the dashboard, which draws
        for (const char* figure : {"paper", "paper-walk", "paper-step-1MB-s-100KB-s", "switch", "switch-walk"})
            for (const char* suffix : {"png", "svg", "pdf", "csv", "json"}) {
                const QString file = m_folder.filePath(QStringLiteral("out/plots/%1.%2").arg(figure, suffix));
                QVERIFY2(QFileInfo(file).size() > 200, qPrintable(file));
            }
    }

    void slidersAndSlowdownCount()
    {
        const auto accuracyAt = [&](const QStringList& more) {
            const auto ran = run(QStringList{"--cost-table", m_table, "--strategies", "optimum", "--scenarios", "paper",
                                             "--sources", "sweep", "--episodes", "1", "--steps", "60", "--json"}
                                 + more);
            return QJsonDocument::fromJson(ran.out).object()["results"].toArray()[0].toObject()["accuracy"].toDouble();
        };
        // n = 0.001 weighs time alone, an accuracy floor leaves the last exit.
        QVERIFY(accuracyAt({"--n", "0.001", "--slowdown", "20"}) < accuracyAt({"--accuracy-floor", "0.89", "--slowdown", "20"}));
    }

    void textNamesTheBoundAndTheSources()
    {
        const auto ran = run({"--cost-table", m_table, "--strategies", "on-device", "--scenarios", "queue", "--sources", "outage",
                              "--episodes", "2", "--steps", "40"});
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        QVERIFY2(ran.out.contains("bound") && ran.out.contains("outage") && ran.out.contains("on-device"), ran.out.constData());
    }
};

QTEST_GUILESS_MAIN(TestCliEvaluate)
#include "tst_cli_evaluate.moc"
