// SPDX-License-Identifier: GPL-3.0-or-later
// What a finished request was worth: rewards and regrets by hand, the rate that it is held against, and a scenario's table.
#include "core/session/appraisal.h"
#include "core/session/pricing.h"
#include "tests/core/session/session_samples.h"
#include "tests/core/sim/small_table.h"

#include <QTemporaryDir>
#include <QTest>

#include <limits>
#include <set>

using namespace splitscope;

class TestAppraisal : public QObject {
    Q_OBJECT
private:
    const sim::Evaluator m_evaluator = sim::smallEvaluator();

    static profile::Conditions at(double rate)
    {
        profile::Conditions conditions;
        conditions.bytesPerSecond = rate;
        return conditions;
    }

private Q_SLOTS:
    void theRewardHasTheMeasuredTimeAndTheTablesAccuracy()
    {
        auto sample = makeSample(0, 1, 17, 1);  // its label is wrong: the table's accuracy counts
        session::price(sample, m_evaluator, at(1e6));
        const auto row = *m_evaluator.table().rowOf(sample.record.decision);
        const auto expected = m_evaluator.table().predict(row, 1, at(1e6));
        QVERIFY(sample.priced);
        QCOMPARE(sample.expectedAccuracy, expected.accuracy);
        QCOMPARE(sample.reward,
                 decision::reward(m_evaluator.objective(), m_evaluator.scale(), 1e6,
                                  {.accuracy = expected.accuracy, .latencyMs = 17, .energyJoules = expected.energyJoules}));
        QCOMPARE(sample.regret, m_evaluator.regret(row, at(1e6)));
        QVERIFY(sample.optimum == m_evaluator.decisionOf(m_evaluator.best(at(1e6))));
    }

    void aFallbackIsWorthWhatTheDeviceAnswered()
    {
        auto sample = makeSample(0, 1, 250);
        sample.record.outcome = wire::Outcome::Fallback;
        session::price(sample, m_evaluator, at(0));
        const auto local = *m_evaluator.table().rowOf(decision::onDevice(m_evaluator.table().spec(), 2));
        QCOMPARE(sample.reward, m_evaluator.rewardOf(local, at(0), 250));
        QVERIFY(sample.regret > 0);  // all on the device would have been better from the start
        QCOMPARE(sample.expectedAccuracy, m_evaluator.table().rows()[local].accuracy.accuracy);
    }

    void aFallbackPaysForWhatItSentUntilItGaveUp()
    {
        const auto& spec = m_evaluator.table().spec();
        const profile::EnergyModel energy(spec, {});
        auto sample = makeSample(0, 4, 250);
        sample.record.outcome = wire::Outcome::Fallback;
        const auto local = decision::onDevice(spec, sample.record.decision);
        // All bytes crossed before it gave up.
        QCOMPARE(session::modelledEnergy(sample.record, energy, spec), energy.perFrame(local, 1200.0 / 4, 1e6));
        // The link broke down: a quarter of a second at 1 B/s is what the radio was on for, four frames sharing it.
        sample.record.setBytesPerSecond = 1;
        QCOMPARE(session::modelledEnergy(sample.record, energy, spec),
                 energy.perFrame(local, 0, 1) + profile::EnergyProfile{}.transmitWatts * 0.25 / 4);
    }

    void whatTheTableDoesNotKnowIsNotPriced()
    {
        auto lost = makeLost(0, 1);
        session::price(lost, m_evaluator, at(1e6));
        QVERIFY(!lost.priced);
        auto strange = makeSample(0, 1);
        strange.record.decision.coding.parameter = 11;
        session::price(strange, m_evaluator, at(1e6));
        QVERIFY(!strange.priced);
    }

    void theBestIsThatOfTheConditionsNow()
    {
        const auto evaluator = std::make_shared<const sim::Evaluator>(m_evaluator);
        auto objective = m_evaluator.objective();
        objective.deadlineMs = 5;
        QVERIFY(m_evaluator.withObjective(objective).ok());
        const auto strict = std::make_shared<const sim::Evaluator>(std::move(m_evaluator.withObjective(objective)).value());
        session::LastBest last;
        std::set<std::size_t> rows;
        for (const auto& each : {evaluator, strict})
            for (const double rate : {0.0, 1e4, 1e4, 1e5, 1e6, 1e9})
                for (const double slowdown : {1.0, 20.0}) {
                    auto conditions = at(rate);
                    conditions.deviceSlowdown = slowdown;
                    QCOMPARE(last.of(each, conditions), each->best(conditions));
                    rows.insert(last.of(each, conditions));
                }
        QVERIFY2(rows.size() > 1, "nothing that could be mistaken");
    }

