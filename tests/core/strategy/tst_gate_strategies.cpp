// SPDX-License-Identifier: GPL-3.0-or-later
// Strategies with gates, against their definitions written out here: BranchyNet on either half, and SPINN.
#include "strategy_samples.h"

#include <QTest>

#include <array>
#include <set>

using namespace splitscope;
using codec::CodingKind;
using decision::Decision;
using strategy::at;
using strategy::stateAt;

class TestGateStrategies : public QObject {
    Q_OBJECT
private:
    const model::NetworkSpec m_spec = *model::loadNetworkSpec("alexnet3");

    [[nodiscard]] double ownAccuracy(const sim::Evaluator& evaluator) const
    {
        return evaluator.table().rows()[*evaluator.table().rowOf(decision::onDevice(m_spec, 3))].accuracy.accuracy;
    }
    /// Whether BranchyNet could run so: exact, and cut behind the branch or not at all.
    static bool isBranch(const Decision& decision)
    {
        const std::array branches{3, 6};
        return decision.exit == 3 && decision.gate
            && (decision.coding.kind == CodingKind::LabelOnly
                || (decision.coding == codec::Coding{CodingKind::Quantized, 16}
                    && decision.partition == branches[static_cast<std::size_t>(decision.gate->exit - 1)]));
    }
    /// Whether the edge could run it alone.
    static bool isBranchOnEdge(const Decision& decision)
    {
        return decision.exit == 3 && decision.gate
            && (decision.coding.kind == CodingKind::Raw || decision.coding.kind == CodingKind::Lossless);
    }
    static bool isDesign(const Decision& decision)
    {
        return decision.exit == 3 && decision.coding.kind != CodingKind::Jpeg
            && (decision.coding.kind != CodingKind::Quantized || decision.coding.parameter == 8);
    }

private Q_SLOTS:
    void eachIsTheFastestOfItsOwnWithinTheLoss_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<double>("loss");
        for (const QString& name : {QStringLiteral("branchynet"), QStringLiteral("branchynet-edge"), QStringLiteral("spinn")})
            for (const double loss : {0.01, 0.05, 1.0})
                QTest::newRow(qPrintable(name + QStringLiteral(", %1").arg(loss))) << name << loss;
    }
    void eachIsTheFastestOfItsOwnWithinTheLoss()
    {
        QFETCH(QString, name);
        QFETCH(double, loss);
        const auto given = strategy::gatedOptions(loss);
        const auto& evaluator = *given.evaluator;
        const auto isOwn = name == "spinn" ? isDesign : name == "branchynet" ? isBranch : isBranchOnEdge;
        const auto made = strategy::makeOrNull(name.toStdString(), m_spec, given);
        QVERIFY(made != nullptr);
        std::set<std::string> taken;
        for (double rate = 1e3; rate < 1e9; rate *= 2) {
            const auto decision = made->decide(stateAt(rate));
            QVERIFY2(isOwn(decision), decision::toString(decision).c_str());
            const auto chosen = evaluator.score(strategy::actionOf(evaluator, decision), at(rate)).prediction;
            QVERIFY(chosen.accuracy >= ownAccuracy(evaluator) - loss);
            for (std::size_t other = 0; other < evaluator.actionCount(); ++other)
                if (isOwn(evaluator.decisionOf(other))
                    && evaluator.table().rows()[other].accuracy.accuracy >= ownAccuracy(evaluator) - loss)
                    QVERIFY(chosen.totalMs <= evaluator.score(other, at(rate)).prediction.totalMs);
            taken.insert(decision::toString(decision));
        }
        QVERIFY(taken.size() >= (name == "branchynet-edge" ? 1 : 2));  // it has no cut to choose
    }

    void theRestStaysOnTheDeviceWithoutALink_data()
    {
        QTest::addColumn<QString>("name");
        QTest::newRow("branchynet") << "branchynet";
        QTest::newRow("spinn") << "spinn";
    }
    void theRestStaysOnTheDeviceWithoutALink()
    {
        QFETCH(QString, name);
        const auto made = strategy::makeOrNull(name.toStdString(), m_spec, strategy::gatedOptions(0.05));
        QVERIFY(made->decide(stateAt(0)).coding.kind == CodingKind::LabelOnly);
    }

    void withoutALinkAllOfTheEdgesGatesAreLost()
    {
        const auto made = strategy::makeOrNull("branchynet-edge", m_spec, strategy::gatedOptions(0.05));
        QVERIFY(made->decide(stateAt(0)).coding.kind == CodingKind::LabelOnly);
        QVERIFY(made->reason().find("no gate") != std::string::npos);
        QVERIFY(decision::gatedOnEdge(m_spec, made->decide(stateAt(1e6))));
        QVERIFY(made->reason().empty());
    }

    void withoutGatesTheyCannotBeMade_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("example");
        QTest::newRow("branchynet") << "branchynet"
                                    << "standard+gates";
        QTest::newRow("branchynet-edge") << "branchynet-edge"
                                         << "standard+edge-gates";
        QTest::newRow("spinn") << "spinn"
                               << "standard+gates";
    }
    void withoutGatesTheyCannotBeMade()
    {
        QFETCH(QString, name);
        QFETCH(QString, example);
        const auto made = strategy::makeStrategy(name.toStdString(), m_spec, strategy::tableOptions());
        QVERIFY(!made.ok());
        QVERIFY(made.error().message().find(example.toStdString()) != std::string::npos);
        auto negative = strategy::gatedOptions(-0.1);
        QVERIFY(!strategy::makeStrategy(name.toStdString(), m_spec, negative).ok());
    }

    void gatesOfTheOtherHalfWillNotDo()
    {
        auto accuracy = profile::sampleAccuracy(m_spec, {});
        profile::makeEntropiesDiffer(accuracy);
        for (const bool onEdge : {false, true}) {
            decision::SpaceOptions actions;
            (onEdge ? actions.edgeGateThresholds : actions.gateThresholds) = {0.5};
            strategy::StrategyOptions given;
            given.evaluator = std::make_shared<const sim::Evaluator>(sim::smallEvaluator(
                {}, 1,
                *profile::CostTable::make(m_spec, actions, profile::sampleProfile(m_spec, {}, 4, 0.4),
                                          profile::sampleProfile(m_spec, {}, 1, 0.1), profile::kSampleLink, accuracy)));
            given.accuracyLoss = 1;
            QCOMPARE(strategy::makeStrategy("branchynet", m_spec, given).ok(), !onEdge);
            QCOMPARE(strategy::makeStrategy("branchynet-edge", m_spec, given).ok(), onEdge);
            QVERIFY(strategy::makeStrategy("spinn", m_spec, given).ok());
            for (const auto& info : strategy::strategies())
                QCOMPARE(strategy::offers(actions, info.needsGates),
                         info.needsGates == strategy::NeededGates::None || info.name == "spinn"
                             || info.name == (onEdge ? "branchynet-edge" : "branchynet"));
        }
    }

    void strategiesOfBeforeDoNotTakeGates()
    {
        auto given = strategy::gatedOptions(0.5);
        for (const char* name : {"jalad", "ko-lossy", "neurosurgeon-latency", "edgent", "autodidactic"}) {
            const auto made = strategy::makeOrNull(name, m_spec, given);
            QVERIFY(made != nullptr);
            for (double rate = 1e3; rate < 1e9; rate *= 4)
                QVERIFY2(!made->decide(stateAt(rate)).gate, name);
        }
    }

    // The yardstick of a gated action set is the best of gated and others.
    void theOptimumIsOverGatesToo()
    {
        // Early exits are right on the 60 images in 100 that they are sure of, the last one on all: only gates are fast and
        // right.
        auto accuracy = profile::sampleAccuracy(m_spec, {});
        for (auto& column : accuracy.columns)
            for (std::size_t i = 0; i < accuracy.images; ++i) {
                column.entropy[i] = i < 60 ? 0.25F : 2.0F;
                column.correct[i] = i < 60 || column.exit == 3;
            }
        auto table = *profile::CostTable::make(m_spec, profile::gatedActions(), profile::sampleProfile(m_spec, {}, 4, 0.4),
                                               profile::sampleProfile(m_spec, {}, 1, 0.1), profile::kSampleLink, accuracy);
        strategy::StrategyOptions given;
        given.evaluator
            = std::make_shared<const sim::Evaluator>(sim::smallEvaluator({.accuracyFloor = 0.9}, 1, std::move(table)));
        const auto optimum = strategy::makeOrNull("optimum", m_spec, given);
        const auto& evaluator = *given.evaluator;
        int gated = 0;
        for (double rate = 1e3; rate < 1e9; rate *= 2) {
            const auto decision = optimum->decide(stateAt(rate));
            gated += decision.gate ? 1 : 0;
            const double reward = evaluator.score(strategy::actionOf(evaluator, decision), at(rate)).reward;
            for (std::size_t other = 0; other < evaluator.actionCount(); ++other)
                QVERIFY(evaluator.score(other, at(rate)).reward <= reward);
        }
        QVERIFY(gated > 0);
    }

    // 1/T and a deadline do not average as T does.
    void aGatedRewardIsTheMeanOverRequests()
    {
        const auto given = strategy::gatedOptions(0.01);
        const auto with = [&](double deadlineMs) {
            decision::Objective objective;
            objective.deadlineMs = deadlineMs;
            return *given.evaluator->withObjective(objective);
        };
        const Decision decision{3, 6, {CodingKind::Quantized, 8}, decision::Gate{1, 0.5}};
        const auto row = *given.evaluator->table().rowOf(decision);
        const auto& table = given.evaluator->table();
        const double share = table.rows()[row].accuracy.goesOn;
        const auto answered = table.predictGoingOn(row, 1, 0, at(1e5)), sent = table.predictGoingOn(row, 1, 1, at(1e5));
        const auto mean = table.predict(row, 1, at(1e5));
        QVERIFY(answered.totalMs < mean.totalMs && mean.totalMs < sent.totalMs);
        for (const double deadlineMs : {decision::kNoLimit, (answered.totalMs + sent.totalMs) / 2}) {
            const auto evaluator = with(deadlineMs);
            const auto rewardAt = [&](double ms) {
                return decision::reward(
                    evaluator.objective(), evaluator.scale(), 1e5,
                    {.accuracy = mean.accuracy, .latencyMs = ms, .energyJoules = mean.energyJoules, .frames = 1});
            };
            const double expected = (1 - share) * rewardAt(answered.totalMs) + share * rewardAt(sent.totalMs);
            QVERIFY(std::abs(evaluator.score(row, at(1e5)).reward - expected) < 1e-12);
            const double later = (1 - share) * rewardAt(answered.totalMs + 3) + share * rewardAt(sent.totalMs + 3);
            QVERIFY(std::abs(evaluator.rewardOf(row, at(1e5), mean.totalMs + 3) - later) < 1e-12);
        }
    }
};

QTEST_APPLESS_MAIN(TestGateStrategies)
#include "tst_gate_strategies.moc"
