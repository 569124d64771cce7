// SPDX-License-Identifier: GPL-3.0-or-later
// Many links on one thread: each hears its own device, and what befalls one leaves the others alone.
#include "link_fixture.h"

#include <QDir>
#include <QFile>

using namespace splitscope;
using namespace splitscope::link;
using namespace splitscope::link::testing;

namespace {

constexpr std::size_t kDevices = 8;

int threadsNamed(const QByteArray& name)
{
    int found = 0;
    for (const auto& id : QDir("/proc/self/task").entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        QFile comm("/proc/self/task/" + id + "/comm");
        found += comm.open(QIODevice::ReadOnly) && comm.readAll().trimmed() == name ? 1 : 0;
    }
    return found;
}

/// Devices, each with a link to it, all on one hub.
struct Party {
    const Pair pair;
    std::shared_ptr<EdgeHub> hub = std::make_shared<EdgeHub>();
    std::array<Device, kDevices> devices;
    std::array<Edge, kDevices> edges;

    bool start()
    {
        for (std::size_t i = 0; i < kDevices; ++i)
            if (!devices[i].start(pair.deviceOptions()) || !edges[i].start(pair.edgeOptions(devices[i].link()), hub))
                return false;
        return true;
    }
    bool allConnected()
    {
        return std::ranges::all_of(edges, [](Edge& edge) { return edge.link().state() == LinkState::Connected; });
    }
    /// Devices know their edge once they have heard of it.
    bool allHeard()
    {
        return std::ranges::all_of(devices, [](Device& device) { return !device.peer().empty(); });
    }
    base::Status send(std::size_t device, std::uint64_t firstFrame, std::size_t bytes)
    {
        return devices[device].link().sendRequest(devices[device].peer(), requestOf(firstFrame, bytes), patternBytes(bytes));
    }
};

}  // namespace

