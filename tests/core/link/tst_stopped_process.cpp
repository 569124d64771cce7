// SPDX-License-Identifier: GPL-3.0-or-later
// One side is stopped (SIGSTOP) and continued while the other watches. This program is its own other side: started with
// "device", "crawling" (one whose payload crawls) or "edge" it reads its options from standard input and serves until its input
// ends.
#include "link_fixture.h"

#include <QCoreApplication>
#include <QProcess>

#include <csignal>
#include <iostream>
#include <thread>

using namespace splitscope;
using namespace splitscope::link;
using namespace splitscope::link::testing;

namespace {

int serve(const std::string& role)
{
    std::string ownPublic, ownSecret, other;
    int controlPort = 0, dataPort = 0;
    std::cin >> ownPublic >> ownSecret >> other >> controlPort >> dataPort;
    Device device;
    Edge edge;
    if (role != "edge") {
        DeviceLinkOptions options;
        options.keys = {ownPublic, ownSecret};
        options.allowedKeys = {other};
        if (!device.start(options).ok())
            return 1;
        std::cout << device.link().controlPort() << ' ' << device.link().dataPort() << std::endl;
        if (role == "crawling") {
            while (device.peer().empty())
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            const auto payload = patternBytes(1 << 20);
            if (!device.link().setShaping({20e3, 1500, 0}).ok()
                || !device.link().sendRequest(device.peer(), requestOf(0, payload->size()), payload).ok())
                return 1;
        }
    } else {
        EdgeLinkOptions options;
        options.keys = {ownPublic, ownSecret};
        options.deviceKey = other;
        options.controlPort = controlPort;
        options.dataPort = dataPort;
        if (!edge.start(options).ok())
            return 1;
        std::cout << "started" << std::endl;
    }
    std::string end;
    std::cin >> end;
    return 0;
}

/// The other side, in a process of its own that can be stopped.
class OtherSide {
public:
    QByteArray start(const QString& role, const KeyPair& own, const std::string& other, int controlPort, int dataPort)
    {
        m_process.start(QCoreApplication::applicationFilePath(), {role});
        const auto input = own.publicKey + " " + own.secretKey + " " + other + " " + std::to_string(controlPort) + " "
            + std::to_string(dataPort) + "\n";
        m_process.write(input.c_str());
        return m_process.waitForReadyRead(kPatienceMs) ? m_process.readLine() : QByteArray();
    }
    ~OtherSide()
    {
        signal(SIGCONT);
        m_process.closeWriteChannel();
        m_process.waitForFinished(kPatienceMs);
    }
    void signal(int number) { ::kill(static_cast<pid_t>(m_process.processId()), number); }

private:
    QProcess m_process;
};

}  // namespace

class TestStoppedProcess : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aStoppedDeviceIsSilentAndComesBack_data()
    {
        QTest::addColumn<QString>("role");
        QTest::newRow("at rest") << "device";
        QTest::newRow("while a payload crawls") << "crawling";  // which counts as life only as long as it does
    }
    void aStoppedDeviceIsSilentAndComesBack()
    {
        QFETCH(QString, role);
        const Pair pair;
        OtherSide device;
        const auto ports = device.start(role, pair.deviceKeys, pair.edgeKeys.publicKey, 0, 0).simplified().split(' ');
        QCOMPARE(ports.size(), 2);
        EdgeLinkOptions options;
        options.keys = pair.edgeKeys;
        options.deviceKey = pair.deviceKeys.publicKey;
        options.controlPort = ports[0].toInt();
        options.dataPort = ports[1].toInt();
        Edge edge;
        QVERIFY(edge.start(options).ok());
        QTRY_COMPARE_WITH_TIMEOUT(edge.link().state(), LinkState::Connected, kPatienceMs);
        if (role != QLatin1String("device")) {
            const auto before = edge.link().counters().receivedBytes;
            QTRY_VERIFY_WITH_TIMEOUT(edge.link().counters().receivedBytes > before + 16'384, kPatienceMs);
        }
        for (int round = 0; round < 2; ++round) {
            device.signal(SIGSTOP);
            QTRY_COMPARE_WITH_TIMEOUT(edge.link().state(), LinkState::Silent, kPatienceMs);
            device.signal(SIGCONT);
            QTRY_COMPARE_WITH_TIMEOUT(edge.link().state(), LinkState::Connected, 2000);
        }
    }

    void aStoppedEdgeIsSilentAndComesBack()
    {
        const Pair pair;
        Device device;
        QVERIFY(device.start(pair.deviceOptions()).ok());
        OtherSide edge;
        QVERIFY(
            !edge.start("edge", pair.edgeKeys, pair.deviceKeys.publicKey, device.link().controlPort(), device.link().dataPort())
                 .isEmpty());
        const auto lastEvent = [&] { return device.events().empty() ? std::string() : device.events().back().substr(0, 6); };
        QTRY_COMPARE_WITH_TIMEOUT(lastEvent(), std::string("alive "), kPatienceMs);
        edge.signal(SIGSTOP);
        QTRY_COMPARE_WITH_TIMEOUT(lastEvent(), std::string("silent"), kPatienceMs);
        edge.signal(SIGCONT);
        QTRY_COMPARE_WITH_TIMEOUT(lastEvent(), std::string("alive "), 2000);
    }
};

int main(int argc, char** argv)
{
    const std::string role = argc == 2 ? argv[1] : "";
    if (role == "device" || role == "crawling" || role == "edge")
        return serve(role);
    QCoreApplication application(argc, argv);
    TestStoppedProcess test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_stopped_process.moc"
