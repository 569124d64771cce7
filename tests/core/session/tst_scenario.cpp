// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/scenario_check.h"
#include "tests/core/session/scenario_samples.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <fstream>
#include <set>

using namespace splitscope;
using session::Scenario;

class TestScenario : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyFieldSurvivesJson()
    {
        const auto parsed = session::parseScenario(session::toJson(session::unusualScenario()), "test");
        QVERIFY2(parsed.ok(), parsed.ok() ? "" : parsed.error().message().c_str());
        QVERIFY(*parsed == session::unusualScenario());
    }

    void limitsThatAreNotThereAreNone()
    {
        auto json = session::toJson(Scenario());
        QVERIFY(json.find("energy_limit_j_per_frame") == std::string::npos);
        QVERIFY(json.find("last_cut") == std::string::npos);
        QVERIFY(json.find("\"scale\"") == std::string::npos);  // it is computed when it runs
        const auto parsed = session::parseScenario(R"({"reward": {"s_mb_per_s": 3, "deadline_ms": 50}})", "test");
        QVERIFY(parsed.ok());
        QCOMPARE(parsed->objective.sensitivity, 3.0);
        QCOMPARE(parsed->objective.deadlineMs, 50.0);
        QCOMPARE(parsed->objective.energyLimitJoules, decision::kNoLimit);
        QVERIFY(!parsed->scale);
    }

    void missingKeysKeepTheirDefaults()
    {
        const auto parsed = session::parseScenario(R"({"frames": 7})", "test");
        QVERIFY(parsed.ok());
        Scenario expected;
        expected.frames = 7;
        QVERIFY(*parsed == expected);
    }

    void theDefaultAndTheDemonstrationAreRunnable()
    {
        QVERIFY(session::check(Scenario()).ok());
        QVERIFY(session::check(Scenario::demonstration()).ok());
    }

    void whatIsNoScenarioIsRefused_data()
    {
        QTest::addColumn<QString>("json");
        QTest::addColumn<QString>("says");
        QTest::newRow("no json") << "{\"frames\": }"
                                 << "is not JSON";
        QTest::newRow("a list") << "[1]"
                                << "one JSON object";
        QTest::newRow("unknown key") << R"({"frame": 1})"
                                     << "'frame' is not a known key";
        QTest::newRow("unknown inner key") << R"({"decision": {"cut": 1}})"
                                           << "'cut' is not a known key";
        QTest::newRow("text for a number") << R"({"frames": "many"})"
                                           << "'frames' must be a whole number";
        QTest::newRow("fraction") << R"({"batch": 1.5})"
                                  << "'batch' must be a whole number";
        QTest::newRow("negative") << R"({"seed": -1})"
                                  << "'seed' must be a whole number";
        QTest::newRow("number for text") << R"({"model": 3})"
                                         << "'model' must be text";
        QTest::newRow("number for a switch") << R"({"record_logits": 1})"
                                             << "'record_logits' must be true or false";
        QTest::newRow("no object") << R"({"shaping": 5})"
                                   << "'shaping' must be an object";
        QTest::newRow("coding") << R"({"decision": {"coding": "9000"}})"
                                << "'coding' is '9000'";
        QTest::newRow("coder") << R"({"entropy_coder": "zip"})"
                               << "'entropy_coder' is 'zip'";
        QTest::newRow("reward kind") << R"({"reward": {"kind": "fame"}})"
                                     << "'kind' is 'fame'";
        QTest::newRow("reward's keys") << R"({"reward": {"s": 1}})"
                                       << "'s' is not a known key";
        QTest::newRow("fault") << R"({"faults": ["stall@20", "fire@30"]})"
                               << "'fire@30' names no fault";
        QTest::newRow("faults") << R"({"faults": "stall@20"})"
                                << "'faults' must be a list";
        QTest::newRow("slowdown by") << R"({"slowdown_by": "magic"})"
                                     << "'slowdown_by' is 'magic'";
    }
    void whatIsNoScenarioIsRefused()
    {
        QFETCH(QString, json);
        QFETCH(QString, says);
        const auto parsed = session::parseScenario(json.toStdString(), "file.json");
        QVERIFY(!parsed.ok());
        QVERIFY2(parsed.error().message().find(says.toStdString()) != std::string::npos, parsed.error().message().c_str());
        QVERIFY(parsed.error().message().find("file.json") != std::string::npos);
    }

    void eachFieldIsChecked_data()
    {
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("json");
        QTest::newRow("device") << "device"
                                << R"({"device": "pi4"})";
        QTest::newRow("device port") << "device"
                                     << R"({"device": "tcp://pi:65535"})";
        QTest::newRow("device without port") << "device"
                                             << R"({"device": "tcp://pi"})";
        QTest::newRow("key") << "device_key"
                             << R"({"device_key": "secret"})";
        QTest::newRow("model") << "model"
                               << R"({"model": "vgg"})";
        QTest::newRow("data") << "data"
                              << R"({"data": ""})";
        QTest::newRow("split") << "split"
                               << R"({"split": "all"})";
        QTest::newRow("strategy") << "strategy"
                                  << R"({"strategy": "best"})";
        QTest::newRow("action set") << "action_set"
                                    << R"({"action_set": "some"})";
        QTest::newRow("exit") << "decision.exit"
                              << R"({"strategy": "fixed", "decision": {"exit": 9}})";
        QTest::newRow("partition") << "decision.partition"
                                   << R"({"strategy": "fixed", "decision": {"partition": 99}})";
        QTest::newRow("quality") << "jpeg_quality"
                                 << R"({"jpeg_quality": 0})";
        QTest::newRow("sensitivity") << "reward"
                                     << R"({"reward": {"s_mb_per_s": 0}})";
        QTest::newRow("floor") << "reward"
                               << R"({"reward": {"accuracy_floor": 2}})";
        QTest::newRow("frozen scale") << "scale"
                                      << R"({"scale": {"latency_min_ms": 0}})";
        QTest::newRow("cost table") << "cost_table"
                                    << R"({"strategy": "optimum", "cost_table": "none"})";
        QTest::newRow("cost table's file") << "cost_table"
                                           << R"({"cost_table": "/nowhere.json"})";
        QTest::newRow("dwell") << "dwell_requests"
                               << R"({"dwell_requests": 0})";
        QTest::newRow("accuracy loss") << "accuracy_loss"
                                       << R"({"accuracy_loss": 1.5})";
        QTest::newRow("rate") << "bandwidth"
                              << R"({"bandwidth": "-1MB/s"})";
        QTest::newRow("crawling rate") << "bandwidth"
                                       << R"({"bandwidth": "5B/s"})";
        QTest::newRow("no such trace") << "bandwidth"
                                       << R"({"bandwidth": "trace:/nowhere/tram.csv"})";
        QTest::newRow("jitter") << "shaping.jitter_ms"
                                << R"({"shaping": {"jitter_ms": -2}})";
        QTest::newRow("burst") << "shaping.burst_bytes"
                               << R"({"shaping": {"burst_bytes": 1}})";
        QTest::newRow("delay") << "shaping.delay_ms"
                               << R"({"shaping": {"delay_ms": 1e9}})";
        QTest::newRow("slowdown") << "slowdown"
                                  << R"({"slowdown": 0.5})";
        QTest::newRow("batch") << "batch"
                               << R"({"batch": 65})";
        QTest::newRow("depth") << "depth"
                               << R"({"depth": 0})";
        QTest::newRow("frames") << "frames"
                                << R"({"frames": 0})";
        QTest::newRow("failover") << "min_failover_ms"
                                  << R"({"min_failover_ms": 0})";
        QTest::newRow("interval") << "min_interval_ms"
                                  << R"({"min_interval_ms": -2})";
        QTest::newRow("device threads") << "device_threads"
                                        << R"({"device_threads": 0})";
        QTest::newRow("edge threads") << "edge_threads"
                                      << R"({"edge_threads": 1000})";
        QTest::newRow("fault that never comes") << "faults"
                                                << R"({"frames": 100, "faults": ["stall@20", "cut@100"]})";
        QTest::newRow("deadline") << "deadline_ms"
                                  << R"({"deadline_ms": -1})";
    }
    void eachFieldIsChecked()
    {
        QFETCH(QString, field);
        QFETCH(QString, json);
        const auto parsed = session::parseScenario(json.toStdString(), "test");
        QVERIFY2(parsed.ok(), parsed.ok() ? "" : parsed.error().message().c_str());
        const auto status = session::check(*parsed);
        QVERIFY(!status.ok());
        QVERIFY2(status.error().where.find(field.toStdString()) != std::string::npos, status.error().message().c_str());
    }

    void allFieldsThatAreWrongAreTold()
    {
        const auto parsed = session::parseScenario(
            R"({"batch": 65, "data": "", "weights": "/nowhere.weights", "reward": {"s_mb_per_s": 0, "accuracy_floor": 2},
                "energy": {"source": "x", "k0_j_s2_per_cycle": 1, "frequency_hz": 1, "flops_per_cycle": 1, "transmit_watts": 1},
                "scale": {"latency_min_ms": 9000}, "strategy": "fixed", "decision": {"exit": 4}})",
            "test");
        QVERIFY2(parsed.ok(), parsed.ok() ? "" : parsed.error().message().c_str());
        auto scenario = *parsed;
        scenario.energy.transmitWatts = -1;
        std::set<std::string> fields;
        for (const auto& problem : session::fieldProblems(scenario)) {
            QVERIFY(problem.text.size() > 8);
            QVERIFY2(fields.insert(problem.field).second, problem.field.c_str());
        }
        const std::set<std::string> expected{"batch",   "data",          "reward.s_mb_per_s",    "reward.accuracy_floor",
                                             "weights", "decision.exit", "scale.latency_min_ms", "energy.transmit_watts"};
        QCOMPARE(fields, expected);
        QVERIFY(session::fieldProblems(Scenario()).empty());
    }

    void whatAStrategyLacksIsToldAtItsField_data()
    {
        QTest::addColumn<QString>("json");
        QTest::addColumn<QString>("field");
        QTest::newRow("table") << R"({"strategy": "optimum", "cost_table": "none"})"
                               << "cost_table";
        QTest::newRow("no policy ships") << R"({"strategy": "sacd"})"
                                         << "strategy";
        QTest::newRow("nothing") << "{}"
                                 << "";
    }
    void whatAStrategyLacksIsToldAtItsField()
    {
        QFETCH(QString, json);
        QFETCH(QString, field);
        const auto parsed = session::parseScenario(json.toStdString(), "test");
        QVERIFY(parsed.ok());
        const auto problems = session::strategyProblems(*parsed);
        QCOMPARE(problems.size(), field.isEmpty() ? 0U : 1U);
        if (!problems.empty())
            QCOMPARE(problems.front().field, field.toStdString());
    }

    void filesAreLoadedAndMissingOnesNamed()
    {
        QTemporaryDir folder;
        const auto path = folder.filePath("s.json").toStdString();
        std::ofstream(path) << session::toJson(session::unusualScenario());
        QVERIFY(*session::loadScenario(path) == session::unusualScenario());
        const auto missing = session::loadScenario(path + ".not");
        QVERIFY(!missing.ok());
        QCOMPARE(missing.error().where, path + ".not");
    }

    void constantBandwidthsAreTheShapersRate_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<double>("expected");
        QTest::newRow("rate") << "2MB/s" << 2e6;
        QTest::newRow("unlimited") << "unlimited" << 0.0;
        QTest::newRow("cat1") << "preset:cat1" << 16250.0;
        QTest::newRow("3g") << "preset:3g" << 137500.0;
        QTest::newRow("4g") << "preset:4g" << 731250.0;
        QTest::newRow("wifi") << "preset:wifi" << 2360000.0;
    }
    void constantBandwidthsAreTheShapersRate()
    {
        QFETCH(QString, text);
        QFETCH(double, expected);
        const auto uplink = session::makeUplink(text.toStdString(), {9, 3000, 4});
        QVERIFY(uplink.ok());
        QVERIFY(!uplink->rate);
        QVERIFY(qFuzzyCompare(1 + uplink->shaping.bytesPerSecond, 1 + expected));
        QCOMPARE(uplink->shaping.burstBytes, 3000.0);
        QCOMPARE(uplink->shaping.delayMs, 4.0);
    }
    void varyingBandwidthsTakeThePlaceOfTheShapersRate()
    {
        const auto uplink = session::makeUplink("step:1MB/s,100KB/s,every=5s", {9, 3000, 4});
        QVERIFY(uplink.ok() && uplink->rate);
        QCOMPARE(uplink->shaping.bytesPerSecond, 0.0);
        QCOMPARE(uplink->rate->rateAt(5000), 1e5);
    }
    void unknownBandwidthsAreRefused()
    {
        const auto unknown = session::makeUplink("preset:5g", {});
        QVERIFY(!unknown.ok());
        QVERIFY2(unknown.error().text.find("cat1, 3g, 4g, wifi") != std::string::npos, unknown.error().message().c_str());
        QVERIFY(!session::makeUplink("fast", {}).ok());
    }
};

QTEST_APPLESS_MAIN(TestScenario)
#include "tst_scenario.moc"