class TestEdgeHub : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void manyLinksLiveOnOneThread()
    {
        Party party;
        QVERIFY(party.start());
        QTRY_VERIFY_WITH_TIMEOUT(party.allConnected() && party.allHeard(), kPatienceMs);
        QCOMPARE(threadsNamed("edge-link"), 1);
        constexpr std::size_t kBytes = 40'000;  // several chunks
        for (std::size_t i = 0; i < kDevices; ++i)
            QVERIFY(party.send(i, 100 + i, kBytes).ok());
        for (std::size_t i = 0; i < kDevices; ++i) {
            QTRY_COMPARE_WITH_TIMEOUT(party.edges[i].requests().size(), std::size_t{1}, kPatienceMs);
            QCOMPARE(party.edges[i].requests().front().request.firstFrame, 100 + i);
            QCOMPARE(party.edges[i].requests().front().payload, *patternBytes(kBytes));
            QVERIFY(
                party.edges[i].link().sendData({0, wire::Reply{7, 100 + i, {static_cast<int>(i)}, {}, {}, 0, 0, 0, 0, {}}}).ok());
        }
        for (std::size_t i = 0; i < kDevices; ++i) {
            const auto replies = [&] {
                auto data = party.devices[i].data();
                std::erase_if(data, [](const auto& message) { return !std::holds_alternative<wire::Reply>(message.body); });
                return data;
            };
            QTRY_COMPARE_WITH_TIMEOUT(replies().size(), std::size_t{1}, kPatienceMs);
            QCOMPARE(std::get<wire::Reply>(replies().front().body).labels, std::vector<int>{static_cast<int>(i)});
        }
    }

    /// So do many devices, where they share a hub as stubs do: each is asked and answers for itself, those that go leave the
    /// others alone, and nobody comes in whom the hub does not know.
    void manyDevicesLiveOnOneThread()
    {
        const Pair pair;
        const auto hub = std::make_shared<DeviceHub>(pair.deviceOptions().allowedKeys);
        std::array<Device, kDevices> devices;
        std::array<Edge, kDevices> edges;
        for (std::size_t i = 0; i < kDevices; ++i) {
            QVERIFY(devices[i].start(pair.deviceOptions(), hub).ok());
            QVERIFY(edges[i].start(pair.edgeOptions(devices[i].link())).ok());
        }
        QCOMPARE(threadsNamed("device-link"), 1);
        QCOMPARE(threadsNamed("zap"), 1);
        constexpr std::size_t kBytes = 40'000, kGone = 3;
        for (std::size_t i = 0; i < kDevices; ++i) {
            QTRY_VERIFY_WITH_TIMEOUT(!devices[i].peer().empty(), kPatienceMs);
            QVERIFY(devices[i].link().sendRequest(devices[i].peer(), requestOf(i, kBytes), patternBytes(kBytes)).ok());
            QTRY_COMPARE_WITH_TIMEOUT(edges[i].requests().size(), std::size_t{1}, kPatienceMs);
            QCOMPARE(edges[i].requests().front().request.firstFrame, i);
        }
        devices[kGone].stop();
        QTRY_COMPARE_WITH_TIMEOUT(edges[kGone].link().state(), LinkState::Silent, kPatienceMs);
        for (std::size_t i = 0; i < kDevices; ++i) {
            if (i == kGone)
                continue;
            QCOMPARE(edges[i].states().size(), std::size_t{2});
            QVERIFY(devices[i].link().sendRequest(devices[i].peer(), requestOf(100 + i, 1000), patternBytes(1000)).ok());
            QTRY_COMPARE_WITH_TIMEOUT(edges[i].requests().size(), std::size_t{2}, kPatienceMs);
        }
        Edge stranger;
        auto unknown = pair.edgeOptions(devices[0].link());
        unknown.keys = newKeyPair();
        QVERIFY(stranger.start(unknown).ok());
        QTRY_VERIFY_WITH_TIMEOUT(devices[0].link().counters().denied > 0, kPatienceMs);
        QVERIFY(stranger.controls().empty() && stranger.roundTrips() == 0);
    }

    /// A device that is unplugged is silent; its neighbours neither notice nor wait.
    void oneDeviceGoes()
    {
        Party party;
        QVERIFY(party.start());
        QTRY_VERIFY_WITH_TIMEOUT(party.allConnected() && party.allHeard(), kPatienceMs);
        party.devices[3].stop();
        QTRY_COMPARE_WITH_TIMEOUT(party.edges[3].link().state(), LinkState::Silent, kPatienceMs);
        for (std::size_t i = 0; i < kDevices; ++i) {
            if (i == 3)
                continue;
            QVERIFY(party.send(i, i, 1000).ok());
            QTRY_COMPARE_WITH_TIMEOUT(party.edges[i].requests().size(), std::size_t{1}, kPatienceMs);
            QCOMPARE(party.edges[i].states().size(), std::size_t{2});  // connecting, connected, and nothing since
        }
    }

    /// Links come and go while the others work: their sockets are closed when stop() returns.
    void linksComeAndGo()
    {
        Party party;
        QVERIFY(party.start());
        QTRY_VERIFY_WITH_TIMEOUT(party.allConnected() && party.allHeard(), kPatienceMs);
        for (int round = 0; round < 10; ++round) {
            party.edges[1].stop();
            const auto heard = party.edges[1].roundTrips();
            QVERIFY(party.send(0, static_cast<std::uint64_t>(round), 1000).ok());
            QTRY_COMPARE_WITH_TIMEOUT(party.edges[0].requests().size(), static_cast<std::size_t>(round) + 1, kPatienceMs);
            QCOMPARE(party.edges[1].roundTrips(), heard);
            QVERIFY(party.edges[1].start(party.pair.edgeOptions(party.devices[1].link()), party.hub).ok());
            QTRY_COMPARE_WITH_TIMEOUT(party.edges[1].link().state(), LinkState::Connected, kPatienceMs);
        }
    }

    void aFaultIsItsLinksOwn_data()
    {
        QTest::addColumn<int>("fault");
        QTest::newRow("stall") << static_cast<int>(LinkFault::Stall);
        QTest::newRow("cut") << static_cast<int>(LinkFault::Cut);
    }
    void aFaultIsItsLinksOwn()
    {
        QFETCH(int, fault);
        constexpr double kForTheTestMs = 600'000;
        Party party;
        QVERIFY(party.start());
        QTRY_VERIFY_WITH_TIMEOUT(party.allConnected() && party.allHeard(), kPatienceMs);
        party.edges[0].link().suffer(static_cast<LinkFault>(fault), kForTheTestMs);
        QTRY_COMPARE_WITH_TIMEOUT(party.edges[0].link().state(), LinkState::Silent, kPatienceMs);
        for (std::size_t i = 1; i < kDevices; ++i) {
            QVERIFY(party.send(i, i, 1000).ok());
            QTRY_COMPARE_WITH_TIMEOUT(party.edges[i].requests().size(), std::size_t{1}, kPatienceMs);
        }
        QCOMPARE(party.edges[0].requests().size(), std::size_t{0});
    }
};

QTEST_GUILESS_MAIN(TestEdgeHub)
#include "tst_edge_hub.moc"
