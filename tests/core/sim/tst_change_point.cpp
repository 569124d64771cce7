// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/change_point.h"

#include <QTest>

#include <cmath>
#include <limits>
#include <numbers>
#include <random>

using namespace splitscope::sim;
using Options = ChangePointDetector::Options;

namespace {

/// ln p(values) of one state: the normal-inverse-gamma evidence in closed form, from the batch's sums.
double logEvidence(const Options& options, const std::vector<double>& values, std::size_t from, std::size_t to)
{
    const double n = static_cast<double>(to - from);
    const double kappa = options.noise * options.noise / (options.priorDeviation * options.priorDeviation);
    const double alpha = options.noiseStrength / 2;
    const double beta = alpha * options.noise * options.noise;
    double mean = 0, squares = 0;
    for (std::size_t i = from; i < to; ++i)
        mean += values[i] / n;
    for (std::size_t i = from; i < to; ++i)
        squares += (values[i] - mean) * (values[i] - mean);
    const double distance = mean - options.priorMean;
    const double betaAfter = beta + 0.5 * squares + 0.5 * kappa * n * distance * distance / (kappa + n);
    return std::lgamma(alpha + n / 2) - std::lgamma(alpha) + alpha * std::log(beta) - (alpha + n / 2) * std::log(betaAfter)
        + 0.5 * std::log(kappa / (kappa + n)) - n / 2 * std::log(2 * std::numbers::pi);
}

/// P(the last state has r observations) for r = 1 … n, by summing over all ways to cut the series into states.
std::vector<double> exactRunLengths(const Options& options, const std::vector<double>& values)
{
    const std::size_t n = values.size();
    std::vector<double> posterior(n + 1, 0.0);
    double total = 0;
    for (std::uint32_t cuts = 0; cuts < (1U << (n - 1)); ++cuts) {  // bit i: a change between values i and i + 1
        double logWeight = 0;
        std::size_t start = 0;
        for (std::size_t i = 0; i + 1 < n; ++i) {
            const bool cut = (cuts >> i) & 1U;
            logWeight += std::log(cut ? options.hazard : 1 - options.hazard);
            if (cut) {
                logWeight += logEvidence(options, values, start, i + 1);
                start = i + 1;
            }
        }
        logWeight += logEvidence(options, values, start, n);
        posterior[n - start] += std::exp(logWeight);
        total += std::exp(logWeight);
    }
    for (double& p : posterior)
        p /= total;
    return posterior;
}

/// Values around a level, at times heavy-tailed (`tail`: probability of a value 3 to 10 times as far off).
struct Source {
    std::mt19937_64 engine;
    double deviation;
    double tail = 0;
    explicit Source(unsigned seed, double sd = 0.03) : engine(seed), deviation(sd) {}

    double uniform(double low, double high) { return std::uniform_real_distribution<double>(low, high)(engine); }
    double operator()(double level)
    {
        const double factor = uniform(0, 1) < tail ? uniform(3, 10) : 1;
        return level + deviation * factor * std::normal_distribution<double>()(engine);
    }
};

Options aroundTwoMegabytes()
{
    Options options;
    options.priorMean = 14.5;
    return options;
}

}  // namespace

