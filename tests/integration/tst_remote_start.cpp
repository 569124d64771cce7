// SPDX-License-Identifier: GPL-3.0-or-later
// The daemon on a device that ssh reaches: a real sshd on this machine plays the device.
#include "core/remote/remote_device.h"
#include "tests/integration/cli_program.h"
#include "tests/integration/ssh_server.h"

#include <QTest>
#include <sys/stat.h>

using namespace splitscope;
using base::ErrorCode;
using remote::StepReport;

namespace {

int modeOf(const QString& path)
{
    struct stat status {};
    return ::stat(path.toUtf8().constData(), &status) == 0 ? static_cast<int>(status.st_mode & 0777U) : -1;
}

}  // namespace

class TestRemoteStart : public QObject {
    Q_OBJECT
private:
    std::unique_ptr<SshServer> m_device;
    QTemporaryDir m_edge;
    std::vector<StepReport> m_reports;
    std::stop_source m_stop;

    remote::Tell tell()
    {
        return [this](const StepReport& report) { m_reports.push_back(report); };
    }
    static remote::AddOptions localOptions()
    {
        remote::AddOptions options;
        options.name = "bench";
        options.bind = "127.0.0.1";
        options.port = DaemonProcess::freePortPair();
        options.daemon = SPLITSCOPE_BIN "/splitscoped";
        return options;
    }
    base::Result<session::KnownDevice> add(const remote::AddOptions& options, const session::SshPlace& place)
    {
        m_reports.clear();
        return remote::addDevice(place, options, tell(), m_stop.get_token());
    }
    base::Status control(remote::Action action)
    {
        m_reports.clear();
        return remote::controlDevice(m_device->place(), action, tell(), {});
    }
    std::string lastDetail() const { return m_reports.empty() ? std::string() : m_reports.back().detail; }
    std::string log() const
    {
        std::string text;
        const auto read = remote::readLog(m_device->place(), 100, false, [&](std::string_view piece) { text += piece; }, {});
        return read ? text : read.error().message();
    }
    static bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

private Q_SLOTS:
    void initTestCase()
    {
        if (SshServer::program().isEmpty())
            QSKIP("no sshd on this machine (Debian package openssh-server)");
        qputenv("XDG_CONFIG_HOME", m_edge.path().toUtf8());
    }
    void init()
    {
        m_device = std::make_unique<SshServer>();
        QVERIFY2(m_device->start(), m_device->said().constData());
        m_stop = std::stop_source();
    }
    void cleanup() { m_device.reset(); }

    void aDeviceIsInstalledStartedConnectedAndTakenAway()
    {
        const auto device = add(localOptions(), m_device->place());
        QVERIFY2(device.ok(), device.ok() ? "" : device.error().message().c_str());
        QVERIFY(link::isKey(device->key));
        QCOMPARE(device->name, std::string("bench"));
        QCOMPARE(device->host, std::string("127.0.0.1"));
        QVERIFY(device->ssh == m_device->place());
        QCOMPARE(m_reports.back().number, std::size_t{7});
        QVERIFY(m_reports.back().state == StepReport::State::Done);

        const auto config = m_device->home() + "/.config/splitscope/";
        QCOMPARE(modeOf(config + "daemon-keys.json"), 0600);
        QCOMPARE(modeOf(config + "allowed-edges"), 0600);
        QCOMPARE(modeOf(m_device->daemonFolder()), 0700);
        QVERIFY(contains(log(), "listening on 127.0.0.1"));

        QVERIFY(control(remote::Action::Status).ok());
        QVERIFY2(lastDetail().starts_with("running, splitscoped "), lastDetail().c_str());
        const auto pid = m_device->daemonPid();
        QVERIFY(control(remote::Action::Start).ok());
        QCOMPARE(m_device->daemonPid(), pid);  // one that runs is not disturbed
        // An upgrade that does not start is taken back.
        const auto upgraded = remote::upgradeDevice(m_device->place(), "/bin/true", tell(), {});
        QVERIFY(!upgraded.ok());
        QVERIFY2(contains(upgraded.error().message(), "did not start"), upgraded.error().message().c_str());
        QVERIFY(control(remote::Action::Status).ok());
        QVERIFY2(lastDetail().starts_with("running, splitscoped "), lastDetail().c_str());
        QVERIFY(m_device->daemonPid() != pid);
        QVERIFY(control(remote::Action::Stop).ok());
        QVERIFY(control(remote::Action::Status).ok());
        QVERIFY2(lastDetail().starts_with("stopped, "), lastDetail().c_str());

        QVERIFY(control(remote::Action::Restart).ok());
        const auto last = m_device->daemonPid();
        QVERIFY(remote::removeDevice(m_device->place(), tell(), {}).ok());
        QVERIFY(::kill(last, 0) != 0 || QFile("/proc/" + QString::number(last) + "/cmdline").size() == 0);
        QVERIFY(!QFile::exists(m_device->daemonFolder()));
        QVERIFY(!QFile::exists(config + "daemon-keys.json"));
        const auto gone = control(remote::Action::Status);
        QVERIFY(!gone.ok());
        QVERIFY2(contains(gone.error().message(), "device add"), gone.error().message().c_str());
    }

