// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decision/reward.h"

#include <QTest>
#include <cmath>
#include <functional>
#include <limits>

using namespace splitscope::decision;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// acc 0.5 … 0.9, T 10 … 100 ms, B_max 20 MB/s.
const RewardScale kScale{
    .accuracyMin = 0.5, .accuracyMax = 0.9, .latencyMinMs = 10, .latencyMaxMs = 100, .maxBytesPerSecond = 20e6};

bool near(double actual, double expected) { return std::abs(actual - expected) <= 1e-12; }

using ChangeObjective = std::function<void(Objective&)>;
using ChangeScale = std::function<void(RewardScale&)>;

}  // namespace
Q_DECLARE_METATYPE(ChangeObjective)
Q_DECLARE_METATYPE(ChangeScale)

class TestReward : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void weightIsOneAtTheScenariosGreatestRateByDefault()
    {
        for (const double s : {0.1, 1.0, 10.0, 100.0}) {
            const Objective objective{.sensitivity = s};
            QCOMPARE(accuracyWeight(objective, kScale, 20e6), 1.0);
            QVERIFY(near(accuracyWeight(objective, kScale, 0), 0));
            QVERIFY(near(accuracyWeight(objective, kScale, 5e6), std::log(1 + 5 / s) / std::log(1 + 20 / s)));
        }
    }

    void weightFollowsTheEquationForAStatedScale()
    {
        const Objective objective{.sensitivity = 10, .scale = 0.5};
        QVERIFY(near(accuracyWeight(objective, kScale, 2e6), 0.5 * std::log(1.2)));
        QVERIFY(near(accuracyWeight(objective, kScale, 100e6), 1));  // 0.5·ln 11 is more
        QVERIFY(near(accuracyWeight(objective, kScale, kNoLimit), 0.5 * std::log(3)));  // as B_max
    }

    /// By hand: n = 1, s = 10, B = 10·(e^0.25 − 1) MB/s gives a = 0.25; q = (0.8 − 0.5)/0.4 = 0.75;
    /// u = (1/20 − 1/100)/(1/10 − 1/100) = 4/9; r = 0.25·0.75 + 0.75·4/9.
    void rewardIsWhatTheEquationsSay()
    {
        const Objective objective{.sensitivity = 10, .scale = 1};
        const double rate = 10e6 * std::expm1(0.25);
        QVERIFY(near(reward(objective, kScale, rate, {.accuracy = 0.8, .latencyMs = 20}), 0.1875 + 1.0 / 3));
    }

    void rewardIsSpeedAloneWithoutALinkAndAccuracyAloneAtTheGreatestRate()
    {
        const Objective objective;
        const Outcome outcome{.accuracy = 0.6, .latencyMs = 50};
        QVERIFY(near(reward(objective, kScale, 0, outcome), (0.02 - 0.01) / 0.09));
        QVERIFY(near(reward(objective, kScale, 20e6, outcome), 0.25));
    }

    void partsAreClippedToTheirScale()
    {
        QCOMPARE(standardAccuracy(kScale, 0.95), 1.0);
        QCOMPARE(standardAccuracy(kScale, 0.4), 0.0);
        QCOMPARE(standardSpeed(kScale, 5), 1.0);
        QCOMPARE(standardSpeed(kScale, 500), 0.0);
        QCOMPARE(standardSpeed(kScale, kNoLimit), 0.0);
    }

    void aScaleWithoutWidthTellsReachedFromNot()
    {
        const RewardScale scale{
            .accuracyMin = 0.8, .accuracyMax = 0.8, .latencyMinMs = 10, .latencyMaxMs = 10, .maxBytesPerSecond = 1e6};
        QVERIFY(check(scale).ok());
        QCOMPARE(standardAccuracy(scale, 0.8), 1.0);
        QCOMPARE(standardAccuracy(scale, 0.79), 0.0);
        QCOMPARE(standardSpeed(scale, 10), 1.0);
        QCOMPARE(standardSpeed(scale, 11), 0.0);
    }

    void beyondTheEnergyLimitOrTheDeadlineThereIsNothing()
    {
        Objective objective{.energyLimitJoules = 0.01, .deadlineMs = 30};
        for (const auto kind : {RewardKind::Paper, RewardKind::Edgent}) {
            objective.kind = kind;
            const Outcome outcome{.accuracy = 0.8, .latencyMs = 30, .energyJoules = 0.01};
            QVERIFY(reward(objective, kScale, 1e6, outcome) > 0);  // the limits themselves are kept to
            auto late = outcome;
            late.latencyMs = 30.001;
            QCOMPARE(reward(objective, kScale, 1e6, late), 0.0);
            auto costly = outcome;
            costly.energyJoules = 0.010001;
            QCOMPARE(reward(objective, kScale, 1e6, costly), 0.0);
        }
    }

    void edgentsRewardIsExponentialAccuracyAndThroughput()
    {
        const Objective objective{.kind = RewardKind::Edgent};
        QVERIFY(near(reward(objective, kScale, 1e6, {.accuracy = 0.8, .latencyMs = 50}), std::exp(0.8) + 20));
        QVERIFY(near(reward(objective, kScale, 1e6, {.accuracy = 0.8, .latencyMs = 50, .frames = 8}), std::exp(0.8) + 160));
    }

    void aLaterResultIsNeverWorthMore()
    {
        for (const auto kind : {RewardKind::Paper, RewardKind::Edgent})
            for (const double rate : {0.0, 1e5, 1e6, 1e8}) {
                double before = kNoLimit;
                for (double ms = 1; ms < 300; ms += 1.7) {
                    const double now
                        = reward({.kind = kind, .deadlineMs = 120}, kScale, rate, {.accuracy = 0.7, .latencyMs = ms});
                    QVERIFY(now <= before && now >= 0);
                    before = now;
                }
            }
    }

    void pinnedLayersAndTheFloorSayWhatIsAllowed()
    {
        using splitscope::codec::CodingKind;
        const Objective objective{.accuracyFloor = 0.7, .firstCut = 2, .lastCut = 5};
        const auto at = [](int cut) { return Decision{1, cut, {CodingKind::Quantized, 8}}; };
        QVERIFY(!allowed(objective, at(1), false, 0.8));
        QVERIFY(allowed(objective, at(2), false, 0.8));
        QVERIFY(allowed(objective, at(5), false, 0.7));
        QVERIFY(!allowed(objective, at(6), false, 0.8));
        QVERIFY(!allowed(objective, at(3), false, 0.69));
        const Decision local{1, 13, {CodingKind::LabelOnly, 0}};
        QVERIFY(allowed(objective, local, true, 0.8));
        QVERIFY(!allowed(objective, local, true, 0.6));
    }

    void slidersOutOfRangeAreErrorsThatNameThem_data()
    {
        QTest::addColumn<ChangeObjective>("change");
        QTest::addColumn<QString>("field");
        const auto row = [](const char* name, const char* field, ChangeObjective change) {
            QTest::newRow(name) << std::move(change) << QString(field);
        };
        row("s = 0", "sensitivity", [](Objective& o) { o.sensitivity = 0; });
        row("s infinite", "sensitivity", [](Objective& o) { o.sensitivity = kNoLimit; });
        row("s NaN", "sensitivity", [](Objective& o) { o.sensitivity = kNan; });
        row("n < 0", "scale n", [](Objective& o) { o.scale = -1; });
        row("energy < 0", "energy limit", [](Objective& o) { o.energyLimitJoules = -1e-9; });
        row("energy NaN", "energy limit", [](Objective& o) { o.energyLimitJoules = kNan; });
        row("deadline 0", "deadline", [](Objective& o) { o.deadlineMs = 0; });
        row("floor > 1", "accuracy floor", [](Objective& o) { o.accuracyFloor = 1.01; });
        row("floor NaN", "accuracy floor", [](Objective& o) { o.accuracyFloor = kNan; });
        row("first cut < 0", "first cut", [](Objective& o) { o.firstCut = -1; });
        row("last cut < 0", "last cut", [](Objective& o) { o.lastCut = -1; });
    }
    void slidersOutOfRangeAreErrorsThatNameThem()
    {
        QFETCH(ChangeObjective, change);
        QFETCH(QString, field);
        Objective objective;
        QVERIFY(check(objective).ok());
        change(objective);
        const auto status = check(objective);
        QVERIFY(!status);
        QVERIFY2(QString::fromStdString(status.error().message()).contains(field), status.error().message().c_str());
    }

    void scalesOutOfOrderAreErrors_data()
    {
        QTest::addColumn<ChangeScale>("change");
        QTest::newRow("accuracies swapped") << ChangeScale([](RewardScale& s) { std::swap(s.accuracyMin, s.accuracyMax); });
        QTest::newRow("accuracy > 1") << ChangeScale([](RewardScale& s) { s.accuracyMax = 1.5; });
        QTest::newRow("T_min 0") << ChangeScale([](RewardScale& s) { s.latencyMinMs = 0; });
        QTest::newRow("times swapped") << ChangeScale([](RewardScale& s) { std::swap(s.latencyMinMs, s.latencyMaxMs); });
        QTest::newRow("T_max infinite") << ChangeScale([](RewardScale& s) { s.latencyMaxMs = kNoLimit; });
        QTest::newRow("B_max 0") << ChangeScale([](RewardScale& s) { s.maxBytesPerSecond = 0; });
        QTest::newRow("B_max NaN") << ChangeScale([](RewardScale& s) { s.maxBytesPerSecond = kNan; });
    }
    void scalesOutOfOrderAreErrors()
    {
        QFETCH(ChangeScale, change);
        auto scale = kScale;
        QVERIFY(check(scale).ok());
        change(scale);
        QVERIFY(!check(scale).ok());
    }
};

QTEST_APPLESS_MAIN(TestReward)
#include "tst_reward.moc"
