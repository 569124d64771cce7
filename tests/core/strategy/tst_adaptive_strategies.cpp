// SPDX-License-Identifier: GPL-3.0-or-later
// Strategies that learn from what requests took: the corrected greedy and the bandit.
#include "strategy_samples.h"

#include <QTest>

#include <map>

using namespace splitscope;
using codec::CodingKind;
using strategy::stateAt;

namespace {

/// A request as machines and link really are.
strategy::Observation observed(const sim::Evaluator& evaluator, const decision::Decision& decision,
                               const profile::Conditions& truth)
{
    const auto prediction = evaluator.table().predict(strategy::actionOf(evaluator, decision), evaluator.batch(), truth);
    strategy::Observation observation;
    observation.decision = decision;
    observation.latencyMs = prediction.totalMs;
    observation.deviceMs = prediction.deviceMs + prediction.encodeMs;
    observation.edgeMs = prediction.decodeMs + prediction.edgeMs;
    observation.bytesPerSecond = prediction.wireBytes > 0 ? truth.bytesPerSecond : 0;
    return observation;
}

profile::Conditions truthOf(double rate, double deviceSlowdown, double edgeSlowdown)
{
    profile::Conditions truth;
    truth.bytesPerSecond = rate;
    truth.deviceSlowdown = deviceSlowdown;
    truth.edgeSlowdown = edgeSlowdown;
    return truth;
}

}  // namespace

class TestAdaptiveStrategies : public QObject {
    Q_OBJECT
private:
    const model::NetworkSpec m_spec = *model::loadNetworkSpec("alexnet3");

private Q_SLOTS:
    /// Where the rate is as likely high as low, the best on average is neither one's own best; what is certain is the greedy's.
    void theBelievingGreedyTakesTheBestOnAverage()
    {
        const auto options = strategy::tableOptions({.sensitivity = 0.5});
        const auto& evaluator = *options.evaluator;
        const auto believing = strategy::makeOrNull("greedy-belief", m_spec, options);
        QVERIFY(believing);
        int apart = 0;
        for (double rate = 1e4; rate < 1e8; rate *= 2) {
            auto state = stateAt(rate);
            QVERIFY(believing->decide(state) == evaluator.decisionOf(evaluator.best(strategy::at(rate))));
            state.belief.rateCount = 2;
            state.belief.bytesPerSecond = {rate / 30, rate};
            const auto meanOf = [&](std::size_t action) {
                return (evaluator.score(action, strategy::at(rate / 30)).reward
                        + evaluator.score(action, strategy::at(rate)).reward)
                    / 2;
            };
            const auto taken = strategy::actionOf(evaluator, believing->decide(state));
            for (std::size_t action = 0; action < evaluator.actionCount(); ++action)
                QVERIFY(meanOf(action) <= meanOf(taken) + 1e-12);
            apart += taken != evaluator.best(strategy::at(rate)) ? 1 : 0;
        }
        QVERIFY(apart > 0);
    }

    /// A half that is believed to be slow is avoided, and energy that is dear is saved.
    void theBelievingGreedyCountsLoadsAndThePriceOfEnergy()
    {
        const auto options = strategy::tableOptions({.sensitivity = 0.5});
        const auto& evaluator = *options.evaluator;
        const auto believing = strategy::makeOrNull("greedy-belief", m_spec, options);
        constexpr double kRate = 1e5;
        auto state = stateAt(kRate);
        QVERIFY(believing->decide(state).coding.kind != CodingKind::LabelOnly);
        state.belief.edgeFactor = 1e6;
        state.belief.edgeSlow = 1;
        QVERIFY(believing->decide(state).coding.kind == CodingKind::LabelOnly);
        QVERIFY(believing->reason().find("edge with 100 %") != std::string::npos);
        state.belief = {};
        const auto joules = [&](const decision::Decision& decision) {
            return evaluator.score(strategy::actionOf(evaluator, decision), strategy::at(kRate)).prediction.energyJoules;
        };
        state.belief.joulePrice = 1e6;
        for (std::size_t action = 0; action < evaluator.actionCount(); ++action)
            QVERIFY(joules(believing->decide(state)) <= joules(evaluator.decisionOf(action)) + 1e-6);
    }

    /// Late reports say little one by one: their mean decides.
    void theCorrectedGreedyAveragesLateReports()
    {
        const auto options = strategy::tableOptions({.sensitivity = 0.5});
        const auto ewma = strategy::makeOrNull("greedy-ewma", m_spec, options);
        auto state = stateAt(3e5);
        state.belief.reportAgeMs = 500;
        double mean = 0;
        int apart = 0;
        for (int i = 0; i < 40; ++i) {
            const double report = i % 2 == 0 ? 3e5 * 50 : 3e5 / 50;
            mean = i == 0 ? std::log(report) : mean + 0.3 * (std::log(report) - mean);
            state.bytesPerSecond = state.bandwidthLow = state.bandwidthHigh = report;
            const auto bestAt
                = [&](double rate) { return options.evaluator->decisionOf(options.evaluator->best(strategy::at(rate))); };
            QVERIFY(ewma->decide(state) == bestAt(std::exp(mean)));
            apart += bestAt(std::exp(mean)) == bestAt(report) ? 0 : 1;
        }
        QVERIFY(apart > 2);
        state.belief.reportAgeMs = 0;
        QVERIFY(ewma->decide(stateAt(3e5 * 50))
                == options.evaluator->decisionOf(options.evaluator->best(strategy::at(3e5 * 50))));
    }

