// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/exec/device_rig.h"

#include <QTest>
#include <algorithm>

using namespace splitscope;
using namespace splitscope::exec;
using namespace splitscope::exec::samples;
using decision::Decision;

/// What a device does when the edge is silent, late, or answers what cannot be.
class TestDeviceFallback : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aSilentEdgeMakesFallbacksWithTheSameLabels_data()
    {
        QTest::addColumn<int>("partition");
        QTest::newRow("from the tensor") << 3;
        QTest::newRow("from the input") << 0;
    }
    void aSilentEdgeMakesFallbacksWithTheSameLabels()
    {
        QFETCH(int, partition);
        auto run = startRun(2, {2, partition, {codec::CodingKind::Float32, 0}});
        run.batch = 2;
        run.shaping.bytesPerSecond = 1e9;
        Rig rig(run);
        rig.start();
        QTRY_VERIFY_WITH_TIMEOUT(rig.ended(), kPatienceMs);
        const auto record = rig.records().front();
        QCOMPARE(record.outcome, wire::Outcome::Fallback);
        QVERIFY2(record.reason.starts_with("edge silent for "), record.reason.c_str());
        QCOMPARE(record.labels, unsplitLabels(run, record));
        QCOMPARE(rig.uplink.cancelled(), std::vector<std::uint64_t>{0});
    }

    void lateRepliesAreDiscardedAndStillSteer()
    {
        auto run = startRun(2, kExactMiddle);
        Rig rig(run);
        rig.start();
        QTRY_VERIFY_WITH_TIMEOUT(rig.device->state().fallback >= 1, kPatienceMs);
        const Decision next{1, 2, {codec::CodingKind::Quantized, 8}};
        rig.device->onReply(replyTo(rig.uplink.requests().front(), next), base::nowNs());
        QTRY_VERIFY_WITH_TIMEOUT(rig.ended(), kPatienceMs);
        const auto state = rig.device->state();
        QCOMPARE(state.discarded, 1U);
        QCOMPARE(state.fallback, 2U);
        QCOMPARE(state.done, 0U);
        QVERIFY(coverExactly(rig.records(), 2));
    }

    void refusedRequestsAreFinishedHereAtOnce()
    {
        auto run = startRun(1, kExactMiddle);
        run.minFailoverMs = kForever;
        Rig rig(run);
        rig.uplink.onRequest = [&](const wire::Request& request, const base::Bytes&) {
            rig.toDevice([&](DeviceRuntime& to) {
                to.onRequestFailed({request.run, request.firstFrame, {"invalid-input", "row sizes do not fit", "request"}});
            });
        };
        rig.start();
        QTRY_VERIFY_WITH_TIMEOUT(rig.ended(), kPatienceMs);
        const auto record = rig.records().front();
        QCOMPARE(record.outcome, wire::Outcome::Fallback);
        QVERIFY2(record.reason.find("row sizes do not fit") != std::string::npos, record.reason.c_str());
        QCOMPARE(record.labels, unsplitLabels(run, record));
    }

    void aLinkThatTakesNothingMakesFallbacksAtOnce()
    {
        auto run = startRun(3, kExactMiddle);
        run.minFailoverMs = kForever;
        Rig rig(run);
        rig.uplink.refuse = true;
        rig.start();
        QTRY_VERIFY_WITH_TIMEOUT(rig.ended(), kPatienceMs);
        QCOMPARE(rig.device->state().fallback, 3U);
    }

    void repliesThatDoNotFitAreNotBelieved_data()
    {
        QTest::addColumn<QList<int>>("labels");
        QTest::newRow("none") << QList<int>{};
        QTest::newRow("too many") << QList<int>{0, 1};
        QTest::newRow("no such class") << QList<int>{2};
        QTest::newRow("negative") << QList<int>{-1};
    }
    void repliesThatDoNotFitAreNotBelieved()
    {
        QFETCH(QList<int>, labels);
        auto run = startRun(1, kExactMiddle);
        run.minFailoverMs = kForever;
        Rig rig(run);
        rig.uplink.onRequest = [&](const wire::Request& request, const base::Bytes&) {
            auto reply = replyTo(request);
            reply.labels.assign(labels.begin(), labels.end());
            rig.toDevice([&](DeviceRuntime& to) { to.onReply(reply, base::nowNs()); });
        };
        rig.start();
        QTRY_VERIFY_WITH_TIMEOUT(rig.ended(), kPatienceMs);
        const auto record = rig.records().front();
        QCOMPARE(record.outcome, wire::Outcome::Fallback);
        QCOMPARE(record.labels, unsplitLabels(run, record));
    }

    void anEdgeWhoseClockJumpsIsNotBelieved_data()
    {
        QTest::addColumn<double>("jumpMs");
        QTest::newRow("forward") << 3.6e6;
        QTest::newRow("back") << -3.6e6;
    }
    /// Its times are off by the jump: T is the device's own, and nothing is learned that would keep it waiting for hours.
    void anEdgeWhoseClockJumpsIsNotBelieved()
    {
        QFETCH(double, jumpMs);
        auto run = startRun(2, kExactMiddle);
        Rig rig(run);
        rig.uplink.onRequest = [&](const wire::Request& request, const base::Bytes&) {
            auto reply = replyTo(request);
            reply.edgeSegmentMs = jumpMs;
            if (request.firstFrame == 0)  // the second one is never answered
                rig.toDevice([&](DeviceRuntime& to) { to.onReply(reply, base::nowNs()); });
        };
        rig.start();
        QTRY_VERIFY_WITH_TIMEOUT(rig.ended(), kPatienceMs);
        const auto records = rig.records();
        QCOMPARE(records.size(), 2U);
        const auto& stages = records[0].stages;
        QCOMPARE(records[0].outcome, wire::Outcome::Done);
        QCOMPARE(stages.edgeSegment, 0.0);
        QVERIFY(stages.transfer >= 0 && stages.transfer <= stages.total && stages.total < kPatienceMs);
        QCOMPARE(records[1].outcome, wire::Outcome::Fallback);
    }

    void framesFinishedHereDoNotWaitForAnAnswer()
    {
        auto run = startRun(5, decision::onDevice(spec(), 2));
        run.minFailoverMs = kForever;
        Rig rig(run);  // never answers
        rig.start();
        QTRY_VERIFY_WITH_TIMEOUT(rig.ended(), kPatienceMs);
        const auto records = rig.records();
        QVERIFY(coverExactly(records, 5));
        for (const auto& record : records) {
            QCOMPARE(record.outcome, wire::Outcome::Done);
            QCOMPARE(record.labels, unsplitLabels(run, record));
        }
        // It does ask for the next decision, without crowding the link.
        QCOMPARE(rig.uplink.requests().size(), 1U);
        QCOMPARE(rig.uplink.requests().front().labels, records.front().labels);
    }

    void theNextDecisionRidesOnAnswersToLabels()
    {
        auto run = startRun(wire::kMaxFrames, decision::onDevice(spec(), 2));
        run.minFailoverMs = kForever;
        Rig rig(run);
        rig.serve([] { return kExactMiddle; });
        rig.start();
        QTRY_VERIFY_WITH_TIMEOUT(rig.uplink.requests().size() > 5, kPatienceMs);
        QCOMPARE(rig.device->state().discarded, 0U);  // an answer to labels is no late result
        rig.device->stop();
        const auto requests = rig.uplink.requests();
        QVERIFY(requests.front().decision == run.decision);
        for (std::size_t i = 1; i < requests.size(); ++i)
            QVERIFY(requests[i].decision == kExactMiddle);
    }

    void whileTheEdgeIsSilentFramesAreDoneHere()
    {
        auto run = startRun(4, kExactMiddle);
        run.minIntervalMs = 20;
        Rig rig(run);
        rig.uplink.onRequest = [&](const wire::Request& request, const base::Bytes&) {
            rig.toDevice([&](DeviceRuntime& to) {
                to.onReply(replyTo(request), base::nowNs());
                to.onEdgeAlive(false);
            });
        };
        rig.start();
        QTRY_VERIFY_WITH_TIMEOUT(rig.ended(), kPatienceMs);
        const auto records = rig.records();
        QCOMPARE(rig.device->state().done, 4U);
        QVERIFY(records[0].decision == kExactMiddle);
        for (std::size_t i = 1; i < records.size(); ++i)
            QVERIFY(records[i].decision == decision::onDevice(spec(), kExactMiddle.exit));
        QCOMPARE(rig.uplink.requests().size(), 1U);
    }

    void whenTheEdgeIsBackTheLastDecisionCounts()
    {
        auto run = startRun(100'000, kExactMiddle);
        run.minFailoverMs = kForever;
        Rig rig(run);
        rig.serve();
        rig.start();
        rig.device->onEdgeAlive(false);
        QTRY_VERIFY_WITH_TIMEOUT(rig.device->state().done > 20, kPatienceMs);
        rig.device->onEdgeAlive(true);
        const auto back = rig.uplink.requests().size();
        QTRY_VERIFY_WITH_TIMEOUT(rig.uplink.requests().size() > back + 5, kPatienceMs);
        rig.device->stop();
        QVERIFY(rig.uplink.requests().back().decision == kExactMiddle);
        QVERIFY(coverExactly(rig.records(), rig.device->state().nextFrame));
    }

    void everyFrameHasOneOutcomeWhateverTheEdgeDoes()
    {
        auto run = startRun(200, kExactMiddle);
        run.depth = 4;
        run.batch = 3;
        run.minFailoverMs = 2;
        run.shaping.bytesPerSecond = 1e9;
        Rig rig(run);
        std::vector<wire::Request> kept;  // compute thread only
        std::uint64_t turn = 0;
        rig.uplink.onRequest = [&](const wire::Request& request, const base::Bytes&) {
            kept.push_back(request);
            rig.toDevice([&](DeviceRuntime& to) {
                switch (++turn % 5) {
                case 0: break;  // silence
                case 1: to.onReply(replyTo(request), base::nowNs()); break;
                case 2: to.onRequestFailed({request.run, request.firstFrame, {"busy", "no", ""}}); break;
                case 3:  // everything again, late and in the wrong order
                    for (auto again = kept.rbegin(); again != kept.rend(); ++again)
                        to.onReply(replyTo(*again), base::nowNs());
                    break;
                case 4: to.onProgress({request.run, request.firstFrame, 1}); break;
                }
            });
        };
        rig.start();
        QTRY_VERIFY_WITH_TIMEOUT(rig.ended(), kPatienceMs);
        QVERIFY(coverExactly(rig.records(), 200));
        const auto state = rig.device->state();
        QCOMPARE(state.done + state.fallback, 200U);
        QVERIFY(state.discarded > 0);
    }
};

QTEST_GUILESS_MAIN(TestDeviceFallback)
#include "tst_device_fallback.moc"
