// SPDX-License-Identifier: GPL-3.0-or-later
// Others' strategies, against their published definitions written out here: Neurosurgeon and Edgent's Algorithm 1.
#include "core/base/random.h"
#include "core/sim/bandwidth_states.h"
#include "strategy_samples.h"

#include <QTest>

#include <cmath>
#include <limits>
#include <set>

using namespace splitscope;
using codec::CodingKind;
using strategy::at;
using strategy::stateAt;

namespace {

/// Full precision: 16 bits inside, raw frames, labels.
bool isExact(const decision::Decision& decision)
{
    return decision.coding.kind == CodingKind::LabelOnly || decision.coding.kind == CodingKind::Raw
        || (decision.coding.kind == CodingKind::Quantized && decision.coding.parameter == 16);
}

}  // namespace

class TestPublished : public QObject {
    Q_OBJECT
private:
    const model::NetworkSpec m_spec = *model::loadNetworkSpec("alexnet3");

    [[nodiscard]] std::unique_ptr<strategy::Strategy> make(const std::string& name,
                                                           const strategy::StrategyOptions& options) const
    {
        return strategy::makeOrNull(name, m_spec, options);
    }

    /// The fastest exact cut of an exit.
    static std::pair<std::size_t, double> fastestOf(const sim::Evaluator& evaluator, int exit, double rate)
    {
        std::pair<std::size_t, double> best{0, std::numeric_limits<double>::infinity()};
        for (std::size_t action = 0; action < evaluator.actionCount(); ++action) {
            const auto& decision = evaluator.decisionOf(action);
            const double ms = evaluator.score(action, at(rate)).prediction.totalMs;
            if (decision.exit == exit && isExact(decision) && ms < best.second)
                best = {action, ms};
        }
        return best;
    }

private Q_SLOTS:
    void neurosurgeonTakesTheLastExitsBestExactCut()
    {
        const auto options = strategy::tableOptions();
        const auto& evaluator = *options.evaluator;
        const auto latency = make("neurosurgeon-latency", options);
        const auto energy = make("neurosurgeon-energy", options);
        std::set<int> cuts;
        for (double rate = 1e3; rate < 1e9; rate *= 2) {
            const auto fastest = fastestOf(evaluator, 3, rate);
            QVERIFY(latency->decide(stateAt(rate)) == evaluator.decisionOf(fastest.first));
            cuts.insert(evaluator.decisionOf(fastest.first).partition);
            const auto saving = energy->decide(stateAt(rate));
            QVERIFY(saving.exit == 3 && isExact(saving));
            const double taken = evaluator.score(strategy::actionOf(evaluator, saving), at(rate)).prediction.energyJoules;
            for (std::size_t action = 0; action < evaluator.actionCount(); ++action)
                if (evaluator.decisionOf(action).exit == 3 && isExact(evaluator.decisionOf(action)))
                    QVERIFY(taken <= evaluator.score(action, at(rate)).prediction.energyJoules);
        }
        QVERIFY(cuts.size() >= 2);
    }

    void neurosurgeonSaysWhereTheLastExitIsRuledOut()
    {
        decision::Objective objective;
        objective.energyLimitJoules = 1e9;
        const auto options = strategy::tableOptions(objective);
        const auto latency = make("neurosurgeon-latency", options);
        static_cast<void>(latency->decide(stateAt(0)));
        QVERIFY(latency->reason().empty());  // all on the device is always a cut
    }

    void edgentTakesTheLastExitThatMeetsTheDeadline()
    {
        std::set<int> exits;
        int noPlan = 0;
        for (const double deadlineMs : {0.5, 2.0, 5.0, 10.0, 15.0, 20.0, 30.0, 60.0, decision::kNoLimit}) {
            decision::Objective objective;
            objective.deadlineMs = deadlineMs;
            const auto options = strategy::tableOptions(objective);
            const auto& evaluator = *options.evaluator;
            const auto edgent = make("edgent", options);
            for (const double rate : {0.0, 1e4, 1e5, 1e6, 1e8}) {
                auto state = stateAt(rate);
                std::size_t expected = 0;
                double fastestMs = std::numeric_limits<double>::infinity();
                bool planned = false;
                for (int exit = 3; exit >= 1 && !planned; --exit) {
                    const auto [action, ms] = fastestOf(evaluator, exit, rate);
                    planned = ms <= deadlineMs;
                    if (planned || ms < fastestMs) {
                        expected = action;
                        fastestMs = ms;
                    }
                }
                QVERIFY(edgent->decide(state) == evaluator.decisionOf(expected));
                QCOMPARE(edgent->reason().empty(), planned);
                if (planned)
                    exits.insert(evaluator.decisionOf(expected).exit);
                else
                    QVERIFY(edgent->reason().find("no plan meets") != std::string::npos);
                noPlan += planned ? 0 : 1;
            }
        }
        QVERIFY(exits.size() >= 2);
        QVERIFY(noPlan > 0);
    }

