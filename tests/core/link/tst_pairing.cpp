// SPDX-License-Identifier: GPL-3.0-or-later
// An edge and a device pair over real sockets; strangers and somebody in between try to.
#include "core/link/pairing.h"
#include "core/link/pairing_p.h"
#include "core/wire/encoding.h"
#include "link_fixture.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <zmq.h>

using namespace splitscope;
using namespace splitscope::link;

namespace {

/// Somebody who answers once the digits are shown, and remembers them.
class Person final : public PairingPeople {
public:
    enum class Says { Yes, No, Nothing };
    explicit Person(Says says) : m_says(says) {}

    void show(const PairingPeer& peer) override
    {
        const std::lock_guard lock(m_mutex);
        m_seen = peer;
    }
    void tell(PairingWait why) override
    {
        const std::lock_guard lock(m_mutex);
        m_waits.push_back(why);
    }
    [[nodiscard]] bool waitedFor(PairingWait why) const
    {
        const std::lock_guard lock(m_mutex);
        return std::find(m_waits.begin(), m_waits.end(), why) != m_waits.end();
    }
    std::optional<bool> answer() override
    {
        return m_says == Says::Nothing ? std::nullopt : std::optional<bool>(m_says == Says::Yes);
    }
    [[nodiscard]] PairingPeer seen() const
    {
        const std::lock_guard lock(m_mutex);
        return m_seen;
    }

private:
    const Says m_says;
    mutable std::mutex m_mutex;
    PairingPeer m_seen;
    std::vector<PairingWait> m_waits;
};

/// Somebody else's port.
class Listener {
public:
    Listener() : m_socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        if (::bind(m_socket, reinterpret_cast<sockaddr*>(&address), size) == 0 && ::listen(m_socket, 1) == 0
            && ::getsockname(m_socket, reinterpret_cast<sockaddr*>(&address), &size) == 0)
            m_port = ntohs(address.sin_port);
    }
    ~Listener() { ::close(m_socket); }
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;
    [[nodiscard]] int port() const { return m_port; }

private:
    const int m_socket;
    int m_port = 0;
};

int freePort() { return Listener().port(); }

/// Anybody who knows the pairing socket's public key pair, and keeps to no protocol.
class Stranger {
public:
    explicit Stranger(int port) : m_context(zmq_ctx_new()), m_socket(zmq_socket(m_context, ZMQ_DEALER)), m_keys(newKeyPair())
    {
        const int linger = 0;
        const auto server = pairingServerKeys().publicKey;
        zmq_setsockopt(m_socket, ZMQ_LINGER, &linger, sizeof linger);
        zmq_setsockopt(m_socket, ZMQ_CURVE_SERVERKEY, server.c_str(), server.size() + 1);
        zmq_setsockopt(m_socket, ZMQ_CURVE_PUBLICKEY, m_keys.publicKey.c_str(), m_keys.publicKey.size() + 1);
        zmq_setsockopt(m_socket, ZMQ_CURVE_SECRETKEY, m_keys.secretKey.c_str(), m_keys.secretKey.size() + 1);
        zmq_connect(m_socket, ("tcp://127.0.0.1:" + std::to_string(port)).c_str());
    }
    ~Stranger()
    {
        zmq_close(m_socket);
        zmq_ctx_term(m_context);
    }
    Stranger(const Stranger&) = delete;
    Stranger& operator=(const Stranger&) = delete;

