// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/bandwidth.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace splitscope::sim;

class TestBandwidth : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_folder;
    std::string m_file;

private Q_SLOTS:
    void initTestCase()
    {
        QFile file(m_folder.filePath("small.csv"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("ms,bytes_per_second\n0,1000\n1000,3000\n2000,5000\n3000,\n");
        m_file = file.fileName().toStdString();
    }

    void constantRatesAreReadAsTyped_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<double>("expected");
        QTest::newRow("bytes") << "2MB/s" << 2e6;
        QTest::newRow("bits") << "5.85Mbit/s" << 731250.;
        QTest::newRow("unlimited") << "unlimited" << double(INFINITY);
        QTest::newRow("cat1") << "preset:cat1" << 16250.;
        QTest::newRow("3g") << "preset:3g" << 137500.;
        QTest::newRow("4g") << "preset:4g" << 731250.;
        QTest::newRow("wifi") << "preset:wifi" << 2.36e6;
    }
    void constantRatesAreReadAsTyped()
    {
        QFETCH(QString, text);
        QFETCH(double, expected);
        const auto trace = parseBandwidth(text.toStdString());
        QVERIFY2(trace.ok(), trace.ok() ? "" : trace.error().message().c_str());
        QVERIFY(trace->isConstant());
        QCOMPARE(trace->rateAt(0), expected);
        QCOMPARE(trace->name(), text.toStdString());
    }

    void everyPresetIsOffered()
    {
        const auto names = bandwidthPresets();
        QCOMPARE(names.size(), std::size_t(4));
        for (const auto& name : names)
            QVERIFY(parseBandwidth("preset:" + name).ok());
    }

    void sweepsAreLogSpaced()
    {
        const auto sweep = parseBandwidth("sweep:10KB/s..10MB/s,steps=4,dwell=2s");
        QVERIFY(sweep.ok());
        QCOMPARE(sweep->points(), (std::vector<RatePoint>{{0, 1e4}, {2000, 1e5}, {4000, 1e6}, {6000, 1e7}}));
        QCOMPARE(sweep->durationMs(), 8000.0);
        QVERIFY(sweep->repeats());
        const auto usual = parseBandwidth("sweep:10KB/s..10MB/s,once");
        QCOMPARE(usual->points().size(), std::size_t(20));
        QVERIFY(!usual->repeats());
    }

    void stepsHoldAsLongAsTold()
    {
        const auto steps = parseBandwidth("step:1MB/s,100KB/s,unlimited,every=500ms");
        QVERIFY(steps.ok());
        QCOMPARE(steps->points(), (std::vector<RatePoint>{{0, 1e6}, {500, 1e5}, {1000, INFINITY}}));
        QCOMPARE(parseBandwidth("step:1MB/s,100KB/s")->durationMs(), 20'000.0);
    }

    void recordedTracesAreChangedAsTold()
    {
        const auto plain = parseBandwidth("trace:" + m_file);
        QVERIFY2(plain.ok(), plain.ok() ? "" : plain.error().message().c_str());
        QCOMPARE(plain->points(), (std::vector<RatePoint>{{0, 1000}, {1000, 3000}, {2000, 5000}}));
        QCOMPARE(plain->durationMs(), 3000.0);
        QCOMPARE(plain->name(), "trace:" + m_file);
        const auto changed
            = parseBandwidth("trace:" + m_file + ",once,clip=3KB/s..8KB/s,scale=2,cut=0s..2s,offset=500ms,format=csv");
        QVERIFY2(changed.ok(), changed.ok() ? "" : changed.error().message().c_str());
        QCOMPARE(changed->points(), (std::vector<RatePoint>{{0, 3000}, {500, 6000}}));
        QVERIFY(!changed->repeats());
    }

    void shippedTracesAreFoundByTheirBareName_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("random");
        QTest::newRow("markov") << "markov" << true;
        QTest::newRow("walk") << "walk" << true;
        QTest::newRow("outage") << "outage" << true;
        QTest::newRow("step") << "step" << false;
    }
    void shippedTracesAreFoundByTheirBareName()
    {
        QFETCH(QString, name);
        QFETCH(bool, random);
        const auto shipped = parseBandwidth("trace:" + name.toStdString());
        QVERIFY2(shipped.ok(), shipped.ok() ? "" : shipped.error().message().c_str());
        QCOMPARE(shipped->durationMs(), 300'000.0);
        if (random)  // they are what their generators make by default: on this machine too
            QCOMPARE(shipped->points(), parseBandwidth(name.toStdString())->points());
    }

    void generatedTracesTakeTheirKeys()
    {
        const auto markov = parseBandwidth("markov:seed=3,states=1KB/s:2KB/s,transitions=0:1/1:0,duration=4s,every=1s,once");
        QVERIFY2(markov.ok(), markov.ok() ? "" : markov.error().message().c_str());
        QCOMPARE(markov->points(), (std::vector<RatePoint>{{0, 2000}, {1000, 1000}, {2000, 2000}, {3000, 1000}}));
        const auto walk = parseBandwidth("walk:seed=7,mean=2MB/s,duration=60s,sigma=0.1,range=10");
        QVERIFY(walk.ok());
        QVERIFY(std::abs(walk->meanRate(0, 60'000) / 2e6 - 1) < 1e-5);
        QVERIFY(walk->points() != parseBandwidth("walk:seed=8,mean=2MB/s,duration=60s,sigma=0.1,range=10")->points());
        const auto outage = parseBandwidth("outage:rate=1MB/s,on=2s,off=1s,duration=100s");
        QVERIFY(outage.ok());
        QCOMPARE(outage->rateAt(0), 1e6);
    }

    void mistakesAreNamedWithWhatIsPossible_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("says");
        QTest::newRow("rubbish") << "fast"
                                 << "preset";
        QTest::newRow("empty") << ""
                               << "2MB/s";
        QTest::newRow("no unit") << "2"
                                 << "2MB/s";
        QTest::newRow("negative") << "-1MB/s"
                                  << "2MB/s";
        QTest::newRow("preset") << "preset:5g"
                                << "cat1, 3g, 4g, wifi";
        QTest::newRow("preset alone") << "preset"
                                      << "preset";
        QTest::newRow("no such trace") << "trace:nowhere"
                                       << "markov, outage, step, walk";
        QTest::newRow("no file") << "trace:/nowhere.csv"
                                 << "/nowhere.csv";
        QTest::newRow("no name") << "trace:"
                                 << "trace:FILE";
        QTest::newRow("unknown key") << "walk:sed=1"
                                     << "sed: is unknown here; there are seed";
        QTest::newRow("unknown flag") << "walk:twice"
                                      << "twice";
        QTest::newRow("bad number") << "walk:sigma=wide"
                                    << "sigma: 'wide' is no number";
        QTest::newRow("bad seed") << "walk:seed=-1"
                                  << "seed";
        QTest::newRow("key twice") << "walk:seed=1,seed=2"
                                   << "seed";
        QTest::newRow("bad time") << "step:1MB/s,every=10"
                                  << "every: '10'";
        QTest::newRow("bad step") << "step:1MB/s,quick"
                                  << "quick";
        QTest::newRow("no steps") << "step:"
                                  << "step:1MB/s,100KB/s";
        QTest::newRow("sweep of one") << "sweep:1MB/s"
                                      << "10KB/s..5MB/s";
        QTest::newRow("sweep from nothing") << "sweep:0B/s..1MB/s"
                                            << "outside 1";
        QTest::newRow("sweep without end") << "sweep:1MB/s..unlimited"
                                           << "unlimited";
        QTest::newRow("sweep steps") << "sweep:1KB/s..1MB/s,steps=1.5"
                                     << "steps";
        QTest::newRow("too short") << "walk:duration=0s"
                                   << "duration";
        QTest::newRow("too many points") << "walk:duration=1000000s,every=1ms"
                                         << "every";
        QTest::newRow("mean and states") << "markov:mean=1MB/s,states=1KB/s"
                                         << "contradicts states";
        QTest::newRow("mean and rate") << "outage:mean=1MB/s,rate=1MB/s"
                                       << "contradicts rate";
        QTest::newRow("transitions") << "markov:states=1KB/s:2KB/s,transitions=1"
                                     << "transitions";
        QTest::newRow("no distribution") << "markov:states=1KB/s:2KB/s,transitions=0.5:0.6/1:0"
                                         << "row 1 does not sum to 1";
    }
    void mistakesAreNamedWithWhatIsPossible()
    {
        QFETCH(QString, text);
        QFETCH(QString, says);
        const auto trace = parseBandwidth(text.toStdString());
        QVERIFY(!trace.ok());
        const auto message = QString::fromStdString(trace.error().message());
        QVERIFY2(message.contains(says), qPrintable(message));
    }

    void aFileIsOpenedWhereThereIsOne()
    {
        QCOMPARE(openTrace(m_file)->points(), parseBandwidth("trace:" + m_file)->points());
        QCOMPARE(openTrace("2MB/s")->rateAt(0), 2e6);
        QCOMPARE(openTrace("trace:walk")->points(), openTrace("walk")->points());
        QVERIFY(openTrace("/nowhere.csv").error().message().find("there is no such file") != std::string::npos);
        QVERIFY(openTrace("nowhere.csv").error().message().find("there is no such file") != std::string::npos);
    }

    void changesApplyInTheirOrderWhateverTheyAreWrittenIn()
    {
        const auto trace = *openTrace(m_file);
        QCOMPARE(withChanges(trace, "")->points(), trace.points());
        QCOMPARE(withChanges(trace, "offset=500ms,clip=1KB/s..4KB/s,scale=3,cut=0s..2s")->points(),
                 withChanges(trace, "cut=0s..2s,scale=3,clip=1KB/s..4KB/s,offset=500ms")->points());
        QVERIFY(!withChanges(trace.repeating(false), "scale=2")->repeats());
        QVERIFY(!withChanges(trace, "format=csv").ok());
    }

    void mistakesInTraceOptionsAreNamed_data()
    {
        QTest::addColumn<QString>("options");
        QTest::addColumn<QString>("says");
        QTest::newRow("format") << "format=pcap"
                                << "csv, ghent-log, ghent-json, mahimahi, oboe, nyu-mets";
        QTest::newRow("wrong format") << "format=oboe"
                                      << "small.csv:1";
        QTest::newRow("scale") << "scale=0"
                               << "scale";
        QTest::newRow("clip") << "clip=5KB/s"
                              << "10KB/s..5MB/s";
        QTest::newRow("clip backwards") << "clip=5KB/s..1KB/s"
                                        << "clip";
        QTest::newRow("cut") << "cut=1s..9s"
                             << "3000 ms";
        QTest::newRow("offset") << "once,offset=3s"
                                << "offset";
        QTest::newRow("typo") << "sclae=2"
                              << "sclae";
    }
    void mistakesInTraceOptionsAreNamed()
    {
        QFETCH(QString, options);
        QFETCH(QString, says);
        const auto trace = parseBandwidth("trace:" + m_file + "," + options.toStdString());
        QVERIFY(!trace.ok());
        const auto message = QString::fromStdString(trace.error().message());
        QVERIFY2(message.contains(says), qPrintable(message));
    }
};

QTEST_APPLESS_MAIN(TestBandwidth)
#include "tst_bandwidth.moc"
