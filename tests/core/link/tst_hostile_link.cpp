// SPDX-License-Identifier: GPL-3.0-or-later
// Raw sockets with allowed keys that say what no edge would, and devices that say what no device would.
#include "core/wire/encoding.h"
#include "link_fixture.h"

#include <random>
#include <zmq.h>

using namespace splitscope;
using namespace splitscope::link;
using namespace splitscope::link::testing;

namespace {

/// A DEALER that is let in but keeps to no protocol.
class RawEdge {
public:
    RawEdge(const KeyPair& keys, const std::string& deviceKey, const std::string& identity, int port)
        : m_context(zmq_ctx_new()), m_socket(zmq_socket(m_context, ZMQ_DEALER))
    {
        const int linger = 0;
        const int patience = kPatienceMs;
        zmq_setsockopt(m_socket, ZMQ_LINGER, &linger, sizeof linger);
        zmq_setsockopt(m_socket, ZMQ_SNDTIMEO, &patience, sizeof patience);
        zmq_setsockopt(m_socket, ZMQ_RCVTIMEO, &patience, sizeof patience);
        zmq_setsockopt(m_socket, ZMQ_ROUTING_ID, identity.data(), identity.size());
        zmq_setsockopt(m_socket, ZMQ_CURVE_SERVERKEY, deviceKey.c_str(), deviceKey.size() + 1);
        zmq_setsockopt(m_socket, ZMQ_CURVE_PUBLICKEY, keys.publicKey.c_str(), keys.publicKey.size() + 1);
        zmq_setsockopt(m_socket, ZMQ_CURVE_SECRETKEY, keys.secretKey.c_str(), keys.secretKey.size() + 1);
        zmq_connect(m_socket, ("tcp://127.0.0.1:" + std::to_string(port)).c_str());
    }
    ~RawEdge()
    {
        zmq_close(m_socket);
        zmq_ctx_term(m_context);
    }
    RawEdge(const RawEdge&) = delete;
    RawEdge& operator=(const RawEdge&) = delete;

    bool send(const std::vector<base::Bytes>& frames)
    {
        for (std::size_t i = 0; i < frames.size(); ++i)
            if (zmq_send(m_socket, frames[i].data(), frames[i].size(), i + 1 < frames.size() ? ZMQ_SNDMORE : 0) < 0)
                return false;
        return true;
    }
    base::Result<wire::Message> receive()
    {
        base::Bytes buffer(wire::kMaxHeaderBytes);
        const int size = zmq_recv(m_socket, buffer.data(), buffer.size(), 0);
        buffer.resize(static_cast<std::size_t>(std::max(size, 0)));
        return wire::decode(buffer);
    }

private:
    void* m_context;
    void* m_socket;
};

/// What the raw edge was told about its next message.
wire::Failure nextFailure(RawEdge& raw)
{
    const auto message = raw.receive();
    if (!message.ok() || !std::holds_alternative<wire::Failure>(message->body))
        return {};
    return std::get<wire::Failure>(message->body);
}

}  // namespace

