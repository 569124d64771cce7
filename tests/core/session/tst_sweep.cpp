// SPDX-License-Identifier: GPL-3.0-or-later
// Sweeps: every combination once, each a valid scenario, told by what its runs came to.
#include "core/session/sweep.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <set>

using namespace splitscope;
using session::Sweep;
using session::SweepAxis;
using session::SweepFolder;

namespace {

std::vector<SweepAxis> axesOf(const std::vector<std::string>& texts)
{
    std::vector<SweepAxis> axes;
    for (const auto& text : texts)
        if (!session::addToAxes(axes, text))
            return {};
    return axes;
}

Sweep smallSweep(const std::vector<std::string>& texts)
{
    const auto sweep = Sweep::make("small", {}, axesOf(texts));
    return sweep ? *sweep : Sweep{};
}

session::Scenario scenarioOf(const session::SweepCell& cell)
{
    const auto scenario = session::parseScenario(cell.scenario, cell.name);
    return scenario ? *scenario : session::Scenario{};
}

session::SweepResult resultOf(std::size_t cell, double p95Ms, std::optional<double> reward)
{
    session::RunRow row;
    row.totals.requests = row.totals.frames = 100;
    row.totals.deadlineMisses = 25;
    row.totals.p95Ms = p95Ms;
    row.totals.reward = reward;
    return {cell, row};
}

}  // namespace