    void theRateIsTheRequestsOwnWhereItTellsOne_data()
    {
        QTest::addColumn<int>("outcome");
        QTest::addColumn<qulonglong>("wireBytes");
        QTest::addColumn<double>("transferMs");
        QTest::addColumn<double>("estimate");
        QTest::addColumn<double>("set");
        QTest::addColumn<double>("expected");
        constexpr int kDone = static_cast<int>(wire::Outcome::Done);
        const double none = std::numeric_limits<double>::infinity();
        // The sample link takes 0.4 ms and 0.2 ms, and lets 1,500 bytes pass at once.
        QTest::newRow("its own") << kDone << 101'500ULL << 100.6 << 5e5 << 2e6 << 1e6;
        QTest::newRow("round trip outweighs it") << kDone << 10'000ULL << 0.7 << 5e5 << 2e6 << 5e5;
        QTest::newRow("too few bytes") << kDone << 2'000ULL << 50.0 << 5e5 << 2e6 << 5e5;
        QTest::newRow("nothing sent") << kDone << 0ULL << 0.0 << 5e5 << 2e6 << 5e5;
        QTest::newRow("no estimate") << kDone << 0ULL << 0.0 << 0.0 << 2e6 << 2e6;
        QTest::newRow("unshaped") << kDone << 0ULL << 0.0 << 0.0 << 0.0 << none;
        QTest::newRow("fallback") << static_cast<int>(wire::Outcome::Fallback) << 101'500ULL << 100.6 << 5e5 << 2e6 << 0.0;
    }
    void theRateIsTheRequestsOwnWhereItTellsOne()
    {
        QFETCH(int, outcome);
        QFETCH(qulonglong, wireBytes);
        QFETCH(double, transferMs);
        QFETCH(double, estimate);
        QFETCH(double, set);
        QFETCH(double, expected);
        wire::FrameRecord record;
        record.outcome = static_cast<wire::Outcome>(outcome);
        record.wireBytes = wireBytes;
        record.stages.transfer = transferMs;
        record.setBytesPerSecond = set;
        link::BandwidthEstimate believed;
        believed.bytesPerSecond = estimate;
        QCOMPARE(session::uplinkRateOf(record, believed, -1, sim::kSmallLink), expected);
    }

    /// The table foretells requests alone. One that waited for others on a shared edge and was computed in their batch is no
    /// reason to call it off; the same times on an edge of its own are, and so is an edge that is slow in batches.
    void aSharedEdgeIsNoAlarm_data()
    {
        QTest::addColumn<double>("rowsTogether");
        QTest::addColumn<double>("edgeTimes");
        QTest::addColumn<bool>("edgeOff");
        QTest::addColumn<bool>("waitingOff");
        QTest::newRow("shared") << 32.0 << 1.0 << false << false;
        QTest::newRow("shared, and slow") << 32.0 << 2.0 << true << false;
        QTest::newRow("its own") << 0.0 << 1.0 << true << true;
    }
    void aSharedEdgeIsNoAlarm()
    {
        QFETCH(double, rowsTogether);
        QFETCH(double, edgeTimes);
        QFETCH(bool, edgeOff);
        QFETCH(bool, waitingOff);
        constexpr int kBatch = 32;
        const auto& table = m_evaluator.table();
        auto record = makeSample(0, 1).record;
        record.decision = {2, 0, {codec::CodingKind::Raw, 0}};  // all of it on the edge
        const auto row = *table.rowOf(record.decision);
        const auto alone = table.predict(row, 1, at(1e6)), batch = table.predict(row, kBatch, at(1e6));
        auto& s = record.stages;
        s = {};
        s.capture = alone.captureMs;
        s.transfer = alone.transferMs;
        s.edgeQueue = 2 * alone.totalMs;
        s.decode = alone.decodeMs;
        s.edgeSegment = edgeTimes * batch.edgeMs / kBatch;
        s.total = s.capture + s.transfer + s.edgeQueue + s.decode + s.edgeSegment;
        profile::PredictionWatch watch;
        for (std::size_t i = 0; i < profile::PredictionWatch::kLeast; ++i) {
            const auto [predicted, measured] = session::compare(record, table, row, at(1e6), rowsTogether);
            watch.learn(predicted, measured);
        }
        const auto fits = watch.fits();
        const auto off = [&](profile::Stage stage) { return fits[static_cast<std::size_t>(stage)].off; };
        QCOMPARE(off(profile::Stage::Edge), edgeOff);
        QCOMPARE(off(profile::Stage::Transfer), waitingOff);
        if (edgeTimes == 1.0)
            QCOMPARE(off(profile::Stage::Total), waitingOff);
    }

