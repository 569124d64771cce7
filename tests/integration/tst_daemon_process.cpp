// SPDX-License-Identifier: GPL-3.0-or-later
// A real splitscoped, talked to over a real link.
#include "core/base/random.h"
#include "tests/core/model/model_samples.h"
#include "tests/integration/daemon_client.h"

#include <QTemporaryDir>
#include <arpa/inet.h>
#include <sys/socket.h>

using namespace splitscope;

namespace {

constexpr int kPatienceMs = 120'000;
constexpr std::size_t kPiece = 200'000;

/// alexnet3 with random weights: what it answers does not matter here.
struct Network {
    Network()
        : spec(*model::loadNetworkSpec("alexnet3")), weights(model::samples::randomWeights(spec, 1)),
          hash(model::modelHash(spec, weights)), executor(std::move(model::Executor::create(spec, weights)).value())
    {
    }
    bool push(TestEdge& edge) const
    {
        const auto json = model::toJson(spec);
        base::Bytes bytes(json.begin(), json.end());
        const auto archive = model::serialize(weights);
        bytes.insert(bytes.end(), archive.begin(), archive.end());
        bool ready = false;
        for (std::size_t offset = 0; offset < bytes.size(); offset += kPiece) {
            const auto end = std::min(offset + kPiece, bytes.size());
            const base::Bytes piece(bytes.begin() + static_cast<long>(offset), bytes.begin() + static_cast<long>(end));
            const auto answer = edge.ask(wire::ModelPush{hash, bytes.size(), json.size(), offset}, piece);
            const auto* state = answer ? std::get_if<wire::ModelState>(&*answer) : nullptr;
            if (!state || state->receivedBytes != end)
                return false;
            ready = state->ready;
        }
        return ready;
    }

    const model::NetworkSpec spec;
    const model::Weights weights;
    const std::string hash;
    const std::shared_ptr<const model::Executor> executor;
};

const Network& network()
{
    static const Network shared;
    return shared;
}

wire::StartRun startRun(std::uint64_t frames)
{
    wire::StartRun run;
    run.run = 4711;
    run.modelHash = network().hash;
    run.data = "patterns";
    run.split = "evaluation";
    run.frames = frames;
    run.decision = {2, 6, {codec::CodingKind::Quantized, 8}};
    return run;
}

bool coverExactly(const std::map<std::uint64_t, wire::FrameRecord>& records, std::uint64_t frames)
{
    std::uint64_t next = 0;
    for (const auto& [first, record] : records) {
        if (first != next)
            return false;
        next += static_cast<std::uint64_t>(record.count);
    }
    return next == frames;
}

void sendRubbish(int port)
{
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
        std::string rubbish(20'000, '\0');
        base::Random random(static_cast<std::uint64_t>(port));
        for (auto& c : rubbish)
            c = static_cast<char>(random.bits());
        static_cast<void>(::send(fd, rubbish.data(), rubbish.size(), MSG_NOSIGNAL));
    }
    ::close(fd);
}

struct Outcome {
    int exit = -1;
    QByteArray output, errors;
};

Outcome runDaemon(const QStringList& arguments)
{
    QProcess process;
    process.start(SPLITSCOPE_BIN "/splitscoped", arguments);
    process.waitForFinished(30'000);
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAllStandardOutput(),
            process.readAllStandardError()};
}

}  // namespace

