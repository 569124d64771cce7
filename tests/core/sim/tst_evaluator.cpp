// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/random.h"
#include "small_table.h"
#include "tests/allocation_counter.h"

#include <QTest>

#include <set>

using namespace splitscope;
using namespace splitscope::sim;
using codec::CodingKind;
using decision::kNoLimit;
using decision::Objective;

namespace {

struct Case {
    profile::Conditions conditions;
    Objective objective;
};

/// Conditions and sliders at random: low and high rates, no link at all, tight and loose limits.
Case randomCase(base::Random& random)
{
    Case made;
    const float decades = random.between(3, 9);
    const int chance = random.below(8);
    made.conditions.bytesPerSecond = chance == 0 ? 0 : chance == 1 ? kNoLimit : std::pow(10.0, decades);
    made.conditions.deviceSlowdown = random.between(0.5, 10);
    made.conditions.rttMs = random.below(2) == 0 ? -1 : random.between(0, 50);
    made.objective.kind = random.below(4) == 0 ? decision::RewardKind::Edgent : decision::RewardKind::Paper;
    made.objective.sensitivity = std::pow(10.0, random.between(-1, 2));
    if (random.below(2) == 0)
        made.objective.energyLimitJoules = std::pow(10.0, random.between(-4, 0));
    if (random.below(2) == 0)
        made.objective.deadlineMs = std::pow(10.0, random.between(0, 3));
    if (random.below(2) == 0)
        made.objective.accuracyFloor = random.between(0, 0.87F);
    if (random.below(3) == 0)
        made.objective.firstCut = random.below(8);
    return made;
}

}  // namespace

class TestEvaluator : public QObject {
    Q_OBJECT
private:
    const profile::CostTable m_table = smallTable();
    const Evaluator m_evaluator = smallEvaluator({}, 1, m_table);

    [[nodiscard]] std::size_t localAction(const Evaluator& evaluator, int exit) const
    {
        return *evaluator.table().rowOf(decision::onDevice(m_table.spec(), exit));
    }

private Q_SLOTS:
    void scoresAreTheTablesPredictionAndTheRewardOfIt()
    {
        const profile::Conditions conditions{.bytesPerSecond = 2e5, .deviceSlowdown = 2};
        for (std::size_t action = 0; action < m_evaluator.actionCount(); ++action) {
            const auto scored = m_evaluator.score(action, conditions);
            const auto expected = m_table.predict(action, 1, conditions);
            QCOMPARE(scored.prediction.totalMs, expected.totalMs);
            QVERIFY(scored.valid && scored.feasible);
            QCOMPARE(scored.reward,
                     decision::reward(
                         m_evaluator.objective(), m_evaluator.scale(), 2e5,
                         {.accuracy = expected.accuracy, .latencyMs = expected.totalMs, .energyJoules = expected.energyJoules}));
            QCOMPARE(m_evaluator.rewardOf(action, conditions, expected.totalMs), scored.reward);
        }
    }

    /// Against the definition, by sorting everything.
    void theOptimumIsTheBestOfAllUnderAnyConditionsAndSliders()
    {
        base::Random random(11);
        std::vector<Scored> scores(m_evaluator.actionCount());
        int infeasible = 0;
        std::set<std::size_t> optima;
        for (int i = 0; i < 400; ++i) {
            const auto made = randomCase(random);
            const auto evaluator = m_evaluator.withObjective(made.objective);
            QVERIFY(evaluator.ok());
            evaluator->scoreAll(made.conditions, scores);
            const auto best = evaluator->best(made.conditions);
            optima.insert(best);
            bool anyFeasible = false;
            for (const auto& scored : scores)
                anyFeasible = anyFeasible || scored.feasible;
            infeasible += anyFeasible ? 0 : 1;
            for (std::size_t action = 0; action < scores.size(); ++action) {
                const auto& other = scores[action];
                QVERIFY(other.valid || other.reward == 0);
                QCOMPARE(other.valid, evaluator->valid(action, made.conditions));
                QVERIFY(scores[best].reward >= other.reward);
                if (action % 9 == 0)
                    QCOMPARE(evaluator->regret(action, made.conditions), scores[best].reward - other.reward);
                if (anyFeasible && other.feasible) {
                    QVERIFY(scores[best].feasible);
                    QVERIFY(
                        other.reward < scores[best].reward
                        || (other.reward == scores[best].reward && other.prediction.totalMs >= scores[best].prediction.totalMs));
                }
                if (!anyFeasible && other.valid)
                    QVERIFY(scores[best].valid && scores[best].prediction.energyJoules <= other.prediction.energyJoules);
            }
            QCOMPARE(evaluator->regret(best, made.conditions), 0.0);
        }
        QVERIFY(infeasible > 3);
        QVERIFY(optima.size() > 5);
    }