class TestSweep : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyCombinationIsOneScenario()
    {
        const auto sweep = smallSweep({"model=alexnet3,alexnet5", "reward.s_mb_per_s=1,10", "seed=3..5"});
        QCOMPARE(sweep.cells.size(), 12U);
        std::set<std::string> ids;
        for (const auto& cell : sweep.cells) {
            ids.insert(cell.id);
            const auto scenario = scenarioOf(cell);
            QCOMPARE(scenario.model, cell.values[0]);
            QCOMPARE(scenario.objective.sensitivity, std::stod(cell.values[1]));
            QCOMPARE(scenario.seed, std::stoull(cell.values[2]));
        }
        QCOMPARE(ids.size(), 12U);
        QCOMPARE(sweep.cells[1].values, (std::vector<std::string>{"alexnet3", "1", "4"}));
    }

    void theSameScenarioHasTheSameFolderWhateverIsSweptBeside()
    {
        const auto one = smallSweep({"seed=1"}), more = smallSweep({"slowdown=1,8", "seed=1,2"});
        QVERIFY(std::ranges::any_of(more.cells, [&](const auto& cell) { return cell.id == one.cells[0].id; }));
    }

    void valuesWithCommasAndValuesAddedLater()
    {
        const auto axes = axesOf({"bandwidth==step:1MB/s,100KB/s", "bandwidth=2MB/s,2MB/s", "probe=true,false"});
        QCOMPARE(axes.size(), 2U);
        QCOMPARE(axes[0].values, (std::vector<std::string>{"step:1MB/s,100KB/s", "2MB/s"}));
        const auto sweep = Sweep::make("links", {}, axes);
        QVERIFY2(sweep.ok(), sweep.ok() ? "" : sweep.error().message().c_str());
        QCOMPARE(sweep->cells.size(), 4U);
        QVERIFY(!scenarioOf(sweep->cells[1]).probe);
        QVERIFY(sweep->cells[0].name.find('/') == std::string::npos);
    }

    void whatNoScenarioCanHaveIsRefusedByName_data()
    {
        QTest::addColumn<QString>("axis");
        QTest::addColumn<QString>("says");
        QTest::newRow("no key") << "=1"
                                << "KEY=VALUE";
        QTest::newRow("no value") << "seed="
                                  << "KEY=VALUE";
        QTest::newRow("nothing") << "seed"
                                 << "KEY=VALUE";
        QTest::newRow("unknown key") << "speed=1"
                                     << "speed";
        QTest::newRow("unknown inner key") << "reward.speed=1"
                                           << "speed";
        QTest::newRow("no number") << "batch=many"
                                   << "batch";
        QTest::newRow("out of range") << "batch=65"
                                      << "batch";
        QTest::newRow("no such network") << "model=vgg"
                                         << "vgg";
        QTest::newRow("no such strategy") << "strategy=best"
                                          << "best";
        QTest::newRow("too many") << "seed=1..9999,10000..19999,20000..29999,30000..39999,40000..49999,50000..59999,"
                                     "60000..69999,70000..79999,80000..89999,90000..99999,100000..109999"
                                  << "combinations";
    }
    void whatNoScenarioCanHaveIsRefusedByName()
    {
        QFETCH(QString, axis);
        QFETCH(QString, says);
        std::vector<SweepAxis> axes;
        auto status = session::addToAxes(axes, axis.toStdString());
        if (status)
            if (const auto sweep = Sweep::make("wrong", {}, axes); !sweep)
                status = sweep.error();
        QVERIFY(!status.ok());
        QVERIFY2(QString::fromStdString(status.error().message()).contains(says), status.error().message().c_str());
    }

    void whatIsWrittenIsReadAgain()
    {
        const QTemporaryDir place;
        const SweepFolder folder(place.filePath("sweep").toStdString());
        QCOMPARE(folder.read().error().code, base::ErrorCode::NotFound);
        const auto sweep = smallSweep({"strategy=fixed,cycle", "seed=1,2"});
        QVERIFY(folder.write(sweep).ok());
        const auto read = folder.read();
        QVERIFY2(read.ok(), read.ok() ? "" : read.error().message().c_str());
        QCOMPARE(read->cells.size(), 4U);
        for (std::size_t i = 0; i < 4; ++i) {
            QCOMPARE(read->cells[i].id, sweep.cells[i].id);
            QCOMPARE(read->cells[i].values, sweep.cells[i].values);
            QVERIFY(session::loadScenario(folder.scenarioOf(read->cells[i])).ok());
            QVERIFY(!folder.finishedRun(read->cells[i]));
        }
        const auto results = folder.results(*read, {});
        QVERIFY(results.ok() && results->size() == 4);
        QVERIFY(!results->front().run);
    }

    void damagedOnesAreRefused_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::newRow("no JSON") << QByteArray("{");
        QTest::newRow("another format") << QByteArray(R"({"format":"scenario","version":1})");
        QTest::newRow("a later version") << QByteArray(R"({"format":"splitscope-sweep","version":2})");
        QTest::newRow("a folder outside") << QByteArray(
            R"({"format":"splitscope-sweep","version":1,"cells":[{"id":"../../../../tmp/x","name":"a","values":[]}]})");
        QTest::newRow("a file outside") << QByteArray(
            R"({"format":"splitscope-sweep","version":1,"cells":[{"id":"0123456789abcdef","name":"../a","values":[]}]})");
    }
    void damagedOnesAreRefused()
    {
        QFETCH(QByteArray, json);
        const QTemporaryDir place;
        QFile file(place.filePath("sweep.json"));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(json) == json.size());
        file.close();
        QCOMPARE(SweepFolder(place.path().toStdString()).read().error().code, base::ErrorCode::InvalidInput);
    }

    void seedsAreAveragedAndWhatIsMissingIsTold()
    {
        const auto sweep = smallSweep({"strategy=fixed,cycle", "seed=1,2"});
        const std::vector<session::SweepResult> results{resultOf(0, 10, 0.5), resultOf(1, 20, 0.75), {2, {}}, resultOf(3, 8, {})};
        const auto groups = session::groupsOf(sweep, results);
        QCOMPARE(groups.size(), 2U);
        QCOMPARE(groups[0].values, std::vector<std::string>{"fixed"});
        QCOMPARE(groups[0].runs, 2U);
        QCOMPARE(groups[0].p95Ms, 15.0);
        QCOMPARE(*groups[0].reward, 0.625);
        QCOMPARE(groups[0].deadlineMisses, 0.25);
        QCOMPARE(groups[1].runs, 1U);
        QCOMPARE(groups[1].cells, 2U);
        QVERIFY(!groups[1].reward);
        const auto text = QString::fromStdString(session::toText(sweep, results));
        QVERIFY2(text.contains("1/2") && text.contains("15.00"), qPrintable(text));
        const auto object = QJsonDocument::fromJson(QByteArray::fromStdString(session::toJson(sweep, results))).object();
        QCOMPARE(object["groups"].toArray().size(), 2);
        QCOMPARE(object["groups"][0]["reward"].toDouble(), 0.625);
        QCOMPARE(object["cells"][2]["finished"].toBool(true), false);
        const auto lines = QString::fromStdString(session::toCsv(sweep, results)).split('\n', Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 5);
        for (const auto& line : lines)
            QCOMPARE(line.count(','), lines[0].count(','));
    }

    void theJobArrayHasATaskACellUpToSlurmsLimit()
    {
        const auto script = session::slurmScript(smallSweep({"seed=1..3"}), "/data/my sweep", "/usr/bin/splitscope-cli", 2, 4);
        QVERIFY2(script.find("--array=0-2%2\n") != std::string::npos, script.c_str());
        QVERIFY(script.find("--cpus-per-task=4\n") != std::string::npos);
        QVERIFY(script.find("/usr/bin/splitscope-cli sweep cell '/data/my sweep' \"$cell\"") != std::string::npos);
        const auto large = session::slurmScript(smallSweep({"seed=1..2500"}), "/s", "/p", 0, 2);
        QVERIFY(large.find("--array=0-999\n") != std::string::npos);
        QVERIFY(large.find("cell < 2500; cell += 1000") != std::string::npos);
        QVERIFY(large.find('@') == std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestSweep)
#include "tst_sweep.moc"