class TestDaemonProcess : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aRunGoesThroughAndSigtermEndsIt()
    {
        const auto keys = link::newKeyPair();
        LoopbackProcess device({keys.publicKey});
        QVERIFY(device.controlPort > 0 && device.dataPort > 0);
        TestEdge edge(device, keys, network().executor);

        const auto hello = edge.ask(wire::Hello{});
        QVERIFY(hello && std::holds_alternative<wire::Welcome>(*hello));
        QCOMPARE(std::get<wire::Welcome>(*hello).deviceName, std::string("bench"));
        QVERIFY(std::get<wire::Welcome>(*hello).bootId != 0);
        QCOMPARE(edge.refusal(startRun(200)), std::string("mismatch"));
        QVERIFY(network().push(edge));

        QVERIFY(edge.accepted(startRun(200)));
        QVERIFY(edge.accepted(startRun(200)));  // asked twice is one run
        QTRY_VERIFY_WITH_TIMEOUT(edge.ended() && edge.ended()->unacknowledged == 0, kPatienceMs);
        QVERIFY(coverExactly(edge.records(), 200));
        QCOMPARE(edge.ended()->done + edge.ended()->fallback, 200U);
        QVERIFY(edge.ended()->done > 0);
        for (const auto& [first, record] : edge.records())
            if (record.outcome == wire::Outcome::Done)
                QVERIFY(record.wireBytes > record.payloadBytes);

        device.process.terminate();
        QVERIFY(device.endsWell());
    }

    void anEdgeThatComesBackGetsWhatItMissed()
    {
        const auto keys = link::newKeyPair();
        LoopbackProcess device({keys.publicKey});
        {
            TestEdge edge(device, keys, network().executor, false);
            QVERIFY(network().push(edge));
            QVERIFY(edge.accepted(startRun(300)));
            QTRY_VERIFY_WITH_TIMEOUT(edge.records().size() > 10, kPatienceMs);
        }
        TestEdge back(device, keys, network().executor);
        const auto hello = back.ask(wire::Hello{});
        QVERIFY(hello && std::holds_alternative<wire::Welcome>(*hello));
        QCOMPARE(std::get<wire::Welcome>(*hello).state.run, 4711U);
        QTRY_VERIFY_WITH_TIMEOUT(back.ended() && back.ended()->unacknowledged == 0, kPatienceMs);
        QVERIFY(coverExactly(back.records(), 300));
    }

    void pauseGoOnAndStop()
    {
        const auto keys = link::newKeyPair();
        LoopbackProcess device({keys.publicKey});
        TestEdge edge(device, keys, network().executor);
        QVERIFY(network().push(edge));
        QVERIFY(edge.accepted(startRun(wire::kMaxFrames)));
        wire::UpdateRun change;
        change.run = 4711;
        change.paused = true;
        QVERIFY(edge.accepted(change));
        change.paused = false;
        change.shaping = wire::Shaping{1e6, 1500, 2, 0.5};
        change.slowdown = 2;
        QVERIFY(edge.accepted(change));
        const auto before = edge.records().size();
        QTRY_VERIFY_WITH_TIMEOUT(edge.records().size() > before + 5, kPatienceMs);
        QVERIFY(edge.accepted(wire::StopRun{4711}));
        QVERIFY(edge.accepted(wire::StopRun{4711}));
        QTRY_VERIFY_WITH_TIMEOUT(edge.ended() && edge.ended()->unacknowledged == 0, kPatienceMs);
        QVERIFY(!edge.ended()->active);
        QVERIFY(coverExactly(edge.records(), edge.ended()->nextFrame));
        QCOMPARE(edge.refusal(change), std::string("mismatch"));
    }

    void aScheduleOfSeveralPiecesIsFollowed()
    {
        const auto keys = link::newKeyPair();
        LoopbackProcess device({keys.publicKey});
        TestEdge edge(device, keys, network().executor);
        QVERIFY(network().push(edge));
        wire::Schedule piece;
        piece.run = 4711;
        piece.totalPoints = 3;
        piece.durationMs = 1000;
        piece.atMicros = {0, 100'000};
        piece.bytesPerSecond = {3e6F, 2e6F};
        QVERIFY(edge.accepted(piece));
        auto stray = piece;
        stray.offset = 1;
        QCOMPARE(edge.refusal(stray), std::string("mismatch"));  // and the pieces before it are forgotten
        QVERIFY(edge.accepted(piece));
        piece.offset = 2;
        piece.atMicros = {50'000};
        piece.bytesPerSecond = {1e6F};
        QVERIFY(!edge.refusal(piece).empty());  // goes back in time
        piece.offset = 0;
        piece.totalPoints = 1;
        piece.atMicros = {0};
        QVERIFY(edge.accepted(piece));
        QVERIFY(edge.accepted(startRun(wire::kMaxFrames)));
        QTRY_VERIFY_WITH_TIMEOUT(edge.records().size() > 5, kPatienceMs);
        QCOMPARE(edge.records().begin()->second.setBytesPerSecond, 1e6);
        piece.bytesPerSecond = {5e5F};
        QVERIFY(edge.accepted(piece));  // at once
        QTRY_COMPARE_WITH_TIMEOUT(edge.records().rbegin()->second.setBytesPerSecond, 5e5, kPatienceMs);
        auto run = startRun(10);
        run.run = 12;
        run.shaping.by = wire::ShapedBy::Kernel;
        QCOMPARE(edge.refusal(run), std::string("unsupported"));
    }

    void anotherEdgeIsToldThatTheDeviceIsBusy()
    {
        const auto owner = link::newKeyPair();
        const auto other = link::newKeyPair();
        LoopbackProcess device({owner.publicKey, other.publicKey});
        TestEdge first(device, owner, network().executor);
        TestEdge second(device, other, network().executor);
        QVERIFY(network().push(first));
        QVERIFY(first.accepted(startRun(wire::kMaxFrames)));
        auto run = startRun(10);
        run.run = 12;
        QCOMPARE(second.refusal(run), std::string("busy"));
        QCOMPARE(second.refusal(wire::StopRun{4711}), std::string("not-found"));
        // The owner's own next run replaces the first.
        QVERIFY(first.accepted(run));
        QTRY_VERIFY_WITH_TIMEOUT(first.ended() && first.ended()->run == 12, kPatienceMs);
        run.run = 13;
        QVERIFY(second.accepted(run));
    }

    void wrongMessagesAreAnsweredAndServingGoesOn()
    {
        const auto keys = link::newKeyPair();
        LoopbackProcess device({keys.publicKey});
        TestEdge edge(device, keys, nullptr);
        for (int i = 0; i < 5; ++i) {
            sendRubbish(device.controlPort);
            sendRubbish(device.dataPort);
        }
        wire::Hello future;
        future.version = 99;
        QVERIFY(!edge.refusal(future).empty());
        QVERIFY(!edge.refusal(wire::Welcome{}).empty());
        QVERIFY(!edge.refusal(wire::ModelPush{"../x", 1000, 10, 0}, base::Bytes(10)).empty());
        QCOMPARE(edge.refusal(wire::StopRun{5}), std::string("not-found"));
        QVERIFY(!edge.refusal(wire::UpdateRun{5, true, {}, {}, {}}).empty());
        QCOMPARE(edge.refusal(startRun(5)), std::string("mismatch"));

        QVERIFY(network().push(edge));
        auto run = startRun(5);
        run.data = "/no/such/folder";
        QCOMPARE(edge.refusal(run), std::string("not-found"));
        run = startRun(5);
        run.split = "dinner";
        QVERIFY(!edge.refusal(run).empty());
        run = startRun(5);
        run.decision.exit = 9;
        QVERIFY(!edge.refusal(run).empty());
        static_cast<void>(edge.link().sendData({0, wire::Reply{4711, 0, {1}, {}, {}, 0, 0, 0, 0, {}}}));
        const auto hello = edge.ask(wire::Hello{});
        QVERIFY(hello && std::holds_alternative<wire::Welcome>(*hello));
    }

    void theParentsEndIsTheDaemonsEnd()
    {
        const auto keys = link::newKeyPair();
        LoopbackProcess device({keys.publicKey});
        TestEdge edge(device, keys, network().executor);
        QVERIFY(network().push(edge));
        QVERIFY(edge.accepted(startRun(wire::kMaxFrames)));
        device.closePipe();
        QVERIFY(device.endsWell());
    }

    void aStrangerIsNotServed()
    {
        const auto keys = link::newKeyPair();
        LoopbackProcess device({keys.publicKey});
        TestEdge stranger(device, link::newKeyPair(), nullptr);
        static_cast<void>(stranger.link().sendControl({1, wire::Hello{}}));
        TestEdge friendly(device, keys, nullptr);
        for (int i = 0; i < 20; ++i)  // time enough for the stranger, too
            QVERIFY(friendly.ask(wire::Hello{}));
        QCOMPARE(stranger.link().state(), link::LinkState::Connecting);
    }

    void exitStatusTellsWhatWasWrong_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("exit");
        QTest::addColumn<QString>("said");
        QTest::newRow("help") << QStringList{"--help"} << 0 << "--data-root";
        QTest::newRow("version") << QStringList{"--version"} << 0 << "splitscoped 0.";
        QTest::newRow("unknown option") << QStringList{"--prot", "1"} << 2 << "--prot";
        QTest::newRow("no value") << QStringList{"--port"} << 2 << "--port";
        QTest::newRow("no number") << QStringList{"--port", "many"} << 2 << "--port";
        QTest::newRow("no such port") << QStringList{"--port", "70000"} << 2 << "--port";
        QTest::newRow("no config") << QStringList{"--config", "/no/such/file"} << 1 << "/no/such/file";
        QTest::newRow("no edges") << QStringList{"--port", "0", "--allow", "/no/such/list"} << 1 << "/no/such/list";
        QTest::newRow("no pipe") << QStringList{"--loopback", "77"} << 1 << "--loopback";
    }
    void exitStatusTellsWhatWasWrong()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, exit);
        QFETCH(QString, said);
        QTemporaryDir home;
        qputenv("XDG_CONFIG_HOME", home.path().toUtf8());
        const auto outcome = runDaemon(arguments);
        QCOMPARE(outcome.exit, exit);
        QVERIFY2((outcome.output + outcome.errors).contains(said.toUtf8()), (outcome.output + outcome.errors).constData());
    }

    void theConfigFileIsChecked_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QString>("named");
        QTest::newRow("no JSON") << QByteArray("{") << "JSON";
        QTest::newRow("unknown key") << QByteArray("{\"prot\": 1}") << "prot";
        QTest::newRow("wrong type") << QByteArray("{\"port\": [1]}") << "port";
        QTest::newRow("fraction") << QByteArray("{\"port\": 1.5}") << "port";
        QTest::newRow("flags only") << QByteArray("{\"loopback\": 1}") << "loopback";
    }
    void theConfigFileIsChecked()
    {
        QFETCH(QByteArray, json);
        QFETCH(QString, named);
        QTemporaryDir folder;
        QFile file(folder.filePath("daemon.json"));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(json) == json.size());
        file.close();
        const auto outcome = runDaemon({"--config", file.fileName()});
        QCOMPARE(outcome.exit, 2);
        QVERIFY2(outcome.errors.contains(named.toUtf8()), outcome.errors.constData());
    }
};

QTEST_GUILESS_MAIN(TestDaemonProcess)
#include "tst_daemon_process.moc"
