// SPDX-License-Identifier: GPL-3.0-or-later
// The cost table foretells what a token bucket does to requests that follow each other, drained or not.
#include "core/link/token_bucket.h"
#include "tests/core/profile/cost_samples.h"

#include <QTest>

using namespace splitscope;

namespace {

const decision::Decision kCut{2, 3, {codec::CodingKind::Quantized, 8}};

/// What requests wait for the link's bytes in the mean, the bucket full before the first: each starts when the one before has
/// been answered, and no sooner than the interval allows.
double waitsMs(const profile::Prediction& p, const profile::Conditions& conditions, double burstBytes)
{
    constexpr int kRequests = 30;
    constexpr double kNsPerMs = 1e6;
    link::TokenBucket bucket;
    bucket.setRate(conditions.bytesPerSecond, burstBytes, 0);
    const double beforeMs = p.captureMs + p.deviceMs + p.encodeMs;
    const double behindMs = p.decodeMs + p.edgeMs + 1 + 0.5;  // the link's round trip and overhead
    double startMs = 0, waitedMs = 0;
    for (int i = 0; i < kRequests; ++i) {
        const auto readyNs = static_cast<std::int64_t>((startMs + beforeMs) * kNsPerMs);
        const auto leftNs = bucket.leaveNs(p.wireBytes, readyNs);
        bucket.take(p.wireBytes, readyNs, leftNs);
        const double waitMs = static_cast<double>(leftNs - readyNs) / kNsPerMs;
        waitedMs += waitMs / kRequests;
        startMs += std::max(conditions.intervalMs, beforeMs + waitMs + behindMs);
    }
    return waitedMs;
}

}  // namespace

class TestBucketPrediction : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void isWhatABucketDoes_data()
    {
        QTest::addColumn<double>("rate");
        QTest::addColumn<double>("intervalMs");
        QTest::addColumn<double>("burst");
        // How near its closed form comes where requests drain the bucket bit by bit: they slow down on the way.
        QTest::addColumn<double>("tolerance");
        QTest::newRow("rests long enough: the burst passes at once") << 1e6 << 33.0 << 1500.0 << 1e-6;
        QTest::newRow("rests long enough: all passes at once") << 1e6 << 33.0 << 20'000.0 << 1e-6;
        QTest::newRow("drained: a burst that would hold it all") << 1e5 << 33.0 << 20'000.0 << 0.05;
        QTest::newRow("drained: one that holds a part") << 1e5 << 33.0 << 1500.0 << 0.05;
        QTest::newRow("drained: the other stages fill a small one") << 2e5 << 33.0 << 1500.0 << 0.05;
        QTest::newRow("one after the other") << 1e6 << 0.0 << 20'000.0 << 0.05;
        QTest::newRow("one after the other, drained") << 1e5 << 0.0 << 20'000.0 << 0.05;
        QTest::newRow("drained slowly") << 2.4e5 << 33.0 << 20'000.0 << 0.05;
        QTest::newRow("hardly anything") << 2e3 << 33.0 << 20'000.0 << 0.05;
    }
    void isWhatABucketDoes()
    {
        QFETCH(double, rate);
        QFETCH(double, intervalMs);
        QFETCH(double, burst);
        QFETCH(double, tolerance);
        const auto sample = profile::sampleTable(*model::loadNetworkSpec("alexnet3"));
        auto link = sample.link();
        link.burstBytes = burst;
        link.perChunkMs = 0;
        const profile::Conditions conditions{.bytesPerSecond = rate, .intervalMs = intervalMs, .pacedByDevice = false};
        const auto p = *sample.withLink(link).predict(kCut, 1, conditions);
        const double predictedMs = p.transferMs - link.rttMs - link.requestOverheadMs;
        const double waited = waitsMs(p, conditions, burst);
        QVERIFY2(std::abs(predictedMs - waited) <= tolerance * std::max(1.0, waited),
                 qPrintable(QStringLiteral("%1 ms, and not %2").arg(waited).arg(predictedMs)));
    }
};

QTEST_GUILESS_MAIN(TestBucketPrediction)
#include "tst_bucket_prediction.moc"
