// SPDX-License-Identifier: GPL-3.0-or-later
// What a link is made to suffer: messages wait or are damaged, connections go, and afterwards it works as before.
#include "tests/core/link/link_fixture.h"

using namespace splitscope;
using namespace splitscope::link;
using namespace splitscope::link::testing;

namespace {

constexpr int kLongMs = 20'000;
constexpr double kFaultMs = 1'500;  ///< longer than the edge's patience with silence

struct Linked {
    const Pair pair;
    Device device;
    Edge edge;

    bool connected()
    {
        return device.start(pair.deviceOptions()).ok() && edge.start(pair.edgeOptions(device.link())).ok()
            && QTest::qWaitFor([this] { return edge.link().state() == LinkState::Connected && !device.peer().empty(); }, kLongMs);
    }
    bool silent()
    {
        return QTest::qWaitFor([this] { return edge.link().state() == LinkState::Silent; }, kLongMs);
    }
    bool backAgain()
    {
        return QTest::qWaitFor([this] { return edge.link().state() == LinkState::Connected; }, kLongMs);
    }
    base::Status request(std::uint64_t firstFrame)
    {
        return device.link().sendRequest(device.peer(), requestOf(firstFrame, 3000), patternBytes(3000));
    }
    bool arrived(std::uint64_t firstFrame)
    {
        return QTest::qWaitFor(
            [&] {
                const auto requests = edge.requests();
                return std::any_of(requests.begin(), requests.end(),
                                   [&](const ArrivedRequest& arrived) { return arrived.request.firstFrame == firstFrame; });
            },
            kLongMs);
    }
    wire::Message reply(std::uint64_t firstFrame) { return {0, wire::Reply{7, firstFrame, {1}, {}, {}, 0, 0, 0, 0, {}}}; }
};

}  // namespace

class TestLinkFaults : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aStallHoldsBackBothWaysAndLosesNothing()
    {
        Linked linked;
        QVERIFY(linked.connected());
        linked.edge.link().suffer(LinkFault::Stall, kFaultMs);
        QVERIFY(linked.edge.link().sendData(linked.reply(3)).ok());
        QVERIFY(linked.request(4).ok());
        QVERIFY(linked.silent());
        QVERIFY(linked.edge.requests().empty() && linked.device.data().empty());
        QVERIFY(linked.backAgain());
        QVERIFY(linked.arrived(4));
        QTRY_COMPARE_WITH_TIMEOUT(linked.device.data().size(), 1U, kLongMs);
    }

    void aCutClosesTheConnectionsAndMakesOthers()
    {
        Linked linked;
        QVERIFY(linked.connected());
        linked.edge.link().suffer(LinkFault::Cut, kFaultMs);
        QVERIFY(linked.silent());
        QVERIFY(linked.backAgain());
        QTRY_VERIFY_WITH_TIMEOUT(linked.request(5).ok() && linked.arrived(5), kLongMs);
        QVERIFY(linked.edge.link().sendData(linked.reply(5)).ok());
        QTRY_VERIFY_WITH_TIMEOUT(!linked.device.data().empty(), kLongMs);
    }

    void damagedMessagesAreRefusedAndTheNextOnesCome()
    {
        Linked linked;
        QVERIFY(linked.connected());
        linked.edge.link().suffer(LinkFault::Damage, 0);
        QVERIFY(linked.edge.link().sendData(linked.reply(6)).ok());
        QVERIFY(linked.edge.link().sendData(linked.reply(7)).ok());
        QTRY_COMPARE_WITH_TIMEOUT(linked.device.data().size(), 1U, kLongMs);
        const auto arrived = linked.device.data().front();
        QCOMPARE(std::get<wire::Reply>(arrived.body).firstFrame, 7U);
        QTRY_VERIFY_WITH_TIMEOUT(linked.device.link().counters().malformed >= 1, kLongMs);
        // The other way: its first piece is lost, and the request with it; the next one is whole.
        QVERIFY(linked.request(8).ok());
        QVERIFY(linked.request(9).ok());
        QVERIFY(linked.arrived(9));
        QCOMPARE(linked.edge.requests().size(), 1U);
        QVERIFY(linked.edge.link().counters().malformed >= 1);
    }

    void aLinkThatEndsWhileItSuffersEndsAtOnce()
    {
        for (const auto fault : {LinkFault::Stall, LinkFault::Cut}) {
            Linked linked;
            QVERIFY(linked.connected());
            constexpr double kHourMs = 3.6e6;
            linked.edge.link().suffer(fault, kHourMs);
            QVERIFY(linked.silent());
            linked.edge.stop();  // joins
        }
    }
};

QTEST_GUILESS_MAIN(TestLinkFaults)
#include "tst_link_faults.moc"