    void whatSystemdStartsIsStoppedByIt()
    {
        m_device->fakeSystemd();
        const auto device = add(localOptions(), m_device->place());
        QVERIFY2(device.ok(), device.ok() ? "" : device.error().message().c_str());
        QVERIFY(QFile::exists(m_device->home() + "/.config/systemd/user/splitscoped.service"));
        QVERIFY(!QFile::exists(m_device->daemonFolder() + "/splitscoped.pid"));  // a plain process' own
        QVERIFY(control(remote::Action::Status).ok());
        QVERIFY2(lastDetail().ends_with("by systemd"), lastDetail().c_str());
        QVERIFY(control(remote::Action::Stop).ok());
        QVERIFY(control(remote::Action::Status).ok());
        QVERIFY2(lastDetail().starts_with("stopped"), lastDetail().c_str());
        QVERIFY(remote::removeDevice(m_device->place(), tell(), {}).ok());
        QVERIFY(!QFile::exists(m_device->home() + "/.config/systemd/user/splitscoped.service"));
    }

    void failuresNameTheStepAndWhatToTry_data()
    {
        QTest::addColumn<QString>("config");
        QTest::addColumn<QString>("fakeName");
        QTest::addColumn<QByteArray>("fake");
        QTest::addColumn<int>("step");
        QTest::addColumn<QString>("says");
        QTest::addColumn<QString>("toTry");
        const QByteArray none;
        QTest::newRow("unknown host key") << "ssh_config.unknown"
                                          << "" << none << 1 << "does not know this host's key"
                                          << "ssh -p";
        QTest::newRow("refused user key") << "ssh_config.stranger"
                                          << "" << none << 1 << "refused every ssh key"
                                          << "ssh -p";
        QTest::newRow("another architecture")
            << "ssh_config"
            << "uname" << QByteArray("[ $1 = -m ] && echo aarch64 || /bin/uname $1\n") << 2 << "the device is aarch64"
            << "--daemon";
        QTest::newRow("no Linux") << "ssh_config"
                                  << "uname" << QByteArray("[ $1 = -s ] && echo Darwin || /bin/uname $1\n") << 2
                                  << "the device runs Darwin"
                                  << "";
        QTest::newRow("a missing library") << "ssh_config"
                                           << "ldd" << QByteArray("echo '  libzmq.so.5 => not found'\n") << 3
                                           << "libraries are missing there: libzmq.so.5"
                                           << "apt-get install -y libzmq5";
        QTest::newRow("a full disk") << "ssh_config"
                                     << "df" << QByteArray("echo h; echo d 100 90 10 90% /\n") << 2 << "are free there"
                                     << "df -h";
        QTest::newRow("a cut connection") << "ssh_config"
                                          << "ldd" << SshServer::cutConnection() << 3 << "failed or was cut"
                                          << "ssh -p";
    }
    void failuresNameTheStepAndWhatToTry()
    {
        QFETCH(QString, config);
        QFETCH(QString, fakeName);
        QFETCH(QByteArray, fake);
        QFETCH(int, step);
        QFETCH(QString, says);
        QFETCH(QString, toTry);
        if (!fakeName.isEmpty())
            m_device->fake(fakeName, fake);
        const auto device = add(localOptions(), m_device->place(config));
        QVERIFY(!device.ok());
        const auto message = device.error().message();
        QVERIFY2(contains(message, "step " + std::to_string(step) + " of 7"), message.c_str());
        QVERIFY2(contains(message, says.toStdString()), message.c_str());
        QVERIFY2(contains(message, toTry.toStdString()), message.c_str());
        QVERIFY(m_reports.back().state == StepReport::State::Failed);
        QVERIFY(!QFile::exists(m_device->daemonFolder() + "/splitscoped"));
        QVERIFY(!QFile::exists(m_device->home() + "/.config/splitscope/daemon-keys.json"));
    }

