// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/clock.h"
#include "core/link/rate_player.h"

#include <QTest>

#include <limits>

using namespace splitscope;
using link::RatePlayer;

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kStart = 5 * kSecond;

/// 2 MB/s for a second, an outage of half a second, then no limit for half a second; and again.
std::shared_ptr<const sim::Trace> trace(bool repeats = true)
{
    return std::make_shared<const sim::Trace>(
        *sim::Trace::create("test", {{0, 2e6}, {1000, 0}, {1500, std::numeric_limits<double>::infinity()}}, 2000, repeats));
}

}  // namespace

class TestRatePlayer : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aHeldRateStays()
    {
        RatePlayer player;
        player.hold(5e5);
        QCOMPARE(player.rateAt(kStart), 5e5);
        QCOMPARE(player.meanRate(kStart, kStart + kSecond), 5e5);
        QCOMPARE(player.nextChangeNs(kStart), RatePlayer::kNever);
    }

    void aTraceIsPlayedOnTheClock_data()
    {
        QTest::addColumn<double>("seconds");
        QTest::addColumn<double>("rate");
        QTest::addColumn<double>("nextChange");
        QTest::newRow("at its start") << 0.0 << 2e6 << 1.0;
        QTest::newRow("an outage lets nothing worth mentioning pass") << 1.2 << RatePlayer::kOutageBytesPerSecond << 1.5;
        QTest::newRow("no limit is unshaped") << 1.7 << 0.0 << 2.0;
        QTest::newRow("again") << 2.5 << 2e6 << 3.0;
    }
    void aTraceIsPlayedOnTheClock()
    {
        QFETCH(double, seconds);
        QFETCH(double, rate);
        QFETCH(double, nextChange);
        RatePlayer player;
        player.play(trace(), 0, kStart);
        const auto now = kStart + static_cast<std::int64_t>(seconds * 1e9);
        QCOMPARE(player.rateAt(now), rate);
        QVERIFY(std::abs(player.nextChangeNs(now) - kStart - static_cast<std::int64_t>(nextChange * 1e9)) < 1000);
    }

    void aRunThatIsTakenUpAgainGoesOnWhereItWas()
    {
        RatePlayer player;
        player.play(trace(), 1700, kStart);
        QCOMPARE(player.rateAt(kStart), 0.0);
        QCOMPARE(player.rateAt(kStart + kSecond / 2), 2e6);
    }

    void everyChangeLiesAhead()
    {
        RatePlayer player;
        player.play(trace(), 0, kStart);
        auto now = kStart;
        for (int i = 0; i < 1000; ++i) {
            const auto next = player.nextChangeNs(now);
            QVERIFY(next > now);
            now = next;
        }
        // Three changes in two seconds.
        QVERIFY(std::abs(base::toMs(now - kStart) - 1000.0 / 3 * 2000) < 2000);
    }

    void whatDoesNotRepeatEnds()
    {
        RatePlayer player;
        player.play(trace(false), 0, kStart);
        QCOMPARE(player.rateAt(kStart + 100 * kSecond), 0.0);
        QCOMPARE(player.nextChangeNs(kStart + 100 * kSecond), RatePlayer::kNever);
    }

    void theMeanWeighsByTime()
    {
        RatePlayer player;
        player.play(trace(), 0, kStart);
        QVERIFY(std::abs(player.meanRate(kStart + kSecond / 2, kStart + kSecond * 3 / 2) - 1e6) < 1);
        QCOMPARE(player.meanRate(kStart, kStart + 2 * kSecond), 0.0);  // unshaped for a part of it
        QCOMPARE(player.meanRate(kStart, kStart), 2e6);
    }
};

QTEST_APPLESS_MAIN(TestRatePlayer)
#include "tst_rate_player.moc"
