// SPDX-License-Identifier: GPL-3.0-or-later
// The optimum and the myopic greedies: each sees what its name says, and nothing else.
#include "strategy_samples.h"

#include <QTest>

#include <set>

using namespace splitscope;
using strategy::at;
using strategy::stateAt;

class TestGreedy : public QObject {
    Q_OBJECT
private:
    const model::NetworkSpec m_spec = *model::loadNetworkSpec("alexnet3");

    [[nodiscard]] std::unique_ptr<strategy::Strategy> make(const std::string& name,
                                                           const strategy::StrategyOptions& options) const
    {
        return strategy::makeOrNull(name, m_spec, options);
    }

private Q_SLOTS:
    void theOptimumIsTheEnumerationsAtTheBelievedConditions()
    {
        const auto options = strategy::tableOptions();
        const auto& evaluator = *options.evaluator;
        const auto optimum = make("optimum", options);
        const auto greedy = make("greedy", options);
        QVERIFY(optimum && greedy);
        std::set<std::size_t> seen;
        for (double rate = 1e3; rate < 1e9; rate *= 1.5)
            for (const double slowdown : {1.0, 8.0})
                for (const double rtt : {-1.0, 30.0}) {
                    auto state = stateAt(rate);
                    state.deviceSlowdown = slowdown;
                    state.rttMs = rtt;
                    auto conditions = at(rate);
                    conditions.deviceSlowdown = slowdown;
                    conditions.rttMs = rtt;
                    const auto best = evaluator.best(conditions);
                    seen.insert(best);
                    QVERIFY(optimum->decide(state) == evaluator.decisionOf(best));
                    QVERIFY(greedy->decide(state) == evaluator.decisionOf(best));
                }
        QVERIFY(seen.size() >= 4);  // else nothing was asked of them
    }

    /// Its clock fell to a sixteenth: decided is at once what is best then, before any request took longer.
    void aDeviceThatSaysItIsThrottledCountsAsSlower()
    {
        decision::Objective objective;
        int otherDecisions = 0;
        for (objective.sensitivity = 0.01; objective.sensitivity < 1e3; objective.sensitivity *= 10) {
            const auto options = strategy::tableOptions(objective);
            const auto& evaluator = *options.evaluator;
            const auto greedy = make("greedy", options);
            QVERIFY(greedy);
            for (double rate = 1e4; rate < 1e8; rate *= 2) {
                auto state = stateAt(rate);
                state.health.emplace();
                state.health->clockHz = 1.125e8;
                state.health->fullClockHz = 1.8e9;
                const auto usual = evaluator.best(at(rate));
                QVERIFY(greedy->decide(state) == evaluator.decisionOf(usual));  // low for want of work: nothing is slower
                QVERIFY(greedy->reason().empty());
                state.health->throttled = true;
                auto slower = at(rate);
                slower.deviceSlowdown = 16;
                otherDecisions += evaluator.best(slower) != usual ? 1 : 0;
                QVERIFY(greedy->decide(state) == evaluator.decisionOf(evaluator.best(slower)));
                QVERIFY2(greedy->reason().find("throttled: 16×") != std::string::npos, greedy->reason().c_str());
                state.deviceCorrection = 20;  // requests have told by now: the same is not counted twice
                slower.deviceSlowdown = 20;
                QVERIFY(greedy->decide(state) == evaluator.decisionOf(evaluator.best(slower)));
            }
        }
        QVERIFY(otherDecisions > 0);  // else nothing was asked of it
    }

    void aSliderActsOnTheNextDecision()
    {
        const auto options = strategy::tableOptions();
        const auto optimum = make("optimum", options);
        const double rate = 3e5;
        decision::Objective fast, accurate;
        fast.sensitivity = 1e5;
        accurate.sensitivity = 1e-4;
        accurate.scale = 10;
        optimum->setObjective(fast);
        const auto first = optimum->decide(stateAt(rate));
        optimum->setObjective(accurate);
        const auto second = optimum->decide(stateAt(rate));
        QVERIFY(first == options.evaluator->decisionOf(options.evaluator->withObjective(fast)->best(at(rate))));
        QVERIFY(second == options.evaluator->decisionOf(options.evaluator->withObjective(accurate)->best(at(rate))));
        QVERIFY(first != second);
        decision::Objective impossible;
        impossible.accuracyFloor = 0.999;  // no decision: the last setting stays
        optimum->setObjective(impossible);
        QVERIFY(optimum->decide(stateAt(rate)) == second);
    }

    void whereNothingKeepsToTheEnergyLimitTheLeastEnergyIsTaken()
    {
        decision::Objective objective;
        objective.energyLimitJoules = 0;
        const auto options = strategy::tableOptions(objective);
        double least = 1e9;
        for (std::size_t action = 0; action < options.evaluator->actionCount(); ++action)
            least = std::min(least, options.evaluator->score(action, at(1e6)).prediction.energyJoules);
        for (const char* name : {"optimum", "greedy", "greedy-queue", "greedy-switch"}) {
            const auto decided = make(name, options)->decide(stateAt(1e6));
            const auto taken = options.evaluator->score(strategy::actionOf(*options.evaluator, decided), at(1e6));
            QCOMPARE(taken.prediction.energyJoules, least);
        }
    }

