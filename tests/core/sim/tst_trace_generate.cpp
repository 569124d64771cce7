// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/trace_generate.h"
#include "core/sim/trace_statistics.h"

#include <QTest>

#include <cmath>
#include <set>

using namespace splitscope::sim;

namespace {

/// A hash of whole numbers: the same on every machine, or the generators are not.
std::uint64_t fingerprint(const Trace& trace)
{
    std::uint64_t hash = 1469598103934665603ULL;
    for (const auto& point : trace.points())
        for (const double value : {point.atMs, point.bytesPerSecond})
            hash = (hash ^ static_cast<std::uint64_t>(value)) * 1099511628211ULL;
    return hash;
}

}  // namespace

class TestTraceGenerate : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everySeedMakesItsOwnTraceAgain()
    {
        for (const std::uint64_t seed : {0U, 1U, 2U, 99U}) {
            const RandomTraceOptions random{seed, 1e6, 60'000};
            const RandomTraceOptions other{seed + 1000, 1e6, 60'000};
            QCOMPARE(*generateMarkov({.random = random}), *generateMarkov({.random = random}));
            QVERIFY(generateMarkov({.random = random})->points() != generateMarkov({.random = other})->points());
            QVERIFY(generateWalk({.random = random})->points() != generateWalk({.random = other})->points());
            QVERIFY(generateOutage({.random = random})->points() != generateOutage({.random = other})->points());
        }
    }

    /// Shipped traces and recorded experiments depend on it.
    void theTracesOfASeedNeverChange()
    {
        QCOMPARE(fingerprint(*generateMarkov({})), std::uint64_t(4413574731113389773ULL));
        QCOMPARE(fingerprint(*generateWalk({})), std::uint64_t(5431223141006704809ULL));
        QCOMPARE(fingerprint(*generateOutage({})), std::uint64_t(184974883837093392ULL));
    }

    void theMeanIsWhatWasAskedFor()
    {
        for (std::uint64_t seed = 1; seed < 20; ++seed) {
            const RandomTraceOptions random{seed, 250'000, 120'000};
            for (const auto& trace :
                 {generateMarkov({.random = random}), generateWalk({.random = random}), generateOutage({.random = random})}) {
                QVERIFY(trace.ok());
                QCOMPARE(trace->durationMs(), 120'000.0);
                QVERIFY(std::abs(trace->meanRate(0, 120'000) - 250'000) < 1);
            }
        }
    }

    void aMarkovChainVisitsItsStatesAsOftenAsItsTransitionsSay()
    {
        // Stationary: 2/3 and 1/3.
        const auto trace = generateMarkov(
            {.random = {5, 1e6, 1e7}, .stepMs = 1000, .states = {100, 400}, .transitions = {{0.9, 0.1}, {0.2, 0.8}}});
        QVERIFY(trace.ok());
        QVERIFY(std::abs(trace->meanRate(0, 1e7) - 200) < 10);
        int left = 0, stayed = 0;
        for (std::size_t i = 1; i < trace->points().size(); ++i)
            if (trace->points()[i - 1].bytesPerSecond == 100)
                ++(trace->points()[i].bytesPerSecond == 100 ? stayed : left);
        QVERIFY(std::abs(left / double(left + stayed) - 0.1) < 0.01);
    }

    void aMarkovChainMovesToNeighboursOnly()
    {
        const auto trace = generateMarkov({.random = {1, 1e6, 1e6}, .states = {1, 2, 3, 4, 5}, .stay = 0.5});
        std::set<double> seen;
        for (std::size_t i = 0; i < trace->points().size(); ++i) {
            seen.insert(trace->points()[i].bytesPerSecond);
            QVERIFY(i == 0 || std::abs(trace->points()[i].bytesPerSecond - trace->points()[i - 1].bytesPerSecond) <= 1);
        }
        QCOMPARE(seen.size(), std::size_t(5));
    }

    void aWalkStaysBetweenItsWallsAndStepsAsWide()
    {
        for (const double sigma : {0.05, 0.2, 8.0}) {
            const auto trace = generateWalk({.random = {3, 1e9, 5e6}, .sigma = sigma, .range = 30});
            QVERIFY(trace.ok());
            const auto s = statisticsOf(*trace);
            QVERIFY2(s.max / s.min < 30.01 && s.max / s.min > 20, qPrintable(QString::number(s.max / s.min)));
            double sum = 0;
            for (std::size_t i = 1; i < trace->points().size(); ++i)
                sum += std::pow(std::log(trace->points()[i].bytesPerSecond / trace->points()[i - 1].bytesPerSecond), 2);
            const double deviation = std::sqrt(sum / double(trace->points().size() - 1));
            QVERIFY2(sigma > 1 || std::abs(deviation / sigma - 1) < 0.15, qPrintable(QString::number(deviation)));
        }
    }

    void outagesLastAsLongAsTold()
    {
        const auto trace = generateOutage({.random = {2, 1e6, 1e7}, .bytesPerSecond = 5000, .onMs = 3000, .offMs = 1000});
        QVERIFY(trace.ok());
        const auto s = statisticsOf(*trace);
        QCOMPARE(s.max, 5000.0);
        QVERIFY(std::abs(s.outageShare - 0.25) < 0.02);
        QVERIFY(std::abs(1e7 / double(s.points) - 2000) < 100);
        QCOMPARE(trace->rateAt(0), 5000.0);
    }

    void optionsOutOfRangeAreNamed()
    {
        QCOMPARE(generateWalk({.sigma = -1}).error().where, std::string("sigma"));
        QCOMPARE(generateWalk({.sigma = std::nan("")}).error().where, std::string("sigma"));
        QCOMPARE(generateWalk({.range = 0.5}).error().where, std::string("range"));
        QCOMPARE(generateWalk({.random = {1, 0, 1000}}).error().where, std::string("mean (bytes/s)"));
        QCOMPARE(generateMarkov({.stay = 1.5}).error().where, std::string("stay"));
        QCOMPARE(generateMarkov({.states = {1, -1}}).error().where, std::string("states (bytes/s)"));
        QCOMPARE(generateMarkov({.states = {1, 2}, .transitions = {{1, 0}}}).error().where, std::string("transitions"));
        QCOMPARE(generateOutage({.onMs = 0}).error().where, std::string("on (ms)"));
        QCOMPARE(generateSweep(0, 1, 5, 1000).error().where, std::string("sweep (bytes/s)"));
        QCOMPARE(generateSweep(1, 2, 1, 1000).error().where, std::string("steps"));
        QCOMPARE(generateSteps({1, 2}, 0).error().where, std::string("every (ms)"));
        QVERIFY(!generateSteps({}, 1000).ok());
        QVERIFY(!generateSteps({1, -2}, 1000).ok());
    }

    void sweepsGoDownToo()
    {
        QCOMPARE(generateSweep(1000, 10, 3, 100)->points(), (std::vector<RatePoint>{{0, 1000}, {100, 100}, {200, 10}}));
    }
};

QTEST_APPLESS_MAIN(TestTraceGenerate)
#include "tst_trace_generate.moc"
