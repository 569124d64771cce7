// SPDX-License-Identifier: GPL-3.0-or-later
// `run` of several devices at once and `bench fleet` as scripts use them. No time is asserted.
#include "core/session/run_library.h"
#include "tests/core/session/scenario_samples.h"
#include "tests/integration/cli_program.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace splitscope;

namespace {

constexpr int kWaitMs = 300'000;

}  // namespace

class TestCliFleet : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_config, m_folder;

    QString write(const char* name, const std::string& json)
    {
        const QString path = m_folder.filePath(QString::fromUtf8(name));
        std::ofstream(path.toStdString()) << json;
        return path;
    }

private Q_SLOTS:
    void initTestCase() { qputenv("XDG_CONFIG_HOME", m_config.path().toUtf8()); }

    /// One line, two devices: a run for each in one database, and one object that tells of both and of the fleet.
    void oneScenarioOnTwoDevices()
    {
        const QTemporaryDir out;
        const auto ran = runCli({"run", "--device", "loopback", "--device", "loopback", "--exit", "3", "--partition", "6",
                                 "--bits", "8", "--frames", "40", "--json", "--out", out.path()},
                                kWaitMs);
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        const auto fleet = QJsonDocument::fromJson(ran.out).object();
        const auto devices = fleet["devices"].toArray();
        QCOMPARE(devices.size(), 2);
        for (const auto& value : devices) {
            const auto device = value.toObject();
            QCOMPARE(device["frames"].toInt(), 40);
            QCOMPARE(device["lost"].toInt(), 0);
            QCOMPARE(device["state"].toString(), "finished");
            QCOMPARE(device["share"].toDouble(), 0.5);
            QVERIFY(device["edge"]["served"].toInt() > 0);
            QVERIFY(QFile::exists(out.filePath("frames-" + device["name"].toString() + ".csv")));
        }
        QCOMPARE(fleet["frames"].toInt(), 80);
        QCOMPARE(fleet["share_max_over_min"].toDouble(), 1.0);
        QVERIFY(fleet["edge"]["rows"].toInt() > 0);
        const auto runs = session::listRuns(out.path().toStdString());
        QVERIFY(runs.ok());
        QCOMPARE(runs->runs.size(), 2U);
    }

    /// Scenario files run at once, each with its own strategy and length.
    void scenariosTogether()
    {
        auto office = session::quickScenario(24, 7), street = session::quickScenario(36, 1);
        street.strategy = "on-edge";
        const auto ran = runCli({"run", write("office.json", session::toJson(office)),
                                 write("street.json", session::toJson(street)), "--together", "--json"},
                                kWaitMs);
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        const auto devices = QJsonDocument::fromJson(ran.out)["devices"].toArray();
        QCOMPARE(devices.size(), 2);
        QCOMPARE(devices[0]["name"].toString(), "office");
        QCOMPARE(devices[0]["frames"].toInt(), 24);
        QCOMPARE(devices[1]["name"].toString(), "street");
        QCOMPARE(devices[1]["frames"].toInt(), 36);
        QCOMPARE(devices[1]["decision"]["partition"].toInt(), 0);
    }

    void wrongUsageIsExplained_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("complaint");
        const QStringList two{"--device", "loopback", "--device", "loopback"};
        QTest::newRow("repeats") << two + QStringList{"--repeat", "2"} << QByteArray("--repeat");
        QTest::newRow("two hosts") << QStringList{"--together", "--two-hosts"} << QByteArray("--two-hosts");
        QTest::newRow("keys") << two + QStringList{"--device", "loopback", "--device-key", "a", "--device-key", "b"}
                              << QByteArray("--device-key");
    }
    void wrongUsageIsExplained()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, complaint);
        const auto ran = runCli(QStringList{"run"} + arguments, kWaitMs);
        QCOMPARE(ran.exitCode, 2);
        QVERIFY2(ran.err.contains(complaint), ran.err.constData());
    }

    /// Stubs in a process of their own and two daemons: all served, the books balanced (or it fails), every number there.
    void theBenchmarkMeasuresAFleet()
    {
        const auto ran = runCli({"bench", "fleet", "--devices", "4", "--seconds", "1", "--json"}, kWaitMs);
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        const auto object = QJsonDocument::fromJson(ran.out).object();
        QCOMPARE(object["bench"].toString(), "fleet");
        const auto metrics = object["metrics"].toObject();
        for (const char* key : {"fleet_4_throughput_over_full_batches", "fleet_4_latency_ms_p50", "fleet_4_latency_ms_p95",
                                "fleet_4_latency_ms_p99", "fleet_4_frames_per_s", "fleet_4_rows_per_batch"})
            QVERIFY2(metrics[key].toDouble() > 0, key);
        QVERIFY(metrics["fleet_4_share_max_over_min"].toDouble() >= 1);
        QVERIFY(metrics.contains("idle_bytes_per_device"));
    }

    /// Installed, the stubs are no command beside the others; where they are missing, it is said what to do.
    void theBenchmarkFindsTheStubsThatAreInstalled()
    {
        const QTemporaryDir prefix;
        const QStringList arguments{"bench", "fleet", "--devices", "1", "--seconds", "0.2"};
        const QString stubs = prefix.filePath("libexec/splitscope/splitscope-stubs");
        QVERIFY(QDir(prefix.path()).mkpath("bin") && QDir(prefix.path()).mkpath("libexec/splitscope"));
        for (const char* program : {"splitscope-cli", "splitscoped"})
            QVERIFY(QFile::copy(QDir(SPLITSCOPE_BIN).filePath(program), prefix.filePath("bin/") + program));
        QVERIFY(QFile::link(QDir(SPLITSCOPE_BIN).filePath("../share"), prefix.filePath("share")));
        QVERIFY(QFile::copy(SPLITSCOPE_BIN "/splitscope-stubs", stubs));
        const auto ran = runProgram(prefix.filePath("bin/splitscope-cli"), arguments, kWaitMs);
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        QVERIFY(QFile::remove(stubs));
        const auto without = runProgram(prefix.filePath("bin/splitscope-cli"), arguments, kWaitMs);
        QCOMPARE(without.exitCode, 1);
        QVERIFY2(without.err.contains("splitscope-stubs") && without.err.contains("install splitscope-cli again"),
                 without.err.constData());
    }
};

QTEST_GUILESS_MAIN(TestCliFleet)
#include "tst_cli_fleet.moc"
