// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/link/token_bucket.h"

#include <QTest>

using namespace splitscope::link;

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kMs = 1'000'000;

}  // namespace

class TestTokenBucket : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void unlimitedMeansAtOnce()
    {
        TokenBucket bucket;
        QCOMPARE(bucket.leaveNs(1e9, 5 * kSecond), 5 * kSecond);
        bucket.take(1e9, 5 * kSecond, 5 * kSecond);
        QCOMPARE(bucket.leaveNs(1e9, 6 * kSecond), 6 * kSecond);
    }

    void aMessageTakesItsBytesLessTheBurst()
    {
        TokenBucket bucket;
        bucket.setRate(1000, 500, 0);
        QCOMPARE(bucket.leaveNs(500, 0), std::int64_t{0});
        QCOMPARE(bucket.leaveNs(2500, 0), 2 * kSecond);
    }

    void nBytesNeverLeaveFasterThanTheRate_data()
    {
        QTest::addColumn<double>("chunk");
        QTest::addColumn<qint64>("lateNs");
        QTest::newRow("small chunks") << 100.0 << qint64{0};
        QTest::newRow("chunks over the burst") << 2000.0 << qint64{0};
        QTest::newRow("each wake-up 3 ms late") << 100.0 << qint64{3 * kMs};
    }
    void nBytesNeverLeaveFasterThanTheRate()
    {
        QFETCH(double, chunk);
        QFETCH(qint64, lateNs);
        constexpr double kRate = 100'000;
        constexpr double kBurst = 1500;
        TokenBucket bucket;
        bucket.setRate(kRate, kBurst, 0);
        double sent = 0;
        std::int64_t now = 0;
        while (sent < 100'000) {
            const auto leave = bucket.leaveNs(chunk, 0);
            if (leave > now)
                now = leave + lateNs;
            bucket.take(chunk, 0, now);
            sent += chunk;
            QVERIFY(sent <= kBurst + kRate * static_cast<double>(now) / 1e9 + 1);
        }
        // Late wake-ups are made up for: the whole is late by one of them at most.
        const auto exact = static_cast<std::int64_t>((sent - kBurst) / kRate * 1e9);
        QVERIFY(now >= exact);
        QVERIFY(now <= exact + lateNs + 1000);
    }

    void idleTimeEarnsTheBurstAndNoMore()
    {
        TokenBucket bucket;
        bucket.setRate(1000, 500, 0);
        bucket.take(500, 0, 0);
        QCOMPARE(bucket.tokensAt(kSecond / 4), 250.0);
        QCOMPARE(bucket.tokensAt(100 * kSecond), 500.0);
        QCOMPARE(bucket.leaveNs(1500, 100 * kSecond), 101 * kSecond);
    }

    void aLongStallIsNotMadeUpFor()
    {
        TokenBucket bucket;
        bucket.setRate(1000, 0, 0);
        bucket.take(1000, 0, 10 * kSecond);  // was due after 1 s
        QVERIFY(bucket.leaveNs(1000, 0) >= 11 * kSecond - 20 * kMs);
    }

    void aNewRateKeepsTokensBounded()
    {
        TokenBucket bucket;
        bucket.setRate(1'000'000, 100'000, 0);
        bucket.setRate(1000, 1500, kSecond);
        QVERIFY(bucket.tokensAt(kSecond) <= 1500);
        QVERIFY(bucket.leaveNs(2500, kSecond) >= 2 * kSecond);
        bucket.setRate(0, 1500, 3 * kSecond);
        QCOMPARE(bucket.leaveNs(1e6, 3 * kSecond), 3 * kSecond);
        bucket.setRate(1000, 1500, 1000 * kSecond);
        QVERIFY(bucket.tokensAt(1000 * kSecond) <= 1500);
    }

    void whatAWaitingMessageEarnedSurvivesANewRate()
    {
        TokenBucket bucket;
        bucket.setRate(1000, 100, 0);
        bucket.take(100, 0, 0);
        QCOMPARE(bucket.leaveNs(10'000, 0), 10 * kSecond);
        bucket.setRate(2000, 100, 5 * kSecond, 10'000);
        QCOMPARE(bucket.leaveNs(10'000, 0), 5 * kSecond + 5 * kSecond / 2);
    }

    void framingIsCounted()
    {
        QCOMPARE(wireBytesOf(100, 1000), 100U + 1000 + 2 * 42 + 66);
        QCOMPARE(wireBytesOf(100, 16384), 100U + 16384 + 2 * 42 + 12 * 66);
    }

    void chunksShrinkWithTheRate()
    {
        QCOMPARE(chunkBytesAt(0), std::size_t{16384});
        QCOMPARE(chunkBytesAt(1e9), std::size_t{16384});
        QCOMPARE(chunkBytesAt(100e3), std::size_t{2000});
        QCOMPARE(chunkBytesAt(100), std::size_t{512});
    }
};

QTEST_APPLESS_MAIN(TestTokenBucket)
#include "tst_token_bucket.moc"
