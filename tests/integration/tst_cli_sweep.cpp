// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-cli sweep: real runs, here and by a real Slurm, gathered in one database.
#include "core/base/files.h"
#include "core/session/run_library.h"
#include "core/session/scenario.h"
#include "tests/integration/cli_program.h"
#include "tests/integration/slurm_cluster.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace splitscope;

namespace {

constexpr int kWaitMs = 300'000;

Ran run(const QStringList& arguments) { return runCli(QStringList{"sweep"} + arguments, kWaitMs); }

QJsonObject json(const Ran& ran) { return QJsonDocument::fromJson(ran.out).object(); }

}  // namespace

class TestCliSweep : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_folder;
    QString m_scenario;

    [[nodiscard]] QString out(const char* name) const { return m_folder.filePath(name); }

private Q_SLOTS:
    void initTestCase()
    {
        qputenv("XDG_CONFIG_HOME", m_folder.path().toUtf8());
        session::Scenario scenario;
        scenario.frames = 20;
        scenario.strategy = "fixed";
        scenario.decision = {2, 6, {codec::CodingKind::Quantized, 8}};
        scenario.minFailoverMs = 60'000;
        m_scenario = m_folder.filePath("short.json");
        QVERIFY(base::writeFileAtomically(m_scenario.toStdString(), base::asBytes(session::toJson(scenario))).ok());
    }

    void wrongUsageIsStatus2AndSaysWhy_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("says");
        QTest::newRow("nothing") << QStringList{} << "what shall be done";
        QTest::newRow("no scenario") << QStringList{"run"} << "which scenario";
        QTest::newRow("no such scenario") << QStringList{"run", "/nowhere.json"} << "/nowhere.json";
        QTest::newRow("axis") << QStringList{"run", m_scenario, "--vary", "seed"} << "KEY=VALUE";
        QTest::newRow("field") << QStringList{"run", m_scenario, "--vary", "speed=1"} << "speed";
        QTest::newRow("value") << QStringList{"slurm", m_scenario, "--vary", "batch=0"} << "batch";
        QTest::newRow("jobs") << QStringList{"run", m_scenario, "--jobs", "0"} << "--jobs";
    }
    void wrongUsageIsStatus2AndSaysWhy()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, says);
        const auto ran = run(arguments);
        QVERIFY2(ran.exitCode == 2, ran.err.constData());
        QVERIFY2(ran.err.contains(says.toUtf8()), ran.err.constData());
    }

    void whatIsMissingIsRunAndWhatFinishedIsNot()
    {
        const QStringList first{"run", m_scenario, "--vary", "seed=1,2", "--out", out("grown"), "--jobs", "2", "--json"};
        const auto once = run(first);
        QVERIFY2(once.exitCode == 0, once.err.constData());
        QCOMPARE(json(once)["groups"].toArray().size(), 1);
        QCOMPARE(json(once)["groups"][0]["runs"].toInt(), 2);
        const auto again = run(first);
        QCOMPARE(json(again)["cells"], json(once)["cells"]);  // the same runs, by their numbers
        const auto grown
            = run({"run", m_scenario, "--vary", "seed=2,3", "--vary", "decision.partition=6,3", "--out", out("grown"), "--json"});
        QVERIFY2(grown.exitCode == 0, grown.err.constData());
        QCOMPARE(json(grown)["cells"].toArray().size(), 4);
        const auto records = session::listRuns(out("grown").toStdString() + "/records.sqlite");
        QVERIFY(records.ok());
        QCOMPARE(records->runs.size(), 5U);  // seed 2 at cut 6 was there
        for (const auto& row : records->runs)
            QCOMPARE(row.totals.done, 20U);
    }

    void whatFailedIsSaidAndTheRestIsRun()
    {
        const auto ran
            = run({"run", m_scenario, "--vary", "device=loopback,tcp://127.0.0.1:1", "--out", out("failing"), "--json"});
        QCOMPARE(ran.exitCode, 1);
        QVERIFY2(ran.err.contains("127.0.0.1"), ran.err.constData());
        QCOMPARE(json(ran)["cells"][0]["finished"].toBool(), true);
        QCOMPARE(json(ran)["cells"][1]["finished"].toBool(), false);
        const auto shown = run({"show", out("failing")});
        QCOMPARE(shown.exitCode, 1);
        QVERIFY2(shown.out.contains("1 of 2 runs"), shown.out.constData());
    }

    void aCellRunsAloneAndOnce()
    {
        QVERIFY(run({"slurm", m_scenario, "--vary", "seed=5", "--out", out("cell")}).exitCode == 0);
        QCOMPARE(run({"cell", out("cell"), "0"}).exitCode, 0);
        const auto again = run({"cell", out("cell"), "0"});
        QCOMPARE(again.exitCode, 0);
        QVERIFY2(again.out.contains("before"), again.out.constData());
        QCOMPARE(run({"cell", out("cell"), "1"}).exitCode, 2);
        QCOMPARE(run({"cell", out("nowhere"), "0"}).exitCode, 1);
        QCOMPARE(run({"show", out("cell"), "--csv"}).out.count('\n'), 2);
    }

    void slurmRunsTheJobArray()
    {
        SlurmCluster cluster;
        if (const auto reason = cluster.start(); !reason.isEmpty())
            QSKIP(qPrintable(reason));
        QVERIFY(run({"slurm", m_scenario, "--vary", "seed=1..3", "--out", out("array"), "--cpus", "1"}).exitCode == 0);
        const auto said = SlurmCluster::output("sbatch", {"--wait", out("array") + "/sweep.sbatch"}, kWaitMs);
        const auto shown = run({"show", out("array"), "--json"});
        QVERIFY2(shown.exitCode == 0, (said + shown.out + shown.err).constData());
        QCOMPARE(json(shown)["groups"][0]["runs"].toInt(), 3);
    }

    void betweenTwoHosts()
    {
        const auto ran = run({"run", m_scenario, "--vary", "bandwidth=2MB/s", "--two-hosts", "--out", out("hosts"), "--json"});
        if (ran.err.contains("two hosts on one machine take"))
            QSKIP(ran.err.constData());
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        const auto records = session::listRuns(out("hosts").toStdString() + "/records.sqlite");
        QVERIFY(records.ok() && records->runs.size() == 1);
        const auto scenario = session::parseScenario(records->runs[0].scenarioJson, "recorded");
        QVERIFY(scenario.ok() && scenario->shaping.by == wire::ShapedBy::Kernel);
    }
};

QTEST_GUILESS_MAIN(TestCliSweep)
#include "tst_cli_sweep.moc"
