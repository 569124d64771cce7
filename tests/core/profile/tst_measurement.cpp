// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/measurement.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

using namespace splitscope::profile;

namespace {

/// 1, 2, … n, shuffled a little.
std::vector<double> upTo(int n)
{
    std::vector<double> values(static_cast<std::size_t>(n));
    std::iota(values.begin(), values.end(), 1.0);
    std::reverse(values.begin(), values.begin() + n / 2);
    return values;
}

}  // namespace

class TestMeasurement : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void nothingMeasuredIsZero()
    {
        const auto none = summarise({}, 3);
        QCOMPARE(none, (Measurement{.excluded = 3}));
        QCOMPARE(relativeInterval(none), 0.0);
    }

    void theUsualNumbersComeOut()
    {
        const std::vector<double> times{4, 2, 8, 6};
        const auto m = summarise(times, 2);
        QCOMPARE(m.meanMs, 5.0);
        QCOMPARE(m.p50Ms, 5.0);
        QCOMPARE(m.p95Ms, 7.7);
        QCOMPARE(m.sigmaMs, std::sqrt(20.0 / 3));
        QCOMPARE(m.samples, 4);
        QCOMPARE(m.excluded, 2);
        const std::vector<double> one{3};
        QCOMPARE(summarise(one).sigmaMs, 0.0);
        QCOMPARE(summarise(one).lowMs, 3.0);
    }

    // The ranks are those of the tables in textbooks for the sign test at 95 %.
    void theMediansIntervalIsOfOrderStatistics_data()
    {
        QTest::addColumn<int>("samples");
        QTest::addColumn<double>("low");
        QTest::addColumn<double>("high");
        QTest::newRow("too few for 95 %") << 5 << 1.0 << 5.0;
        QTest::newRow("6") << 6 << 1.0 << 6.0;
        QTest::newRow("8") << 8 << 1.0 << 8.0;
        QTest::newRow("9") << 9 << 2.0 << 8.0;
        QTest::newRow("12") << 12 << 3.0 << 10.0;
        QTest::newRow("20") << 20 << 6.0 << 15.0;
        QTest::newRow("100") << 100 << 40.0 << 61.0;
    }
    void theMediansIntervalIsOfOrderStatistics()
    {
        QFETCH(int, samples);
        const auto m = summarise(upTo(samples));
        QTEST(m.lowMs, "low");
        QTEST(m.highMs, "high");
        QCOMPARE(relativeInterval(m), (m.highMs - m.lowMs) / 2 / m.p50Ms);
    }

    void thousandsOfSamplesDoNotUnderflow()
    {
        constexpr int kSamples = 5000;
        const auto m = summarise(upTo(kSamples));
        const double halfWidth = 0.98 * std::sqrt(kSamples);
        QVERIFY(std::abs(m.lowMs - (kSamples / 2.0 - halfWidth)) < 3);
        QVERIFY(std::abs(m.highMs - (kSamples / 2.0 + halfWidth)) < 3);
    }
};

QTEST_APPLESS_MAIN(TestMeasurement)
#include "tst_measurement.moc"