class TestChangePoint : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void runLengthsAreAdamsAndMacKaysPosterior_data()
    {
        QTest::addColumn<QList<double>>("values");
        QTest::addColumn<double>("hazard");
        QTest::newRow("steady") << QList<double>{0.1, 0.13, 0.08, 0.11, 0.12, 0.09, 0.1, 0.11} << 0.1;
        QTest::newRow("one step") << QList<double>{1.0, 1.1, 0.95, 1.02, 3.0, 2.9, 3.05, 3.1} << 0.02;
        QTest::newRow("two steps") << QList<double>{-1, -1.1, -0.9, 0.4, 0.5, 0.45, -1.0, -1.05, -0.95, -1.0} << 0.05;
        QTest::newRow("one stray") << QList<double>{0.2, 0.25, 0.22, 1.5, 0.21, 0.24, 0.2, 0.26, 0.23, 0.22, 0.2} << 0.3;
    }
    void runLengthsAreAdamsAndMacKaysPosterior()
    {
        QFETCH(QList<double>, values);
        Options options;
        QFETCH(double, hazard);
        options.hazard = hazard;
        options.outlier = 0;
        options.negligible = 0;
        options.memory = 0;
        ChangePointDetector detector(options);
        std::vector<double> seen;
        for (const double value : values) {
            detector.add(value);
            seen.push_back(value);
            const auto exact = exactRunLengths(options, seen);
            for (std::size_t r = 1; r < exact.size(); ++r) {
                const double told = detector.runLengthProbability(static_cast<int>(r));
                QVERIFY2(std::abs(told - exact[r]) < 1e-9,
                         qPrintable(QString("after %1 values, run length %2: %3, exact %4")
                                        .arg(seen.size())
                                        .arg(r)
                                        .arg(told, 0, 'g', 12)
                                        .arg(exact[r], 0, 'g', 12)));
            }
        }
    }

    void aStepIsToldOnceWithinThreeObservations_data()
    {
        QTest::addColumn<double>("factor");
        QTest::addColumn<int>("before");
        for (const double factor : {0.1, 0.5, 1 / 1.5, 1.5, 2.0, 10.0}) {
            for (const int before : {5, 10, 100, 2000})
                QTest::addRow("x %g after %d", factor, before) << factor << before;
        }
    }
    void aStepIsToldOnceWithinThreeObservations()
    {
        QFETCH(double, factor);
        QFETCH(int, before);
        for (unsigned seed = 0; seed < 10; ++seed) {
            Source source(seed);
            ChangePointDetector detector(aroundTwoMegabytes());
            for (int i = 0; i < before; ++i)
                QVERIFY(!detector.add(source(14)).changed);
            int told = 0;
            const double level = 14 + std::log(factor);
            for (int i = 0; i < 60; ++i) {
                told += detector.add(source(level)).changed;
                if (i == 2)
                    QCOMPARE(told, 1);
            }
            QCOMPARE(told, 1);
            QVERIFY(std::abs(detector.mean() - level) < 0.02);
            QCOMPARE(detector.runLength(), 60);
        }
    }

    void afterAnAlarmTheNewStateIsBelieved()
    {
        Source source(1);
        ChangePointDetector detector(aroundTwoMegabytes());
        for (int i = 0; i < 500; ++i)
            detector.add(source(14));
        for (int i = 0; i < 3; ++i) {
            if (!detector.add(source(15)).changed)
                continue;
            QVERIFY(std::abs(detector.quantile(0.5) - 15) < 0.1);
            QVERIFY(detector.runLength() <= 3);
            return;
        }
        QFAIL("the step was not noticed");
    }

    void stepsInQuickSuccessionAreToldEach()
    {
        Source source(2);
        ChangePointDetector detector(aroundTwoMegabytes());
        int told = 0;
        for (int step = 0; step < 20; ++step) {
            for (int i = 0; i < 5; ++i)
                told += detector.add(source(step % 2 ? 15 : 13)).changed;
        }
        QCOMPARE(told, 19);
    }

    void aStrayObservationIsNoChange_data()
    {
        QTest::addColumn<double>("distance");
        for (const double distance : {-8.0, -1.0, -0.4, 0.4, 1.0, 8.0})
            QTest::addRow("%+g", distance) << distance;
    }
    void aStrayObservationIsNoChange()
    {
        QFETCH(double, distance);
        Source source(3);
        ChangePointDetector detector(aroundTwoMegabytes());
        for (int i = 0; i < 50; ++i)
            detector.add(source(14));
        for (int stray = 0; stray < 5; ++stray) {
            QVERIFY(!detector.add(14 + distance).changed);
            QVERIFY(std::abs(detector.quantile(0.5) - 14) < 0.05);
            for (int i = 0; i < 10; ++i)
                QVERIFY(!detector.add(source(14)).changed);
        }
        QVERIFY(detector.runLength() >= 100);
        QVERIFY(detector.deviation() < 0.02);
    }

    void steadyNoiseRaisesNoAlarm_data()
    {
        QTest::addColumn<double>("deviation");
        QTest::addColumn<double>("tail");
        QTest::addColumn<double>("knownDeviation");  // of every second observation
        QTest::newRow("quiet") << 0.002 << 0.0 << 0.0;
        QTest::newRow("as believed") << 0.05 << 0.0 << 0.0;
        QTest::newRow("loud") << 0.3 << 0.0 << 0.0;
        QTest::newRow("heavy-tailed") << 0.03 << 0.03 << 0.0;
        QTest::newRow("quiet, heavy-tailed") << 0.005 << 0.03 << 0.0;
        QTest::newRow("sizes mixed") << 0.01 << 0.0 << 0.25;
    }
    void steadyNoiseRaisesNoAlarm()
    {
        QFETCH(double, deviation);
        QFETCH(double, tail);
        QFETCH(double, knownDeviation);
        int told = 0;
        for (unsigned seed = 0; seed < 3; ++seed) {
            Source source(seed, deviation);
            source.tail = tail;
            ChangePointDetector detector(aroundTwoMegabytes());
            for (int i = 0; i < 18'000; ++i) {  // ten minutes of 30 a second
                const double own = i % 2 ? knownDeviation : 0;
                told += detector.add(source(14) + own * std::normal_distribution<double>()(source.engine), own * own).changed;
            }
            QVERIFY(std::abs(detector.mean() - 14) < 0.3 * deviation + 0.01);
        }
        QVERIFY2(told <= 1, qPrintable(QString("%1 false alarms in 54,000").arg(told)));
    }

    void slowDriftIsFollowed()
    {
        Source source(4);
        ChangePointDetector detector(aroundTwoMegabytes());
        double level = 14;
        for (int i = 0; i < 5000; ++i, level += 0.0002)
            detector.add(source(level));
        QVERIFY(std::abs(detector.quantile(0.5) - level) < 0.05);
    }

    void noisyObservationsCountLess()
    {
        ChangePointDetector detector(aroundTwoMegabytes());
        for (int i = 0; i < 5; ++i)
            detector.add(14);
        const double before = detector.deviation();
        for (int i = 0; i < 5; ++i)
            detector.add(14.3, 1.0);
        QVERIFY(std::abs(detector.mean() - 14) < 0.01);
        QVERIFY(detector.deviation() > 0.5 * before);
    }

    void quantilesBracketTheMean()
    {
        ChangePointDetector detector(aroundTwoMegabytes());
        QVERIFY(detector.empty());
        QVERIFY(std::abs(detector.quantile(0.5) - 14.5) < 1e-6);
        QVERIFY(std::abs(detector.quantile(0.975) - 14.5 - 1.96 * 3) < 0.01);
        Source source(5);
        for (int i = 0; i < 20; ++i)
            detector.add(source(14));
        QVERIFY(detector.quantile(0.025) < detector.mean() && detector.mean() < detector.quantile(0.975));
        QVERIFY(std::abs(detector.quantile(0.5) - detector.mean()) < 0.01);
        QVERIFY(detector.quantile(0.975, 0.04) > detector.quantile(0.975) + 0.1);
    }

    void nonsenseIsIgnored()
    {
        ChangePointDetector detector(aroundTwoMegabytes());
        constexpr double kInfinity = std::numeric_limits<double>::infinity();
        constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
        for (const double value : {kNan, kInfinity, -kInfinity})
            QVERIFY(!detector.add(value).changed);
        QVERIFY(detector.empty());
        for (const double variance : {kNan, -1.0, kInfinity, 0.0, 1e300})
            detector.add(14, variance);
        for (const double value : {1e300, -1e300, 14.0, kNan, 14.0})
            detector.add(value);
        QVERIFY(std::isfinite(detector.mean()) && std::isfinite(detector.deviation()));
        QVERIFY(std::isfinite(detector.quantile(0.5)));
        detector.clear();
        QVERIFY(detector.empty());
        QCOMPARE(detector.runLength(), 0);
        QCOMPARE(detector.mean(), 14.5);
    }

    void stepOfTheRecursion()
    {
        Source source(6);
        ChangePointDetector detector(aroundTwoMegabytes());
        for (int i = 0; i < 2000; ++i)
            detector.add(source(14));
        QBENCHMARK { detector.add(source(14)); }
    }
};

QTEST_APPLESS_MAIN(TestChangePoint)
#include "tst_change_point.moc"
