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

double median(std::vector<double> values)
{
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
    return values[values.size() / 2];
}

double relativeError(double told, double truth) { return std::abs(told / truth - 1); }

}  // namespace

class TestBandwidthEstimator : public QObject {
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
                estimator.transferred(3'000, ms);
        };
        QVERIFY(estimator.wantedProbeBytes(now) > 0);  // nothing is known
        transfersOf(2.5, 20);
        now += 10 * kMs;
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
        estimator.transferred(0, 5);
        estimator.transferred(3'000, -1);
        estimator.transferred(3'000, std::numeric_limits<double>::quiet_NaN());
    }

    void theRateIsFound_data()
    {
        QTest::addColumn<double>("rate");
        QTest::addColumn<double>("burst");
        QTest::addColumn<int>("payload");
        QTest::addColumn<int>("chunk");
        QTest::addColumn<double>("jitterMs");
        QTest::addColumn<double>("stalls");
        for (const double rate : {0.1e6, 0.3e6, 1e6, 3e6, 10e6, 30e6, 100e6}) {
            const int least = rate > 20e6 ? 128 * 1024 : 20 * 1024;
            for (const int payload : {least, 3 * least}) {
                for (const double jitterMs : {0.02, 0.1}) {
                    for (const double stalls : {0.0, 5.0})
                        QTest::addRow("%g MB/s, %d KB, jitter %g, %g stalls/s", rate / 1e6, payload / 1024, jitterMs, stalls)
                            << rate << 1500.0 << payload << 4096 << jitterMs << stalls;
                }
            }
        }
        for (const double rate : {0.1e6, 1e6, 10e6}) {
            QTest::addRow("%g MB/s, chunks of 16 KB", rate / 1e6) << rate << 1500.0 << 100'000 << 16384 << 0.06 << 2.0;
            QTest::addRow("%g MB/s, burst 32 KB", rate / 1e6) << rate << 32768.0 << 100'000 << 4096 << 0.06 << 2.0;
            QTest::addRow("%g MB/s, burst 32 KB of 64", rate / 1e6) << rate << 32768.0 << 65'536 << 4096 << 0.06 << 0.0;
            QTest::addRow("%g MB/s, burst 32 KB of 48", rate / 1e6) << rate << 32768.0 << 49'152 << 4096 << 0.06 << 0.0;
            QTest::addRow("%g MB/s, burst 30 KB of 48", rate / 1e6) << rate << 30000.0 << 49'152 << 4096 << 0.06 << 0.0;
        }
    }
    void theRateIsFound()
    {
        QFETCH(double, rate);
        QFETCH(double, burst);
        QFETCH(int, payload);
        QFETCH(int, chunk);
        QFETCH(double, jitterMs);
        QFETCH(double, stalls);
        std::vector<double> errors;
        for (unsigned seed = 1; seed <= 9; ++seed) {
            SimulatedLink link{.rate = rate,
                               .burst = burst,
                               .jitterSeconds = jitterMs * 1e-3,
                               .stallsPerSecond = stalls,
                               .chunk = static_cast<std::size_t>(chunk)};
            link.engine.seed(seed);
            BandwidthEstimator estimator;
            for (int i = 0; i < 20; ++i)
                estimator.arrived(link.send(static_cast<std::size_t>(payload)));
            const auto told = estimator.estimate(link.nowNs());
            QVERIFY2(told.known(), "nothing was learnt");
            errors.push_back(relativeError(told.bytesPerSecond, rate));
        }
        QVERIFY2(median(errors) < 0.05, qPrintable(QString::number(median(errors))));
    }

    void aLinkOfVaryingDelayIsMeasured_data()
    {
        QTest::addColumn<double>("rate");
        QTest::addColumn<double>("spreadMs");
        QTest::newRow("0.3 MB/s, +-5 ms") << 0.3e6 << 5.0;
        QTest::newRow("1 MB/s, +-5 ms") << 1e6 << 5.0;
        QTest::newRow("10 MB/s, +-0.5 ms") << 10e6 << 0.5;
    }
    void aLinkOfVaryingDelayIsMeasured()
    {
        QFETCH(double, rate);
        QFETCH(double, spreadMs);
        int covered = 0;
        for (unsigned seed = 1; seed <= 20; ++seed) {
            SimulatedLink link{.rate = rate, .delaySpreadSeconds = spreadMs * 1e-3};
            link.engine.seed(seed);
            BandwidthEstimator estimator;
            for (int i = 0; i < 20; ++i) {
                estimator.arrived(link.send(100'000));
                QVERIFY(!estimator.estimate(link.nowNs()).changed);
            }
            const auto told = estimator.estimate(link.nowNs());
            covered += told.low <= rate && rate <= told.high;
            QVERIFY(relativeError(told.bytesPerSecond, rate) < 0.05);
        }
        QVERIFY(covered >= 18);
    }

    void aStepIsNoticedWithinThreeTransfers_data()
    {
        QTest::addColumn<double>("rate");
        QTest::addColumn<double>("factor");
        QTest::addColumn<bool>("inside");
        for (const double rate : {0.3e6, 2e6, 20e6}) {
            for (const double factor : {0.2, 1 / 1.5, 1.5, 5.0}) {
                QTest::addRow("%g MB/s x %g between transfers", rate / 1e6, factor) << rate << factor << false;
                QTest::addRow("%g MB/s x %g inside one", rate / 1e6, factor) << rate << factor << true;
            }
        }
    }
    void aStepIsNoticedWithinThreeTransfers()
    {
        QFETCH(double, rate);
        QFETCH(double, factor);
        QFETCH(bool, inside);
        int late = 0;
        for (unsigned seed = 1; seed <= 10; ++seed) {
            SimulatedLink link{.rate = rate};
            link.engine.seed(seed);
            BandwidthEstimator estimator;
            constexpr std::size_t kPayload = 100'000;
            for (int i = 0; i < 60; ++i) {
                estimator.arrived(link.send(kPayload));
                QVERIFY(!estimator.estimate(link.nowNs()).changed);
            }
            link.stepFactor = factor;
            link.stepAfterBytes = inside ? link.uniform(10'000, 90'000) : 0;
            int told = 0;
            for (int i = 0; i < (inside ? 4 : 3);) {  // the transfer that meets the step belongs to neither state
                i += estimator.arrived(link.send(kPayload));
                told += estimator.estimate(link.nowNs()).changed;
            }
            late += told == 0;
            estimator.arrived(link.send(kPayload));
            QVERIFY(relativeError(estimator.estimate(link.nowNs()).bytesPerSecond, rate * factor) < 0.1);
        }
        QVERIFY2(late == 0, qPrintable(QString("%1 of 10 not noticed").arg(late)));
    }

    void steadyLinksRaiseNoAlarm_data()
    {
        QTest::addColumn<double>("rate");
        QTest::addColumn<double>("jitterMs");
        QTest::addColumn<double>("stalls");
        QTest::addColumn<int>("least");
        QTest::newRow("quiet") << 5e6 << 0.02 << 0.0 << 50'000;
        QTest::newRow("jitter") << 5e6 << 0.1 << 0.0 << 50'000;
        QTest::newRow("stalls") << 5e6 << 0.06 << 5.0 << 50'000;
        QTest::newRow("stalls of small transfers") << 5e6 << 0.06 << 5.0 << 16'000;
        QTest::newRow("fast") << 50e6 << 0.06 << 5.0 << 100'000;
        QTest::newRow("slow") << 0.3e6 << 0.1 << 5.0 << 16'000;
        QTest::newRow("much jitter") << 5e6 << 0.2 << 10.0 << 30'000;
    }
    void steadyLinksRaiseNoAlarm()
    {
        QFETCH(double, rate);
        QFETCH(double, jitterMs);
        QFETCH(double, stalls);
        QFETCH(int, least);
        for (unsigned seed = 1; seed <= 2; ++seed) {
            SimulatedLink link{.rate = rate, .jitterSeconds = jitterMs * 1e-3, .stallsPerSecond = stalls};
            link.engine.seed(seed);
            BandwidthEstimator estimator;
            int told = 0, informative = 0;
            for (int i = 0; i < 18'000; ++i) {  // ten minutes of 30 a second
                informative += estimator.arrived(link.send(static_cast<std::size_t>(link.uniform(least, 3 * least))));
                told += estimator.estimate(link.nowNs()).changed;
            }
            QVERIFY2(told <= 1, qPrintable(QString("%1 false alarms in %2").arg(told).arg(informative)));
            QVERIFY(informative > 10'000);
            QVERIFY(relativeError(estimator.estimate(link.nowNs()).bytesPerSecond, rate) < 0.05);
        }
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

QTEST_APPLESS_MAIN(TestBandwidthEstimator)
#include "tst_bandwidth_estimator.moc"
