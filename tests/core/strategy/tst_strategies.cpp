// SPDX-License-Identifier: GPL-3.0-or-later
// The table of strategies, and those that need no cost table.
#include "strategy_samples.h"

#include <QTemporaryDir>
#include <QTest>

using namespace splitscope;
using decision::Decision;

class TestStrategies : public QObject {
    Q_OBJECT
private:
    const model::NetworkSpec m_spec = *model::loadNetworkSpec("alexnet3");
    QTemporaryDir m_folder;

    /// Everything that any strategy needs.
    strategy::StrategyOptions optionsFor(const strategy::StrategyInfo& info)
    {
        auto options = info.needsGates != strategy::NeededGates::None ? strategy::gatedOptions() : strategy::tableOptions();
        if (info.needsPolicy) {
            options.policyFile = m_folder.filePath(QString::fromStdString(info.name)).toStdString();
            if (!rl::save(strategy::stubbornPolicy(*options.evaluator, info.name, {7}), options.policyFile).ok())
                qFatal("the policy cannot be written");
        }
        return options;
    }

private Q_SLOTS:
    void eachNameMakesThatStrategyAndItsDecisionIsValid_data()
    {
        QTest::addColumn<int>("at");
        for (std::size_t i = 0; i < strategy::strategies().size(); ++i)
            QTest::newRow(strategy::strategies()[i].name.c_str()) << static_cast<int>(i);
    }
    void eachNameMakesThatStrategyAndItsDecisionIsValid()
    {
        QFETCH(int, at);
        const auto& info = strategy::strategies()[static_cast<std::size_t>(at)];
        QVERIFY(!info.text.empty());
        const auto made = strategy::makeStrategy(info.name, m_spec, optionsFor(info));
        QVERIFY2(made.ok(), made.ok() ? "" : made.error().message().c_str());
        QCOMPARE((*made)->name(), info.name);
        for (const double rate : {0.0, 1.0, 1e4, 3e5, 1e7, decision::kNoLimit})
            QVERIFY(decision::check(m_spec, (*made)->decide(strategy::stateAt(rate))).ok());
        QVERIFY(decision::check(m_spec, (*made)->decide({})).ok());
    }

    void whoReadsTheTableSendsNothingOverALinkThatIsDown_data() { eachNameMakesThatStrategyAndItsDecisionIsValid_data(); }
    void whoReadsTheTableSendsNothingOverALinkThatIsDown()
    {
        QFETCH(int, at);
        const auto& info = strategy::strategies()[static_cast<std::size_t>(at)];
        const auto made = strategy::makeStrategy(info.name, m_spec, optionsFor(info));
        QVERIFY(made.ok());
        if (info.needsTable)
            QVERIFY((*made)->decide(strategy::stateAt(0)).coding.kind == codec::CodingKind::LabelOnly);
    }

    void pinnedLayersAndTheAccuracyFloorBindWhoReadsTheTable_data() { eachNameMakesThatStrategyAndItsDecisionIsValid_data(); }
    void pinnedLayersAndTheAccuracyFloorBindWhoReadsTheTable()
    {
        QFETCH(int, at);
        const auto& info = strategy::strategies()[static_cast<std::size_t>(at)];
        const auto options = optionsFor(info);
        const auto made = strategy::makeStrategy(info.name, m_spec, options);
        QVERIFY(made.ok());
        if (!info.needsTable)
            return;
        decision::Objective objective;
        objective.accuracyFloor = 0.84;  // rules out exit 1
        objective.firstCut = 3;
        objective.lastCut = 8;
        (*made)->setObjective(objective);
        for (double rate = 1e3; rate < 1e9; rate *= 3) {
            const auto decided = (*made)->decide(strategy::stateAt(rate));
            const auto& row = options.evaluator->table().rows()[strategy::actionOf(*options.evaluator, decided)];
            QVERIFY(row.accuracy.accuracy >= 0.84);
            QVERIFY(decided.coding.kind == codec::CodingKind::LabelOnly || (decided.partition >= 3 && decided.partition <= 8));
        }
    }

    void withoutATableThoseThatNeedOneSaySo()
    {
        for (const auto& info : strategy::strategies()) {
            const auto made = strategy::makeStrategy(info.name, m_spec, {.fixed = {2, 6, {codec::CodingKind::Quantized, 8}}});
            QCOMPARE(made.ok(), !info.needsTable);
            if (!made)
                QVERIFY2(made.error().message().find("needs a cost table") != std::string::npos, made.error().message().c_str());
        }
    }

    void aTableOfAnotherNetworkIsRefused()
    {
        const auto other = *model::loadNetworkSpec("alexnet5");
        const auto made = strategy::makeStrategy("optimum", other, strategy::tableOptions());
        QVERIFY(!made.ok());
        QVERIFY(made.error().text.find("of alexnet3, not of alexnet5") != std::string::npos);
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
        QTest::newRow("unknown") << "best" << 1 << 80 << 1 << "on-edge-jpeg, cycle, optimum";
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
