// SPDX-License-Identifier: GPL-3.0-or-later
// `splitscope-cli run` with strategies that read a cost table, and what they are after.
#include "core/session/exports.h"
#include "core/session/scenario.h"
#include "core/strategy/strategy.h"
#include "tests/core/sim/small_table.h"
#include "tests/integration/cli_program.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace splitscope;

class TestCliStrategies : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_folder;
    QString m_table;

    static Ran run(const QStringList& arguments) { return runCli(QStringList{"run"} + arguments, 120'000); }

private Q_SLOTS:
    void initTestCase()
    {
        m_table = m_folder.filePath("costs.json");
        QVERIFY(sim::smallTable().save(m_table.toStdString()).ok());
    }

    void aRunByTheTableIsPricedAndItsScaleFrozen()
    {
        QTemporaryDir out;
        const auto ran = run({"--strategy",  "optimum",     "--cost-table",
                              m_table,       "--frames",    "60",
                              "--bandwidth", "1MB/s",       "--s",
                              "2",           "--n",         "0.5",
                              "--deadline",  "500ms",       "--accuracy-floor",
                              "0.84",        "--first-cut", "2",
                              "--last-cut",  "9",           "--energy-limit",
                              "5",           "--out",       out.path(),
                              "--json"});
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        const auto summary = QJsonDocument::fromJson(ran.out).object();
        QVERIFY2(summary["reward"].isDouble() && summary["regret"].isDouble(), ran.out.constData());
        QVERIFY(summary["reward"].toDouble() > 0 && summary["reward"].toDouble() <= 1);
        QVERIFY(summary["regret"].toDouble() >= 0);
        const auto rows = session::readRequestsCsv(out.filePath("frames.csv").toStdString());
        QVERIFY(rows.ok());
        double reward = 0;
        for (const auto& row : *rows) {
            QVERIFY(row.priced);
            reward += row.reward / static_cast<double>(rows->size());
            const auto& decision = row.record.decision;
            QVERIFY(decision.exit >= 2);  // the first one's accuracy is below the floor
            QVERIFY(decision.coding.kind == codec::CodingKind::LabelOnly || (decision.partition >= 2 && decision.partition <= 9));
        }
        QVERIFY(std::abs(reward - summary["reward"].toDouble()) < 1e-9);
        const auto scenario = session::loadScenario(out.filePath("scenario.json").toStdString());
        QVERIFY(scenario.ok());
        QVERIFY(scenario->scale);
        QCOMPARE(scenario->objective.sensitivity, 2.0);
        QCOMPARE(scenario->objective.scale, 0.5);
        QCOMPARE(scenario->objective.deadlineMs, 500.0);
        QCOMPARE(scenario->objective.energyLimitJoules, 5.0);
        QCOMPARE(scenario->costTable, m_table.toStdString());
    }

    void withoutATableThereIsNoReward()
    {
        const auto ran = run({"--strategy", "on-edge", "--cost-table", "none", "--frames", "20", "--json"});
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        const auto summary = QJsonDocument::fromJson(ran.out).object();
        QVERIFY(summary.contains("reward") && summary["reward"].isNull());
    }

    void whatIsMissingOrWrongIsSaid_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("says");
        QTest::newRow("no table") << QStringList{"--strategy", "optimum", "--cost-table", "none"} << "cost table";
        QTest::newRow("no policy") << QStringList{"--strategy", "sacd", "--cost-table", "TABLE", "--policy", "/nowhere/a.policy"}
                                   << "/nowhere/a.policy";
        QTest::newRow("no candidate") << QStringList{"--strategy", "optimum",  "--cost-table",
                                                     "TABLE",      "--shadow", "/nowhere/a.policy"}
                                      << "/nowhere/a.policy";
        QTest::newRow("kind") << QStringList{"--reward", "fame"} << "paper";
        QTest::newRow("floor") << QStringList{"--accuracy-floor", "1.5"} << "from 0 to 1";
        QTest::newRow("unreachable floor") << QStringList{"--strategy", "optimum",          "--cost-table",
                                                          "TABLE",      "--accuracy-floor", "0.99"}
                                           << "no exit on the device reaches";
    }
    void whatIsMissingOrWrongIsSaid()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, says);
        arguments.replaceInStrings("TABLE", m_table);
        const auto ran = run(arguments);
        QCOMPARE(ran.exitCode, 2);
        QVERIFY2(ran.err.contains(says.toUtf8()), ran.err.constData());
    }

    void aFixedGateIsRunAndRecorded()
    {
        QTemporaryDir out;
        const auto ran = run({"--exit", "3", "--partition", "6", "--bits", "8", "--gate", "1:0.7", "--batch", "4", "--frames",
                              "80", "--failover", "60s", "--out", out.path(), "--json"});
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        const auto summary = QJsonDocument::fromJson(ran.out).object();
        QCOMPARE(summary["decision"].toObject()["gate"].toString(), QStringLiteral("1:0.7"));
        QCOMPARE(summary["done"].toInt(), 80);
        const auto rows = session::readRequestsCsv(out.filePath("frames.csv").toStdString());
        QVERIFY(rows.ok());
        int early = 0;
        for (const auto& row : *rows) {
            QVERIFY(row.record.decision == (decision::Decision{3, 6, {codec::CodingKind::Quantized, 8}, decision::Gate{1, 0.7}}));
            QCOMPARE(row.record.payloadBytes == 0, row.record.goingOn() == 0);
            early += row.record.count - row.record.goingOn();
        }
        QCOMPARE(summary["answered_early"].toInt(), early);
        QVERIFY(early > 0 && early < 80);
    }

    void strategiesChooseAmongGates_data()
    {
        QTest::addColumn<QString>("strategy");
        QTest::addColumn<QString>("actionSet");
        QTest::newRow("branchynet") << "branchynet"
                                    << "standard+gates";
        QTest::newRow("branchynet-edge") << "branchynet-edge"
                                         << "standard+edge-gates";
        QTest::newRow("spinn") << "spinn"
                               << "standard+gates";
        QTest::newRow("spinn, on either half") << "spinn"
                                               << "standard+gates+edge-gates";
        QTest::newRow("optimum") << "optimum"
                                 << "standard+gates";
    }
    void strategiesChooseAmongGates()
    {
        QFETCH(QString, strategy);
        QFETCH(QString, actionSet);
        QTemporaryDir out;
        const auto ran = run({"--strategy", strategy, "--action-set", actionSet, "--bandwidth", "50KB/s", "--frames", "40",
                              "--failover", "60s", "--out", out.path(), "--json"});
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        const auto rows = session::readRequestsCsv(out.filePath("frames.csv").toStdString());
        QVERIFY(rows.ok());
        QCOMPARE(rows->size(), 40U);
        for (const auto& row : *rows) {
            QVERIFY(row.priced);
            QVERIFY(!strategy.startsWith("branchynet") || row.record.decision.gate);
            QVERIFY(strategy != "branchynet-edge" || row.record.decision.partition == 0);
        }
    }

    void withoutGatesInTheActionSetTheySaySo()
    {
        const auto ran = run({"--strategy", "spinn", "--frames", "10"});
        QCOMPARE(ran.exitCode, 2);
        QVERIFY2(ran.err.contains("standard+gates"), ran.err.constData());
    }

    void helpNamesEveryStrategy()
    {
        const auto ran = run({"--help"});
        QCOMPARE(ran.exitCode, 0);
        for (const auto& info : strategy::strategies())
            QVERIFY2(ran.out.contains((info.name + ": " + info.text).c_str()), info.name.c_str());
    }
};

QTEST_GUILESS_MAIN(TestCliStrategies)
#include "tst_cli_strategies.moc"
