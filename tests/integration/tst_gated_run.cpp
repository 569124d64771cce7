// SPDX-License-Identifier: GPL-3.0-or-later
// What the cost table predicts of gates, against runs with a daemon: on images that the table has not seen, within both
// intervals.
#include "core/base/wilson.h"
#include "core/session/pricing.h"
#include "tests/integration/collector.h"

#include <QTest>
#include <cmath>

using namespace splitscope;
using codec::CodingKind;
using decision::Decision;
using decision::Gate;

namespace {

constexpr std::uint64_t kFrames = 1'000;
constexpr double kTimeoutMs = 600'000;

/// Of a share that was counted here and one that was counted there, 95 % each.
bool overlap(std::size_t here, std::size_t images, double low, double high)
{
    const auto interval = base::wilsonInterval(here, images);
    return interval.low <= high && low <= interval.high;
}

}  // namespace

Q_DECLARE_METATYPE(splitscope::decision::Decision)

class TestGatedRun : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void accuracyAndShareAreAsPredicted_data()
    {
        QTest::addColumn<Decision>("decision");
        QTest::newRow("on the device") << Decision{3, 6, {CodingKind::Quantized, 8}, Gate{1, 0.6}};
        QTest::newRow("on the edge, of frames") << Decision{3, 0, {CodingKind::Raw, 0}, Gate{1, 0.6}};
        QTest::newRow("on the edge, of coarse tensors") << Decision{3, 3, {CodingKind::Quantized, 4}, Gate{2, 0.6}};
    }
    void accuracyAndShareAreAsPredicted()
    {
        QFETCH(Decision, decision);
        session::Scenario scenario;
        scenario.model = "alexnet3";
        scenario.data = "patterns";
        scenario.strategy = "fixed";
        scenario.decision = decision;
        scenario.actionSet = "standard+gates:0.6+edge-gates:0.6";
        scenario.batch = 20;
        scenario.frames = kFrames;
        scenario.minFailoverMs = 60'000;  // a loaded machine is no silent edge
        scenario.seed = 11;
        Collector collector;
        const auto experiment = session::Experiment::start(scenario, {{}, SPLITSCOPE_BIN "/splitscoped"}, collector);
        QVERIFY2(experiment.ok(), experiment.ok() ? "" : experiment.error().message().c_str());
        QVERIFY((*experiment)->waitUntilEnded(kTimeoutMs));
        QCOMPARE((*experiment)->summary().done(), kFrames);

        const auto evaluator = session::makeEvaluator(scenario);
        QVERIFY2(evaluator.ok(), evaluator.ok() ? "" : evaluator.error().message().c_str());
        const auto& table = (*evaluator)->table();
        const auto& expected = table.rows()[*table.rowOf(decision)].accuracy;
        std::size_t right = 0, goingOn = 0;
        for (const auto& record : collector.records()) {
            QVERIFY(record.decision == decision && record.answeredEarly);
            goingOn += static_cast<std::size_t>(record.goingOn());
            for (std::size_t i = 0; i < record.labels.size(); ++i)
                right += record.labels[i] == record.truths[i] ? 1 : 0;
            const bool all = decision::gatedOnEdge(table.spec(), decision);
            QCOMPARE(record.payloadBytes > 0, all || record.goingOn() > 0);
        }
        const auto predicted = base::wilsonInterval(
            static_cast<std::size_t>(std::lround(expected.goesOn * static_cast<double>(expected.images))), expected.images);
        const auto measured = std::to_string(right) + " right, " + std::to_string(goingOn) + " went on; the table says "
            + std::to_string(expected.accuracy) + ", " + std::to_string(expected.goesOn);
        QVERIFY2(overlap(goingOn, kFrames, predicted.low, predicted.high), measured.c_str());
        QVERIFY2(overlap(right, kFrames, expected.low, expected.high), measured.c_str());
        QVERIFY(expected.goesOn > 0.05 && expected.goesOn < 0.95);  // else the gate would have nothing to decide
        qInfo("%s: %s", decision::toString(decision).c_str(), measured.c_str());
    }
};

QTEST_GUILESS_MAIN(TestGatedRun)
#include "tst_gated_run.moc"
