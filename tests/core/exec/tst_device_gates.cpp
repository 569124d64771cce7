// SPDX-License-Identifier: GPL-3.0-or-later
// Both halves with a gate between them: frames answered early are the head's, the others the whole network's, bit for bit.
#include "core/exec/gate_answers.h"
#include "tests/core/exec/gate_rig.h"

#include <QTest>
#include <algorithm>

using namespace splitscope;
using namespace splitscope::exec;
using namespace splitscope::exec::samples;
using codec::CodingKind;
using decision::Decision;

class TestDeviceGates : public QObject {
    Q_OBJECT
private:
    /// Behind the branch, further on, and nothing but the label.
    static std::vector<Decision> gatedDecisions(double threshold)
    {
        std::vector<Decision> decisions;
        const decision::SpaceOptions options{
            .bits = {}, .raw = false, .lossless = false, .jpegQualities = {}, .float32 = true, .gateThresholds = {threshold}};
        const decision::DecisionSpace space(spec(), options);
        for (const auto& decision : space.decisions())
            if (decision.gate)
                decisions.push_back(decision);
        return decisions;
    }

private Q_SLOTS:
    void eachFrameIsAnsweredByItsExit_data()
    {
        QTest::addColumn<double>("share");
        QTest::addColumn<int>("batch");
        QTest::newRow("some go on, one by one") << 0.5 << 1;
        QTest::newRow("some go on, in batches") << 0.5 << 6;
        QTest::newRow("few go on") << 0.9 << 5;
        QTest::newRow("none goes on") << 1.0 << 4;
        QTest::newRow("nearly all go on") << 0.1 << 8;
    }
    void eachFrameIsAnsweredByItsExit()
    {
        QFETCH(double, share);
        QFETCH(int, batch);
        const auto decisions = gatedDecisions(entropyQuantile(share));
        QVERIFY(decisions.size() >= 2);
        for (const auto& decision : decisions) {
            const auto run = gatedRun(decision, batch);
            Rig rig(run);
            rig.serve([] { return std::nullopt; }, true);
            rig.start();
            QTRY_VERIFY_WITH_TIMEOUT(rig.ended(), kPatienceMs);
            const auto records = rig.records();
            verifyAnswers(run, records);
            for (const auto& record : records)
                QCOMPARE(record.outcome, wire::Outcome::Done);
            // What crossed was of the frames that go on, and nothing else.
            const auto values = base::elementCount(model::Path(spec(), decision.exit).cutShape(decision.partition));
            for (const auto& record : records) {
                const bool sends = decision.coding.kind != CodingKind::LabelOnly;
                QCOMPARE(record.payloadBytes,
                         sends ? static_cast<std::uint64_t>(record.goingOn()) * values * sizeof(float) : std::uint64_t{0});
            }
        }
    }

    void requestsNameTheFramesThatGoOn()
    {
        const auto decisions = gatedDecisions(entropyQuantile(0.5));
        const auto sending = std::find_if(decisions.begin(), decisions.end(),
                                          [](const Decision& d) { return d.coding.kind != CodingKind::LabelOnly; });
        QVERIFY(sending != decisions.end());
        Rig rig(gatedRun(*sending, 6));
        rig.serve();
        rig.start();
        QTRY_VERIFY_WITH_TIMEOUT(rig.ended(), kPatienceMs);
        const auto records = rig.records();
        int some = 0;
        for (const auto& request : rig.uplink.requests()) {
            const auto record = std::find_if(records.begin(), records.end(),
                                             [&](const auto& each) { return each.firstFrame == request.firstFrame; });
            QVERIFY(record != records.end());
            if (record->goingOn() == 0) {
                QVERIFY(request.sizes.empty() && request.labels == record->labels);
                continue;
            }
            QCOMPARE(request.sizes.size(), static_cast<std::size_t>(record->goingOn()));
            if (record->goingOn() < record->count) {
                QCOMPARE(request.rows, framesGoingOn(*record));
                ++some;
            }
        }
        QVERIFY(some > 0);
    }

    void aSilentEdgeLeavesTheRestToTheDevice()
    {
        const auto decisions = gatedDecisions(entropyQuantile(0.5));
        for (const auto& decision : {decisions.front(), decisions.back()}) {
            auto run = gatedRun(decision, 12);  // each request waits a second for an edge that never answered
            run.minFailoverMs = 20;
            run.shaping.bytesPerSecond = 1e9;
            Rig rig(run);
            rig.start();
            QTRY_VERIFY_WITH_TIMEOUT(rig.ended(), kPatienceMs);
            const auto records = rig.records();
            verifyAnswers(run, records);
            for (const auto& record : records) {
                const bool here = decision.coding.kind == CodingKind::LabelOnly || record.goingOn() == 0;
                QCOMPARE(record.outcome, here ? wire::Outcome::Done : wire::Outcome::Fallback);
            }
        }
    }

    void anEdgeKnownToBeSilentIsNotAskedButTheGateStays()
    {
        const auto decisions = gatedDecisions(entropyQuantile(0.5));
        auto run = gatedRun(decisions.front(), 4);
        run.minIntervalMs = 1;
        Rig rig(run);
        rig.serve([] { return std::nullopt; }, true);  // until it is known to be silent it answers
        rig.start();
        rig.device->onEdgeAlive(false);
        QTRY_VERIFY_WITH_TIMEOUT(rig.ended(), kPatienceMs);
        const auto records = rig.records();
        verifyAnswers(run, records);
        QVERIFY(records.back().decision == decision::onDevice(spec(), run.decision));
    }

    void answersForFramesThatDidNotGoOnAreRefused()
    {
        const auto decisions = gatedDecisions(entropyQuantile(0.5));
        const auto sending = std::find_if(decisions.begin(), decisions.end(),
                                          [](const Decision& d) { return d.coding.kind != CodingKind::LabelOnly; });
        const auto run = gatedRun(*sending, 6);
        Rig rig(run);
        rig.uplink.onRequest = [&](const wire::Request& request, const base::Bytes&) {
            rig.toDevice([&](DeviceRuntime& to) { to.onReply(replyTo(request), base::nowNs()); });  // one label a frame
        };
        rig.start();
        QTRY_VERIFY_WITH_TIMEOUT(rig.ended(), kPatienceMs);
        const auto records = rig.records();
        verifyAnswers(run, records);
        int refused = 0;
        for (const auto& record : records)
            refused += record.outcome == wire::Outcome::Fallback ? 1 : 0;
        QVERIFY(refused > 0);
    }
};

QTEST_GUILESS_MAIN(TestDeviceGates)
#include "tst_device_gates.moc"