    /// At the greatest rate only accuracy counts, and many decisions share the last exit's.
    void tiesGoToTheFaster()
    {
        const profile::Conditions conditions{.bytesPerSecond = m_evaluator.scale().maxBytesPerSecond};
        const auto best = m_evaluator.best(conditions);
        const auto scored = m_evaluator.score(best, conditions);
        int ties = 0;
        for (std::size_t action = 0; action < m_evaluator.actionCount(); ++action) {
            const auto other = m_evaluator.score(action, conditions);
            if (other.reward != scored.reward)
                continue;
            ++ties;
            QVERIFY(other.prediction.totalMs >= scored.prediction.totalMs);
        }
        QVERIFY(ties > 3);
    }

    void withoutALinkOnlyTheDeviceIsValid()
    {
        for (std::size_t action = 0; action < m_evaluator.actionCount(); ++action) {
            const bool local = m_evaluator.decisionOf(action).coding.kind == CodingKind::LabelOnly;
            const auto scored = m_evaluator.score(action, {.bytesPerSecond = 0});
            QCOMPARE(scored.valid, local);
            QCOMPARE(scored.feasible, local);
            QCOMPARE(m_evaluator.rewardOf(action, {.bytesPerSecond = 0}, 10) > 0, local);
        }
        QCOMPARE(m_evaluator.decisionOf(m_evaluator.best({.bytesPerSecond = 0})).coding.kind, CodingKind::LabelOnly);
    }

    void whereNothingIsFeasibleTheLeastEnergyIsTaken()
    {
        const auto evaluator = *m_evaluator.withObjective({.energyLimitJoules = 0});
        const profile::Conditions conditions{.bytesPerSecond = 3e5};
        const auto best = evaluator.best(conditions);
        const auto scored = evaluator.score(best, conditions);
        QVERIFY(scored.valid && !scored.feasible);
        QCOMPARE(scored.reward, 0.0);
        for (std::size_t action = 0; action < evaluator.actionCount(); ++action)
            QVERIFY(evaluator.score(action, conditions).prediction.energyJoules >= scored.prediction.energyJoules);
    }

    void pinnedLayersKeepDecisionsOut()
    {
        const auto evaluator = *m_evaluator.withObjective({.firstCut = 4, .lastCut = 6});
        int allowed = 0;
        for (std::size_t action = 0; action < evaluator.actionCount(); ++action) {
            const auto& decision = evaluator.decisionOf(action);
            const bool fits
                = decision.coding.kind == CodingKind::LabelOnly || (decision.partition >= 4 && decision.partition <= 6);
            QCOMPARE(evaluator.allows(action), fits);
            allowed += fits ? 1 : 0;
            if (!fits)
                QCOMPARE(evaluator.score(action, {.bytesPerSecond = 1e6}).reward, 0.0);
        }
        QVERIFY(allowed > 3);
    }

    void theFloorIsKeptTo()
    {
        const auto evaluator = *m_evaluator.withObjective({.accuracyFloor = 0.86});
        for (double rate = 1e3; rate < 1e8; rate *= 1.5)
            QVERIFY(evaluator.score(evaluator.best({.bytesPerSecond = rate}), {.bytesPerSecond = rate}).prediction.accuracy
                    >= 0.86);
        QCOMPARE(evaluator.best({.bytesPerSecond = 0}), localAction(evaluator, 3));
    }

    void whatCannotBeEvaluatedIsAnError()
    {
        const auto scale = m_evaluator.scale();
        QVERIFY(!Evaluator::make(m_table, 0, {}, scale));
        QVERIFY(!Evaluator::make(m_table, profile::CostTable::kMaxBatch + 1, {}, scale));
        QVERIFY(!Evaluator::make(m_table, 1, {.sensitivity = -1}, scale));
        auto wrong = scale;
        wrong.latencyMinMs = 0;
        QVERIFY(!Evaluator::make(m_table, 1, {}, wrong));
        const auto tooMuch = Evaluator::make(m_table, 1, {.accuracyFloor = 0.99}, scale);
        QVERIFY(!tooMuch);
        QVERIFY(tooMuch.error().where.find("accuracy floor") != std::string::npos);
        std::vector<profile::CodedSize> sizes;
        for (const auto& row : m_table.rows())
            sizes.push_back({row.decision, 100, 100});
        const auto timesAlone
            = profile::CostTable::makeOfSizes(m_table.spec(), {}, m_table.device(), m_table.edge(), m_table.link(), sizes);
        QVERIFY(timesAlone.ok());
        QVERIFY(!Evaluator::make(*timesAlone, 1, {}, scale));
    }

