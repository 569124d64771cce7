// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/exec/device_rig.h"

#include <QTest>
#include <algorithm>

using namespace splitscope;
using namespace splitscope::exec;
using namespace splitscope::exec::samples;
using decision::Decision;

Q_DECLARE_METATYPE(splitscope::wire::StartRun)

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

    void aReportOfTheDevicesHealthGoesWithTheFirstRecordBehindIt()
    {
        auto run = startRun(5, kExactMiddle);
        run.minFailoverMs = kForever;
        Rig rig(run);
        int asked = 0;
        rig.uplink.onHealth = [&]() -> std::optional<wire::Health> {
            wire::Health health;
            health.temperatureC = 40 + asked;
            return asked++ % 2 ? std::optional(health) : std::nullopt;
        };
        rig.serve();
        rig.start();
        QTRY_VERIFY_WITH_TIMEOUT(rig.ended(), kPatienceMs);
        std::vector<double> told;
        for (const auto& record : rig.records())
            told.push_back(record.health ? record.health->temperatureC.value_or(0) : -1);
        QCOMPARE(told, (std::vector<double>{-1, 41, -1, 43, -1}));
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
        for (const auto& record : rig.records()) {
            const auto& stages = record.stages;
            const double sum = stages.capture + stages.deviceSegment + stages.encode + stages.sendQueue + stages.transfer
                + stages.edgeQueue + stages.decode + stages.edgeSegment + stages.reply;
            QVERIFY(sum <= stages.total + 1e-6);
            QVERIFY(stages.deviceSegment > 0 && stages.edgeSegment > 0 && stages.transfer >= 0);
            QCOMPARE(record.wireBytes, record.payloadBytes + 100);
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
        row("shaping: delay", [](auto& run) { run.shaping.delayMs = 1e9; });
        row("shaping: jitter", [](auto& run) { run.shaping.jitterMs = -1; });
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

    void imagesThatTheNetworkIsNotForAreRefused_data()
    {
        QTest::addColumn<std::shared_ptr<data::DataSet>>("images");
        QTest::addColumn<QString>("said");
        struct Empty : Noise {
            [[nodiscard]] std::size_t size() const override { return 0; }
        };
        struct Large : Noise {
            [[nodiscard]] data::ImageSize imageSize() const override { return {3, 500, 500}; }
        };
        struct Three : Noise {
            [[nodiscard]] const std::vector<std::string>& classNames() const override { return names; }
            const std::vector<std::string> names{"a", "b", "c"};
        };
        const auto row = [](const char* name, std::shared_ptr<data::DataSet> images, const char* said) {
            QTest::newRow(name) << std::move(images) << QString(said);
        };
        row("none", std::make_shared<Empty>(), "'noise' has no images");
        row("of another size", std::make_shared<Large>(), "another size than the network's input");
        row("of other classes", std::make_shared<Three>(), "'noise' has 3 classes, the network 2");
    }
    void imagesThatTheNetworkIsNotForAreRefused()
    {
        QFETCH(std::shared_ptr<data::DataSet>, images);
        QFETCH(QString, said);
        FakeUplink uplink;
        const auto run = startRun(10, kExactMiddle);
        const auto started = DeviceRuntime::start(run, executor(), images, uplink, std::make_shared<Journal>(run.run));
        QVERIFY(!started.ok());
        QVERIFY2(QString::fromStdString(started.error().text).contains(said), started.error().message().c_str());
    }
};

QTEST_GUILESS_MAIN(TestDeviceRuntime)
#include "tst_device_runtime.moc"
