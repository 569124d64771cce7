// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exec/edge_runtime.h"
#include "tests/core/exec/exec_samples.h"

#include <QTest>
#include <algorithm>

using namespace splitscope;
using namespace splitscope::exec;
using namespace splitscope::exec::samples;
using decision::Decision;

Q_DECLARE_METATYPE(splitscope::wire::StartRun)

namespace {

constexpr int kPatienceMs = 60'000;
constexpr double kForever = 600'000;

/// One run against a fake link.
struct Rig {
    explicit Rig(const wire::StartRun& startRun, std::shared_ptr<const data::DataSet> images = std::make_shared<Noise>())
        : run(startRun), journal(std::make_shared<Journal>(startRun.run)), m_images(std::move(images))
    {
    }
    ~Rig()
    {
        edge.reset();  // first: it calls the device
        if (device)
            device->stop();
    }
    void start()
    {
        auto started = DeviceRuntime::start(run, executor(), m_images, uplink, journal);
        QVERIFY2(started.ok(), started.ok() ? "" : started.error().message().c_str());
        device = std::move(*started);
        uplink.connect(device.get());
    }
    /// An edge that answers everything.
    void serve(
        EdgeRuntime::Decide decide = [] { return std::nullopt; }, bool logits = false)
    {
        EdgeRuntimeOptions options;
        options.replyLogits = logits;
        edge = std::make_unique<EdgeRuntime>(executor(), options, std::move(decide), [this](const wire::Message& message) {
            if (const auto* reply = std::get_if<wire::Reply>(&message.body))
                toDevice([&](DeviceRuntime& to) { to.onReply(*reply, base::nowNs()); });
            else if (const auto* failed = std::get_if<wire::RequestFailed>(&message.body))
                toDevice([&](DeviceRuntime& to) { to.onRequestFailed(*failed); });
        });
        uplink.onRequest = [this](const wire::Request& request, const base::Bytes& payload) {
            edge->submit({request, payload, base::nowNs(), payload.size()});
        };
    }
    void toDevice(const std::function<void(DeviceRuntime&)>& call) { call(uplink.device()); }
    bool ended() const { return !device->state().active; }
    /// All records, in the order of their frames. Only once.
    std::vector<wire::FrameRecord> records() const { return journal->due(base::nowNs(), 0, SIZE_MAX); }

    const wire::StartRun run;
    FakeUplink uplink;
    std::shared_ptr<Journal> journal;
    std::unique_ptr<EdgeRuntime> edge;
    std::unique_ptr<DeviceRuntime> device;

private:
    std::shared_ptr<const data::DataSet> m_images;
};

wire::Reply replyTo(const wire::Request& request, std::optional<Decision> next = {})
{
    wire::Reply reply;
    reply.run = request.run;
    reply.firstFrame = request.firstFrame;
    reply.labels.assign(static_cast<std::size_t>(request.count), 0);
    reply.next = next;
    return reply;
}

/// Frame ids 0, 1, 2 … end − 1 lie in exactly one record each.
bool coverExactly(const std::vector<wire::FrameRecord>& records, std::uint64_t end)
{
    std::uint64_t next = 0;
    for (const auto& record : records) {
        if (record.firstFrame != next || record.labels.size() != static_cast<std::size_t>(record.count)
            || record.truths.size() != record.labels.size())
            return false;
        next += static_cast<std::uint64_t>(record.count);
    }
    return next == end;
}

}  // namespace

