// SPDX-License-Identifier: GPL-3.0-or-later
// Policies in charge: they decide where they were trained, within the constraints, and nowhere else.
#include "strategy_samples.h"

#include <QTemporaryDir>
#include <QTest>

using namespace splitscope;
using strategy::at;
using strategy::stateAt;

class TestLearned : public QObject {
    Q_OBJECT
private:
    const model::NetworkSpec m_spec = *model::loadNetworkSpec("alexnet3");
    QTemporaryDir m_folder;
    int m_files = 0;

    strategy::StrategyOptions with(const rl::Policy& policy, const decision::Objective& objective = {})
    {
        auto options = strategy::tableOptions(objective);
        options.policyFile = m_folder.filePath(QString::number(++m_files)).toStdString();
        if (!rl::save(policy, options.policyFile).ok())
            qFatal("the policy cannot be written");
        return options;
    }

private Q_SLOTS:
    void thePolicyDecidesWhereItWasTrained()
    {
        const auto evaluator = strategy::tableOptions().evaluator;
        for (const char* name : {"sacd", "dqn", "sacd-paper", "boomerang", "supervised"}) {
            const auto made = strategy::makeStrategy(name, m_spec, with(strategy::stubbornPolicy(*evaluator, name, {11})));
            QVERIFY2(made.ok(), made.ok() ? "" : made.error().message().c_str());
            QVERIFY((*made)->decide(stateAt(1e6)) == evaluator->decisionOf(11));
            QVERIFY((*made)->reason().empty());
        }
    }

    void beyondItsTrainingTheGreedyDecidesAndSaysSo_data()
    {
        QTest::addColumn<double>("rate");
        QTest::addColumn<double>("sensitivity");
        QTest::newRow("bandwidth below") << 10.0 << 10.0;
        QTest::newRow("bandwidth above") << 1e10 << 10.0;
        QTest::newRow("no limit") << decision::kNoLimit << 10.0;
        QTest::newRow("slider beyond") << 1e6 << 1e5;
    }
    void beyondItsTrainingTheGreedyDecidesAndSaysSo()
    {
        QFETCH(double, rate);
        QFETCH(double, sensitivity);
        decision::Objective objective;
        objective.sensitivity = sensitivity;
        const auto evaluator = strategy::tableOptions(objective).evaluator;
        const auto worst = strategy::actionOf(*evaluator, {1, 1, {codec::CodingKind::Quantized, 4}});
        const auto made
            = strategy::makeStrategy("sacd", m_spec, with(strategy::stubbornPolicy(*evaluator, "sacd", {worst}), objective));
        QVERIFY(made.ok());
        QVERIFY((*made)->decide(stateAt(rate)) == evaluator->decisionOf(evaluator->best(at(rate))));
        QVERIFY((*made)->reason().find("beyond what the policy was trained on") != std::string::npos);
    }

    void whatMayNotBeTakenIsPassedOver()
    {
        const auto evaluator = strategy::tableOptions().evaluator;
        const auto raw = strategy::actionOf(*evaluator, {3, 0, {codec::CodingKind::Raw, 0}});
        const auto interior = strategy::actionOf(*evaluator, {3, 6, {codec::CodingKind::Quantized, 8}});
        const auto local = strategy::actionOf(*evaluator, decision::onDevice(m_spec, 2));
        const auto made
            = strategy::makeStrategy("dqn", m_spec, with(strategy::stubbornPolicy(*evaluator, "dqn", {raw, interior, local})));
        QVERIFY(made.ok());
        QVERIFY((*made)->decide(stateAt(1e6)) == evaluator->decisionOf(raw));
        QVERIFY((*made)->decide(stateAt(0)) == evaluator->decisionOf(local));
        decision::Objective pinned;
        pinned.firstCut = 2;
        (*made)->setObjective(pinned);
        QVERIFY((*made)->decide(stateAt(1e6)) == evaluator->decisionOf(interior));
    }

    void whereGatesMayBeChosenOneThatKnowsThemDecides_data()
    {
        QTest::addColumn<QString>("actionSet");
        QTest::addColumn<bool>("expected");
        QTest::newRow("none") << "standard" << false;
        QTest::newRow("on the device") << "standard+gates" << true;
        QTest::newRow("on the edge") << "standard+edge-gates" << true;
    }
    void whereGatesMayBeChosenOneThatKnowsThemDecides()
    {
        QFETCH(QString, actionSet);
        QFETCH(bool, expected);
        const auto actions = *decision::parseSpaceOptions(actionSet.toStdString());
        const auto accuracy = *profile::loadShippedAccuracyTable("alexnet3", "cifar10");
        const auto table = profile::loadShippedCostTable("alexnet3", "cifar10")->withGates(actions, accuracy);
        QVERIFY2(table.ok(), table.ok() ? "" : table.error().message().c_str());
        strategy::StrategyOptions options;
        options.conditions.deviceSlowdown = 8;
        options.evaluator = std::make_shared<const sim::Evaluator>(sim::smallEvaluator({.sensitivity = 0.1}, 1, *table));
        const auto made = strategy::makeStrategy("sacd", m_spec, options);
        QVERIFY2(made.ok(), made.ok() ? "" : made.error().message().c_str());
        int gates = 0;
        for (double rate = 3e4; rate < 1e7; rate *= 1.3) {
            auto state = stateAt(rate);
            state.deviceSlowdown = 8;
            gates += (*made)->decide(state).gate.has_value();
        }
        QCOMPARE(gates > 0, expected);
    }

    void aPolicyThatDoesNotFitIsRefused_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("says");
        QTest::newRow("algorithm") << "algorithm"
                                   << "was trained by dqn";
        QTest::newRow("network") << "network"
                                 << "alexnet5";
        QTest::newRow("weights") << "weights"
                                 << "other weights";
        QTest::newRow("batch") << "batch"
                               << "batches of 8";
        QTest::newRow("action") << "action"
                                << "does not hold";
        QTest::newRow("file") << "file"
                              << "nowhere";
    }
    void aPolicyThatDoesNotFitIsRefused()
    {
        QFETCH(QString, what);
        QFETCH(QString, says);
        auto policy = strategy::stubbornPolicy(*strategy::tableOptions().evaluator, "sacd", {0});
        if (what == "algorithm")
            policy.algorithm = "dqn";
        if (what == "network")
            policy.network = "alexnet5";
        if (what == "weights")
            policy.modelHash = std::string(64, 'c');
        if (what == "batch")
            policy.batch = 8;
        if (what == "action")
            policy.actions[3] = {2, 6, {codec::CodingKind::Quantized, 11}};
        auto options = with(policy);
        if (what == "file")
            options.policyFile = "/nowhere/at.all";
        const auto made = strategy::makeStrategy("sacd", m_spec, options);
        QVERIFY(!made.ok());
        QVERIFY2(made.error().message().find(says.toStdString()) != std::string::npos, made.error().message().c_str());
    }
};

QTEST_APPLESS_MAIN(TestLearned)
#include "tst_learned.moc"