    void send(const wire::Body& body)
    {
        const auto bytes = wire::encode({1, body});
        zmq_send(m_socket, bytes.data(), bytes.size(), 0);
    }
    void sendNoise(std::size_t size)
    {
        const base::Bytes noise(size, 0xa5);
        zmq_send(m_socket, noise.data(), noise.size(), 0);
    }
    /// The next message; none where none comes for a time that the busiest machine answers in.
    std::optional<wire::Message> receive() { return receiveWithin(20'000); }
    /// Nothing comes: told by a short silence, for there is nothing to wait for.
    bool hearsNothing() { return !receiveWithin(200); }
    [[nodiscard]] const KeyPair& keys() const { return m_keys; }

private:
    std::optional<wire::Message> receiveWithin(int patienceMs)
    {
        zmq_setsockopt(m_socket, ZMQ_RCVTIMEO, &patienceMs, sizeof patienceMs);
        base::Bytes buffer(wire::kMaxHeaderBytes);
        const int size = zmq_recv(m_socket, buffer.data(), buffer.size(), 0);
        if (size < 0)
            return std::nullopt;
        buffer.resize(static_cast<std::size_t>(size));
        auto message = wire::decode(buffer);
        return message ? std::optional(*message) : std::nullopt;
    }

    void* m_context;
    void* m_socket;
    KeyPair m_keys;
};

/// A device that lets an edge begin to pair, and dies of it.
void beginAndDie(int port)
{
    void* context = zmq_ctx_new();
    void* socket = zmq_socket(context, ZMQ_ROUTER);
    const int on = 1, off = 0, patienceMs = 20'000;
    zmq_setsockopt(socket, ZMQ_LINGER, &off, sizeof off);
    zmq_setsockopt(socket, ZMQ_RCVTIMEO, &patienceMs, sizeof patienceMs);
    zmq_setsockopt(socket, ZMQ_CURVE_SERVER, &on, sizeof on);
    const auto keys = pairingServerKeys();
    zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, keys.secretKey.c_str(), keys.secretKey.size() + 1);
    zmq_bind(socket, ("tcp://127.0.0.1:" + std::to_string(port)).c_str());
    std::array<char, wire::kMaxHeaderBytes> frame{};
    zmq_recv(socket, frame.data(), frame.size(), 0);
    zmq_recv(socket, frame.data(), frame.size(), 0);
    zmq_close(socket);
    zmq_ctx_term(context);
}

/// A device that pairs, on a thread of its own.
class PairingDevice {
public:
    explicit PairingDevice(Person& person, double windowMs = 20'000, int port = freePort()) : m_port(port)
    {
        m_thread = std::jthread([this, &person, windowMs](const std::stop_token& stop) {
            m_result = hostPairing({"127.0.0.1", m_port, m_keys, "pi\x1b[31m", windowMs}, person, stop);
            m_ended = true;
        });
    }
    const base::Result<PairingPeer>& result()
    {
        if (m_thread.joinable())
            m_thread.join();
        return *m_result;
    }
    void stop() { m_thread.request_stop(); }
    [[nodiscard]] bool ended() const { return m_ended; }
    [[nodiscard]] int port() const { return m_port; }
    [[nodiscard]] const KeyPair& keys() const { return m_keys; }

private:
    const int m_port;
    const KeyPair m_keys = newKeyPair();
    std::optional<base::Result<PairingPeer>> m_result;
    std::atomic<bool> m_ended{false};
    std::jthread m_thread;
};

}  // namespace

class TestPairing : public QObject {
    Q_OBJECT
private:
    const KeyPair m_edgeKeys = newKeyPair();

