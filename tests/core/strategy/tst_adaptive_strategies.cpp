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
