// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/trace.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace splitscope::sim;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// 100 B/s for 1 s, nothing for 1 s, 300 B/s for 2 s.
Trace example(bool repeats = true) { return *Trace::create("example", {{0, 100}, {1000, 0}, {2000, 300}}, 4000, repeats); }

}  // namespace

class TestTrace : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void wrongPointsAreRefusedAndNamed_data()
    {
        QTest::addColumn<std::vector<RatePoint>>("points");
        QTest::addColumn<double>("durationMs");
        QTest::addColumn<QString>("where");
        using Points = std::vector<RatePoint>;
        QTest::newRow("none") << Points{} << 1000. << "trace";
        QTest::newRow("starts late") << Points{{5, 1}} << 1000. << "point 1";
        QTest::newRow("same time") << Points{{0, 1}, {10, 2}, {10, 3}} << 1000. << "point 3";
        QTest::newRow("back in time") << Points{{0, 1}, {10, 2}, {9, 3}} << 1000. << "point 3";
        QTest::newRow("negative rate") << Points{{0, 1}, {10, -2}} << 1000. << "point 2";
        QTest::newRow("NaN rate") << Points{{0, kNan}} << 1000. << "point 1";
        QTest::newRow("NaN time") << Points{{0, 1}, {kNan, 1}} << 1000. << "point 2";
        QTest::newRow("endless time") << Points{{0, 1}, {kInfinity, 1}} << 1000. << "point 2";
        QTest::newRow("too short") << Points{{0, 1}, {10, 2}} << 10. << "trace";
        QTest::newRow("endless") << Points{{0, 1}} << kInfinity << "trace";
        Points many(kMaxTracePoints + 1);
        for (std::size_t i = 0; i < many.size(); ++i)
            many[i].atMs = static_cast<double>(i);
        QTest::newRow("too many") << many << 1e9 << "trace";
    }
    void wrongPointsAreRefusedAndNamed()
    {
        QFETCH(std::vector<RatePoint>, points);
        QFETCH(double, durationMs);
        QFETCH(QString, where);
        const auto trace = Trace::create("x", points, durationMs, true);
        QVERIFY(!trace.ok());
        QCOMPARE(QString::fromStdString(trace.error().where), where);
    }

    void theRateIsThatOfTheLastPointAndRepeats()
    {
        const auto trace = example();
        for (const double cycle : {0.0, 4000.0, 4000.0 * 1'000'000}) {
            QCOMPARE(trace.rateAt(cycle), 100.0);
            QCOMPARE(trace.rateAt(cycle + 999.9), 100.0);
            QCOMPARE(trace.rateAt(cycle + 1000), 0.0);
            QCOMPARE(trace.rateAt(cycle + 3999.9), 300.0);
        }
        QCOMPARE(example(false).rateAt(1e12), 300.0);
        QCOMPARE(Trace::constant(5).rateAt(1e12), 5.0);
    }

    void theNextChangeIsWhereTheRateReallyChanges()
    {
        const auto trace = example();
        QCOMPARE(trace.nextChangeMs(0), 1000.0);
        QCOMPARE(trace.nextChangeMs(1000), 2000.0);
        QCOMPARE(trace.nextChangeMs(2500), 4000.0);
        QCOMPARE(trace.nextChangeMs(4000), 5000.0);
        QCOMPARE(example(false).nextChangeMs(2000), kInfinity);
        QCOMPARE(Trace::constant(5).nextChangeMs(3), kInfinity);
        const auto level = *Trace::create("level", {{0, 7}, {10, 7}}, 20, true);
        QCOMPARE(level.nextChangeMs(0), kInfinity);
        const auto sameAtTheSeam = *Trace::create("seam", {{0, 7}, {10, 8}, {15, 7}}, 20, true);
        QCOMPARE(sameAtTheSeam.nextChangeMs(15), 30.0);
    }

    /// Whoever walks from change to change must arrive at each, at odd times too, far out, without standing still.
    void walkingFromChangeToChangeNeverSkipsOrStops()
    {
        std::vector<RatePoint> points;
        for (int i = 0; i < 7; ++i)
            points.push_back({i * 0.1, i + 1.0});
        const auto trace = *Trace::create("odd", points, 0.7, true);
        double at = 0;
        for (int i = 0; i < 100'000; ++i) {
            QCOMPARE(trace.rateAt(at), i % 7 + 1.0);
            const double next = trace.nextChangeMs(at);
            QVERIFY2(next > at, qPrintable(QString::number(at, 'g', 17)));
            at = next;
        }
    }

    void theMeanWeighsByTime()
    {
        const auto trace = example();
        QCOMPARE(trace.meanRate(0, 4000), 175.0);
        QCOMPARE(trace.meanRate(500, 1500), 50.0);
        QCOMPARE(trace.meanRate(3500, 4500), 200.0);  // over the seam
        QCOMPARE(trace.meanRate(1000, 1000 + 4000 * 5), 175.0);
        QCOMPARE(trace.meanRate(2000, 2000 + 4000 * 2 + 1000), (175.0 * 8000 + 300 * 1000) / 9000);
        QCOMPARE(trace.meanRate(1500, 1500), 0.0);
        QCOMPARE(example(false).meanRate(3000, 13000), 300.0);
        const auto open = *Trace::create("open", {{0, 1}, {10, kInfinity}}, 20, true);
        QCOMPARE(open.meanRate(0, 10), 1.0);
        QCOMPARE(open.meanRate(0, 11), kInfinity);
    }

    void changedCopiesKeepWhatTheyShould()
    {
        const auto trace = example();
        QCOMPARE(trace.scaled(2)->rateAt(0), 200.0);
        QCOMPARE(trace.scaled(2)->name(), std::string("example"));
        QCOMPARE(trace.clipped(50, 250)->points(), (std::vector<RatePoint>{{0, 100}, {1000, 50}, {2000, 250}}));
        const auto part = *trace.cut(500, 2500);
        QCOMPARE(part.points(), (std::vector<RatePoint>{{0, 100}, {500, 0}, {1500, 300}}));
        QCOMPARE(part.durationMs(), 2000.0);
        const auto later = *trace.shifted(4000 + 2500);
        QCOMPARE(later.points(), (std::vector<RatePoint>{{0, 300}, {1500, 100}, {2500, 0}, {3500, 300}}));
        QCOMPARE(later.durationMs(), 4000.0);
        QCOMPARE(example(false).shifted(2500)->durationMs(), 1500.0);
        for (const double at : {0.0, 100.0, 2400.0, 9000.0})
            QCOMPARE(later.rateAt(at), trace.rateAt(at + 2500));
        const auto binned = *trace.binned(1500);
        QCOMPARE(binned.points().size(), std::size_t(3));
        QCOMPARE(binned.meanRate(0, 4000), 175.0);
        QCOMPARE(binned.points()[2], (RatePoint{3000, 300}));
        QVERIFY(!trace.repeating(false).repeats());
    }

    void changesThatMakeNoSenseAreRefused()
    {
        const auto trace = example();
        for (const double factor : {0.0, -1.0, kNan, kInfinity})
            QVERIFY(!trace.scaled(factor).ok());
        QVERIFY(!trace.clipped(2, 1).ok());
        QVERIFY(!trace.clipped(-1, 1).ok());
        QVERIFY(!trace.clipped(kNan, 1).ok());
        QVERIFY(!trace.cut(10, 10).ok());
        QVERIFY(!trace.cut(0, 4001).ok());
        QVERIFY(!trace.shifted(-1).ok());
        QVERIFY(!trace.shifted(kNan).ok());
        QVERIFY(!example(false).shifted(4000).ok());
        QVERIFY(!trace.binned(0).ok());
        QVERIFY(!trace.binned(0.001).ok());
        QCOMPARE(trace.cut(0, 4001).error().where, std::string("cut"));
    }
};

QTEST_APPLESS_MAIN(TestTrace)
#include "tst_trace.moc"
