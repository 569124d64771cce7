// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/link/bandwidth_estimator.h"

#include "simulated_link.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace splitscope::link;
using splitscope::link::testing::kNs;
using splitscope::link::testing::SimulatedLink;

namespace {

double relativeError(double told, double truth) { return std::abs(told / truth - 1); }

}  // namespace

/// How sure the estimate is: its interval, what ages it, and what calls for a probe.
class TestBandwidthInterval : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void smallTransfersThatTakeAnotherTimeCallForProbes()
    {
        constexpr std::int64_t kMs = 1'000'000;
        BandwidthEstimator estimator;
        std::int64_t now = 1'000 * kMs;
        estimator.roundTrip(1, now);
        const auto transfersOf = [&](double ms, int count) {
            for (int i = 0; i < count; ++i)
                estimator.transferred(3'000, ms, now);
        };
        QVERIFY(estimator.wantedProbeBytes(now) > 0);  // nothing is known
        now += 500 * kMs;
        transfersOf(2.5, 20);
        QCOMPARE(estimator.wantedProbeBytes(now), std::uint64_t{0});
        transfersOf(16, 1);
        now += 100 * kMs;
        QCOMPARE(estimator.wantedProbeBytes(now), std::uint64_t{0});  // one stall
        transfersOf(2.5, 1);
        transfersOf(16, 2);
        int probes = 0;
        for (int i = 0; i < 16; ++i, now += 50 * kMs)
            if (const auto bytes = estimator.wantedProbeBytes(now)) {
                QVERIFY(bytes <= 10'000);  // sized by what the transfers took, not by what was believed before
                ++probes;
            }
        QCOMPARE(probes, 3);
        estimator.transferred(0, 5, now);
        estimator.transferred(3'000, -1, now);
        estimator.transferred(3'000, std::numeric_limits<double>::quiet_NaN(), now);
    }

    void probesOfASlowLinkTakeLittleOfItsTime_data()
    {
        QTest::addColumn<double>("bytesPerSecond");
        QTest::newRow("20 KB/s") << 2e4;
        QTest::newRow("50 KB/s") << 5e4;
        QTest::newRow("1 MB/s") << 1e6;
    }
    /// Nothing but probes tells the rate; requests wait behind them, and must not make the rate doubtful by it.
    void probesOfASlowLinkTakeLittleOfItsTime()
    {
        QFETCH(const double, bytesPerSecond);
        constexpr double kFrameBytes = 400, kFrameMs = 33, kRunMs = 60'000;
        BandwidthEstimator estimator;
        double linkFreeMs = 0, probeMs = 0;
        double arrivedMs = 0;
        for (double ms = 0; ms < kRunMs; ms = std::max(ms + kFrameMs, arrivedMs)) {
            const auto now = static_cast<std::int64_t>(ms * 1e6);
            if (const auto bytes = estimator.wantedProbeBytes(now)) {
                std::vector<Arrival> curve;
                const double begin = std::max(ms, linkFreeMs), took = static_cast<double>(bytes) / bytesPerSecond * 1e3;
                for (int chunk = 1; chunk <= 8; ++chunk)
                    curve.push_back({static_cast<std::int64_t>((begin + took * chunk / 8) * 1e6), bytes * chunk / 8});
                estimator.probeArrived(curve);
                probeMs += took;
                linkFreeMs = begin + took;
            }
            const double frameMs = kFrameBytes / bytesPerSecond * 1e3;
            arrivedMs = std::max(ms, linkFreeMs) + frameMs;
            estimator.transferred(kFrameBytes, arrivedMs - ms, static_cast<std::int64_t>(arrivedMs * 1e6));
            linkFreeMs = arrivedMs;
        }
        QVERIFY2(probeMs < 0.05 * kRunMs, qPrintable(QString::number(probeMs)));
        const double told = estimator.estimate(static_cast<std::int64_t>(kRunMs * 1e6)).bytesPerSecond;
        QVERIFY2(std::abs(told / bytesPerSecond - 1) < 0.1, qPrintable(QString::number(told)));
    }

    void theIntervalCoversTheTruth()
    {
        SimulatedLink dice;
        int covered = 0, cases = 0;
        double widths = 0;
        for (unsigned seed = 1; seed <= 400; ++seed) {
            SimulatedLink link{.rate = std::exp(dice.uniform(std::log(0.1e6), std::log(100e6))),
                               .burst = dice.uniform(0, 1) < 0.5 ? 1500 : dice.uniform(1500, 32'768),
                               .jitterSeconds = dice.uniform(20e-6, 100e-6),
                               .stallsPerSecond = dice.uniform(0, 5),
                               .chunk = static_cast<std::size_t>(dice.uniform(4096, 16'384))};
            link.engine.seed(seed);
            BandwidthEstimator estimator;
            const double mostBytes = 10 * std::max(link.burst, 20e3);
            int informative = 0;
            for (int i = 0; i < 60 && informative < 6; ++i)
                informative += estimator.arrived(link.send(static_cast<std::size_t>(dice.uniform(0.1 * mostBytes, mostBytes))));
            if (informative < 5)
                continue;
            const auto told = estimator.estimate(link.nowNs());
            QVERIFY(told.low < told.bytesPerSecond && told.bytesPerSecond < told.high);
            ++cases;
            covered += told.low <= link.rate && link.rate <= told.high;
            widths += std::log(told.high / told.low);
        }
        QVERIFY(cases > 300);
        QVERIFY2(covered >= 0.9 * cases, qPrintable(QString("%1 of %2").arg(covered).arg(cases)));
        QVERIFY(widths / cases < 0.4);  // honest is not enough: it has to say something
    }

    void theIntervalWidensWithAge()
    {
        SimulatedLink link;
        BandwidthEstimator estimator;
        for (int i = 0; i < 20; ++i)
            estimator.arrived(link.send(50'000));
        QVERIFY(estimator.confident(link.nowNs()));
        double width = 0;
        for (const double seconds : {0.0, 1.0, 5.0, 60.0}) {
            const auto told = estimator.estimate(link.nowNs() + static_cast<std::int64_t>(seconds * kNs));
            QVERIFY(std::log(told.high / told.low) > width * 1.2);
            QVERIFY(std::abs(told.ageMs - seconds * 1e3) < 1);
            QVERIFY(relativeError(told.bytesPerSecond, link.rate) < 0.05);
            width = std::log(told.high / told.low);
        }
        QVERIFY(!estimator.confident(link.nowNs() + static_cast<std::int64_t>(3 * kNs)));
    }

    void oneStalledTransferIsNoChange()
    {
        SimulatedLink link;
        BandwidthEstimator estimator;
        for (int i = 0; i < 20; ++i)
            estimator.arrived(link.send(30'000));
        auto slow = link.send(30'000);
        for (std::size_t i = 1; i < slow.size(); ++i)
            slow[i].atNs += static_cast<std::int64_t>(i) * 20'000'000;
        QVERIFY(estimator.arrived(slow));
        const auto told = estimator.estimate(link.nowNs());
        QVERIFY(!told.changed);
        QVERIFY(relativeError(told.bytesPerSecond, link.rate) < 0.05);
        QVERIFY(told.runLength >= 20);
    }

    void smallPayloadsOnlyAgeTheEstimate_data()
    {
        QTest::addColumn<double>("burst");
        QTest::addColumn<int>("payload");
        QTest::addColumn<int>("allowed");
        QTest::newRow("one chunk") << 1500.0 << 4000 << 0;
        QTest::newRow("inside the burst") << 40'000.0 << 30'000 << 3;
        QTest::newRow("two chunks inside the burst") << 40'000.0 << 8000 << 1;
    }
    void smallPayloadsOnlyAgeTheEstimate()
    {
        QFETCH(double, burst);
        QFETCH(int, payload);
        QFETCH(int, allowed);
        SimulatedLink link;
        BandwidthEstimator estimator;
        for (int i = 0; i < 20; ++i)
            estimator.arrived(link.send(100'000));
        const auto before = estimator.estimate(link.nowNs());
        link.burst = burst;
        int told = 0;
        for (int i = 0; i < 100; ++i)
            told += estimator.arrived(link.send(static_cast<std::size_t>(payload)));
        const auto after = estimator.estimate(link.nowNs() + (told > 0 ? 3'000'000'000 : 0));
        QVERIFY2(told <= allowed, qPrintable(QString::number(told)));  // noise may stretch a burst into something
        QVERIFY(after.runLength >= before.runLength && after.runLength <= before.runLength + told);
        QVERIFY(after.ageMs >= 3000 && !after.changed);
        QVERIFY(relativeError(after.bytesPerSecond, before.bytesPerSecond) < 0.01);
        QVERIFY(after.high / after.low > before.high / before.low);
    }

    void hostileCurvesTellNothingOrSomethingFinite_data()
    {
        QTest::addColumn<QList<qint64>>("times");
        QTest::addColumn<QList<qint64>>("bytes");
        constexpr auto kMost = std::numeric_limits<qint64>::max();
        constexpr auto kLeast = std::numeric_limits<qint64>::min();
        QTest::newRow("empty") << QList<qint64>{} << QList<qint64>{};
        QTest::newRow("one") << QList<qint64>{5} << QList<qint64>{1000};
        QTest::newRow("same time") << QList<qint64>{5, 5, 5} << QList<qint64>{1000, 2000, 3000};
        QTest::newRow("backwards") << QList<qint64>{90'000'000, 50'000'000, 10'000'000} << QList<qint64>{1000, 2000, 3000};
        QTest::newRow("no bytes") << QList<qint64>{0, 10'000'000, 20'000'000} << QList<qint64>{0, 0, 0};
        QTest::newRow("fewer bytes") << QList<qint64>{0, 10'000'000, 20'000'000} << QList<qint64>{3000, 2000, 1000};
        QTest::newRow("all of time") << QList<qint64>{kLeast, 0, kMost} << QList<qint64>{1, 2, 3};
        QTest::newRow("all bytes") << QList<qint64>{0, 1'000'000'000, 2'000'000'000} << QList<qint64>{0, 1, -1};
        QTest::newRow("nothing, then all") << QList<qint64>{0, 1, 2} << QList<qint64>{0, 1, -1};
    }
    void hostileCurvesTellNothingOrSomethingFinite()
    {
        QFETCH(QList<qint64>, times);
        QFETCH(QList<qint64>, bytes);
        std::vector<Arrival> curve;
        for (qsizetype i = 0; i < times.size(); ++i)
            curve.push_back({times[i], static_cast<std::uint64_t>(bytes[i])});
        BandwidthEstimator estimator;
        for (int i = 0; i < 10; ++i)
            estimator.arrived(curve);
        for (const std::int64_t now : {std::int64_t{0}, std::numeric_limits<std::int64_t>::max(), std::int64_t{-1}}) {
            const auto told = estimator.estimate(now);
            QVERIFY(std::isfinite(told.bytesPerSecond) && std::isfinite(told.low) && std::isfinite(told.high));
            QVERIFY(told.low <= told.bytesPerSecond && told.bytesPerSecond <= told.high && told.ageMs >= 0);
            QVERIFY(estimator.wantedProbeBytes(now) <= 256 * 1024);
        }
    }

    void unshapedLoopbackStaysSane()
    {
        SimulatedLink link{.rate = 1e15, .jitterSeconds = 5e-6};
        BandwidthEstimator estimator;
        for (int i = 0; i < 50; ++i)
            estimator.arrived(link.send(4'000'000));
        const auto told = estimator.estimate(link.nowNs());
        QVERIFY(told.bytesPerSecond > 50e6 && told.high < 10e9);
        QVERIFY(estimator.wantedProbeBytes(link.nowNs() + 60'000'000'000) <= 256 * 1024);
    }

    void hugeCurvesAreThinned()
    {
        SimulatedLink link{.rate = 50e6};
        const auto curve = link.send(40'000'000);
        QVERIFY(curve.size() > 9000);
        const auto rate = rateOf(curve, 0.06);
        QVERIFY(rate && relativeError(rate->bytesPerSecond, 50e6) < 0.01);
    }

    void probesAreWantedWhenLittleIsKnown()
    {
        SimulatedLink link{.rate = 2e6};
        BandwidthEstimator estimator;
        QVERIFY(!estimator.estimate(link.nowNs()).known());
        const auto first = estimator.wantedProbeBytes(link.nowNs());
        QVERIFY(first >= 6 * 1024 && first <= 64 * 1024);
        QCOMPARE(estimator.wantedProbeBytes(link.nowNs() + 500'000'000), std::uint64_t{0});  // asked for just now
        const auto second = estimator.wantedProbeBytes(link.nowNs() + 1'100'000'000);
        QVERIFY(second > first);  // the first one told nothing
        for (int i = 0; i < 20; ++i)
            estimator.arrived(link.send(50'000));
        link.now += 1.5;
        QCOMPARE(estimator.wantedProbeBytes(link.nowNs()), std::uint64_t{0});  // still confident
        link.now += 1;
        const auto stale = estimator.wantedProbeBytes(link.nowNs());
        QVERIFY(std::abs(static_cast<double>(stale) - 0.03 * link.rate) < 5000);
    }

    void theSmallestRoundTripOfTenSecondsCounts()
    {
        BandwidthEstimator estimator;
        QCOMPARE(estimator.rttMs(), 0.0);
        constexpr std::int64_t kSecond = 1'000'000'000;
        estimator.roundTrip(3, 0);
        estimator.roundTrip(8, kSecond);
        estimator.roundTrip(5, 2 * kSecond);
        for (const double nonsense :
             {-1.0, 0.0, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()})
            estimator.roundTrip(nonsense, 2 * kSecond);
        QCOMPARE(estimator.rttMs(), 3.0);
        estimator.roundTrip(9, 11 * kSecond);
        QCOMPARE(estimator.rttMs(), 5.0);
        for (std::int64_t i = 0; i < 100'000; ++i)
            estimator.roundTrip(10 + 1e-6 * static_cast<double>(i), 20 * kSecond + i * 1'000'000);
        QVERIFY(estimator.rttMs() > 10.08 && estimator.rttMs() < 10.1);
    }

    void clearForgetsAll()
    {
        SimulatedLink link;
        BandwidthEstimator estimator;
        for (int i = 0; i < 5; ++i)
            estimator.arrived(link.send(50'000));
        estimator.roundTrip(5, link.nowNs());
        estimator.clear();
        QVERIFY(!estimator.estimate(link.nowNs()).known());
        QVERIFY(!estimator.confident(link.nowNs()));
        QCOMPARE(estimator.rttMs(), 0.0);
    }

    void oneTransferTakenIn()
    {
        SimulatedLink link;
        BandwidthEstimator estimator;
        for (int i = 0; i < 2000; ++i)
            estimator.arrived(link.send(100'000));
        const auto curve = link.send(100'000);
        QBENCHMARK { estimator.arrived(curve); }
    }
};

QTEST_APPLESS_MAIN(TestBandwidthInterval)
#include "tst_bandwidth_interval.moc"
