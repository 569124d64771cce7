// SPDX-License-Identifier: GPL-3.0-or-later
// What leaves the device, and when: rates over time, jitter, chunks, filler.
#include "link_fixture.h"

using namespace splitscope;
using namespace splitscope::link;
using namespace splitscope::link::testing;

class TestDeviceSender : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aRateOverTimeIsFollowed()
    {
        const Pair pair;
        Device device;
        Edge edge;
        QVERIFY(device.start(pair.deviceOptions()).ok());
        QVERIFY(edge.start(pair.edgeOptions(device.link())).ok());
        QTRY_COMPARE_WITH_TIMEOUT(edge.link().state(), LinkState::Connected, kPatienceMs);
        constexpr double kOutageMs = 300;
        const auto trace
            = std::make_shared<const sim::Trace>(*sim::Trace::create("test", {{0, 0}, {kOutageMs, 1e6}}, 1e6, false));
        const auto beganNs = base::nowNs();
        QVERIFY(device.link().setShaping({0, 64, 0}, trace).ok());
        const auto payload = patternBytes(50'000);
        QVERIFY(device.link().sendRequest(device.peer(), requestOf(0, payload->size()), payload).ok());
        QTRY_COMPARE_WITH_TIMEOUT(edge.requests().size(), std::size_t{1}, kPatienceMs);
        QTRY_COMPARE_WITH_TIMEOUT(device.handedOver().size(), std::size_t{1}, kPatienceMs);
        const auto handed = device.handedOver().front();
        const double shapedMs = (static_cast<double>(handed.wireBytes) - 64) / 1e6 * 1e3;
        QVERIFY(base::toMs(edge.requests().front().completeNs - beganNs) >= kOutageMs + shapedMs - 1);
        // What was set on average: an outage and then 1 MB/s.
        QVERIFY(handed.setBytesPerSecond > 1e4 && handed.setBytesPerSecond < 5e5);
        QCOMPARE(device.link().setBytesPerSecond(), 1e6);
    }

    void jitterNeverReordersAndStaysWithinItsBounds()
    {
        const Pair pair;
        Device device;
        Edge edge;
        QVERIFY(device.start(pair.deviceOptions()).ok());
        QVERIFY(edge.start(pair.edgeOptions(device.link())).ok());
        QTRY_COMPARE_WITH_TIMEOUT(edge.link().state(), LinkState::Connected, kPatienceMs);
        QVERIFY(device.link().setShaping({0, 1500, 10, 10}).ok());
        for (std::uint64_t i = 0; i < 50; ++i) {
            const auto payload = patternBytes(20'000);
            QVERIFY(device.link().sendRequest(device.peer(), requestOf(i, payload->size()), payload).ok());
        }
        QTRY_COMPARE_WITH_TIMEOUT(edge.requests().size(), std::size_t{50}, kPatienceMs);
        const auto arrived = edge.requests();
        for (std::uint64_t i = 0; i < arrived.size(); ++i) {
            QCOMPARE(arrived[i].request.firstFrame, i);
            QCOMPARE(arrived[i].payload.size(), std::size_t{20'000});
        }
    }

    void theChunksOfARequestTellTheRate()
    {
        const Pair pair;
        Device device;
        Edge edge;
        QVERIFY(device.start(pair.deviceOptions()).ok());
        QVERIFY(edge.start(pair.edgeOptions(device.link())).ok());
        QTRY_COMPARE_WITH_TIMEOUT(edge.link().state(), LinkState::Connected, kPatienceMs);
        const auto payload = patternBytes(30'000);
        QVERIFY(device.link().sendRequest(device.peer(), requestOf(0, payload->size()), payload).ok());
        QTRY_COMPARE_WITH_TIMEOUT(edge.requests().size(), std::size_t{1}, kPatienceMs);
        const auto arrived = edge.requests().front();
        QCOMPARE(arrived.curve.size(), std::size_t{4});
        QCOMPARE(arrived.curve.back().wireBytes, arrived.wireBytes);
        QCOMPARE(arrived.curve.back().atNs, arrived.completeNs);
    }

    void aProbeBringsItsFiller()
    {
        const Pair pair;
        Device device;
        Edge edge;
        QVERIFY(device.start(pair.deviceOptions()).ok());
        QVERIFY(edge.start(pair.edgeOptions(device.link())).ok());
        QTRY_COMPARE_WITH_TIMEOUT(edge.link().state(), LinkState::Connected, kPatienceMs);
        QVERIFY(!device.link().sendProbe(device.peer(), 1, 0).ok());
        QVERIFY(!device.link().sendProbe(device.peer(), 1, wire::kMaxProbeBytes + 1).ok());
        QVERIFY(device.link().sendProbe(device.peer(), 1, 65'536).ok());
        QTRY_COMPARE_WITH_TIMEOUT(edge.probes().size(), std::size_t{1}, kPatienceMs);
        QVERIFY(edge.probes().front().size() >= 4);
        QVERIFY(edge.probes().front().back().wireBytes > 65'536);
        QVERIFY(edge.requests().empty());
        // While requests wait, they tell as much.
        QVERIFY(device.link().setShaping({1000, 1500, 0}).ok());
        const auto payload = patternBytes(10'000);
        QVERIFY(device.link().sendRequest(device.peer(), requestOf(0, payload->size()), payload).ok());
        const auto refused = device.link().sendProbe(device.peer(), 2, 65'536);
        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().code, base::ErrorCode::Busy);
    }

    void framesDoNotWaitForFiller()
    {
        const Pair pair;
        Device device;
        Edge edge;
        QVERIFY(device.start(pair.deviceOptions()).ok());
        QVERIFY(edge.start(pair.edgeOptions(device.link())).ok());
        QTRY_COMPARE_WITH_TIMEOUT(edge.link().state(), LinkState::Connected, kPatienceMs);
        QVERIFY(device.link().setShaping({50e3, 1500, 0}).ok());
        QVERIFY(device.link().sendProbe(device.peer(), 1, wire::kMaxProbeBytes).ok());  // 20 seconds of it
        const auto before = edge.link().counters().receivedBytes;
        QTRY_VERIFY_WITH_TIMEOUT(edge.link().counters().receivedBytes > before + 8'000, kPatienceMs);
        const auto payload = patternBytes(1000);
        QVERIFY(device.link().sendRequest(device.peer(), requestOf(0, payload->size()), payload).ok());
        QTRY_COMPARE_WITH_TIMEOUT(edge.requests().size(), std::size_t{1}, 5'000);
        // What came of the probe tells as well.
        QTRY_COMPARE_WITH_TIMEOUT(edge.probes().size(), std::size_t{1}, kPatienceMs);
        QVERIFY(edge.probes().front().back().wireBytes < wire::kMaxProbeBytes / 2);
        QVERIFY(device.link().sendProbe(device.peer(), 2, 4'000).ok());
        QTRY_COMPARE_WITH_TIMEOUT(edge.probes().size(), std::size_t{2}, kPatienceMs);
    }

    void theKernelShapesOnlyANamedInterface()
    {
        const Pair pair;
        Device device;
        QVERIFY(device.start(pair.deviceOptions()).ok());
        const auto refused = device.link().setShaping({1e6, 1500, 0, 0, wire::ShapedBy::Kernel});
        QVERIFY(!refused.ok());
        QVERIFY2(refused.error().text.find("--interface") != std::string::npos, refused.error().message().c_str());
    }
};

QTEST_GUILESS_MAIN(TestDeviceSender)
#include "tst_device_sender.moc"
