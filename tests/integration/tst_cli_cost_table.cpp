// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-cli table build and show: from a few images and short measurements to predictions.
#include "core/base/files.h"
#include "core/profile/cost_table.h"
#include "tests/integration/cli_program.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace splitscope;

namespace {

constexpr int kWaitMs = 300'000;

Ran run(const QStringList& arguments) { return runCli(arguments, kWaitMs); }

QJsonObject json(const Ran& ran) { return QJsonDocument::fromJson(ran.out).object(); }

}  // namespace

class TestCliCostTable : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_folder;
    const QString m_accuracy = m_folder.filePath("accuracy.ssa");
    const QString m_table = m_folder.filePath("costs.json");

    [[nodiscard]] QStringList build() const
    {
        return {"table", "build", "--model",  "alexnet3", "--data",     "patterns", "--accuracy", m_accuracy,
                "--out", m_table, "--frames", "2",        "--interval", "5ms",      "--batches",  "1"};
    }

private Q_SLOTS:
    void initTestCase()
    {
        qputenv("XDG_CONFIG_HOME", m_folder.path().toUtf8());
        const auto accuracy
            = run({"table", "accuracy", "--model", "alexnet3", "--data", "patterns", "--images", "8", "--out", m_accuracy});
        QVERIFY2(accuracy.exitCode == 0, accuracy.err);
        const auto built = run(build() + QStringList{"--json"});
        QVERIFY2(built.exitCode == 0, built.err);
        QCOMPARE(json(built)["network"].toString(), QString("alexnet3"));
    }

    void theFileIsACostTableOfMeasuredProfiles()
    {
        const auto table = profile::CostTable::load(m_table.toStdString());
        QVERIFY2(table.ok(), table.ok() ? "" : table.error().message().c_str());
        QVERIFY(table->device().measured());
        QCOMPARE(table->data(), std::string("patterns"));
        QVERIFY(table->link().rttMs > 0);
        QVERIFY(!table->link().source.empty());
        for (std::size_t row = 0; row < table->rows().size(); ++row)
            QVERIFY(table->predict(row, 1, {.bytesPerSecond = 1e6}).totalMs > 0);
    }

    void showTellsPredictionsUnderTheConditionsAskedFor()
    {
        const auto shown
            = run({"table", "show", m_table, "--bandwidth", "100KB/s", "--slowdown", "4", "--rtt", "20ms", "--json"});
        QVERIFY2(shown.exitCode == 0, shown.err);
        const auto table = *profile::CostTable::load(m_table.toStdString());
        const auto decisions = json(shown)["decisions"].toArray();
        QCOMPARE(static_cast<std::size_t>(decisions.size()), table.rows().size());
        const auto last = decisions.last().toObject();
        const auto p = table.predict(table.rows().size() - 1, 1, {.bytesPerSecond = 1e5, .rttMs = 20, .deviceSlowdown = 4});
        QCOMPARE(last["latency_ms"].toDouble(), p.totalMs);
        const auto optimal = json(shown)["ever_optimal"].toArray().first().toObject();
        QVERIFY(optimal["decisions"].toInt() >= 1);
        QVERIFY(optimal["ranges"].toArray().size() >= optimal["decisions"].toInt());
    }

    void showIsForPeopleToo()
    {
        const auto shown = run({"table", "show", m_table});
        QCOMPARE(shown.exitCode, 0);
        QVERIFY2(shown.out.contains("ever the fastest") && shown.out.contains("round trip"), shown.out);
    }

    void aShippedTableIsShownThoughItIsCompressed()
    {
        const auto shipped = base::resourcePath("models/alexnet3/patterns.costs.json.zst");
        QVERIFY(shipped.ok());
        const auto shown = run({"table", "show", QString::fromStdString(shipped->string())});
        QVERIFY2(shown.exitCode == 0, shown.err);
        QVERIFY2(shown.out.contains("ever the fastest"), shown.out);
    }

    void aGivenProfileTakesTheMeasurementsPlace()
    {
        const auto table = *profile::CostTable::load(m_table.toStdString());
        auto device = table.device();
        device.machine.name = "another board";
        const auto file = m_folder.filePath("device.json"), edgeFile = m_folder.filePath("edge.json");
        QVERIFY(profile::save(device, file.toStdString()).ok());
        QVERIFY(profile::save(table.edge(), edgeFile.toStdString()).ok());
        const auto other = m_folder.filePath("other.json");
        auto arguments = build() + QStringList{"--device-profile", file, "--edge-profile", edgeFile};
        arguments[arguments.indexOf(m_table)] = other;
        const auto built = run(arguments);
        QVERIFY2(built.exitCode == 0, built.err);
        const auto loaded = profile::CostTable::load(other.toStdString());
        QCOMPARE(loaded->device().machine.name, std::string("another board"));
        QVERIFY(loaded->edge() == table.edge());
    }

    void whatDoesNotBelongTogetherLeavesTheEarlierTable()
    {
        QFile file(m_table);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto before = file.readAll();
        file.close();
        auto arguments = build();
        arguments[arguments.indexOf("alexnet3")] = "alexnet5";
        const auto built = run(arguments);
        QCOMPARE(built.exitCode, 1);
        QVERIFY2(built.err.contains("other weights"), built.err);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(file.readAll() == before);
    }

    void wrongUsageSaysWhy_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("says");
        QTest::newRow("no out") << QStringList{"table", "build"} << 2 << "--out";
        QTest::newRow("batch") << QStringList{"table", "build", "--batches", "0"} << 2 << "--batches";
        QTest::newRow("actions") << QStringList{"table", "build", "--out", "x", "--action-set", "many"} << 2 << "action set";
        QTest::newRow("no accuracy") << QStringList{"table", "build", "--accuracy", "absent", "--out", "x"} << 1 << "absent";
        QTest::newRow("no table") << QStringList{"table", "show", "absent"} << 1 << "absent";
    }
    void wrongUsageSaysWhy()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, status);
        QFETCH(QString, says);
        const auto ran = run(arguments);
        QCOMPARE(ran.exitCode, status);
        QVERIFY2(ran.err.contains(says.toUtf8()), ran.err);
    }
};

QTEST_GUILESS_MAIN(TestCliCostTable)
#include "tst_cli_cost_table.moc"
