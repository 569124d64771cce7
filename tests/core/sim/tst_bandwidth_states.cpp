// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/bandwidth.h"
#include "core/sim/bandwidth_states.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace splitscope;
using namespace splitscope::sim;

class TestBandwidthStates : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theStepsOfATraceAreItsStates()
    {
        const auto trace = parseBandwidth("step:100KB/s,1MB/s,300KB/s,every=60s");
        QVERIFY(trace.ok());
        const auto states = bandwidthStates({*trace}, 3);
        QVERIFY(states.ok());
        QCOMPARE(states->bytesPerSecond.size(), std::size_t(3));
        const double steps[] = {100e3, 300e3, 1e6};
        for (std::size_t i = 0; i < 3; ++i)
            QVERIFY(std::abs(std::log(states->bytesPerSecond[i] / steps[i])) < 0.1);
    }

    void theNearestIsToldByLogarithm()
    {
        BandwidthStates states;
        states.bytesPerSecond = {100, 1000, 10'000};
        QCOMPARE(states.nearest(1), std::size_t(0));
        QCOMPARE(states.nearest(310), std::size_t(0));
        QCOMPARE(states.nearest(330), std::size_t(1));
        QCOMPARE(states.nearest(1000), std::size_t(1));
        QCOMPARE(states.nearest(1e9), std::size_t(2));
    }

    void nothingIsAnError() { QVERIFY(!bandwidthStates({}, 3).ok()); }

    void aFileComesBack()
    {
        const QTemporaryDir folder;
        const std::filesystem::path file = folder.filePath("states.json").toStdString();
        BandwidthStates states{{10, 20.5, 30}, "made by a test", "nowhere"};
        QVERIFY(save(states, file).ok());
        const auto back = loadBandwidthStates(file);
        QVERIFY(back.ok());
        QVERIFY(back->bytesPerSecond == states.bytesPerSecond);
        QCOMPARE(back->command, states.command);
        QCOMPARE(back->source, states.source);
    }

    void damagedFilesAreErrorsThatNameThem_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("not JSON") << QByteArray("{");
        QTest::newRow("another format") << QByteArray(R"({"format":"x","version":1,"bytes_per_second":[1]})");
        QTest::newRow("another version") << QByteArray(
            R"({"format":"splitscope-bandwidth-states","version":2,"bytes_per_second":[1]})");
        QTest::newRow("no rates") << QByteArray(R"({"format":"splitscope-bandwidth-states","version":1,"bytes_per_second":[]})");
        QTest::newRow("descending") << QByteArray(
            R"({"format":"splitscope-bandwidth-states","version":1,"bytes_per_second":[2,1]})");
        QTest::newRow("a word") << QByteArray(R"({"format":"splitscope-bandwidth-states","version":1,"bytes_per_second":["a"]})");
    }
    void damagedFilesAreErrorsThatNameThem()
    {
        QFETCH(QByteArray, content);
        const QTemporaryDir folder;
        QFile file(folder.filePath("states.json"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
        file.close();
        const auto states = loadBandwidthStates(file.fileName().toStdString());
        QVERIFY(!states.ok());
        QVERIFY(states.error().message().find("states.json") != std::string::npos);
    }

    void statesShip()
    {
        const auto states = shippedBandwidthStates();
        QVERIFY2(states.ok(), states.ok() ? "" : states.error().message().c_str());
        QVERIFY(states->bytesPerSecond.size() >= 10);
        QVERIFY(states->command.find("trace states") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestBandwidthStates)
#include "tst_bandwidth_states.moc"
