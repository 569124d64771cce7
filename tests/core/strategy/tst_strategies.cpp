// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/strategy/strategy.h"

#include <QTest>

using namespace splitscope;
using decision::Decision;

class TestStrategies : public QObject {
    Q_OBJECT
private:
    const model::NetworkSpec m_spec = *model::loadNetworkSpec("alexnet3");

private Q_SLOTS:
    void eachNameMakesThatStrategyAndItsDecisionIsValid_data()
    {
        QTest::addColumn<QString>("name");
        for (const auto& name : strategy::strategyNames())
            QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }
    void eachNameMakesThatStrategyAndItsDecisionIsValid()
    {
        QFETCH(QString, name);
        const auto made
            = strategy::makeStrategy(name.toStdString(), m_spec, {.fixed = {2, 6, {codec::CodingKind::Quantized, 8}}});
        QVERIFY(made.ok());
        QCOMPARE((*made)->name(), name.toStdString());
        QVERIFY(decision::check(m_spec, (*made)->decide({})).ok());
    }

    void theBaselinesDecideWhatTheirNamesSay_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("partition");
        QTest::addColumn<QString>("coding");
        QTest::newRow("fixed") << "fixed" << 6 << "8";
        QTest::newRow("on-device") << "on-device" << 12 << "label";
        QTest::newRow("on-edge") << "on-edge" << 0 << "raw";
        QTest::newRow("on-edge-lossless") << "on-edge-lossless" << 0 << "lossless";
        QTest::newRow("on-edge-jpeg") << "on-edge-jpeg" << 0 << "jpeg:75";
    }
    void theBaselinesDecideWhatTheirNamesSay()
    {
        QFETCH(QString, name);
        QFETCH(int, partition);
        QFETCH(QString, coding);
        const strategy::StrategyOptions options{.fixed = {2, 6, {codec::CodingKind::Quantized, 8}}, .jpegQuality = 75};
        const auto made = strategy::makeStrategy(name.toStdString(), m_spec, options);
        QVERIFY(made.ok());
        for (int i = 0; i < 3; ++i) {
            const auto decided = (*made)->decide({});
            QCOMPARE(decided.exit, 2);
            QCOMPARE(decided.partition, partition);
            QCOMPARE(codec::toString(decided.coding), coding.toStdString());
        }
    }

    void cycleStaysForItsDwellAndGoesThroughEveryDistinctDecision()
    {
        constexpr int kDwell = 3;
        const auto made = strategy::makeStrategy("cycle", m_spec, {.dwell = kDwell});
        QVERIFY(made.ok());
        const auto all = decision::DecisionSpace(m_spec, {}).decisions();
        for (std::size_t turn = 0; turn <= all.size(); ++turn)  // and begins anew
            for (int i = 0; i < kDwell; ++i)
                QVERIFY((*made)->decide({}) == all[turn % all.size()]);
    }

    void cycleKeepsToItsActionSet()
    {
        const auto made
            = strategy::makeStrategy("cycle", m_spec, {.dwell = 1, .actions = decision::SpaceOptions::verification()});
        QVERIFY(made.ok());
        for (int i = 0; i < 100; ++i) {
            const auto kind = (*made)->decide({}).coding.kind;
            QVERIFY(kind == codec::CodingKind::Float32 || kind == codec::CodingKind::LabelOnly);
        }
    }

    void whatDoesNotFitIsRefusedWithTheReason_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("exit");
        QTest::addColumn<int>("quality");
        QTest::addColumn<int>("dwell");
        QTest::addColumn<QString>("says");
        QTest::newRow("unknown") << "best" << 1 << 80 << 1 << "on-edge-jpeg, cycle";
        QTest::newRow("fixed decision") << "fixed" << 4 << 80 << 1 << "exit 4 is outside 1..3";
        QTest::newRow("device exit") << "on-device" << 0 << 80 << 1 << "exit 0 is outside 1..3";
        QTest::newRow("edge exit") << "on-edge" << 9 << 80 << 1 << "exit 9 is outside 1..3";
        QTest::newRow("quality") << "on-edge-jpeg" << 1 << 101 << 1 << "quality 101 is outside 1..100";
        QTest::newRow("dwell") << "cycle" << 1 << 80 << 0 << "at least 1";
    }
    void whatDoesNotFitIsRefusedWithTheReason()
    {
        QFETCH(QString, name);
        QFETCH(int, exit);
        QFETCH(int, quality);
        QFETCH(int, dwell);
        QFETCH(QString, says);
        const strategy::StrategyOptions options{
            .fixed = {exit, 6, {codec::CodingKind::Quantized, 8}}, .jpegQuality = quality, .dwell = dwell};
        const auto made = strategy::makeStrategy(name.toStdString(), m_spec, options);
        QVERIFY(!made.ok());
        QVERIFY2(made.error().text.find(says.toStdString()) != std::string::npos, made.error().text.c_str());
    }
};

QTEST_APPLESS_MAIN(TestStrategies)
#include "tst_strategies.moc"