    void aScenariosTableIsFoundScaledAndFrozen()
    {
        QTemporaryDir folder;
        session::Scenario scenario;
        scenario.costTable = folder.filePath("costs.json").toStdString();
        QVERIFY(!session::makeEvaluator(scenario).ok());
        scenario.coder.reset();
        scenario.codebook = "/nowhere";
        session::freeze(scenario);
        QVERIFY(scenario.coder == codec::EntropyCoder::None);  // neither a table nor a codebook
        QVERIFY(sim::smallTable().save(scenario.costTable).ok());
        scenario.objective.sensitivity = 3;
        scenario.deadlineMs = 40;
        const auto made = session::makeEvaluator(scenario);
        QVERIFY2(made.ok(), made.ok() ? "" : made.error().message().c_str());
        QCOMPARE((*made)->objective().sensitivity, 3.0);
        QCOMPARE((*made)->objective().deadlineMs, 40.0);  // the scenario's, where the reward has none of its own
        scenario.objective.deadlineMs = 30;
        QCOMPARE((*session::makeEvaluator(scenario))->objective().deadlineMs, 30.0);
        session::freeze(scenario);
        QVERIFY(scenario.scale && *scenario.scale == (*made)->scale());
        QVERIFY(scenario.coder == (*made)->table().coder());
        scenario.slowdown = 8;  // another world, the same scale
        QVERIFY((*session::makeEvaluator(scenario))->scale() == *scenario.scale);
        scenario.model = "alexnet5";
        QVERIFY(session::makeEvaluator(scenario).error().message().find("is of alexnet3, not of alexnet5") != std::string::npos);
        scenario.costTable = "none";
        QVERIFY(!session::makeEvaluator(scenario).ok());
    }

    void theActionSetSaysWhatIsChosenFrom()
    {
        QTemporaryDir folder;
        session::Scenario scenario;
        scenario.costTable = folder.filePath("costs.json").toStdString();
        const auto table = sim::smallTable();
        QVERIFY(table.save(scenario.costTable).ok());
        QCOMPARE((*session::makeEvaluator(scenario))->actionCount(), table.rows().size());
        scenario.actionSet = "paper";
        const auto paper = session::makeEvaluator(scenario);
        QVERIFY(paper.ok());
        QVERIFY((*paper)->actionCount() < table.rows().size());
        for (std::size_t action = 0; action < (*paper)->actionCount(); ++action) {
            const auto& decision = (*paper)->decisionOf(action);
            const auto& [kind, parameter] = decision.coding;
            QVERIFY(kind == codec::CodingKind::LabelOnly || kind == codec::CodingKind::Raw
                    || (kind == codec::CodingKind::Quantized && parameter <= 12));
            // A row costs what it cost before.
            const auto row = *table.rowOf(decision);
            QCOMPARE((*paper)->score(action, at(1e6)).prediction.totalMs, table.predict(row, 1, at(1e6)).totalMs);
        }
        scenario.actionSet = "bits:5";
        QVERIFY(!session::makeEvaluator(scenario).ok());
    }

    void whoNeedsNoTableRunsWithoutOne()
    {
        session::Scenario scenario;
        scenario.costTable = "none";
        QVERIFY(session::check(scenario).ok());
        scenario.strategy = "greedy";
        QVERIFY(!session::check(scenario).ok());
        scenario.strategy = "cycle";
        scenario.costTable = "/nowhere/costs.json";  // named, and not there
        QVERIFY(!session::check(scenario).ok());
    }
};

QTEST_APPLESS_MAIN(TestAppraisal)
#include "tst_appraisal.moc"