    void theCorrectedGreedyFindsTheTrueOptimum_data()
    {
        QTest::addColumn<double>("device");
        QTest::addColumn<double>("edge");
        QTest::addColumn<double>("link");
        QTest::newRow("as the table says") << 1.0 << 1.0 << 1.0;
        QTest::newRow("a busy edge") << 1.0 << 40.0 << 1.0;
        QTest::newRow("a busy device") << 12.0 << 1.0 << 1.0;
        QTest::newRow("a link that is slower than told") << 1.0 << 1.0 << 0.05;
    }
    void theCorrectedGreedyFindsTheTrueOptimum()
    {
        QFETCH(double, device);
        QFETCH(double, edge);
        QFETCH(double, link);
        const auto options = strategy::tableOptions();
        const auto& evaluator = *options.evaluator;
        constexpr double kTold = 300e3;
        const auto truth = truthOf(kTold * link, device, edge);
        const auto greedy = strategy::makeOrNull("greedy-ewma", m_spec, options);
        const auto blind = strategy::makeOrNull("greedy", m_spec, options);
        // Each place is measured now and then: what is never used teaches nothing.
        for (int i = 0; i < 60; ++i) {
            const auto decision = greedy->decide(stateAt(kTold));
            greedy->observe(observed(evaluator, i % 2 == 0 ? decision : options.fixed, truth));
        }
        const auto rewardOf = [&](const decision::Decision& decision) {
            return evaluator.rewardOf(strategy::actionOf(evaluator, decision), truth,
                                      evaluator.score(strategy::actionOf(evaluator, decision), truth).prediction.totalMs);
        };
        const auto decision = greedy->decide(stateAt(kTold));
        const double best = rewardOf(evaluator.decisionOf(evaluator.best(truth)));
        QVERIFY2(rewardOf(decision) >= 0.98 * best, decision::toString(decision).c_str());
        QVERIFY(rewardOf(decision) >= rewardOf(blind->decide(stateAt(kTold))) - 1e-12);
        QVERIFY(!greedy->reason().empty());
    }

    void fallbacksTeachTheCorrectedGreedyNothing()
    {
        const auto options = strategy::tableOptions();
        const auto greedy = strategy::makeOrNull("greedy-ewma", m_spec, options);
        const auto before = greedy->decide(stateAt(300e3));
        auto observation = observed(*options.evaluator, options.fixed, truthOf(300e3, 50, 50));
        observation.fallback = true;
        for (int i = 0; i < 20; ++i)
            greedy->observe(observation);
        QVERIFY(greedy->decide(stateAt(300e3)) == before);
    }

    /// Neither the rate nor the edge's load is told: both are learnt from delays.
    void theBanditComesNearTheFastestCut_data()
    {
        QTest::addColumn<double>("rate");
        QTest::addColumn<double>("edge");
        QTest::newRow("a fast link") << 5e6 << 1.0;
        QTest::newRow("a slow link") << 40e3 << 1.0;
        QTest::newRow("a busy edge") << 5e6 << 30.0;
    }
    void theBanditComesNearTheFastestCut()
    {
        QFETCH(double, rate);
        QFETCH(double, edge);
        const auto options = strategy::tableOptions();
        const auto& evaluator = *options.evaluator;
        const auto truth = truthOf(rate, 1, edge);
        const auto bandit = strategy::makeOrNull("autodidactic", m_spec, options);
        QVERIFY(bandit != nullptr);
        double fastest = std::numeric_limits<double>::infinity();
        for (std::size_t action = 0; action < evaluator.actionCount(); ++action) {
            const auto& decision = evaluator.decisionOf(action);
            const bool exact = decision.coding.kind == CodingKind::LabelOnly || decision.coding.kind == CodingKind::Raw
                || (decision.coding.kind == CodingKind::Quantized && decision.coding.parameter == 16);
            if (decision.exit == 3 && exact)
                fastest = std::min(fastest, evaluator.score(action, truth).prediction.totalMs);
        }
        constexpr int kRequests = 600, kLate = 200;
        std::vector<double> late;
        for (int i = 0; i < kRequests; ++i) {
            const auto decision = bandit->decide(stateAt(1e6));  // what is told of the link plays no part
            QCOMPARE(decision.exit, 3);
            const auto observation = observed(evaluator, decision, truth);
            bandit->observe(observation);
            if (i >= kRequests - kLate)
                late.push_back(observation.latencyMs);
        }
        std::nth_element(late.begin(), late.begin() + kLate / 2, late.end());
        QVERIFY2(late[kLate / 2] <= 1.1 * fastest, qPrintable(QString("%1 of %2 ms").arg(late[kLate / 2]).arg(fastest)));
    }

    void theBanditLeavesTheDeviceNowAndThen()
    {
        const auto options = strategy::tableOptions();
        const auto bandit = strategy::makeOrNull("autodidactic", m_spec, options);
        const auto truth = truthOf(2e3, 1, 1);  // all on the device is best by far
        int away = 0;
        constexpr int kRequests = 400;
        for (int i = 0; i < kRequests; ++i) {
            const auto decision = bandit->decide(stateAt(1e6));
            away += decision.coding.kind == CodingKind::LabelOnly ? 0 : 1;
            bandit->observe(observed(*options.evaluator, decision, truth));
        }
        QVERIFY(away > 40 && away < kRequests / 2);
    }

    void withoutALinkTheBanditStaysOnTheDevice()
    {
        const auto bandit = strategy::makeOrNull("autodidactic", m_spec, strategy::tableOptions());
        for (int i = 0; i < 20; ++i)
            QVERIFY(bandit->decide(stateAt(0)).coding.kind == CodingKind::LabelOnly);
    }
};

QTEST_APPLESS_MAIN(TestAdaptiveStrategies)
#include "tst_adaptive_strategies.moc"
