// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/session/session_samples.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace splitscope;
using session::Summary;

class TestSummary : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void percentilesAreLatenciesThatOccurred()
    {
        Summary summary;
        for (int i = 100; i >= 1; --i)
            summary.add(makeSample(static_cast<std::uint64_t>(100 - i), 1, i), 0);
        QCOMPARE(summary.latencyMs(0.5), 50.0);
        QCOMPARE(summary.latencyMs(0.95), 95.0);
        QCOMPARE(summary.latencyMs(0.99), 99.0);
        QCOMPARE(summary.latencyMs(0), 1.0);
        QCOMPARE(summary.latencyMs(1), 100.0);
    }

    void anEmptySummaryHasNoNaN()
    {
        const Summary summary;
        QCOMPARE(summary.latencyMs(0.5), 0.0);
        QCOMPARE(summary.accuracy(), 0.0);
        QCOMPARE(summary.bytesPerFrame(), 0.0);
        QCOMPARE(summary.energyPerFrame(), 0.0);
        QCOMPARE(summary.framesPerSecond(), 0.0);
        QCOMPARE(summary.deadlineMet(), 1.0);
    }

    void framesAreCountedByOutcomeAndLostOnesLeftOutOfAverages()
    {
        Summary summary;
        summary.add(makeSample(0, 4, 10, 1), 0);
        auto fallback = makeSample(4, 4, 20);
        fallback.record.outcome = wire::Outcome::Fallback;
        summary.add(fallback, 0);
        summary.add(makeLost(8, 2), 0);
        summary.countDiscarded();
        QCOMPARE(summary.frames(), 10U);
        QCOMPARE(summary.done(), 4U);
        QCOMPARE(summary.fallback(), 4U);
        QCOMPARE(summary.lost(), 2U);
        QCOMPARE(summary.discarded(), 1U);
        QCOMPARE(summary.accuracy(), 7.0 / 8);
        QCOMPARE(summary.bytesPerFrame(), 2400.0 / 8);
        QCOMPARE(summary.energyPerFrame(), 0.002);
        // First captured at 0, the last label at 40 + 20 ms.
        QCOMPARE(summary.framesPerSecond(), 8 / 0.06);
    }

    void aDeadlineCountsRequests()
    {
        Summary summary;
        for (double ms : {10.0, 20.0, 30.0, 40.0})
            summary.add(makeSample(0, 1, ms), 30);
        QCOMPARE(summary.deadlineMet(), 0.75);
    }

    void rewardAndRegretAreMeansOverWhatWasPriced()
    {
        Summary summary;
        QVERIFY(!summary.reward() && !summary.regret());
        summary.add(makeSample(0, 1), 0);  // without a cost table
        QVERIFY(!summary.reward());
        auto priced = makeSample(1, 4);
        priced.priced = true;
        for (const auto& [reward, regret] : {std::pair{0.5, 0.25}, std::pair{1.0, 0.0}}) {
            priced.reward = reward;
            priced.regret = regret;
            summary.add(priced, 0);
        }
        auto lost = makeLost(9, 1);
        lost.priced = true;
        summary.add(lost, 0);
        QCOMPARE(*summary.reward(), 0.75);
        QCOMPARE(*summary.regret(), 0.125);
        const auto object = QJsonDocument::fromJson(QByteArray::fromStdString(summary.toJson())).object();
        QCOMPARE(object["reward"].toDouble(), 0.75);
        QCOMPARE(object["regret"].toDouble(), 0.125);
    }

    void framesAnsweredEarlyAreCountedWhereThereAreGates()
    {
        Summary summary;
        auto gated = makeSample(0, 8);
        gated.record.decision.gate = decision::Gate{1, 0.5};
        gated.record.answeredEarly = 0b1010'0001;
        summary.add(gated, 0);
        summary.add(gated, 0);
        const auto object = QJsonDocument::fromJson(QByteArray::fromStdString(summary.toJson())).object();
        QCOMPARE(object["answered_early"].toInt(), 6);
        QCOMPARE(object["decision"].toObject()["gate"].toString(), QStringLiteral("1:0.5"));
    }

    void jsonHasTheKeysOfTheContract()
    {
        Summary summary;
        summary.add(makeSample(0, 2), 0);
        const auto object = QJsonDocument::fromJson(QByteArray::fromStdString(summary.toJson())).object();
        const QStringList expected{
            "accuracy", "bytes_per_frame", "deadline_met", "decision", "discarded", "done",  "energy_j_per_frame", "fallback",
            "fps",      "frames",          "latency_ms",   "lost",     "regret",    "reward"};
        auto keys = object.keys();
        keys.sort();
        QCOMPARE(keys, expected);
        QCOMPARE(object["latency_ms"].toObject().keys(), (QStringList{"p50", "p95", "p99"}));
        QCOMPARE(object["decision"].toObject()["coding"].toString(), QString("8"));
        QCOMPARE(object["frames"].toInt(), 2);
        QVERIFY(object["reward"].isNull() && object["regret"].isNull());
    }
};

QTEST_APPLESS_MAIN(TestSummary)
#include "tst_summary.moc"
