// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/link/token_bucket.h"
#include "link_fixture.h"

using namespace splitscope;
using namespace splitscope::link;
using namespace splitscope::link::testing;

namespace {

/// On a free port whose neighbour is free too; `options` then name it.
bool startOnFixedPorts(Device& device, DeviceLinkOptions& options)
{
    for (int tries = 0; tries < 20; ++tries) {
        options.port = 0;
        if (!device.start(options))
            return false;
        options.port = device.link().controlPort();
        device.stop();
        if (device.start(options))
            return true;
    }
    return false;
}

}  // namespace

class TestLink : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aRequestIdReturnsWithItsAnswer()
    {
        const Pair pair;
        Device device;
        Edge edge;
        QVERIFY(device.start(pair.deviceOptions()).ok());
        QVERIFY(edge.start(pair.edgeOptions(device.link())).ok());
        QVERIFY(edge.link().sendControl({42, wire::Hello{wire::kProtocolVersion, "test 1"}}).ok());
        QTRY_COMPARE_WITH_TIMEOUT(device.controls().size(), std::size_t{1}, kPatienceMs);
        const auto hello = device.controls().front();
        QCOMPARE(std::get<wire::Hello>(hello.body).program, std::string("test 1"));
        wire::Welcome welcome;
        welcome.deviceName = "pi";
        QVERIFY(device.link().sendControl(device.peer(), {hello.id, welcome}).ok());
        QTRY_COMPARE_WITH_TIMEOUT(edge.controls().size(), std::size_t{1}, kPatienceMs);
        QCOMPARE(edge.controls().front().id, std::uint64_t{42});
        QCOMPARE(std::get<wire::Welcome>(edge.controls().front().body).deviceName, std::string("pi"));
        QCOMPARE(edge.link().state(), LinkState::Connected);
        QTRY_VERIFY_WITH_TIMEOUT(edge.roundTrips() > 1, kPatienceMs);
        QCOMPARE(device.peer(), identityOf(pair.edgeKeys.publicKey));
        QCOMPARE(device.events(), std::vector<std::string>{"alive " + device.peer()});
    }

    void whoIsNotAllowedHearsNothing_data()
    {
        QTest::addColumn<bool>("wrongServerKey");
        QTest::newRow("edge key not in the allow-list") << false;
        QTest::newRow("edge expects another device key") << true;
    }
    void whoIsNotAllowedHearsNothing()
    {
        QFETCH(bool, wrongServerKey);
        const Pair pair;
        Device device;
        QVERIFY(device.start(pair.deviceOptions()).ok());
        auto options = pair.edgeOptions(device.link());
        (wrongServerKey ? options.deviceKey : options.keys.publicKey).clear();
        const auto other = newKeyPair();
        if (wrongServerKey)
            options.deviceKey = other.publicKey;
        else
            options.keys = other;
        Edge stranger;
        Edge friendly;
        QVERIFY(stranger.start(options).ok());
        QVERIFY(stranger.link().sendControl({1, wire::Hello{}}).ok());
        QVERIFY(friendly.start(pair.edgeOptions(device.link())).ok());
        // As long as the friend needs for several round trips the stranger would have had, too.
        QTRY_VERIFY_WITH_TIMEOUT(friendly.roundTrips() > 4, kPatienceMs);
        QCOMPARE(stranger.link().state(), LinkState::Connecting);
        QCOMPARE(stranger.roundTrips(), std::size_t{0});
        QVERIFY(device.controls().empty());
        QCOMPARE(device.link().counters().denied > 0, !wrongServerKey);
    }

    void payloadsArriveIntactAndAreCounted_data()
    {
        QTest::addColumn<int>("bytes");
        for (int bytes : {1, 512, 16384, 16385, 300'000, 5'000'000})
            QTest::addRow("%d bytes", bytes) << bytes;
    }
    void payloadsArriveIntactAndAreCounted()
    {
        QFETCH(int, bytes);
        const Pair pair;
        Device device;
        Edge edge;
        QVERIFY(device.start(pair.deviceOptions()).ok());
        QVERIFY(edge.start(pair.edgeOptions(device.link())).ok());
        QTRY_COMPARE_WITH_TIMEOUT(edge.link().state(), LinkState::Connected, kPatienceMs);
        const auto payload = patternBytes(static_cast<std::size_t>(bytes));
        QVERIFY(device.link().sendRequest(device.peer(), requestOf(64, payload->size()), payload).ok());
        QTRY_COMPARE_WITH_TIMEOUT(edge.requests().size(), std::size_t{1}, kPatienceMs);
        const auto arrived = edge.requests().front();
        QCOMPARE(arrived.payload, *payload);
        QCOMPARE(arrived.request.firstFrame, std::uint64_t{64});
        QCOMPARE(arrived.request.payloadBytes, std::uint64_t{payload->size()});
        QTRY_COMPARE_WITH_TIMEOUT(device.handedOver().size(), std::size_t{1}, kPatienceMs);
        const auto handed = device.handedOver().front();
        QCOMPARE(handed.firstFrame, std::uint64_t{64});
        QCOMPARE(handed.wireBytes, arrived.wireBytes);
        QVERIFY(handed.lastNs >= handed.firstNs);
        const auto chunks = (payload->size() + wire::kChunkBytes - 1) / wire::kChunkBytes;
        QVERIFY(handed.wireBytes >= payload->size() + chunks * 2 * kFrameOverheadBytes);
        QVERIFY(handed.wireBytes <= payload->size() * 106 / 100 + chunks * 600);
        const bool large = chunks > 4;
        QTRY_COMPARE_WITH_TIMEOUT(!device.data().empty(), large, kPatienceMs);  // progress of the large ones
        if (large)
            QVERIFY(std::holds_alternative<wire::Progress>(device.data().front().body));
    }

    void repliesReachTheDevice()
    {
        const Pair pair;
        Device device;
        Edge edge;
        QVERIFY(device.start(pair.deviceOptions()).ok());
        QVERIFY(edge.start(pair.edgeOptions(device.link())).ok());
        QTRY_COMPARE_WITH_TIMEOUT(edge.link().state(), LinkState::Connected, kPatienceMs);
        wire::Reply reply;
        reply.run = 7;
        reply.labels = {3};
        QVERIFY(edge.link().sendData({0, reply}).ok());
        QTRY_COMPARE_WITH_TIMEOUT(device.data().size(), std::size_t{1}, kPatienceMs);
        QCOMPARE(std::get<wire::Reply>(device.data().front().body).labels, std::vector<int>{3});
    }

    void shapedTransfersAreNotFasterThanSet()
    {
        const Pair pair;
        Device device;
        Edge edge;
        QVERIFY(device.start(pair.deviceOptions()).ok());
        QVERIFY(edge.start(pair.edgeOptions(device.link())).ok());
        QTRY_COMPARE_WITH_TIMEOUT(edge.link().state(), LinkState::Connected, kPatienceMs);
        constexpr double kRate = 200e3;
        constexpr double kDelayMs = 30;
        QVERIFY(device.link().setShaping({kRate, 1500, kDelayMs}).ok());
        const auto payload = patternBytes(60'000);
        const auto beganNs = base::nowNs();
        QVERIFY(device.link().sendRequest(device.peer(), requestOf(0, payload->size()), payload).ok());
        QTRY_COMPARE_WITH_TIMEOUT(edge.requests().size(), std::size_t{1}, kPatienceMs);
        const auto arrived = edge.requests().front();
        QCOMPARE(arrived.payload, *payload);
        const double leastMs = (static_cast<double>(arrived.wireBytes) - 1500) / kRate * 1e3 + kDelayMs;
        QVERIFY(base::toMs(arrived.completeNs - beganNs) >= leastMs);
        // The added delay and the shaping are part of the transfer: both lie behind the first byte's moment.
        QTRY_COMPARE_WITH_TIMEOUT(device.handedOver().size(), std::size_t{1}, kPatienceMs);
        QVERIFY(base::toMs(arrived.completeNs - device.handedOver().front().firstNs) >= leastMs);
    }

    void controlIsNotHeldUpByACrawlingPayload()
    {
        const Pair pair;
        Device device;
        Edge edge;
        QVERIFY(device.start(pair.deviceOptions()).ok());
        QVERIFY(edge.start(pair.edgeOptions(device.link())).ok());
        QTRY_COMPARE_WITH_TIMEOUT(edge.link().state(), LinkState::Connected, kPatienceMs);
        QVERIFY(device.link().setShaping({20e3, 1500, 0}).ok());
        const auto payload = patternBytes(1'000'000);  // 50 seconds
        QVERIFY(device.link().sendRequest(device.peer(), requestOf(0, payload->size()), payload).ok());
        QTRY_VERIFY_WITH_TIMEOUT(!device.data().empty(), kPatienceMs);  // Progress: it crawls
        QVERIFY(device.link().sendControl(device.peer(), {5, wire::Ack{}}).ok());
        QTRY_COMPARE_WITH_TIMEOUT(edge.controls().size(), std::size_t{1}, kPatienceMs);
        QVERIFY(edge.requests().empty());
        device.link().cancelRequest(7, 0);
        QVERIFY(device.link().setShaping({}).ok());
        const auto small = patternBytes(100);
        QVERIFY(device.link().sendRequest(device.peer(), requestOf(1, small->size()), small).ok());
        QTRY_COMPARE_WITH_TIMEOUT(edge.requests().size(), std::size_t{1}, kPatienceMs);
        QCOMPARE(edge.requests().front().request.firstFrame, std::uint64_t{1});
    }

    void aRestartedDeviceIsFoundAgain()
    {
        const Pair pair;
        auto options = pair.deviceOptions();
        Device first;
        QVERIFY(startOnFixedPorts(first, options));
        Edge edge;
        QVERIFY(edge.start(pair.edgeOptions(first.link())).ok());
        QTRY_COMPARE_WITH_TIMEOUT(edge.link().state(), LinkState::Connected, kPatienceMs);
        first.stop();
        QTRY_COMPARE_WITH_TIMEOUT(edge.link().state(), LinkState::Silent, kPatienceMs);
        QVERIFY(edge.states().back().find("no answer for 1.") != std::string::npos);
        Device second;
        const auto status = second.start(options);
        QVERIFY2(status.ok(), status.ok() ? "" : status.error().message().c_str());
        QTRY_COMPARE_WITH_TIMEOUT(edge.link().state(), LinkState::Connected, 2000);
        QVERIFY(edge.states().back().find("answers again") != std::string::npos);
        const auto payload = patternBytes(50'000);
        QVERIFY(second.link().sendRequest(identityOf(pair.edgeKeys.publicKey), requestOf(0, payload->size()), payload).ok());
        QTRY_COMPARE_WITH_TIMEOUT(edge.requests().size(), std::size_t{1}, kPatienceMs);
    }

    void aRestartedEdgeTakesItsPlaceAndSilenceIsTold()
    {
        const Pair pair;
        Device device;
        QVERIFY(device.start(pair.deviceOptions()).ok());
        const auto options = pair.edgeOptions(device.link());
        for (int round = 1; round <= 2; ++round) {
            Edge edge;
            QVERIFY(edge.start(options).ok());
            QTRY_COMPARE_WITH_TIMEOUT(edge.link().state(), LinkState::Connected, kPatienceMs);
            const auto payload = patternBytes(40'000);
            QVERIFY(device.link().sendRequest(device.peer(), requestOf(0, payload->size()), payload).ok());
            QTRY_COMPARE_WITH_TIMEOUT(edge.requests().size(), std::size_t{1}, kPatienceMs);
        }
        QTRY_VERIFY_WITH_TIMEOUT(device.events().back().starts_with("silent"), kPatienceMs);
    }

    void aRequestForNobodyFailsAtOnce()
    {
        const Pair pair;
        Device device;
        QVERIFY(device.start(pair.deviceOptions()).ok());
        const auto payload = patternBytes(100'000);
        QVERIFY(device.link().sendRequest("nobody", requestOf(9, payload->size()), payload).ok());
        QTRY_COMPARE_WITH_TIMEOUT(device.data().size(), std::size_t{1}, kPatienceMs);
        const auto failed = std::get<wire::RequestFailed>(device.data().front().body);
        QCOMPARE(failed.firstFrame, std::uint64_t{9});
        QCOMPARE(failed.failure.code, std::string("unreachable"));
        QCOMPARE(device.link().counters().refusedSends, std::uint64_t{1});
    }

    void fullQueuesAreErrors()
    {
        const Pair pair;
        Device device;
        Edge edge;
        QVERIFY(device.start(pair.deviceOptions()).ok());
        QVERIFY(edge.start(pair.edgeOptions(device.link())).ok());
        QTRY_COMPARE_WITH_TIMEOUT(edge.link().state(), LinkState::Connected, kPatienceMs);
        QVERIFY(device.link().setShaping({1000, 1500, 0}).ok());
        const auto payload = patternBytes(100'000);
        base::Status status;
        int accepted = 0;
        while ((status = device.link().sendRequest(device.peer(),
                                                   requestOf(static_cast<std::uint64_t>(accepted), payload->size()), payload))
               && accepted < 10'000)
            ++accepted;
        QVERIFY(!status.ok());
        QVERIFY(status.error().code == base::ErrorCode::Refused);
        QVERIFY(device.link().counters().refusedSends > 0);
    }

    void aTakenPortIsNamed()
    {
        const Pair pair;
        Device first;
        Device second;
        QVERIFY(first.start(pair.deviceOptions()).ok());
        auto options = pair.deviceOptions();
        options.port = first.link().controlPort();
        const auto status = second.start(options);
        QVERIFY(!status.ok());
        QVERIFY(status.error().where.find(std::to_string(options.port)) != std::string::npos);
    }

    void stoppingWhileBusyIsPrompt()
    {
        const Pair pair;
        Device device;
        Edge edge;
        QVERIFY(device.start(pair.deviceOptions()).ok());
        QVERIFY(edge.start(pair.edgeOptions(device.link())).ok());
        QTRY_COMPARE_WITH_TIMEOUT(edge.link().state(), LinkState::Connected, kPatienceMs);
        const auto payload = patternBytes(1'000'000);
        for (std::uint64_t i = 0; i < 100; ++i)
            QVERIFY(device.link().sendRequest(device.peer(), requestOf(i, payload->size()), payload).ok());
        QTRY_VERIFY_WITH_TIMEOUT(!edge.requests().empty(), kPatienceMs);
        device.stop();
        edge.stop();
        device.stop();
        edge.stop();
        QVERIFY(edge.requests().size() < 101);
    }
};

QTEST_GUILESS_MAIN(TestLink)
#include "tst_link.moc"
