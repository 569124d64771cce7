// SPDX-License-Identifier: GPL-3.0-or-later
// Others' strategies that choose bits, against their definitions written out here: JALAD and Ko et al.
#include "strategy_samples.h"

#include <QTest>

#include <limits>
#include <set>

using namespace splitscope;
using codec::CodingKind;
using strategy::at;
using strategy::stateAt;

class TestCodingStrategies : public QObject {
    Q_OBJECT
private:
    const model::NetworkSpec m_spec = *model::loadNetworkSpec("alexnet3");

    [[nodiscard]] static double accuracyOf(const sim::Evaluator& evaluator, std::size_t action)
    {
        return evaluator.score(action, at(1e6)).prediction.accuracy;
    }
    /// Of the last exit's own, nothing coded.
    [[nodiscard]] static double ownAccuracy(const sim::Evaluator& evaluator)
    {
        for (std::size_t action = 0; action < evaluator.actionCount(); ++action)
            if (evaluator.decisionOf(action).exit == 3 && evaluator.decisionOf(action).coding.kind == CodingKind::LabelOnly)
                return accuracyOf(evaluator, action);
        return 0;
    }

private Q_SLOTS:
    void jaladIsTheFastestWithinItsLoss_data()
    {
        QTest::addColumn<double>("loss");
        QTest::newRow("none") << 0.0;
        QTest::newRow("a point") << 0.01;
        QTest::newRow("anything") << 1.0;
    }
    void jaladIsTheFastestWithinItsLoss()
    {
        QFETCH(double, loss);
        auto options = strategy::tableOptions();
        options.accuracyLoss = loss;
        const auto& evaluator = *options.evaluator;
        const auto jalad = strategy::makeOrNull("jalad", m_spec, options);
        QVERIFY(jalad != nullptr);
        std::set<std::string> taken;
        for (double rate = 1e3; rate < 1e9; rate *= 2) {
            const auto decision = jalad->decide(stateAt(rate));
            const auto action = strategy::actionOf(evaluator, decision);
            QCOMPARE(decision.exit, 3);
            QVERIFY(accuracyOf(evaluator, action) >= ownAccuracy(evaluator) - loss);
            const double ms = evaluator.score(action, at(rate)).prediction.totalMs;
            for (std::size_t other = 0; other < evaluator.actionCount(); ++other) {
                const auto& candidate = evaluator.decisionOf(other);
                if (candidate.exit == 3 && candidate.coding.kind != CodingKind::Jpeg
                    && accuracyOf(evaluator, other) >= ownAccuracy(evaluator) - loss)
                    QVERIFY(ms <= evaluator.score(other, at(rate)).prediction.totalMs);
            }
            taken.insert(decision::toString(decision));
        }
        QVERIFY(taken.size() >= 2);
    }

    void jaladStaysOnTheDeviceWithoutALink()
    {
        const auto jalad = strategy::makeOrNull("jalad", m_spec, strategy::tableOptions());
        QVERIFY(jalad->decide(stateAt(0)).coding.kind == CodingKind::LabelOnly);
    }

    void koCutsBehindTheConvolutions_data()
    {
        QTest::addColumn<QString>("name");
        QTest::newRow("8 bits") << "ko-lossless";
        QTest::newRow("fewest bits") << "ko-lossy";
    }
    void koCutsBehindTheConvolutions()
    {
        QFETCH(QString, name);
        const auto options = strategy::tableOptions();
        const auto& evaluator = *options.evaluator;
        const auto ko = strategy::makeOrNull(name.toStdString(), m_spec, options);
        QVERIFY(ko != nullptr);
        const auto decision = ko->decide(stateAt(1e6));
        QVERIFY(decision == ko->decide(stateAt(1e3)));  // once and for all
        QCOMPARE(decision.exit, 3);
        const model::Path path(m_spec, 3);
        for (int layer = 1; layer <= path.length(); ++layer) {
            const auto type = path.layer(layer).spec.type;
            QVERIFY(type != model::LayerType::Conv || layer <= decision.partition);
            QVERIFY(type != model::LayerType::Fc || layer > decision.partition);
        }
        QVERIFY(decision.coding.kind == CodingKind::Quantized);
        if (name == "ko-lossless")
            QCOMPARE(decision.coding.parameter, 8);
        else
            for (int bits = codec::kMinBits; bits < decision.coding.parameter; ++bits)
                if (const auto row = evaluator.table().rowOf({3, decision.partition, {CodingKind::Quantized, bits}}))
                    QVERIFY(accuracyOf(evaluator, *row) < ownAccuracy(evaluator) - options.accuracyLoss);
    }

    void koSaysWhatItsTableLacks()
    {
        auto options = strategy::tableOptions();
        decision::SpaceOptions fourBits;
        fourBits.bits = {4};
        const auto table = sim::smallTable("alexnet3", fourBits);
        options.evaluator = std::make_shared<const sim::Evaluator>(sim::smallEvaluator({}, 1, table));
        const auto lossless = strategy::makeStrategy("ko-lossless", m_spec, options);
        QVERIFY(!lossless.ok());
        QVERIFY2(lossless.error().text.find("does not hold 8 bits at cut") != std::string::npos, lossless.error().text.c_str());
    }

    void lossIsAShare_data()
    {
        QTest::addColumn<QString>("name");
        QTest::newRow("jalad") << "jalad";
        QTest::newRow("ko") << "ko-lossy";
    }
    void lossIsAShare()
    {
        QFETCH(QString, name);
        auto options = strategy::tableOptions();
        options.accuracyLoss = -0.1;
        const auto made = strategy::makeStrategy(name.toStdString(), m_spec, options);
        QVERIFY(!made.ok());
        QVERIFY(made.error().message().find("accuracy") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestCodingStrategies)
#include "tst_coding_strategies.moc"