    /// The device goes away in the middle of whichever step, and comes back: what is half there does no harm.
    void whereItWasCutOffItIsAddedTheNextTime_data()
    {
        QTest::addColumn<int>("step");
        QTest::addColumn<QString>("program");  // of that step
        QTest::addColumn<QByteArray>("when");  // its arguments are these; empty: any
        QTest::newRow("looking") << 1 << "df" << QByteArray();
        QTest::newRow("copying") << 2 << "cat" << QByteArray();
        QTest::newRow("trying") << 3 << "ldd" << QByteArray();
        QTest::newRow("replacing") << 4 << "mv" << QByteArray("*arrived*");
        QTest::newRow("keys") << 5 << "mv" << QByteArray("*daemon.json*");
        QTest::newRow("before the start") << 6 << "touch" << QByteArray();
        QTest::newRow("after the start") << 6 << "tail" << QByteArray();
    }
    void whereItWasCutOffItIsAddedTheNextTime()
    {
        QFETCH(int, step);
        QFETCH(QString, program);
        QFETCH(QByteArray, when);
        const auto options = localOptions();
        m_device->fake(program,
                       "case \"$*\" in " + (when.isEmpty() ? QByteArray("*") : when) + ") ;; *) exec /bin/" + program.toUtf8()
                           + " \"$@\" ;; esac\n" + SshServer::cutConnection());
        const auto cut = add(options, m_device->place());
        QVERIFY(!cut.ok());
        const auto message = cut.error().message();
        QVERIFY2(contains(message, "step " + std::to_string(step) + " of 7"), message.c_str());
        m_device->unfake();
        const auto device = add(options, m_device->place());
        QVERIFY2(device.ok(), device.ok() ? "" : device.error().message().c_str());
        QVERIFY(control(remote::Action::Status).ok());
        QVERIFY2(lastDetail().starts_with("running, "), lastDetail().c_str());
    }

    void aWrongPortIsNamed()
    {
        auto place = m_device->place();
        place.options[1] = std::to_string(DaemonProcess::freePortPair());
        const auto device = add(localOptions(), place);
        QVERIFY(!device.ok());
        QVERIFY2(contains(device.error().message(), "no ssh server listens there"), device.error().message().c_str());
    }

    void aForgedHostKeyIsNotTaken()
    {
        m_device->forgeHostKey();
        const auto device = add(localOptions(), m_device->place());
        QVERIFY(!device.ok());
        QCOMPARE(device.error().code, ErrorCode::Refused);
        QVERIFY2(contains(device.error().message(), "another one than before"), device.error().message().c_str());
    }

