// SPDX-License-Identifier: GPL-3.0-or-later
// The two programs pair, and a daemon that serves meanwhile hears of it.
#include "core/session/device_monitor.h"
#include "core/session/known_devices.h"
#include "tests/integration/daemon_process.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTest>
#include <sys/stat.h>

using namespace splitscope;

namespace {

constexpr int kPatienceMs = 60'000;

/// A program with somebody at its terminal.
class Program {
public:
    Program(const QString& name, const QStringList& arguments, const QString& configFolder)
    {
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert("XDG_CONFIG_HOME", configFolder);
        m_process.setProcessEnvironment(environment);
        m_process.setProcessChannelMode(QProcess::MergedChannels);
        m_process.start(SPLITSCOPE_BIN "/" + name, arguments);
    }
    ~Program()
    {
        m_process.kill();
        m_process.waitForFinished();
    }
    const QByteArray& said()
    {
        m_said += m_process.readAll();
        return m_said;
    }
    /// The digits that it shows; empty until then.
    QByteArray digits()
    {
        static const QRegularExpression kDigits("\\n    (\\d{3} \\d{3})\\n");
        return kDigits.match(QString::fromUtf8(said())).captured(1).toUtf8();
    }
    void type(const QByteArray& line)
    {
        m_process.write(line + "\n");
        m_process.waitForBytesWritten();
    }
    int exitCode() { return m_process.waitForFinished(kPatienceMs) ? m_process.exitCode() : -1; }

private:
    QProcess m_process;
    QByteArray m_said;
};

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
        Program serving("splitscoped", deviceArguments(port), m_device.path());
        QTRY_VERIFY_WITH_TIMEOUT(serving.said().contains("listening on"), kPatienceMs);

        Program pairing("splitscoped", QStringList{"--pair"} + deviceArguments(port), m_device.path());
        QTRY_VERIFY_WITH_TIMEOUT(pairing.said().contains("an edge may pair"), kPatienceMs);
        const auto address = "tcp://127.0.0.1:" + QString::number(port);
        Program edge("splitscope-cli", {"device", "pair", address}, m_edge.path());
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
        Program pairing("splitscoped", {"--pair", "--port", QString::number(port)}, device.path());
        QTRY_VERIFY_WITH_TIMEOUT(pairing.said().contains("an edge may pair"), kPatienceMs);
        Program edge("splitscope-cli", {"device", "pair", "tcp://127.0.0.1:" + QString::number(port)}, other.path());
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
