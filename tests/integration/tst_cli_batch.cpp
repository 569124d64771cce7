// SPDX-License-Identifier: GPL-3.0-or-later
// `run` of several documents and seeds.
#include "core/session/pricing.h"
#include "core/session/run_library.h"
#include "tests/core/session/scenario_samples.h"
#include "tests/integration/cli_program.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <fstream>

using namespace splitscope;

namespace {

constexpr int kWaitMs = 120'000;

}  // namespace

class TestCliBatch : public QObject {
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

    void documentsRunInOrderEachWithItsSeeds()
    {
        const auto office = session::quickScenario(24, 7), street = session::quickScenario(16, 1);
        const QTemporaryDir out;
        const auto ran = runCli({"run", write("office.json", session::toJson(office)),
                                 write("street.json", session::toJson(street)), "--repeat", "2", "--json", "--out", out.path()},
                                kWaitMs);
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        QStringList order;
        for (const auto& line : ran.out.trimmed().split('\n')) {
            const auto summary = QJsonDocument::fromJson(line).object();
            order << QStringLiteral("%1:%2").arg(summary["scenario"].toString()).arg(summary["seed"].toInt());
            QVERIFY(summary["frames"].toInt() > 0);
        }
        QCOMPARE(order, (QStringList{"office:7", "office:8", "street:1", "street:2"}));
        QVERIFY2(ran.err.contains("run 2 of 4, office seed 8"), ran.err.constData());
        QVERIFY(QFile::exists(out.filePath("frames-office-8.csv")) && QFile::exists(out.filePath("scenario-street.json")));

        const auto runs = session::listRuns(out.path().toStdString());
        QVERIFY(runs.ok());
        QCOMPARE(runs->runs.size(), 4U);
        for (const auto& row : runs->runs) {
            auto expected = row.scenarioName == "office" ? office : street;
            expected.seed = row.seed;
            session::freeze(expected);
            QCOMPARE(row.scenarioJson, session::toJson(expected));  // nothing but the seed is another one
            QVERIFY(row.ending == session::RunEnding::Finished);
        }
    }

    void oneDocumentWritesWhatItAlwaysDid()
    {
        const QTemporaryDir out;
        const auto ran
            = runCli({"run", "--scenario", write("one.json", session::toJson(session::quickScenario(8, 3))), "--out", out.path()},
                     kWaitMs);
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        QVERIFY(QFile::exists(out.filePath("frames.csv")) && QFile::exists(out.filePath("scenario.json")));
        QVERIFY2(ran.err.contains("100 %"), ran.err.constData());
        const auto runs = session::listRuns(out.path().toStdString());
        QVERIFY(runs.ok() && runs->runs.size() == 1);
        QCOMPARE(runs->runs.front().scenarioName, std::string("one"));
    }

    void theOptionsChangeEachDocument()
    {
        const QTemporaryDir out;
        const auto ran = runCli({"run", write("a.json", session::toJson(session::quickScenario(500, 3))),
                                 write("b.json", session::toJson(session::quickScenario(900, 3))), "--frames", "8", "--json",
                                 "--out", out.path()},
                                kWaitMs);
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        QCOMPARE(ran.out.count("\"frames\":8,"), 2);
    }

    void aRunThatFailsDoesNotKeepTheOthers()
    {
        auto broken = session::quickScenario(8, 1);
        broken.weights = write("broken.weights", "no weights at all").toStdString();
        const auto ran = runCli({"run", write("broken.json", session::toJson(broken)),
                                 write("good.json", session::toJson(session::quickScenario(8, 1)))},
                                kWaitMs);
        QCOMPARE(ran.exitCode, 1);
        QVERIFY2(ran.err.contains("broken.weights"), ran.err.constData());
        QVERIFY2(ran.out.contains("good") && ran.out.contains("finished"), ran.out.constData());
    }

    void aWrongFileNamesItselfTheFieldAndWhatIsAllowed_data()
    {
        QTest::addColumn<QString>("json");
        QTest::addColumn<QStringList>("says");
        QTest::newRow("range") << R"({"batch": 65})" << QStringList{"batch", "1..64"};
        QTest::newRow("choice") << R"({"split": "all"})" << QStringList{"split", "evaluation"};
        QTest::newRow("strategy") << R"({"strategy": "best"})" << QStringList{"strategy", "on-device"};
        QTest::newRow("rate") << R"({"bandwidth": "fast"})" << QStringList{"bandwidth", "2MB/s"};
        QTest::newRow("type") << R"({"frames": "many"})" << QStringList{"frames", "whole number"};
        QTest::newRow("key") << R"({"frame": 1})" << QStringList{"'frame' is not a known key", "frames"};
        QTest::newRow("inner") << R"({"shaping": {"delay_ms": -1}})" << QStringList{"shaping.delay_ms", "0..60000"};
    }
    void aWrongFileNamesItselfTheFieldAndWhatIsAllowed()
    {
        QFETCH(QString, json);
        QFETCH(QStringList, says);
        const QString good = write("good.json", session::toJson(session::quickScenario(8, 1)));
        const QString wrong = write("wrong.json", json.toStdString());
        const auto ran = runCli({"run", good, wrong}, kWaitMs);
        QCOMPARE(ran.exitCode, 2);
        QVERIFY(ran.out.isEmpty());  // not even the good one has begun
        for (const auto& words : says << "wrong.json")
            QVERIFY2(ran.err.contains(words.toUtf8()), ran.err.constData());
    }

    void contradictionsAreWrongUsage()
    {
        const QString file = write("x.json", "{}");
        QCOMPARE(runCli({"run", file, "--scenario", file}, kWaitMs).exitCode, 2);
        QCOMPARE(runCli({"run", file, "--demonstration"}, kWaitMs).exitCode, 2);
        QCOMPARE(runCli({"run", file, "--repeat", "0"}, kWaitMs).exitCode, 2);
        QCOMPARE(runCli({"run", file, file, "--save-scenario", m_folder.filePath("y.json")}, kWaitMs).exitCode, 2);
    }
};

QTEST_GUILESS_MAIN(TestCliBatch)
#include "tst_cli_batch.moc"