class TestHostileLink : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void wrongControlMessagesAreAnsweredAndCounted_data()
    {
        QTest::addColumn<QList<QByteArray>>("frames");
        QTest::addColumn<QString>("code");
        const auto encoded = [](const wire::Message& message) {
            const auto bytes = wire::encode(message);
            return QByteArray(reinterpret_cast<const char*>(bytes.data()), static_cast<qsizetype>(bytes.size()));
        };
        const auto ping = encoded({9, wire::Ping{1}});
        QTest::newRow("noise") << QList<QByteArray>{"\x01\x02\x03"} << "invalid-input";
        QTest::newRow("truncated") << QList<QByteArray>{ping.left(12)} << "invalid-input";
        QTest::newRow("oversized header") << QList<QByteArray>{QByteArray(70'000, 'x')} << "too-large";
        QTest::newRow("oversized payload") << QList<QByteArray>{ping, QByteArray(300'000, 'x')} << "too-large";
        QTest::newRow("other version") << QList<QByteArray>{QByteArray(ping).replace(3, 1, "\x07")} << "mismatch";
        QTest::newRow("payload where none belongs") << QList<QByteArray>{ping, "x"} << "invalid-input";
        QTest::newRow("too many frames") << QList<QByteArray>{ping, "x", "y", "z"} << "invalid-input";
        QTest::newRow("a device's message") << QList<QByteArray>{encoded({9, wire::Ack{}})} << "invalid-input";
    }
    void wrongControlMessagesAreAnsweredAndCounted()
    {
        QFETCH(QList<QByteArray>, frames);
        QFETCH(QString, code);
        const Pair pair;
        Device device;
        QVERIFY(device.start(pair.deviceOptions()).ok());
        RawEdge raw(pair.edgeKeys, pair.deviceKeys.publicKey, identityOf(pair.edgeKeys.publicKey), device.link().controlPort());
        std::vector<base::Bytes> bytes;
        for (const auto& frame : frames)
            bytes.emplace_back(frame.begin(), frame.end());
        QVERIFY(raw.send(bytes));
        QCOMPARE(QString::fromStdString(nextFailure(raw).code), code);
        QCOMPARE(device.link().counters().malformed, std::uint64_t{1});
        QVERIFY(device.controls().empty());
        QVERIFY(raw.send({wire::encode({0, wire::Ping{3}})}));
        QVERIFY(raw.receive().ok());
    }

    /// It ends the connection, and nothing else: not even a refusal is said, and the next connection is served.
    void aFrameBeyondEveryLimitIsNotRead()
    {
        const Pair pair;
        Device device;
        QVERIFY(device.start(pair.deviceOptions()).ok());
        RawEdge raw(pair.edgeKeys, pair.deviceKeys.publicKey, identityOf(pair.edgeKeys.publicKey), device.link().controlPort());
        QVERIFY(raw.send({base::Bytes(2 << 20)}));
        // What has been written behind it goes with its connection: it is asked until one is heard.
        const auto isHeard = [&] {
            return raw.send({wire::encode({0, wire::ModelQuery{}})}) && device.link().counters().receivedMessages > 0;
        };
        QTRY_VERIFY_WITH_TIMEOUT(isHeard(), kPatienceMs);
        QVERIFY(device.link().counters().receivedBytes < 1 << 20);
    }

    void aKeyTakenFromTheListIsNotHeardAnyMore()
    {
        const Pair pair;
        Device device;
        QVERIFY(device.start(pair.deviceOptions()).ok());
        RawEdge raw(pair.edgeKeys, pair.deviceKeys.publicKey, identityOf(pair.edgeKeys.publicKey), device.link().controlPort());
        QVERIFY(raw.send({wire::encode({0, wire::Ping{1}})}));
        QVERIFY(raw.receive().ok());
        device.link().setAllowedKeys({});
        const auto before = device.link().counters().receivedMessages;
        QVERIFY(raw.send({wire::encode({1, wire::Hello{}})}));
        QTRY_VERIFY_WITH_TIMEOUT(device.link().counters().receivedMessages > before, kPatienceMs);
        QVERIFY(device.controls().empty());
        device.link().setAllowedKeys({pair.edgeKeys.publicKey});
        QVERIFY(raw.send({wire::encode({2, wire::Hello{}})}));
        QTRY_COMPARE_WITH_TIMEOUT(device.controls().size(), std::size_t{1}, kPatienceMs);
    }

    void aFloodIsCutToItsRate()
    {
        Pair pair;
        const auto noisy = newKeyPair();
        auto options = pair.deviceOptions();
        options.allowedKeys.push_back(noisy.publicKey);
        options.messagesPerSecond = 50;
        Device device;
        QVERIFY(device.start(options).ok());
        RawEdge flood(noisy, pair.deviceKeys.publicKey, identityOf(noisy.publicKey), device.link().controlPort());
        constexpr std::size_t kMessages = 2000;
        for (std::size_t n = 0; n < kMessages; ++n)
            QVERIFY(flood.send({wire::encode({n, wire::StopRun{1}})}));
        QTRY_VERIFY_WITH_TIMEOUT(device.link().counters().receivedMessages == kMessages, kPatienceMs);
        const auto counters = device.link().counters();
        QVERIFY(counters.tooFast > 0);
        QCOMPARE(device.controls().size() + counters.tooFast, std::uint64_t{kMessages});
        RawEdge quiet(pair.edgeKeys, pair.deviceKeys.publicKey, identityOf(pair.edgeKeys.publicKey), device.link().controlPort());
        QVERIFY(quiet.send({wire::encode({0, wire::Ping{3}})}));
        QVERIFY(quiet.receive().ok());
    }

    void aStormOfNoiseLeavesTheDeviceServing()
    {
        Pair pair;
        const auto noisy = newKeyPair();
        auto options = pair.deviceOptions();
        options.allowedKeys.push_back(noisy.publicKey);
        Device device;
        Edge edge;
        QVERIFY(device.start(options).ok());
        RawEdge control(noisy, pair.deviceKeys.publicKey, identityOf(noisy.publicKey), device.link().controlPort());
        RawEdge data(noisy, pair.deviceKeys.publicKey, identityOf(noisy.publicKey), device.link().dataPort());
        std::mt19937 random(3);
        constexpr std::size_t kMessages = 500;
        for (std::size_t n = 0; n < kMessages; ++n) {
            std::vector<base::Bytes> frames(1 + random() % 4);
            for (auto& frame : frames) {
                frame.resize(random() % 200);
                for (auto& byte : frame)
                    byte = static_cast<std::uint8_t>(random());
            }
            QVERIFY(control.send(frames));
            QVERIFY(data.send(frames));
        }
        QVERIFY(edge.start(pair.edgeOptions(device.link())).ok());
        QTRY_COMPARE_WITH_TIMEOUT(edge.link().state(), LinkState::Connected, kPatienceMs);
        QTRY_COMPARE_WITH_TIMEOUT(device.link().counters().malformed, std::uint64_t{2 * kMessages}, kPatienceMs);
        const auto payload = patternBytes(50'000);
        QVERIFY(device.link().sendRequest(identityOf(pair.edgeKeys.publicKey), requestOf(0, payload->size()), payload).ok());
        QTRY_COMPARE_WITH_TIMEOUT(edge.requests().size(), std::size_t{1}, kPatienceMs);
        QVERIFY(device.controls().empty());
        QVERIFY(device.link().counters().sentMessages < kMessages);  // answers to noise are rate-limited
    }

    void nobodySpeaksInAnothersName()
    {
        Pair pair;
        const auto impostor = newKeyPair();
        auto options = pair.deviceOptions();
        options.allowedKeys.push_back(impostor.publicKey);
        Device device;
        QVERIFY(device.start(options).ok());
        RawEdge raw(impostor, pair.deviceKeys.publicKey, identityOf(pair.edgeKeys.publicKey), device.link().controlPort());
        QVERIFY(raw.send({wire::encode({1, wire::StopRun{7}})}));
        QTRY_COMPARE_WITH_TIMEOUT(device.link().counters().malformed, std::uint64_t{1}, kPatienceMs);
        QVERIFY(device.controls().empty());
        QVERIFY(device.events().empty());
    }

    void peersAreBounded()
    {
        const Pair pair;
        auto options = pair.deviceOptions();
        options.maxPeers = 1;
        Device device;
        QVERIFY(device.start(options).ok());
        const auto& keys = pair.edgeKeys;
        RawEdge first(keys, pair.deviceKeys.publicKey, identityOf(keys.publicKey, "1"), device.link().controlPort());
        QVERIFY(first.send({wire::encode({0, wire::Ping{1}})}));
        QVERIFY(first.receive().ok());
        RawEdge second(keys, pair.deviceKeys.publicKey, identityOf(keys.publicKey, "2"), device.link().controlPort());
        QVERIFY(second.send({wire::encode({0, wire::Ping{1}})}));
        QTRY_COMPARE_WITH_TIMEOUT(device.link().counters().malformed, std::uint64_t{1}, kPatienceMs);
        QCOMPARE(device.peer(), identityOf(keys.publicKey, "1"));
        // A silent peer makes room.
        QTRY_VERIFY_WITH_TIMEOUT(device.events().back().starts_with("silent"), kPatienceMs);
        QVERIFY(second.send({wire::encode({0, wire::Ping{2}})}));
        QVERIFY(second.receive().ok());
    }
};

QTEST_GUILESS_MAIN(TestHostileLink)
#include "tst_hostile_link.moc"