    void aBusyPortIsNamed()
    {
        auto options = localOptions();
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost, static_cast<quint16>(options.port)));
        const auto device = add(options, m_device->place());
        QVERIFY(!device.ok());
        QVERIFY2(contains(device.error().message(), "step 6 of 7"), device.error().message().c_str());
        QVERIFY2(contains(device.error().message(), "is taken by another program"), device.error().message().c_str());
        QCOMPARE(m_device->daemonPid(), 0);
    }

    void cancellingEndsAStepUnderWay()
    {
        m_device->fake("ldd", "exec sleep 60\n");
        m_reports.clear();
        const auto device = remote::addDevice(
            m_device->place(), localOptions(),
            [this](const StepReport& report) {
                if (report.number == 3)
                    m_stop.request_stop();
            },
            m_stop.get_token());
        QVERIFY(!device.ok());
        QCOMPARE(device.error().code, ErrorCode::Cancelled);
    }

    void aPackageIsUnpackedWhereTheAccountMayNotInstall()
    {
        if (base::findProgram("dpkg-deb").empty())
            QSKIP("no dpkg-deb on this machine");
        QTemporaryDir folder;
        const auto tree = folder.filePath("tree");
        QDir().mkpath(tree + "/DEBIAN");
        QDir().mkpath(tree + "/usr/bin");
        QVERIFY(QFile::copy(SPLITSCOPE_BIN "/splitscoped", tree + "/usr/bin/splitscoped"));
        QFile control(tree + "/DEBIAN/control");
        QVERIFY(control.open(QIODevice::WriteOnly));
        control.write("Package: splitscoped\nVersion: 0.1\nArchitecture: amd64\nMaintainer: test <t@t>\nDescription: test\n");
        control.close();
        const auto package = folder.filePath("splitscoped_0.1_amd64.deb");
        QCOMPARE(QProcess::execute("dpkg-deb", {"-Znone", "--root-owner-group", "-b", tree, package}), 0);
        m_device->fake("id", "[ \"$1\" = -u ] && echo 1000 || /usr/bin/id \"$@\"\n");
        m_device->fake("sudo", "exit 1\n");
        auto options = localOptions();
        options.daemon = package.toStdString();
        const auto device = add(options, m_device->place());
        if (!device.ok() && contains(device.error().message(), "but this daemon is for amd64"))
            QSKIP("this machine is no amd64");
        QVERIFY2(device.ok(), device.ok() ? "" : device.error().message().c_str());
    }

    void theCommandLineDoesTheSame()
    {
        const auto place = m_device->place();
        const auto destination = QString::fromStdString(place.destination);
        const QStringList ssh{"-p", QString::number(m_device->port()), "-F", m_device->path("ssh_config")};
        constexpr int kWaitMs = 60'000;
        const auto port = QString::number(DaemonProcess::freePortPair());
        auto ran = runCli(QStringList{"device", "add", destination, "--name", "cli-bench", "--bind", "127.0.0.1", "--port", port}
                              + ssh,
                          kWaitMs);
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        QVERIFY2(ran.err.contains("7/7 ✓ connects to it"), ran.err.constData());
        ran = runCli({"device", "list"}, kWaitMs);
        QVERIFY2(ran.out.contains("cli-bench") && ran.out.contains("tcp://127.0.0.1:" + port.toUtf8()), ran.out.constData());
        ran = runCli({"device", "log", "cli-bench", "--lines", "5"}, kWaitMs);
        QVERIFY2(ran.out.contains("listening on"), (ran.out + ran.err).constData());
        ran = runCli({"device", "remove", "cli-bench"}, kWaitMs);
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        ran = runCli({"device", "status", "cli-bench"}, kWaitMs);
        QCOMPARE(ran.exitCode, 1);
        QVERIFY2(ran.err.contains("no device of this name"), ran.err.constData());
        QCOMPARE(runCli({"device", "add", "-oProxyCommand=x"}, kWaitMs).exitCode, 2);
    }
};

QTEST_GUILESS_MAIN(TestRemoteStart)
#include "tst_remote_start.moc"