    /// With nobody waiting it is the greedy; with a queue it hurries, by the whole queue's reward.
    void greedyQueueCountsWhatWaits()
    {
        decision::Objective objective;
        objective.deadlineMs = 30;
        const auto options = strategy::tableOptions(objective);
        const auto& evaluator = *options.evaluator;
        const auto queueing = make("greedy-queue", options);
        const auto blind = make("greedy", options);
        int hurried = 0;
        for (double rate = 1e4; rate < 1e8; rate *= 2) {
            QVERIFY(queueing->decide(stateAt(rate)) == blind->decide(stateAt(rate)));
            auto state = stateAt(rate);
            state.deviceSlowdown = 4;
            state.queuedRequests = 5;
            state.waitedMs = 12;
            const auto decided = queueing->decide(state);
            const auto conditions = sim::conditionsOf(state, {});
            const auto worth = [&](std::size_t action) {
                const double totalMs = evaluator.score(action, conditions).prediction.totalMs;
                double sum = 0;
                for (int k = 0; k <= 5; ++k)
                    sum += evaluator.rewardOf(action, conditions, 12.0 * (6 - k) / 6 + (k + 1) * totalMs);
                return sum;
            };
            const double taken = worth(strategy::actionOf(evaluator, decided));
            for (std::size_t action = 0; action < evaluator.actionCount(); ++action)
                QVERIFY(worth(action) <= taken + 1e-12);
            const auto greedy = blind->decide(state);
            const double before = evaluator.score(strategy::actionOf(evaluator, greedy), conditions).prediction.totalMs;
            const double after = evaluator.score(strategy::actionOf(evaluator, decided), conditions).prediction.totalMs;
            hurried += after < before ? 1 : 0;
        }
        QVERIFY(hurried > 0);
    }

    void greedySwitchStaysWhereTheGainIsLessThanTheSwitch()
    {
        auto options = strategy::tableOptions();
        options.switchCost = 10;  // more than any gain
        const auto evaluator = *options.evaluator;
        const auto staying = make("greedy-switch", options);
        const auto best = evaluator.decisionOf(evaluator.best(at(1e6)));
        // Without a last decision there is nothing to switch from.
        QVERIFY(staying->decide(stateAt(1e6)) == best);
        auto state = stateAt(1e6);
        state.last = decision::onDevice(m_spec, best.exit == 1 ? 2 : 1);
        const auto stayed = staying->decide(state);
        QCOMPARE(stayed.exit, state.last->exit);
        QCOMPARE(stayed.partition, state.last->partition);
        QVERIFY(!staying->reason().empty());
        state.last = best;
        QVERIFY(staying->decide(state) == best);
        QVERIFY(staying->reason().empty());

        options.switchCost = 0;
        state.last = decision::onDevice(m_spec, best.exit == 1 ? 2 : 1);
        QVERIFY(make("greedy-switch", options)->decide(state) == best);
        // The time that a switch takes counts as well: here it leads beyond the deadline.
        auto limited = evaluator.objective();
        limited.deadlineMs = 1e5;
        options.evaluator = std::make_shared<const sim::Evaluator>(*evaluator.withObjective(limited));
        options.switchMs = 1e6;
        QCOMPARE(make("greedy-switch", options)->decide(state).exit, state.last->exit);
    }

    void whatSwitchingCostsIsNotNegative()
    {
        for (auto cost : {&strategy::StrategyOptions::switchMs, &strategy::StrategyOptions::switchCost}) {
            auto options = strategy::tableOptions();
            options.*cost = -1;
            const auto made = strategy::makeStrategy("greedy-switch", m_spec, options);
            QVERIFY(!made.ok());
            QVERIFY(made.error().text.find("cannot be negative") != std::string::npos);
        }
    }

    void anotherCodingOfTheSameCutIsNoSwitch()
    {
        auto options = strategy::tableOptions();
        options.switchCost = 10;
        const auto& evaluator = *options.evaluator;
        auto state = stateAt(1e6);
        state.last = decision::Decision{2, 6, {codec::CodingKind::Quantized, 4}};
        const auto decided = make("greedy-switch", options)->decide(state);
        double best = -1;
        std::size_t which = 0;
        for (std::size_t action = 0; action < evaluator.actionCount(); ++action) {
            const auto& other = evaluator.decisionOf(action);
            const auto last = evaluator.decisionOf(strategy::actionOf(evaluator, *state.last));
            if (other.exit != last.exit || other.partition != last.partition)
                continue;
            if (const double reward = evaluator.score(action, at(1e6)).reward; reward > best) {
                best = reward;
                which = action;
            }
        }
        QVERIFY(decided == evaluator.decisionOf(which));
    }
};

QTEST_APPLESS_MAIN(TestGreedy)
#include "tst_greedy.moc"