    /// Its formula, from the table's profiles: edge first, the input always paid for.
    void edgentAsPublishedLetsTheEdgeRunTheFirstLayers()
    {
        const auto options = strategy::tableOptions();
        const auto& table = options.evaluator->table();
        const auto published = make("edgent-published", options);
        for (const double rate : {1e5, 1e6, 1e7, 1e9}) {
            const auto raw = *table.predict({3, 0, {CodingKind::Raw, 0}}, 1, at(rate));
            const auto local = *table.predict(decision::onDevice(m_spec, 3), 1, at(rate));
            double least = (local.deviceMs) + 2 * raw.payloadBytes / rate * 1e3;
            decision::Decision expected = decision::onDevice(m_spec, 3);
            for (const auto& row : table.rows()) {
                const auto& d = row.decision;
                if (d.exit != 3 || !isExact(d) || d.partition == 0 || d.coding.kind == CodingKind::LabelOnly)
                    continue;
                const auto cut = *table.predict(d, 1, at(rate));
                const double ms = (raw.edgeMs - cut.edgeMs) + (local.deviceMs - cut.deviceMs)
                    + (raw.payloadBytes + cut.payloadBytes) / rate * 1e3;
                if (ms < least) {
                    least = ms;
                    expected = d;
                }
            }
            QVERIFY(published->decide(stateAt(rate)) == expected);
            QVERIFY(expected.coding.kind != CodingKind::LabelOnly);  // the input is paid for anyway
            QVERIFY(published->reason().find("halves exchanged") != std::string::npos);
        }
    }

    void edgentAsPublishedHasNoPlanWithoutALinkOrBeforeTheDeadline()
    {
        decision::Objective objective;
        objective.deadlineMs = 0.01;
        const auto options = strategy::tableOptions(objective);
        const auto published = make("edgent-published", options);
        static_cast<void>(published->decide(stateAt(1e6)));
        QVERIFY(published->reason().find("no plan meets") != std::string::npos);
        QVERIFY(published->decide(stateAt(0)).coding.kind == CodingKind::LabelOnly);
        QVERIFY(published->reason().find("needs a link") != std::string::npos);
    }

    void edgentAsPublishedNeedsFrames()
    {
        const auto actions = *decision::parseSpaceOptions("bits:4,8");
        auto options = strategy::tableOptions();
        options.evaluator
            = std::make_shared<const sim::Evaluator>(sim::smallEvaluator({}, 1, sim::smallTable("alexnet3", actions)));
        const auto made = strategy::makeStrategy("edgent-published", m_spec, options);
        QVERIFY(!made.ok());
        QVERIFY(made.error().text.find("raw frames") != std::string::npos);
    }

    /// Algorithm 2: whatever the rate, the plan is that of a state, the best by exp(acc) + throughput within the deadline.
    void edgentsMapHoldsTheBestPlanOfEachState_data()
    {
        QTest::addColumn<double>("deadlineMs");
        QTest::newRow("no deadline") << decision::kNoLimit;
        QTest::newRow("a deadline") << 60.0;
    }
    void edgentsMapHoldsTheBestPlanOfEachState()
    {
        QFETCH(double, deadlineMs);
        decision::Objective objective;
        objective.deadlineMs = deadlineMs;
        const auto options = strategy::tableOptions(objective);
        const auto& evaluator = *options.evaluator;
        const auto states = *sim::shippedBandwidthStates();
        for (const double rate : {10e3, 100e3, 350e3, 2e6}) {
            const auto dynamic = make("edgent-dynamic", options);
            QVERIFY(dynamic != nullptr);
            const auto state = at(states.bytesPerSecond[states.nearest(rate)]);
            const auto rewardOf = [&](std::size_t action) {
                const auto& p = evaluator.score(action, state).prediction;
                return p.totalMs <= deadlineMs ? std::exp(p.accuracy) + 1000 / p.totalMs : 0;
            };
            const auto plan = dynamic->decide(stateAt(rate));
            QVERIFY(isExact(plan));
            for (std::size_t action = 0; action < evaluator.actionCount(); ++action)
                if (isExact(evaluator.decisionOf(action)))
                    QVERIFY(rewardOf(strategy::actionOf(evaluator, plan)) >= rewardOf(action) - 1e-12);
        }
    }

    /// Algorithm 3: what wavers around a state changes nothing; another state does, within a few measurements.
    void edgentsPlanStaysUntilTheStateChanges()
    {
        const auto options = strategy::tableOptions();
        const auto dynamic = make("edgent-dynamic", options);
        const auto slow = dynamic->decide(stateAt(50e3));
        base::Random random(1);
        const auto about = [&](double rate) { return stateAt(rate * std::exp(0.1 * (random.unit() - 0.5))); };
        for (int i = 0; i < 100; ++i)
            QVERIFY(dynamic->decide(about(50e3)) == slow);
        for (int i = 0; i < 12; ++i)
            static_cast<void>(dynamic->decide(about(650e3)));
        const auto fast = dynamic->decide(about(650e3));
        QVERIFY(fast == make("edgent-dynamic", options)->decide(stateAt(650e3)));
        QVERIFY(!(fast == slow));
    }
};

QTEST_APPLESS_MAIN(TestPublished)
#include "tst_published.moc"