class TestDeviceRuntime : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyCutGivesTheUnsplitLabels()
    {
        const decision::DecisionSpace space(spec(), decision::SpaceOptions::verification());
        for (const auto& decision : space.decisions()) {
            auto run = startRun(8, decision);
            run.batch = 4;
            run.minFailoverMs = kForever;
            run.recordLogits = true;
            Rig rig(run);
            rig.serve([] { return std::nullopt; }, true);
            rig.start();
            QTRY_VERIFY_WITH_TIMEOUT(rig.ended(), kPatienceMs);
            const auto records = rig.records();
            QVERIFY(coverExactly(records, 8));
            for (const auto& record : records) {
                QCOMPARE(record.outcome, wire::Outcome::Done);
                QVERIFY(record.decision == decision);
                QCOMPARE(record.labels, unsplitLabels(run, record));
                QCOMPARE(record.logits.size(), record.labels.size() * static_cast<std::size_t>(spec().classes));
            }
        }
    }

    void framesAreSentAsTheyWereRead()
    {
        auto run = startRun(1, {1, 0, {codec::CodingKind::Raw, 0}});
        Rig rig(run);
        base::Bytes sent;
        rig.uplink.onRequest = [&](const wire::Request& request, const base::Bytes& payload) {
            sent = payload;
            rig.toDevice([&](DeviceRuntime& to) { to.onReply(replyTo(request), base::nowNs()); });
        };
        rig.start();
        QTRY_VERIFY_WITH_TIMEOUT(rig.ended(), kPatienceMs);
        FrameSource source(std::make_shared<Noise>(), run.seed);
        QCOMPARE(sent, source.read(0, 1)->front().pixels);
        QCOMPARE(rig.records().front().payloadBytes, sent.size());
    }

    void decisionsRideOnReplies()
    {
        const std::vector<Decision> cycle{{2, 3, {codec::CodingKind::Quantized, 4}},
                                          {1, 0, {codec::CodingKind::Raw, 0}},
                                          {1, 2, {codec::CodingKind::Quantized, 8}}};
        auto run = startRun(9, cycle[0]);
        run.minFailoverMs = kForever;
        Rig rig(run);
        std::size_t given = 0;
        rig.serve([&]() -> std::optional<Decision> { return cycle[++given % cycle.size()]; });
        rig.start();
        QTRY_VERIFY_WITH_TIMEOUT(rig.ended(), kPatienceMs);
        const auto records = rig.records();
        QCOMPARE(records.size(), 9U);
        for (std::size_t i = 0; i < records.size(); ++i) {
            QVERIFY(records[i].decision == cycle[i % cycle.size()]);
            QCOMPARE(records[i].decisionAge, 0);
        }
    }

    void aDecisionAgesUntilTheNextArrives()
    {
        auto run = startRun(6, kExactMiddle);
        run.minFailoverMs = kForever;
        Rig rig(run);
        const Decision later{1, 2, {codec::CodingKind::Quantized, 8}};
        int served = 0;
        rig.serve([&]() -> std::optional<Decision> { return ++served == 3 ? std::optional(later) : std::nullopt; });
        rig.start();
        QTRY_VERIFY_WITH_TIMEOUT(rig.ended(), kPatienceMs);
        std::vector<int> ages;
        for (const auto& record : rig.records())
            ages.push_back(record.decisionAge);
        QCOMPARE(ages, (std::vector<int>{0, 1, 2, 0, 1, 2}));
    }

    void impossibleDecisionsAreIgnored()
    {
        auto run = startRun(3, kExactMiddle);
        run.minFailoverMs = kForever;
        Rig rig(run);
        rig.serve([] { return Decision{9, 1, {codec::CodingKind::Quantized, 8}}; });
        rig.start();
        QTRY_VERIFY_WITH_TIMEOUT(rig.ended(), kPatienceMs);
        for (const auto& record : rig.records())
            QVERIFY(record.decision == kExactMiddle);
    }

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

    void depthRequestsAreInFlight()
    {
        auto run = startRun(100, kExactMiddle);
        run.depth = 4;
        run.minFailoverMs = kForever;
        Rig rig(run);
        rig.start();
        QTRY_COMPARE_WITH_TIMEOUT(rig.uplink.requests().size(), 4U, kPatienceMs);
        rig.device->onReply(replyTo(rig.uplink.requests()[1]), base::nowNs());
        QTRY_COMPARE_WITH_TIMEOUT(rig.uplink.requests().size(), 5U, kPatienceMs);
        QCOMPARE(rig.device->state().done, 1U);
    }

    void requestsTellHowManyWaitForTheLink_data()
    {
        QTest::addColumn<bool>("handsOver");
        QTest::addColumn<int>("last");
        QTest::newRow("stuck") << false << 3;
        QTest::newRow("flowing") << true << 0;
    }
    void requestsTellHowManyWaitForTheLink()
    {
        QFETCH(bool, handsOver);
        QFETCH(int, last);
        auto run = startRun(100, kExactMiddle);
        run.depth = 4;
        run.minFailoverMs = kForever;
        Rig rig(run);
        rig.uplink.handsOver = handsOver;
        rig.start();
        QTRY_COMPARE_WITH_TIMEOUT(rig.uplink.requests().size(), 4U, kPatienceMs);
        const auto requests = rig.uplink.requests();
        QCOMPARE(requests[0].queuedRequests, std::optional(0));
        QCOMPARE(requests[3].queuedRequests, std::optional(last));
        QCOMPARE(requests[3].waitedMs, std::optional(0.0));  // no interval: nothing is ever due
    }

    void requestsTellHowLongTheyWaitedButNotForPauses()
    {
        constexpr double kHeldMs = 30;
        auto run = startRun(100, kExactMiddle);
        run.minIntervalMs = 1;
        run.minFailoverMs = kForever;
        Rig rig(run);
        rig.start();
        const auto seen = [&](std::size_t count) { return rig.uplink.requests().size() == count; };
        QTRY_VERIFY_WITH_TIMEOUT(seen(1), kPatienceMs);
        auto fromNs = base::nowNs();
        QTRY_VERIFY_WITH_TIMEOUT(base::toMs(base::nowNs() - fromNs) > kHeldMs + run.minIntervalMs, kPatienceMs);
        rig.device->onReply(replyTo(rig.uplink.requests()[0]), base::nowNs());
        QTRY_VERIFY_WITH_TIMEOUT(seen(2), kPatienceMs);
        QVERIFY(rig.uplink.requests()[1].waitedMs >= kHeldMs);

        wire::UpdateRun pause;
        pause.run = run.run;
        pause.paused = true;
        QVERIFY(rig.device->update(pause).ok());
        rig.device->onReply(replyTo(rig.uplink.requests()[1]), base::nowNs());
        fromNs = base::nowNs();
        QTRY_VERIFY_WITH_TIMEOUT(base::toMs(base::nowNs() - fromNs) > kHeldMs + run.minIntervalMs, kPatienceMs);
        pause.paused = false;
        fromNs = base::nowNs();
        QVERIFY(rig.device->update(pause).ok());
        QTRY_VERIFY_WITH_TIMEOUT(seen(3), kPatienceMs);
        QVERIFY(rig.uplink.requests()[2].waitedMs <= base::toMs(base::nowNs() - fromNs));
    }

    void stoppingFinishesWhatIsInFlight()
    {
        auto run = startRun(100, kExactMiddle);
        run.depth = 4;
        run.minFailoverMs = kForever;
        Rig rig(run);
        rig.start();
        QTRY_COMPARE_WITH_TIMEOUT(rig.uplink.requests().size(), 4U, kPatienceMs);
        rig.device->stop();
        rig.device->stop();
        const auto state = rig.device->state();
        QVERIFY(!state.active);
        QCOMPARE(state.fallback, 4U);
        const auto records = rig.records();
        QVERIFY(coverExactly(records, 4));
        for (const auto& record : records) {
            QCOMPARE(record.reason, std::string("run stopped"));
            QCOMPARE(record.labels, unsplitLabels(run, record));
        }
    }

    void stoppingInterruptsEmulatedSlowness()
    {
        auto run = startRun(100, kExactMiddle);
        run.slowdown = 1000;
        Rig rig(run);
        rig.serve();
        rig.start();
        QTRY_VERIFY_WITH_TIMEOUT(rig.device->state().nextFrame > 0, kPatienceMs);
        rig.device->stop();
        QVERIFY(coverExactly(rig.records(), rig.device->state().nextFrame));
    }

    void slownessByWorkGivesTheSameBytes()
    {
        auto run = startRun(4, {2, 3, {codec::CodingKind::Quantized, 8}});
        run.minFailoverMs = kForever;
        run.slowdown = 3;
        run.slowdownBy = wire::SlowdownBy::Work;
        Rig rig(run);
        rig.serve();
        rig.start();
        QTRY_VERIFY_WITH_TIMEOUT(rig.ended(), kPatienceMs);
        const auto elements = base::elementCount(model::Path(spec(), 2).cutShape(3));
        for (const auto& record : rig.records())
            QCOMPARE(record.payloadBytes, 8 + elements);
    }

    void aPausedRunMakesNoFrames()
    {
        auto run = startRun(1000, kExactMiddle);
        run.minFailoverMs = kForever;
        Rig rig(run);
        rig.start();
        QTRY_COMPARE_WITH_TIMEOUT(rig.uplink.requests().size(), 1U, kPatienceMs);
        wire::UpdateRun pause;
        pause.run = run.run;
        pause.paused = true;
        QVERIFY(rig.device->update(pause).ok());
        rig.device->onReply(replyTo(rig.uplink.requests().front()), base::nowNs());
        QCOMPARE(rig.device->state().done, 1U);
        QVERIFY(rig.device->state().paused);
        QCOMPARE(rig.uplink.requests().size(), 1U);
        pause.paused = false;
        QVERIFY(rig.device->update(pause).ok());
        QTRY_COMPARE_WITH_TIMEOUT(rig.uplink.requests().size(), 2U, kPatienceMs);
    }

    void updatesAreChecked()
    {
        Rig rig(startRun(1, kExactMiddle));
        rig.start();
        wire::UpdateRun change;
        change.run = 1;
        QCOMPARE(rig.device->update(change).error().code, base::ErrorCode::Mismatch);
        change.run = rig.run.run;
        change.slowdown = 0.5;
        QVERIFY(!rig.device->update(change).ok());
        change.slowdown.reset();
        change.decision = Decision{9, 9, {}};
        QVERIFY(!rig.device->update(change).ok());
        change.decision.reset();
        change.shaping = wire::Shaping{-1, 0, 0};
        QVERIFY(!rig.device->update(change).ok());
    }

    void theLastBatchIsWhatIsLeft()
    {
        auto run = startRun(100, {2, 3, {codec::CodingKind::Quantized, 8}});
        run.batch = 64;
        run.minFailoverMs = kForever;
        Rig rig(run);
        rig.serve();
        rig.start();
        QTRY_VERIFY_WITH_TIMEOUT(rig.ended(), kPatienceMs);
        const auto records = rig.records();
        QVERIFY(coverExactly(records, 100));
        QCOMPARE(records.size(), 2U);
        QCOMPARE(records[1].count, 36);
    }

    void framesThatCannotBeReadAreLostAndTheRunGoesOn()
    {
        auto run = startRun(40, kExactMiddle);
        run.minFailoverMs = kForever;
        Rig rig(run, std::make_shared<Noise>(7));
        rig.serve();
        rig.start();
        QTRY_VERIFY_WITH_TIMEOUT(rig.ended(), kPatienceMs);
        const auto state = rig.device->state();
        QCOMPARE(state.lost, 1U);
        QCOMPARE(state.done, 39U);
        for (const auto& record : rig.records()) {
            if (record.outcome != wire::Outcome::Lost)
                continue;
            QCOMPARE(record.labels, std::vector<int>{-1});
            QVERIFY(record.reason.find("cannot be decoded") != std::string::npos);
        }
    }

    void stagesAddUpToTheTotal()
    {
        auto run = startRun(5, kExactMiddle);
        run.minFailoverMs = kForever;
        Rig rig(run);
        rig.serve();
        rig.start();
        QTRY_VERIFY_WITH_TIMEOUT(rig.ended(), kPatienceMs);
        for (const auto& [first, count, outcome, reason, decision, age, stages, at, payload, wired, set, achieved, labels, truths,
                          logits] : rig.records()) {
            const double sum = stages.capture + stages.deviceSegment + stages.encode + stages.sendQueue + stages.transfer
                + stages.edgeQueue + stages.decode + stages.edgeSegment + stages.reply;
            QVERIFY(sum <= stages.total + 1e-6);
            QVERIFY(stages.deviceSegment > 0 && stages.edgeSegment > 0 && stages.transfer >= 0);
            QCOMPARE(wired, payload + 100);
        }
    }

    void aRunTakenUpAgainSeesTheSameFrames()
    {
        FrameSource whole(std::make_shared<Noise>(), 9);
        FrameSource resumed(std::make_shared<Noise>(), 9);
        std::vector<std::size_t> first;
        for (std::uint64_t frame = 0; frame < 120; ++frame)
            first.push_back(whole.imageIndex(frame));
        for (std::uint64_t frame = 57; frame < 120; ++frame)
            QCOMPARE(resumed.imageIndex(frame), first[frame]);
        for (std::size_t epoch = 0; epoch < 3; ++epoch) {
            std::vector<std::size_t> seen(first.begin() + static_cast<long>(40 * epoch),
                                          first.begin() + static_cast<long>(40 * (epoch + 1)));
            std::sort(seen.begin(), seen.end());
            for (std::size_t i = 0; i < seen.size(); ++i)
                QCOMPARE(seen[i], i);
        }
        QVERIFY(!std::equal(first.begin(), first.begin() + 40, first.begin() + 40));
    }

    void impossibleRunsAreRefusedByField_data()
    {
        QTest::addColumn<wire::StartRun>("run");
        QTest::addColumn<QString>("field");
        const auto row = [](const char* field, const std::function<void(wire::StartRun&)>& change) {
            auto run = startRun(10, kExactMiddle);
            change(run);
            QTest::newRow(field) << run << QString(field);
        };
        row("batch", [](auto& run) { run.batch = 65; });
        row("depth", [](auto& run) { run.depth = 0; });
        row("threads", [](auto& run) { run.threads = 0; });
        row("frames", [](auto& run) { run.firstFrame = 11; });
        row("slowdown", [](auto& run) { run.slowdown = NAN; });
        row("shaping", [](auto& run) { run.shaping.bytesPerSecond = -1; });
        row("minFailoverMs", [](auto& run) { run.minFailoverMs = -5; });
        row("minIntervalMs", [](auto& run) { run.minIntervalMs = HUGE_VAL; });
        row("exit", [](auto& run) { run.decision.exit = 3; });
        row("run", [](auto& run) { run.run = 0; });
    }
    void impossibleRunsAreRefusedByField()
    {
        QFETCH(wire::StartRun, run);
        QFETCH(QString, field);
        FakeUplink uplink;
        const auto started
            = DeviceRuntime::start(run, executor(), std::make_shared<Noise>(), uplink, std::make_shared<Journal>(run.run));
        QVERIFY(!started.ok());
        QVERIFY2(QString::fromStdString(started.error().where).contains(field), started.error().message().c_str());
    }
};

QTEST_GUILESS_MAIN(TestDeviceRuntime)
#include "tst_device_runtime.moc"
