// SPDX-License-Identifier: GPL-3.0-or-later
// The two programs pair, and a daemon that serves meanwhile hears of it.
#include "core/session/device_monitor.h"
#include "core/session/known_devices.h"
#include "tests/integration/daemon_process.h"
#include "tests/integration/typed_program.h"

#include <QDir>
#include <QFile>
#include <QTest>
#include <sys/stat.h>

using namespace splitscope;

namespace {

constexpr int kPatienceMs = 60'000;

}  // namespace

class TestPairingPrograms : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_device, m_edge;

    [[nodiscard]] QStringList deviceArguments(int port) const
    {
        const auto folder = m_device.path() + "/splitscope";
        return {"--port",  QString::number(port),     "--keys", folder + "/daemon-keys.json",
                "--allow", folder + "/allowed-edges", "--name", "kitchen"};
    }

private Q_SLOTS:
    void whatPairsIsServedWithoutARestart()
    {
        qputenv("XDG_CONFIG_HOME", m_edge.path().toUtf8());
        const auto allowFile = m_device.path().toStdString() + "/splitscope/allowed-edges";
        QVERIFY(QDir().mkpath(m_device.path() + "/splitscope"));
        QVERIFY(link::addToAllowList(link::newKeyPair().publicKey, "another edge", allowFile).ok());
        const int port = DaemonProcess::freePortPair();
        TypedProgram serving("splitscoped", deviceArguments(port), m_device.path());
        QTRY_VERIFY_WITH_TIMEOUT(serving.said().contains("listening on"), kPatienceMs);

        TypedProgram pairing("splitscoped", QStringList{"--pair"} + deviceArguments(port), m_device.path());
        QTRY_VERIFY_WITH_TIMEOUT(pairing.said().contains("an edge may pair"), kPatienceMs);
        const auto address = "tcp://127.0.0.1:" + QString::number(port);
        TypedProgram edge("splitscope-cli", {"device", "pair", address}, m_edge.path());
        QTRY_VERIFY_WITH_TIMEOUT(!edge.digits().isEmpty() && !pairing.digits().isEmpty(), kPatienceMs);
        QCOMPARE(edge.digits(), pairing.digits());
        QVERIFY(!QFile::exists(m_edge.path() + "/splitscope/devices.json"));  // nobody has said yes yet
        edge.type("y");
        pairing.type("y");
        QCOMPARE(edge.exitCode(), 0);
        QCOMPARE(pairing.exitCode(), 0);

        struct stat status {};
        QCOMPARE(::stat(allowFile.c_str(), &status), 0);
        QCOMPARE(static_cast<int>(status.st_mode & 0777U), 0600);
        const auto known = session::loadKnownDevices(session::knownDevicesPath());
        QVERIFY(known.ok() && known->size() == 1);
        QCOMPARE(known->front().name, std::string("kitchen"));
        const session::DeviceMonitor monitor(address.toStdString(), known->front().key, {});
        QTRY_VERIFY_WITH_TIMEOUT(monitor.view().welcome.has_value(), kPatienceMs);
    }

    void whoSaysNoChangesNothing()
    {
        const int port = DaemonProcess::freePortPair();
        QTemporaryDir device, other;
        TypedProgram pairing("splitscoped", {"--pair", "--port", QString::number(port)}, device.path());
        QTRY_VERIFY_WITH_TIMEOUT(pairing.said().contains("an edge may pair"), kPatienceMs);
        TypedProgram edge("splitscope-cli", {"device", "pair", "tcp://127.0.0.1:" + QString::number(port)}, other.path());
        QTRY_VERIFY_WITH_TIMEOUT(!pairing.digits().isEmpty(), kPatienceMs);
        pairing.type("n");
        QCOMPARE(pairing.exitCode(), 1);
        QCOMPARE(edge.exitCode(), 1);
        QVERIFY(!QFile::exists(device.path() + "/splitscope/allowed-edges"));
        QVERIFY(!QFile::exists(other.path() + "/splitscope/devices.json"));
    }
};

QTEST_GUILESS_MAIN(TestPairingPrograms)
#include "tst_pairing_programs.moc"