    void theScaleHoldsEverythingThatOccurs()
    {
        const auto rates = interestingRates(m_table, 8, {});
        const auto scale = standardScale(m_table, 8, {}, rates.low, rates.high);
        QVERIFY(decision::check(scale).ok());
        QCOMPARE(scale.maxBytesPerSecond, rates.high);
        for (const auto& row : m_table.rows()) {
            QVERIFY(row.accuracy.accuracy >= scale.accuracyMin && row.accuracy.accuracy <= scale.accuracyMax);
            const auto slowest = *m_table.predict(row.decision, 8, {.bytesPerSecond = rates.low});
            const auto fastest = *m_table.predict(row.decision, 8, {.bytesPerSecond = rates.high});
            QVERIFY(slowest.totalMs <= scale.latencyMaxMs && fastest.totalMs >= scale.latencyMinMs);
        }
    }

    /// Outside of it nothing changes any more: that is what it is for.
    void decisionsChangeWithinTheInterestingRates_data()
    {
        QTest::addColumn<QString>("network");
        QTest::addColumn<int>("batch");
        for (const char* network : {"alexnet3", "alexnet3-128", "alexnet5"})
            for (const int batch : {1, 8, 64})
                QTest::newRow(qPrintable(QString("%1, batch %2").arg(network).arg(batch))) << QString(network) << batch;
    }
    void decisionsChangeWithinTheInterestingRates()
    {
        QFETCH(QString, network);
        QFETCH(int, batch);
        constexpr double kLoss = 0.01;
        const auto table = smallTable(network.toStdString());
        const auto rates = interestingRates(table, batch, {});
        QVERIFY(rates.low >= 1e3 && rates.low * 10 <= rates.high && rates.high <= 1e9);
        const auto within = profile::everFastest(table, batch, kLoss, {}, rates.low, rates.high, 200);
        QVERIFY(within.size() >= 2);
        const auto below = profile::everFastest(table, batch, kLoss, {}, rates.low / 100, rates.low, 50);
        QCOMPARE(below.size(), std::size_t{1});
    }

    /// A device so fast that sending gains nothing still gets a range.
    void aDeviceAsFastAsTheEdgeHasARangeToo()
    {
        const auto table = smallTable("alexnet3", {}, {.flopsPerMs = 1e9, .layerMs = 1e-5, .bytesPerMs = 1e6});
        const auto rates = interestingRates(table, 1, {});
        QVERIFY(rates.low >= 1e3 && rates.low * 10 <= rates.high && rates.high <= 1e9);
    }

    void callsAllocateNothing()
    {
        std::vector<Scored> scores(m_evaluator.actionCount());
        const profile::Conditions conditions{.bytesPerSecond = 2e5};
        const int before = allocations;
        m_evaluator.scoreAll(conditions, scores);
        const auto best = m_evaluator.best(conditions);
        const double regret = m_evaluator.regret(3, conditions) + m_evaluator.rewardOf(3, conditions, 10);
        const int after = allocations;
        QCOMPARE(after, before);
        QVERIFY(best < scores.size() && regret > 0);
    }

    void conditionsAreTheStatesAndOtherwiseTheBases()
    {
        const profile::Conditions base{
            .bytesPerSecond = 1, .rttMs = 7, .deviceSlowdown = 8, .edgeSlowdown = 3, .pacedByDevice = false};
        decision::State state{.bytesPerSecond = 5e5, .deviceSlowdown = 2};
        auto conditions = conditionsOf(state, base);
        QCOMPARE(conditions.bytesPerSecond, 5e5);
        QCOMPARE(conditions.rttMs, 7.0);
        QCOMPARE(conditions.deviceSlowdown, 2.0);
        QCOMPARE(conditions.edgeSlowdown, 3.0);
        QVERIFY(!conditions.pacedByDevice);
        state.rttMs = 20;
        QCOMPARE(conditionsOf(state, base).rttMs, 20.0);
        state.deviceCorrection = 1.5;
        state.edgeCorrection = 0.5;
        conditions = conditionsOf(state, base);
        QCOMPARE(conditions.deviceSlowdown, 3.0);
        QCOMPARE(conditions.edgeSlowdown, 1.5);
    }
};

QTEST_APPLESS_MAIN(TestEvaluator)
#include "tst_evaluator.moc"
