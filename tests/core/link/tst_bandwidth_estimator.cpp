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
};

QTEST_APPLESS_MAIN(TestBandwidthEstimator)
#include "tst_bandwidth_estimator.moc"