    [[nodiscard]] PairingOptions edgeOptions(int port) const { return {"127.0.0.1", port, m_edgeKeys, "ada", 20'000}; }

private Q_SLOTS:
    void bothSidesSeeTheSameDigitsAndLearnTheKeys()
    {
        Person onDevice(Person::Says::Yes), onEdge(Person::Says::Yes);
        PairingDevice device(onDevice);
        const auto edge = joinPairing(edgeOptions(device.port()), onEdge, {});
        QVERIFY2(edge.ok(), edge.ok() ? "" : edge.error().message().c_str());
        const auto& host = device.result();
        QVERIFY2(host.ok(), host.ok() ? "" : host.error().message().c_str());
        QCOMPARE(edge->publicKey, device.keys().publicKey);
        QCOMPARE(host->publicKey, m_edgeKeys.publicKey);
        QCOMPARE(edge->digits, host->digits);
        QCOMPARE(edge->digits.size(), std::size_t{6});
        QCOMPARE(edge->name, std::string("pi?[31m"));  // nobody writes on another one's terminal
    }

    void eitherSidesNoEndsBoth_data()
    {
        QTest::addColumn<bool>("deviceSaysYes");
        QTest::newRow("device") << false;
        QTest::newRow("edge") << true;
    }
    void eitherSidesNoEndsBoth()
    {
        QFETCH(bool, deviceSaysYes);
        Person onDevice(deviceSaysYes ? Person::Says::Yes : Person::Says::No);
        Person onEdge(deviceSaysYes ? Person::Says::No : Person::Says::Yes);
        PairingDevice device(onDevice);
        const auto edge = joinPairing(edgeOptions(device.port()), onEdge, {});
        QVERIFY(!edge.ok());
        QCOMPARE(edge.error().code, base::ErrorCode::Refused);
        QVERIFY(!device.result().ok());
        QCOMPARE(device.result().error().code, base::ErrorCode::Refused);
    }

    void nothingIsPairedUnlessBothHaveSaidYes()
    {
        Person onDevice(Person::Says::Nothing), onEdge(Person::Says::Yes);
        PairingDevice device(onDevice);
        std::optional<base::Result<PairingPeer>> edge;
        std::jthread joining([&](const std::stop_token& stop) { edge = joinPairing(edgeOptions(device.port()), onEdge, stop); });
        QTRY_VERIFY_WITH_TIMEOUT(!onEdge.seen().digits.empty(), 20'000);
        joining.request_stop();
        joining.join();
        device.stop();
        QVERIFY(!edge->ok());
        QVERIFY(!device.result().ok());
    }

    void aDeviceThatPairsLaterIsWaitedFor_data()
    {
        QTest::addColumn<bool>("diesFirst");
        QTest::newRow("nobody listens at first") << false;
        QTest::newRow("the first one dies in the middle") << true;
    }
    void aDeviceThatPairsLaterIsWaitedFor()
    {
        QFETCH(bool, diesFirst);
        const int port = freePort();
        Person onDevice(Person::Says::Yes), onEdge(Person::Says::Yes);
        auto options = edgeOptions(port);
        options.windowMs = 60'000;
        std::optional<base::Result<PairingPeer>> edge;
        std::jthread joining([&](const std::stop_token& stop) { edge = joinPairing(options, onEdge, stop); });
        QTRY_VERIFY_WITH_TIMEOUT(onEdge.waitedFor(PairingWait::NobodyListens), 20'000);
        if (diesFirst)
            beginAndDie(port);
        PairingDevice device(onDevice, 60'000, port);
        const auto& host = device.result();
        joining.join();
        QVERIFY2(host.ok(), host.ok() ? "" : host.error().message().c_str());
        QVERIFY2(edge->ok(), edge->ok() ? "" : edge->error().message().c_str());
        QCOMPARE((*edge)->digits, host->digits);
    }

    void whoLeavesEndsBoth_data()
    {
        QTest::addColumn<bool>("deviceLeaves");
        QTest::newRow("device") << true;
        QTest::newRow("edge") << false;
    }
    /// Nobody is left comparing digits with somebody who has gone.
    void whoLeavesEndsBoth()
    {
        QFETCH(bool, deviceLeaves);
        Person onDevice(Person::Says::Nothing), onEdge(Person::Says::Nothing);
        PairingDevice device(onDevice, 600'000);
        auto options = edgeOptions(device.port());
        options.windowMs = 600'000;
        std::optional<base::Result<PairingPeer>> edge;
        std::jthread joining([&](const std::stop_token& stop) { edge = joinPairing(options, onEdge, stop); });
        QTRY_VERIFY_WITH_TIMEOUT(!onEdge.seen().digits.empty() && !onDevice.seen().digits.empty(), 20'000);
        if (deviceLeaves)
            device.stop();
        else
            joining.request_stop();
        joining.join();
        const auto& host = device.result();
        QVERIFY(!host.ok() && !edge->ok());
        QCOMPARE(host.error().code, deviceLeaves ? base::ErrorCode::Cancelled : base::ErrorCode::Refused);
        QCOMPARE(edge->error().code, deviceLeaves ? base::ErrorCode::Refused : base::ErrorCode::Cancelled);
    }

    void whyNothingCameOfItIsSaid()
    {
        Person onEdge(Person::Says::Yes);
        auto options = edgeOptions(freePort());
        options.windowMs = 1'000;
        const auto alone = joinPairing(options, onEdge, {});
        QVERIFY(!alone.ok());
        QCOMPARE(alone.error().code, base::ErrorCode::Unreachable);
        QVERIFY2(alone.error().text.find("splitscoped --pair") != std::string::npos, alone.error().text.c_str());
    }

    void strangersGetNothingButPairing()
    {
        Person onDevice(Person::Says::Yes), onEdge(Person::Says::Yes);
        PairingDevice device(onDevice);
        Stranger stranger(device.port());
        stranger.send(wire::Hello{});
        stranger.send(wire::Ping{1});
        stranger.send(wire::PairReveal{"00"});
        stranger.send(wire::PairConfirm{true});
        stranger.sendNoise(500);
        QVERIFY(stranger.hearsNothing());  // not even a version
        QVERIFY(!device.ended());
        const auto edge = joinPairing(edgeOptions(device.port()), onEdge, {});
        QVERIFY2(edge.ok(), edge.ok() ? "" : edge.error().message().c_str());
    }

    void aSecondEdgeWaitsUntilTheFirstHasGone()
    {
        Person onDevice(Person::Says::Nothing);
        PairingDevice device(onDevice);
        Stranger first(device.port()), second(device.port());
        first.send(wire::Pair{"first", edgeCommitment(first.keys().publicKey, "11")});
        QVERIFY(first.receive());
        second.send(wire::Pair{"second", edgeCommitment(second.keys().publicKey, "22")});
        QVERIFY(second.hearsNothing());
        first.send(wire::PairReveal{"11"});
        QVERIFY(first.receive());
        QTRY_COMPARE(onDevice.seen().name, std::string("first"));
        // The second one cannot speak for the first.
        second.send(wire::PairConfirm{true});
        device.stop();
        QVERIFY(!device.result().ok());
    }

    void whoRevealsSomethingElseIsFoundOut()
    {
        Person onDevice(Person::Says::Yes);
        PairingDevice device(onDevice);
        Stranger cheat(device.port());
        cheat.send(wire::Pair{"cheat", edgeCommitment(cheat.keys().publicKey, "11")});
        QVERIFY(cheat.receive());
        cheat.send(wire::PairReveal{"12"});
        QVERIFY(!device.result().ok());
        QVERIFY(onDevice.seen().digits.empty());
        QVERIFY2(device.result().error().text.find("stands between") != std::string::npos, device.result().error().text.c_str());
    }

    /// Somebody between has keys of its own for both sides: the digits differ, whatever the nonces.
    void digitsDependOnEverything()
    {
        const auto one = newKeyPair().publicKey, other = newKeyPair().publicKey, third = newKeyPair().publicKey;
        const auto digits = pairingDigits(one, other, "a", "b");
        QCOMPARE(pairingDigits(one, other, "a", "b"), digits);
        int same = 0;
        for (int n = 0; n < 200; ++n) {
            const auto nonce = pairingNonce();
            same += pairingDigits(one, third, "a", nonce) == pairingDigits(third, other, nonce, "b") ? 1 : 0;
            QCOMPARE(nonce.size(), wire::kPairHashChars);
        }
        QVERIFY(same < 3);
        QVERIFY(edgeCommitment(one, "a") != edgeCommitment(other, "a"));
        QVERIFY(deviceCommitment(one, other, "a") != deviceCommitment(one, third, "a"));
        QVERIFY(isKey(pairingServerKeys().publicKey));
    }

    void aWindowThatNobodyUsesCloses()
    {
        Person onDevice(Person::Says::Yes);
        PairingDevice device(onDevice, 100);
        QVERIFY(!device.result().ok());
        QCOMPARE(device.result().error().code, base::ErrorCode::Unreachable);
    }

    void aTakenPortIsTold()
    {
        const Listener other;
        Person onDevice(Person::Says::Yes);
        const auto host = hostPairing({"127.0.0.1", other.port(), m_edgeKeys, "pi", 1'000}, onDevice, {});
        QVERIFY(!host.ok());
        QCOMPARE(host.error().code, base::ErrorCode::Busy);
    }
};

QTEST_GUILESS_MAIN(TestPairing)
#include "tst_pairing.moc"
